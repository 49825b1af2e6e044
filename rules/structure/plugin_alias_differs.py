"""The required plugins of a template → those whose entry has another name than the plugin."""

from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.components import Component
from packlint.model import Configuration, RequiredPlugin
from packlint.required import may_be_name


class PluginAliasDiffers(Rule):
    """Flags required plugins under another name than their own.

    The name of an entry is what its components begin with: under `aws = { source = ".../amazon" }` the
    builder is `aws-ebs`. `amazon-ebs` is then not what the entry stands for: Packer takes it from whichever
    version of the plugin it finds installed, and the version that the entry asks for says nothing.

    Call the entry as the last part of the source says. Another name is right where two plugins of the same
    name are needed, as a fork beside the original.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer
    """

    category = Category.STRUCTURE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    looks_for = ("required_plugins",)

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                aws = { # finding: entry `aws` is for plugin `amazon`, and does not bring builder `amazon-ebs`
                  source  = "github.com/hashicorp/amazon"
                  version = "~> 1.3"
                }
                ours = { # finding: entry `ours` is for plugin `theirs`, whose components are `ours-…` here
                  source  = "github.com/example/theirs"
                  version = "~> 1.0"
                }
              }
            }
            source "amazon-ebs" "web" {
              region = "eu-west-2"
            }
            source "ours-image" "web" {}
            build {
              sources = ["source.amazon-ebs.web", "source.ours-image.web"]
            }
            """
        ),
        Good(
            """
            packer {
              required_plugins {
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = "~> 1.3"
                }
                windows-update = {
                  source  = "github.com/rgl/windows-update"
                  version = "~> 0.16"
                }
              }
            }
            """
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        stranded: dict[int, list[Component]] = {}
        for component in filter(_is_stranded, components):
            stranded.setdefault(id(component.entry), []).append(component)
        for entry in configuration.required_plugins:
            name = (entry.source or entry.name).rpartition("/")[2]
            # Of `…/packer-plugin-qemu` Packer makes no plugin at all, whatever the entry is called, and it
            # takes no entry under a name that is none: `invalid-required-plugin`.
            named = name not in (entry.name, "") and may_be_name(entry.name, small=True)
            if named and not name.startswith("packer-"):
                yield _finding(entry, name, stranded.get(id(entry), []))


def _is_stranded(component: Component) -> bool:
    """Whether a component is that of a required plugin, and has a name that the entry does not give it."""
    required = component.entry is not None and component.plugin is not None
    return required and component.name == component.type


def _finding(entry: RequiredPlugin, name: str, stranded: Sequence[Component]) -> Finding:
    first = {(it.kind, it.type): it for it in reversed(stranded)}
    found = [*reversed(first.values())]
    message = f"entry `{entry.name}` is for plugin `{name}`"
    if found:
        nouns = " or ".join(it.noun for it in found)
        message += f", and does not bring {nouns}"
    else:
        message += f", whose components are `{entry.name}-…` here"
    return Finding(
        entry.argument.name_range,
        message,
        related=tuple(Related(it.type_range, "comes from whatever version is installed") for it in found),
        hint=f"call the entry `{name}`",
    )
