"""Files laid out otherwise than `packer fmt` does it → the first line that it would change."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Preset, Rule, Severity
from packlint.document import Range
from packlint.format import respacings
from packlint.model import Configuration
from packlint.project import Project
from packlint.syntax import File


class NotCanonicalFormat(Rule):
    """Flags files that `packer fmt` would change.

    `packer fmt` indents by two spaces for each bracket that stays open, puts the equals signs and the
    comments of neighbouring lines below one another, and sets the blanks between names, signs and brackets.
    It changes no line breaks, no comments, and no text of strings and heredocs. One finding is given for
    each template and variable file in HCL; it stands at the first line that differs.

    Packer reads both ways alike. A file in the one layout keeps changes of blanks out of reviews, and passes
    `packer fmt -check`, which many pipelines run.

    Run `packer fmt`, or take the fix, which does the same. The layout is that of today's Packer; releases
    with HCL before 2.8 put a blank behind `!`. Leave the rule out where files are generated or copied from
    elsewhere. JSON has no such layout.

    References:
    https://developer.hashicorp.com/packer/docs/commands/fmt
    https://github.com/hashicorp/hcl/blob/main/hclwrite/format.go
    """

    category = Category.STYLE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    preset = Preset.ALL
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            source "null" "here" {
              communicator="none" # finding: `packer fmt` lays this file out differently
            }
            build {
            sources = [ "source.null.here" ]
              provisioner "shell-local" {
                inline      = ["date"]
                max_retries = 2
                  timeout     = "5m"
              }
            }
            """,
            fixed="""
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
              provisioner "shell-local" {
                inline      = ["date"]
                max_retries = 2
                timeout     = "5m"
              }
            }
            """,
        ),
        Bad(
            {
                "image.pkr.hcl": """
                variable "user" {}
                variable "size" {}
                """,
                "image.auto.pkrvars.hcl": """
                user = "debian"
                size  = 20480
                """,
            },
            finds={"image.auto.pkrvars.hcl:2": "`packer fmt` lays this file out differently"},
            fixed={
                "image.auto.pkrvars.hcl": """
                user = "debian"
                size = 20480
                """
            },
        ),
        Good(
            """
            locals {
              short       = 1  # comments stand
              rather_long = 20 # below one another

              map    = { a = 1, b = -2 }
              script = <<-EOT
                  if [ -f /tmp/a ];then
              rm /tmp/a ;fi
              EOT
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        yield from _differing(file)

    def check_project(self, project: Project) -> Iterator[Finding]:
        for file in project.var_files:
            yield from _differing(file)


def _differing(file: File) -> Iterator[Finding]:
    """The finding of a file, if `packer fmt` takes it: files with other names and with errors it refuses."""
    document = file.document
    if not file.complete or not document.path.endswith((".pkr.hcl", ".pkrvars.hcl")):
        return
    edits = tuple(
        Edit(Range(document, change.start, change.end), change.blanks) for change in respacings(document.text)
    )
    if not edits:
        return
    lines = len({edit.range.first.line for edit in edits})
    # Without the number of lines in its message a baseline knows it again after an edit elsewhere.
    yield Finding(
        _line(edits[0].range),
        "`packer fmt` lays this file out differently",
        hint=f"run `packer fmt {document.path}`",
        fix=Fix(f"lay {lines} {'line' if lines == 1 else 'lines'} out as `packer fmt` does", edits),
    )


def _line(place: Range) -> Range:
    """The line that a place is on, without the blanks around; all of it where there is nothing else."""
    document = place.document
    start = document.offset(place.first.line, 1)
    end = document.text.find("\n", start)
    line = document.text[start : end if end >= 0 else len(document.text)]
    end = start + len(line.rstrip())
    return Range(document, end - len(line.strip()), end) if line.strip() else place
