"""Components, and what Packer itself reads of steps → texts that are no durations."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.components import Component
from packlint.document import Range
from packlint.duration import is_duration
from packlint.faults import defaults, of_kind, subject
from packlint.model import Argument, Configuration
from packlint.value import Known, Value

OF_STEPS = ("pause_before", "timeout")
"""What Packer itself reads of a provisioner (hcl2template/types.build.provisioners.go)."""


class InvalidDuration(Rule):
    """Flags durations that Packer cannot read, mostly for want of a unit.

    A duration is written as Go has it: numbers with a unit each, `"30s"`, `"5m"`, `"1h30m"` or `"1.5h"`;
    the units are h, m, s, ms, us and ns, and there is none for days. Packer reads `pause_before` and
    `timeout` of provisioners so, and most components what has to do with time, such as `boot_wait`,
    `ssh_timeout`, `pause_after` and `start_retry_timeout`. Anything else makes Packer refuse the template.

    Add the unit. For `pause_before` and `timeout` the fix makes seconds of a bare number; for arguments of
    components, some of which once took minutes or milliseconds, only the hint says so.

    An empty text is none and means that the default holds; a negative one is allowed, as `"-1s"` is for
    `boot_wait`. Where another value of a variable would do, a finding about its default is a warning.

    References:
    https://pkg.go.dev/time#ParseDuration
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/provisioner
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<problem: value>", *OF_STEPS)

    examples = (
        Bad(
            """
            variable "pause" {
              default = "1 minute"
            }
            source "qemu" "debian" {
              boot_wait   = "10"  # finding: `boot_wait` takes a duration such as "10s" or "1h30m"
              ssh_timeout = "30 minutes" # finding: `ssh_timeout` takes a duration
            }
            build {
              sources = ["source.qemu.debian"]
              provisioner "shell" {
                inline              = ["sudo reboot"]
                pause_before        = "10" # finding: `pause_before` takes a duration
                start_retry_timeout = "1d" # finding: `start_retry_timeout` takes a duration
              }
              provisioner "shell" {
                inline       = ["uptime"]
                pause_before = var.pause # finding: with the default of `var.pause`
                timeout      = 300 # finding: `timeout` takes a duration
              }
            }
            """,
            fixed="""
            variable "pause" {
              default = "1 minute"
            }
            source "qemu" "debian" {
              boot_wait   = "10"
              ssh_timeout = "30 minutes"
            }
            build {
              sources = ["source.qemu.debian"]
              provisioner "shell" {
                inline              = ["sudo reboot"]
                pause_before        = "10s"
                start_retry_timeout = "1d"
              }
              provisioner "shell" {
                inline       = ["uptime"]
                pause_before = var.pause
                timeout      = "300s"
              }
            }
            """,
        ),
        Bad(
            {
                "image.pkr.json": """
                {
                  "source": {"null": {"here": {"communicator": "none"}}},
                  "build": {
                    "sources": ["source.null.here"],
                    "provisioner": {"shell-local": {
                      "inline": ["true"],
                      "timeout": "5"
                    }}
                  }
                }
                """,
                "legacy.json": """
                {"builders": [{
                  "type": "qemu",
                  "boot_wait": "5"
                }]}
                """,
            },
            finds={
                "image.pkr.json:7": "`timeout` takes a duration",
                "legacy.json:3": "`boot_wait` takes a duration",
            },
            fixed={
                "image.pkr.json": """
                {
                  "source": {"null": {"here": {"communicator": "none"}}},
                  "build": {
                    "sources": ["source.null.here"],
                    "provisioner": {"shell-local": {
                      "inline": ["true"],
                      "timeout": "5s"
                    }}
                  }
                }
                """
            },
        ),
        Good(
            """
            variable "timeout" {
              default = ""
            }
            source "qemu" "debian" {
              boot_wait   = "-1s"
              ssh_timeout = ""
            }
            build {
              sources = ["source.qemu.debian"]
              provisioner "shell" {
                inline       = ["uptime"]
                pause_before = "1m30s"
                timeout      = var.timeout
              }
              provisioner "windows-update" {
                pause_before = ""
                timeout      = "0"
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem in of_kind(component, "value"):
            if problem.keyword == "format":
                what = subject(component, problem.path)
                yield _finding(what, problem.range, problem.value, configuration)
        # What a legacy template has there is told of where it is read.
        if component.meta is None or component.legacy:
            return
        for argument in filter(None, map(component.meta.get, OF_STEPS)):
            value, text = argument.worth, argument.worth.text
            if text and not is_duration(text):
                fix = _in_seconds(argument, text)
                range_ = argument.expression.range
                yield _finding(f"`{argument.name}`", range_, value, configuration, fix)


def _finding(
    what: str, range_: Range, value: Value | None, configuration: Configuration, fix: Fix | None = None
) -> Finding:
    default = defaults([value], configuration)
    data = value.data if isinstance(value, Known) else None
    is_number = not isinstance(data, bool) and str(data).isdecimal()
    return Finding(
        range_,
        f'{what} takes a duration such as "10s" or "1h30m"{default.words}',
        related=default.related,
        hint="give it a unit: `s` for seconds, `m` for minutes, `h` for hours" if is_number else None,
        fix=fix,
        softened=bool(default.words),
    )


def _in_seconds(argument: Argument, text: str) -> Fix | None:
    """The seconds that a bare number is, where it is written."""
    range_ = argument.expression.range
    if not (text.isascii() and text.isdecimal() and range_.text in (text, f'"{text}"')):
        return None
    return Fix(f'write "{text}s"', (Edit(range_, f'"{text}s"'),))
