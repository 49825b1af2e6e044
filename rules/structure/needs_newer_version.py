"""What a template uses → the versions of Packer and of its plugins that it admits and that lack it."""

import json
from collections.abc import Iterator, Sequence

from packlint import (
    Bad,
    Category,
    Edit,
    Finding,
    Fix,
    Fixable,
    Good,
    Precision,
    Related,
    Rule,
    Severity,
    notation,
)
from packlint.catalog import SHIPPED, Schema
from packlint.components import Component, given, packer_versions
from packlint.document import Range
from packlint.features import features
from packlint.model import Configuration, RequiredPlugin
from packlint.named import NamedTuple
from packlint.syntax import Expression, Object, Template
from packlint.version import ANY_VERSION, Constraints, Milestone, Reach, Version


class Use(NamedTuple):
    """Something used, with the version that it needs: of the plugin of an `entry`, or of Packer."""

    name: str
    range: Range
    entry: RequiredPlugin | None
    milestone: Milestone
    reach: Reach

    @property
    def owner(self) -> str:
        """Whose version it is."""
        source = None if self.entry is None else self.entry.source
        return f"plugin `{source.rpartition('/')[2]}`" if source else "Packer"


class NeedsNewerVersion(Rule):
    """Flags what the versions that a template asks for do not have.

    `required_version` and the `version` of a required plugin say which releases a template is for. Where
    none of them has an argument, a block, a function or a component that the template uses, it works
    nowhere: that is an error. Where only the older ones lack it, a finding is a note: the template works with
    what `packer init` installs today, and promises more.

    Ask for the first release that has it, or do without. A template that says nothing of versions is not
    looked at.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("required_version", "min_packer_version", "required_plugins")

    examples = (
        Bad(
            """
            packer {
              required_version = ">= 1.7.0, < 1.11.0"
              required_plugins {
                proxmox = {
                  source  = "github.com/hashicorp/proxmox"
                  version = "= 1.1.8"
                }
              }
            }
            source "proxmox-iso" "web" {
              ssh_username = "packer"
              boot_iso { # finding: `boot_iso` needs plugin `proxmox` 1.2.0 or newer
                iso_file = "local:iso/web.iso"
              }
            }
            build {
              name    = regex("[a-z]+", "web1")
              sources = ["source.proxmox-iso.web"]
              provisioner "shell-local" {
                inline = ["echo ${endswith("web", "b")}"] # finding: `endswith()` needs Packer 1.13.0 or newer
              }
              provisioner "shell-local" {
                inline = ["echo ${legacy_isotime()}"] # finding: `legacy_isotime()` needs Packer 1.7.1
              }
            }
            """,
            fixed="""
            packer {
              required_version = ">= 1.7.0, < 1.11.0, >= 1.7.1"
              required_plugins {
                proxmox = {
                  source  = "github.com/hashicorp/proxmox"
                  version = "= 1.1.8"
                }
              }
            }
            source "proxmox-iso" "web" {
              ssh_username = "packer"
              boot_iso {
                iso_file = "local:iso/web.iso"
              }
            }
            build {
              name    = regex("[a-z]+", "web1")
              sources = ["source.proxmox-iso.web"]
              provisioner "shell-local" {
                inline = ["echo ${endswith("web", "b")}"]
              }
              provisioner "shell-local" {
                inline = ["echo ${legacy_isotime()}"]
              }
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "min_packer_version": "1.6.0",
                  "builders": [{ "type": "null", "ssh_host": "web" }],
                  "provisioners": [{ "type": "hcp-sbom", "source": "/sbom.json" }]
                }
                """
            },
            finds={"web.json:4": "provisioner `hcp-sbom` needs Packer 1.12.0 or newer"},
        ),
        Good(
            """
            packer {
              required_version = ">= 1.13.0"
            }
            source "null" "here" {
              communicator = "none"
            }
            data "http" "list" {
              url = "https://example.com/list"
            }
            build {
              sources = ["source.null.here"]
              provisioner "shell-local" {
                inline = ["echo ${endswith("web", "b")}"]
              }
            }
            """
        ),
        Good(
            """
            variable "disk" {
              type = object({ size = optional(number, 10) })
            }
            """
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        found: dict[tuple[str, Milestone], dict[Range, Use]] = {}
        uses = [*_of_packer(configuration), *(use for it in components for use in _of_component(it))]
        for use in sorted(uses, key=lambda it: it.range.order):
            found.setdefault((use.owner, use.milestone), {}).setdefault(use.range, use)
        for group in found.values():
            yield _finding([*group.values()], configuration)


def _of_packer(configuration: Configuration) -> Iterator[Use]:
    """What of Packer's language some of its admitted versions lack."""
    packer = packer_versions(configuration)
    if packer == ANY_VERSION:
        return
    for file in configuration.syntax:
        for feature in features(file):
            version = Version.parse(feature.since)
            if version is not None and (reach := packer.reach(version)).before:
                yield Use(f"`{feature.name}`", feature.range, None, Milestone(version, of_packer=True), reach)


def _of_component(component: Component) -> Iterator[Use]:
    """What of a component some admitted versions of its plugin, or of Packer, lack: itself, or arguments."""
    if component.schema is None or not component.dated:
        return
    whole = _use(component, component.noun, component.type_range, _began(component.schema))
    if whole is not None and not _is_late(component):
        whole = None
    if whole is not None:
        yield whole
    for it in given(component):
        if it.schema is not None and "x-since" in it.schema and not it.schema.get("deprecated"):
            use = _use(component, f"`{it.name}`", it.name_range, it.schema["x-since"])
            if use is not None and (whole is None or use.milestone.version > whole.milestone.version):
                yield use


def _is_late(component: Component) -> bool:
    """Whether some version of its plugin is known to lack a component.

    That needs an older component of its kind: a plugin that moves its code seems to begin anew. Data sources
    are younger than plugins.
    """
    first = _began(component.schema or {})
    plugin = component.plugin
    if plugin is None or first is None:
        return first is not None
    kinds = plugin.components if component.kind == "data-source" else (component.kind,)
    others = (
        SHIPPED.schema(kind, name, plugin) for kind in kinds for name in plugin.components.get(kind, ())
    )
    dates = (_began(other) for other in others if other is not None)
    return any(_is_before(other, first) for other in dates if other)


def _began(schema: Schema) -> str | None:
    found: str | None = schema.get("x-component", {}).get("first_version")
    return found


def _is_before(one: str, other: str) -> bool:
    """Whether a milestone of a plugin lies before another; what Packer brought along was there before."""
    first, second = Milestone.parse(one), Milestone.parse(other)
    if first is None or second is None:
        return False
    if first.of_packer != second.of_packer:
        return first.of_packer
    return first.version < second.version


def _use(component: Component, name: str, range_: Range, since: str | None) -> Use | None:
    newest = component.plugin.version if component.plugin is not None else None
    milestone = Milestone.parse(since, Version.parse(newest) if newest else None) if since else None
    reach = component.reach(since) if since else None
    if milestone is None or reach is None or not reach.before:
        return None
    return Use(name, range_, component.entry, milestone, reach)


def _finding(uses: Sequence[Use], configuration: Configuration) -> Finding:
    first = uses[0]
    version, after = first.milestone.version, first.milestone.after
    what = f"a release of {first.owner} after {version}" if after else f"{first.owner} {version} or newer"
    *others, last = dict.fromkeys(use.name for use in uses)
    subject = f"{', '.join(others)} and {last} need" if others else f"{last} needs"
    none = first.reach.impossible
    bound = f"> {version}" if after else f">= {version}"
    how = "which the template excludes" if none else "and the template admits older ones"
    return Finding(
        first.range,
        f"{subject} {what}, {how}",
        related=tuple(Related(use.range, f"{use.name} needs it too") for use in uses[1:]),
        hint=_hint(first, bound),
        fix=None if none else _fix(configuration, first, bound),
        softened=0 if none else 2,
    )


def _hint(use: Use, bound: str) -> str:
    document = use.range.document
    if use.entry is not None:
        written = notation.argument(document, "version", json.dumps(bound))
        return f"write {written} for it"
    name, value = "required_version", bound
    if not document.path.endswith((".pkr.hcl", ".pkr.json")):
        name, value = "min_packer_version", str(use.milestone.version)
    return f"write {notation.argument(document, name, json.dumps(value))}"


def _fix(configuration: Configuration, use: Use, bound: str) -> Fix | None:
    """The bound in the place of a lone lower one, or after what the constraint says."""
    place = _constraint(configuration, use.entry)
    text = place.range.text.strip('"') if isinstance(place, Template) and place.literal else ""
    constraints = Constraints.parse(text)
    if place is None or constraints is None or not text.startswith(("<", ">", "~", "!")):
        return None  # a heredoc, or the lowest version alone that a legacy template has
    alone = len(constraints.bounds) == 1 and text.startswith(">")
    edit = Edit(place.range, f'"{bound}"' if alone else f'"{text}, {bound}"')
    return Fix(f"ask for `{bound}`", (edit,), safe=False)


def _constraint(configuration: Configuration, entry: RequiredPlugin | None) -> Expression | None:
    if entry is None:
        found = configuration.required_version
        return found[0].expression if len(found) == 1 else None
    items = entry.argument.expression.items if isinstance(entry.argument.expression, Object) else ()
    return next((item.value for item in items if item.name == "version"), None)
