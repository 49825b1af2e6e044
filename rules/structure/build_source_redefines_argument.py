"""The `source` blocks of builds → the arguments that the source itself has already."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.model import Argument, Arguments, Build, Configuration
from packlint.syntax import Object, Tuple


class BuildSourceRedefinesArgument(Rule):
    """Flags arguments of a build's `source` block that the source has already.

    Within a build, `source "type.name" { … }` adds arguments to those of the source; it cannot change one.
    Packer puts the two bodies together and stops with "Duplicate argument", even where both say the same.

    Set the argument in one of the two places: leave it out of the source, and set it in every build that
    uses the source. `name` is no such argument: it is what the source is called in this build.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/source
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<arguments of a build>",)

    examples = (
        Bad(
            """
            source "qemu" "base" {
              memory   = 2048
              headless = true
            }
            build {
              source "qemu.base" {
                name   = "large"
                memory = 8192 # finding: `memory` is set already by `source.qemu.base`
              }
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "base" {
              ssh_username = "admin"
              tag {
                key   = "os"
                value = "debian"
              }
            }
            build {
              source "amazon-ebs.base" {
                name     = "large"
                ami_name = "large"
                tag {
                  key   = "size"
                  value = "large"
                }
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        told = set()
        for use in build.uses:
            source = use.source
            if source is None:
                continue
            for argument in use.own:
                earlier = source.arguments.get(argument.name)
                if earlier is None or argument.name_range.order in told:
                    continue
                if not (_may_be_block(earlier, source.arguments) and _may_be_block(argument, use.own)):
                    told.add(argument.name_range.order)
                    yield Finding(
                        argument.name_range,
                        f"`{argument.name}` is set already by `source.{source.key}`",
                        related=(Related(earlier.name_range, "set here"),),
                        hint="set it in one of the two places: a build can only add arguments to a source",
                    )


def _may_be_block(argument: Argument, arguments: Arguments) -> bool:
    """Whether JSON leaves it open if this is an argument: of a builder that packlint does not know."""
    in_json = argument.range.document.is_json
    return in_json and arguments.open and isinstance(argument.expression, Object | Tuple)
