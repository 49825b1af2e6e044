"""Components that nobody brings under their name → those that have another one now, or are gone."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity, catalog
from packlint.components import Component
from packlint.model import Configuration
from packlint.version import Milestone, Version

SUCCEEDED = {
    ("data-source", "hcp-packer-image"): "hcp-packer-artifact",
    ("data-source", "hcp-packer-iteration"): "hcp-packer-version",
}
"""Components that Packer still has, and what its changelog of 1.10 names in their place."""

ANOTHER_PLUGIN = {
    f"osc-{name}": f"outscale-{name}" for name in ("bsu", "bsusurrogate", "bsuvolume", "chroot")
}
"""Components that are gone from Packer, and those of a plugin that do the same."""

FIRST_WITH_HCL = Version((1, 5, 0), written=3)


class RenamedComponent(Rule):
    """Flags components under a name that nobody knows any more.

    `virtualbox` became `virtualbox-iso`, the builders of Outscale got a plugin with names of its own, and
    the post-processor `atlas` went with the service that it spoke to. Packer says "Unknown builder type".
    Nothing is said where a required plugin brings a component of the old name: `proxmox` still is one.

    Use the new name. In HCL the references in `sources` have to follow, and in a legacy template what
    `only`, `except` and `override` say, where the builder has no `name` of its own.

    A finding is a warning where the template admits a version of Packer that had the old one. So it is for
    data sources that still work and have a successor.

    References:
    https://developer.hashicorp.com/packer/docs/commands/fix
    """

    category = Category.LEGACY
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<no schema>", *(type_ for _, type_ in SUCCEEDED))

    examples = (
        Bad(
            """
            source "virtualbox" "web" { # finding: builder `virtualbox` is called `virtualbox-iso` now
              iso_url = "https://example.com/web.iso"
            }
            source "osc-bsu" "web" { # finding: there is no builder `osc-bsu` after Packer 1.7.2
              region = "eu-west-2"
            }
            data "hcp-packer-image" "base" { # finding: data source `hcp-packer-image` is deprecated
              bucket_name = "base"
            }
            build {
              sources = ["source.virtualbox.web", "source.osc-bsu.web"]
            }
            """
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "vmware", "iso_url": "https://example.com/web.iso" }],
                  "post-processors": [{ "type": "atlas" }]
                }
                """
            },
            finds={
                "web.json:2": "builder `vmware` is called `vmware-iso` now",
                "web.json:3": "there is no post-processor `atlas` after Packer 1.2.5",
            },
            fixed={
                "web.json": """
                {
                  "builders": [{ "type": "vmware-iso", "iso_url": "https://example.com/web.iso" }],
                  "post-processors": [{ "type": "atlas" }]
                }
                """
            },
        ),
        Good(
            """
            packer {
              required_plugins {
                proxmox = {
                  source  = "github.com/hashicorp/proxmox"
                  version = "~> 1.2"
                }
                vmware = {
                  source  = "github.com/example/vmware"
                  version = "~> 1.0"
                }
              }
            }
            source "proxmox" "web" {
              node = "one"
            }
            source "vmware" "web" {}
            build {
              sources = ["source.proxmox.web", "source.vmware.web"]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        new = SUCCEEDED.get((component.kind, component.type))
        if component.schema is not None:
            if component.bundled and new is not None:
                yield from _succeeded(component, new)
        elif component.entry is None:
            yield from _renamed(component)
            yield from _retired(component)


def _succeeded(component: Component, new: str) -> Iterator[Finding]:
    schema = catalog.shipped(component.kind, new) or {}
    reach = component.reach(schema["x-component"]["first_version"])
    if reach is not None and reach.since:
        yield Finding(
            component.type_range,
            f"{component.noun} is deprecated",
            hint=f"use `{new}`",
            softened=2 if component.dated and reach.before else 1,
        )


def _renamed(component: Component) -> Iterator[Finding]:
    new = catalog.renamed(component.kind, component.type)
    if new is None:
        return
    place, fix = component.type_range, None
    if component.legacy and place.text == component.type:
        fix = Fix(f"write `{new}`", (Edit(place, new),), safe=False)
    yield Finding(
        place,
        f"{component.noun} is called `{new}` now",
        hint=f"use `{new}`",
        fix=fix,
    )


def _retired(component: Component) -> Iterator[Finding]:
    last = catalog.retired(component.kind, component.type)
    milestone = Milestone.parse(f"packer {last}") if last is not None else None
    if last is None or milestone is None:
        return
    reach = milestone.passed.reach(None, component.packer_versions)
    if not reach.since:
        return
    new = ANOTHER_PLUGIN.get(component.type)
    before_hcl = not component.legacy and milestone.version < FIRST_WITH_HCL
    yield Finding(
        component.type_range,
        f"there is no {component.noun} after Packer {last.removeprefix('v')}",
        hint=f"plugin `outscale` has `{new}`" if new else "remove it",
        softened=reach.before and not before_hcl,
    )
