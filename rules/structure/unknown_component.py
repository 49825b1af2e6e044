"""Components that nobody is known to bring → those that look like mistakes."""

from collections.abc import Iterable, Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, catalog
from packlint.catalog import KINDS, SHIPPED, Plugin
from packlint.components import Component, noun
from packlint.model import Configuration, RequiredPlugin
from packlint.suggest import Guesses, suggest
from packlint.version import Constraints, Version
from packlint.wording import names_words

MOST_LONGER = 5
"""A name that begins more components than these is too common for a hint."""


class UnknownComponent(Rule):
    """Flags components that no plugin is known to have.

    Builders, provisioners, post-processors and data sources are called after their plugin: the entry
    `amazon` of `required_plugins` brings `amazon-ebs` and `amazon-import`. "Unknown builder type", says
    Packer of any other, once all plugins are there.

    packlint knows the components of more than a hundred plugins (`packlint schema list`). Nothing is said
    where a required plugin that it does not know could bring the component, nor where the template asks for a
    newer version of the plugin than packlint has read, nor of a template that is a part of others. A finding
    is milder where no component has a name like this one, where the template requires no plugins, so that
    some may be installed by hand, and where it asks for older versions of the plugin.

    Correct the name, or require the plugin that brings it.

    References:
    https://developer.hashicorp.com/packer/integrations
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.HIGH
    looks_for = ("<no schema>",)

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = "~> 1.3"
                }
              }
            }
            source "amazon-ebss" "web" { # finding: plugin `amazon` has no builder `amazon-ebss`
              region = "eu-west-2"
            }
            source "nul" "here" {} # finding: there is no builder `nul`
            build {
              sources = ["source.amazon-ebss.web", "source.nul.here"]
              provisioner "shell_local" { # finding: there is no provisioner `shell_local`
                inline = ["date"]
              }
              provisioner "manifest" {} # finding: there is no provisioner `manifest`
            }
            """
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "virtualbox-isso" }],
                  "provisioners": [{ "type": "our-own" }]
                }
                """
            },
            finds={
                "web.json:2": "there is no builder `virtualbox-isso`",
                "web.json:3": "there is no provisioner `our-own`",
            },
        ),
        Good(
            """
            packer {
              required_plugins {
                ours = {
                  source  = "github.com/example/ours"
                  version = "~> 1.0"
                }
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = ">= 99.0.0"
                }
              }
            }
            data "amazon-ami" "base" {}
            source "ours" "web" {}
            source "amazon-teleport" "web" {}
            build {
              sources = ["source.ours.web", "source.amazon-teleport.web"]
              provisioner "ours-shell" {}
            }
            """
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        if configuration.is_part or not configuration.complete:
            return
        guesses: dict[str, Guesses] = {}
        for component in components:
            if _known(component):
                continue
            entry = next((it for it in configuration.required_plugins if _named_by(component, it)), None)
            if entry is not None:
                yield from _lacking(component, entry)
            else:
                near = guesses.setdefault(component.kind, Guesses(SHIPPED.types(component.kind)))
                yield _unknown(component, near, bool(configuration.required_plugins))


def _known(component: Component) -> bool:
    """Whether somebody may bring it, or `renamed-component` tells of it."""
    if component.schema is not None or component.plugin is not None or component.entry is not None:
        return True
    asked = (catalog.renamed, catalog.retired, catalog.unread)
    return any(ask(component.kind, component.type) for ask in asked)


def _named_by(component: Component, entry: RequiredPlugin) -> bool:
    return component.type == entry.name or component.type.startswith(f"{entry.name}-")


def _lacking(component: Component, entry: RequiredPlugin) -> Iterator[Finding]:
    """A component that by its name should come from an entry whose plugin has no such."""
    plugin = catalog.plugin(entry.source) if entry.source else None
    newest = Version.parse(plugin.version) if plugin is not None and plugin.version else None
    constraints = Constraints.parse(entry.version) if entry.version else None
    if plugin is None or newest is None or constraints is None:
        return
    lowest = constraints.lowest
    if lowest is None or newest < lowest:
        return
    reach = constraints.reach(newest)
    young = newest.segments[0] == 0 and reach.before  # before its 1.0 a plugin changes names
    offered = _offered(plugin, entry, component.kind)
    near = suggest(component.type, offered)
    yield Finding(
        component.type_range,
        f"plugin `{plugin.name}` has no {noun(component.kind)} `{component.type}`",
        hint=f"did you mean `{near}`?" if near else _longer(component.type, offered),
        softened=(near is None) + (not reach.since or young),
    )


def _longer(type_: str, known: Iterable[str]) -> str | None:
    """A hint with the components that are called by the name of a plugin and something more."""
    found = sorted(it for it in known if it.startswith(f"{type_}-"))
    return f"did you mean {names_words(found, 'or')}?" if 0 < len(found) <= MOST_LONGER else None


def _offered(plugin: Plugin, entry: RequiredPlugin, kind: str) -> list[str]:
    """The components of a plugin under the name of its entry."""
    return [entry.name + name.removeprefix(plugin.name) for name in plugin.components.get(kind, ())]


def _unknown(component: Component, guesses: Guesses, requires: bool) -> Finding:
    type_ = component.type
    other = next((it for it in KINDS if type_ in catalog.core(it) or catalog.offering(it, type_)), None)
    near = None if other else guesses.near(type_)
    longer = _longer(type_, SHIPPED.types(component.kind))
    hint = longer or "require the plugin that brings it"
    if near is not None:
        hint = f"did you mean `{near}`?"
    elif other is not None:
        hint = f"`{type_}` is a {noun(other)}" + (f"; {longer}" if longer else "")
    return Finding(
        component.type_range,
        f"there is no {component.noun}",
        hint=hint,
        softened=(near is None and other is None) + (not requires),
    )
