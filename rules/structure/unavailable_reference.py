"""References → those to names that Packer does not have where they stand."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.blocks import DECLARED
from packlint.document import Range
from packlint.failures import failures
from packlint.model import Configuration

MARGIN = 10
"""Characters before a word in which an interpolation is looked for."""


class UnavailableReference(Rule):
    """Flags references to names that do not exist where they stand.

    What an expression may refer to depends on its place. `build.ID`, `build.Host` and the like are known
    once a machine runs: in provisioners and post-processors, not in sources and locals. `source.name` and
    `source.type` are known in sources, provisioners and post-processors. `path` has `root` and `cwd`.
    `each`, `self` or a bare word are nothing that Packer knows. In `"${HOME}"` a shell would see a variable
    of its own, but Packer looks first; `"$${HOME}"` leaves it to the shell.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/contextual-variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<failure>",)

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
                  "echo ${HOME}", # finding: there is no `HOME` here
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
                inline = ["echo ${build.ID} ${source.type} ${path.root} $HOME $${HOME}"]
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
                    hint = _meant(failure.range) if root.isidentifier() and not dot else None
                    yield Finding(failure.range, failure.because, hint=hint)


def _meant(word: Range) -> str | None:
    """What a bare word was probably meant to be: a variable of a shell within a string, else a text."""
    text = word.document.text
    if text[word.end : word.end + 1] in (".", "["):
        return None
    if text[max(word.start - MARGIN, 0) : word.start].rstrip(" ~").endswith("${"):
        return f"for a variable of the shell, write `$${{{word.text}}}`"
    return f'for the text, write `"{word.text}"`'
