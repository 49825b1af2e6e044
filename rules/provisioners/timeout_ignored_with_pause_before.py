"""Provisioners with a pause before them and a timeout → timeouts that Packer never looks at."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.document import Range
from packlint.duration import seconds
from packlint.edits import removed
from packlint.model import Argument, Build, Configuration, Provisioner


class TimeoutIgnoredWithPauseBefore(Rule):
    """Flags timeouts of provisioners that Packer ignores for a `pause_before`.

    Packer wraps a provisioner either into the pause or, where there is none, into the timeout, never into
    both: with `pause_before` set, `timeout` has no effect. A step that hangs then keeps the build, and the
    machine that you pay for, until somebody stops it. All versions of Packer do so, for templates in HCL and
    in JSON, and none says a word.

    Pause in a step of its own, and leave the timeout where it is: a `shell-local` before it that takes the
    `pause_before` and does nothing else, which the fix writes, or `pause_after` of a `shell` step before it.
    With `max_retries` the pause is then made once only, which is why the fix is not safe. The provisioner
    `sleep` is of no use in HCL, where it makes Packer crash.

    A duration of zero or an empty one is none, and one that only a build knows is not judged.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/provisioner
    https://github.com/hashicorp/packer/blob/main/hcl2template/types.packer_config.go
    https://github.com/hashicorp/packer/blob/main/packer/core.go
    """

    category = Category.PROVISIONERS
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("timeout",)

    examples = (
        Bad(
            """
            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]

              provisioner "shell" {
                only         = ["null.web"]
                pause_before = "10s"
                timeout      = "30m" # finding: `timeout` has no effect beside `pause_before`
                inline       = ["./install"]
              }
            }
            """,
            fixed="""
            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]

              provisioner "shell-local" {
                only         = ["null.web"]
                pause_before = "10s"
                inline       = ["echo pausing"]
              }

              provisioner "shell" {
                only         = ["null.web"]
                timeout      = "30m"
                inline       = ["./install"]
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
                    {
                      "type": "shell",
                      "pause_before": "10s",
                      "timeout": "30m",
                      "inline": ["./install"]
                    }
                  ]
                }
                """
            },
            finds={"web.json:7": "`timeout` has no effect"},
        ),
        Good(
            """
            variable "pause" {
              default = ""
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
              provisioner "shell" {
                pause_before = var.pause
                timeout      = "30m"
                inline       = ["./install"]
              }
              provisioner "shell" {
                pause_before = "0s"
                timeout      = "30m"
                inline       = ["./start"]
              }
              provisioner "shell" {
                pause_before = "10s"
                timeout      = ""
                inline       = ["./check"]
              }
            }
            """
        ),
    )

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        pause, timeout = provisioner.meta.get("pause_before"), provisioner.meta.get("timeout")
        if pause is None or timeout is None or not (_lasts(pause) and _lasts(timeout)):
            return
        yield Finding(
            timeout.name_range,
            f"`timeout` has no effect beside `pause_before`: `{provisioner.type}` may run for ever",
            related=(Related(pause.range, "the pause for which Packer forgets the timeout"),),
            hint="pause in a step of its own: a `shell-local` before it that takes the `pause_before`",
            fix=_fix(provisioner, pause),
        )


def _lasts(duration: Argument) -> bool:
    length = seconds(duration.value.known(str) or "")
    return length is not None and length != 0


def _fix(step: Provisioner, pause: Argument) -> Fix | None:
    """The pause in a step of its own, in HCL, where the block begins its line."""
    document = step.range.document
    before = document.text[: step.range.start].rpartition("\n")[2]
    headed = step.header_range.text.startswith("provisioner")
    if document.is_json or step.dynamics or before.strip() or not headed:
        return None
    given = [argument for argument in (step.only, step.exclude) if argument is not None]
    if any("\n" in argument.expression.range.text for argument in (pause, *given)):
        return None
    newline = "\r\n" if document.text[step.header_range.end :].partition("\n")[0].endswith("\r") else "\n"
    rows = [(argument.name, argument.expression.range.text) for argument in given]
    rows += [(pause.name, pause.expression.range.text), ("inline", '["echo pausing"]')]
    width = max(len(name) for name, _ in rows)
    lines = (f"{before}  {name.ljust(width)} = {value}{newline}" for name, value in rows)
    text = f'provisioner "shell-local" {{{newline}{"".join(lines)}{before}}}{newline}{newline}{before}'
    at = Range(document, step.range.start, step.range.start)
    return Fix("pause in a step of its own", (Edit(at, text), removed(pause)), safe=False)
