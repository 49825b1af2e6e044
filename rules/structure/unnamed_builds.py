"""The builds of a template with several → those without a name."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Preset, Rule, Severity, notation
from packlint.model import Configuration


class UnnamedBuilds(Rule):
    """Flags builds without a `name` in a template that has several.

    Packer calls what it makes `NAME.TYPE.SOURCE`, and without a `name` just `TYPE.SOURCE`. Where two builds
    take the same source, its output then looks the same for both, and `-only` and `-except` cannot choose one
    of them: the pattern matches both or none.

    Give each build a `name`. Nothing is said of a template with one build.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build
    https://developer.hashicorp.com/packer/docs/commands/build
    """

    category = Category.STRUCTURE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    preset = Preset.STRICT

    examples = (
        Bad(
            """
            source "qemu" "web" {}
            build {
              name    = "base"
              sources = ["source.qemu.web"]
            }
            build { # finding: this build has no `name`
              sources = ["source.qemu.web"]
              provisioner "shell" {
                inline = ["install-web"]
              }
            }
            """
        ),
        Good(
            """
            source "qemu" "web" {}
            build {
              sources = ["source.qemu.web"]
            }
            """
        ),
        Good(
            """
            variable "name" {
              type    = string
              default = ""
            }
            source "qemu" "web" {}
            build {
              name    = "base"
              sources = ["source.qemu.web"]
            }
            build {
              name    = var.name
              sources = ["source.qemu.web"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        # The choice of the command line takes builds out of the model, and not out of the syntax.
        blocks = [block for file in configuration.syntax for block in file.body.blocks]
        builds = sum(block.type == "build" for block in blocks)
        if builds < 2 or not configuration.complete:
            return
        for build in configuration.builds:
            if build.name is None or build.name.value.known(str) == "":
                name = notation.argument(build.range.document, "name", '"…"')
                yield Finding(
                    build.header_range,
                    f"this build has no `name`, and the template has {builds} builds",
                    hint=f"give it one: {name}",
                )
