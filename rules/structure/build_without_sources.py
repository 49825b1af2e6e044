"""The builds of a template → those without a source."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.model import Build, Configuration


class BuildWithoutSources(Rule):
    """Flags builds that have no source.

    A build makes an image of each of its sources. Where it has none Packer stops with "missing source
    reference"; before version 1.8.4 it made nothing and called that a success.

    List the sources in `sources`, or give the build `source` blocks. Nothing is said of a list that comes
    from a variable or from what only a run knows, nor of a build with a `dynamic` block for sources.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build
    https://github.com/hashicorp/packer/blob/main/CHANGELOG.md
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<build without sources>",)

    examples = (
        Bad(
            """
            source "qemu" "web" {}
            build { # finding: this build has no source
              provisioner "shell" {
                inline = ["install-web"]
              }
            }
            """
        ),
        Bad(
            """
            source "qemu" "web" {}
            build {
              sources = [] # finding: this build has no source
            }
            """
        ),
        Good(
            """
            variable "sources" {
              type    = list(string)
              default = []
            }
            source "qemu" "web" {}
            build {
              sources = var.sources
            }
            build {
              source "qemu.web" {}
            }
            build {
              dynamic "source" {
                for_each = []
                labels   = ["qemu.web"]
                content {
                  name = source.value
                }
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        none = not (build.uses or build.unchosen or any(it.type == "source" for it in build.dynamics))
        listed = build.sources.value.items if build.sources is not None else ()
        if none and listed == () and not build.open and configuration.complete:
            known = [source for source in configuration.sources[:2] if '"' not in source.key]
            reference = f"source.{known[0].key}" if len(known) == 1 else "source.TYPE.NAME"
            given = notation.argument(build.range.document, "sources", f'["{reference}"]')
            yield Finding(
                build.sources.expression.range if build.sources is not None else build.header_range,
                "this build has no source, so that there is nothing to make an image of",
                hint=f"say what it builds: {given}",
            )
