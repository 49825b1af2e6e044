"""The steps of a build → those with both `only` and `except`."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.faults import defaults
from packlint.model import Build, Configuration


class OnlyAndExcept(Rule):
    """Flags steps that have both `only` and `except`.

    The one says where a step runs, the other where it does not. Packer takes one of the two, and stops with
    "only one of 'only' or 'except' may be specified" before anything is built, even where they agree; an
    empty list counts as none.

    Keep one of them. The finding is a warning where one is the default of a variable. Of legacy templates
    `invalid-legacy-template` tells the same.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/onlyexcept
    https://github.com/hashicorp/packer/blob/main/hcl2template/types.build.provisioners.go
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("except",)

    examples = (
        Bad(
            """
            source "qemu" "web" {}
            source "amazon-ebs" "web" {}
            build {
              sources = ["source.qemu.web", "source.amazon-ebs.web"]
              provisioner "shell" {
                only   = ["qemu.web"]
                except = ["amazon-ebs.web"] # finding: this step has both `only` and `except`
                inline = ["install-guest-agent"]
              }
              post-processors {
                post-processor "compress" {
                  except = ["qemu.web"]
                  only   = ["amazon-ebs.web"] # finding: this step has both `only` and `except`
                }
              }
            }
            """
        ),
        Good(
            """
            variable "except" {
              type    = list(string)
              default = []
            }
            source "qemu" "web" {}
            build {
              sources = ["source.qemu.web"]
              provisioner "shell" {
                only   = ["qemu.web"]
                except = []
                inline = ["install-guest-agent"]
              }
              provisioner "shell" {
                only   = ["qemu.web"]
                except = var.except
                inline = ["install-web"]
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        if configuration.legacy:
            return
        for step in (*build.provisioners, *build.error_cleanup, *build.post_processors):
            given = [a for a in (step.only, step.exclude) if a is not None and a.value.items]
            if len(given) == 2:
                first, second = sorted(given, key=lambda argument: argument.range.order)
                default = defaults([argument.value for argument in given], configuration)
                yield Finding(
                    second.name_range,
                    f"this step has both `only` and `except`, of which Packer takes one{default.words}",
                    related=(Related(first.name_range, f"`{first.name}`"), *default.related),
                    hint="keep one of the two",
                    softened=bool(default.words),
                )
