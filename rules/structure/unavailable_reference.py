"""References → those to names that Packer does not have where they stand."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.blocks import DECLARED
from packlint.failures import failures
from packlint.model import Configuration


class UnavailableReference(Rule):
    """Flags references to names that do not exist where they stand.

    What an expression may refer to depends on its place. `build.ID`, `build.Host` and the like are known
    once a machine runs: in provisioners and post-processors, not in sources and locals. `source.name` and
    `source.type` are known in sources, provisioners and post-processors. `path` has `root` and `cwd`.
    `each`, `self` or a bare word are nothing that Packer knows.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/contextual-variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            """
            source "null" "here" {
              ssh_host = localhost # finding: there is no `localhost` here
            }
            build {
              sources = ["source.null.here"]
              provisioner "shell-local" {
                inline = [
                  "echo ${path.module}", # finding: there is no `path.module`
                  "echo ${source.nam}", # finding: there is no `source.nam`
                ]
              }
            }
            """
        ),
        Good(
            """
            source "null" "here" {
              ssh_host = "host-${source.name}"
            }
            build {
              sources = ["source.null.here"]
              provisioner "shell-local" {
                inline = ["echo ${build.ID} ${source.type} ${path.root}"]
              }
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        for failure in failures(configuration):
            if failure.fault == "reference" and failure.range is not None and not failure.sensitive:
                root, dot, _ = failure.range.text.partition(".")
                if root.partition("[")[0] not in DECLARED:
                    hint = f'for the text, write `"{root}"`' if root.isidentifier() and not dot else None
                    yield Finding(failure.range, failure.because, hint=hint)
