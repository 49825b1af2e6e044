"""Provisioners `breakpoint` → those that are switched on."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.document import Range
from packlint.model import Argument, Build, Configuration, Provisioner
from packlint.syntax import Literal


class BreakpointLeftIn(Rule):
    """Flags `breakpoint` provisioners that are always on.

    A build stops at a `breakpoint` until somebody presses Enter in its terminal. In a pipeline nobody does:
    the job waits for its own timeout, with the machine running all that time.

    Remove it when the search is over, or let a variable decide: `disable = !var.debug`. The fix writes
    `disable = true`, which leaves the place where it is.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/breakpoint
    """

    category = Category.PROVISIONERS
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("breakpoint",)

    examples = (
        Bad(
            """
            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
              provisioner "breakpoint" {} # finding: the build waits here for somebody to press Enter
              provisioner "breakpoint" { # finding: the build waits here
                note = "before the tests"
              }
              provisioner "breakpoint" {
                disable = false # finding: the build waits here
              }
            }
            """,
            fixed="""
            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
              provisioner "breakpoint" {
                disable = true
              }
              provisioner "breakpoint" {
                disable = true
                note = "before the tests"
              }
              provisioner "breakpoint" {
                disable = true
              }
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "null", "ssh_host": "web.example.com" }],
                  "provisioners": [
                    { "type": "breakpoint", "note": "here" }
                  ]
                }
                """
            },
            finds={"web.json:4": "the build waits here"},
        ),
        Good(
            """
            variable "debug" {
              type    = bool
              default = false
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
              provisioner "breakpoint" {
                disable = true
              }
              provisioner "breakpoint" {
                disable = !var.debug
              }
              dynamic "provisioner" {
                for_each = var.debug ? ["here"] : []
                labels   = ["breakpoint"]
                content {
                  note = provisioner.value
                }
              }
            }
            """
        ),
    )

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        step, disable = provisioner, provisioner.arguments.get("disable")
        if step.type != "breakpoint" or step.dynamics or step.override is not None or step.arguments.open:
            return
        if disable is not None and not _is_false(disable):
            return
        yield Finding(
            disable.range if disable else step.header_range,
            "the build waits here for somebody to press Enter",
            hint="remove the `breakpoint`, or give it a `disable` that a variable decides",
            fix=_fix(step, disable),
        )


def _is_false(disable: Argument) -> bool:
    return isinstance(disable.expression, Literal) and disable.expression.value is False


def _fix(step: Provisioner, disable: Argument | None) -> Fix | None:
    if disable is not None:
        return Fix("switch it off", (Edit(disable.expression.range, "true"),))
    document, header = step.range.document, step.header_range
    opening = document.text.find("{", header.end, step.range.end)
    line = document.text[: step.range.start].rpartition("\n")[2]
    if document.is_json or opening < 0 or line.strip():
        return None
    body = document.text[opening + 1 : step.range.end - 1]
    text = f"\n{line}  disable = true"
    if not body.strip():
        place = Range(document, opening + 1, step.range.end - 1)
        return Fix("switch it off", (Edit(place, f"{text}\n{line}"),))
    if "\n" not in body:
        return None
    return Fix("switch it off", (Edit(Range(document, opening + 1, opening + 1), text),))
