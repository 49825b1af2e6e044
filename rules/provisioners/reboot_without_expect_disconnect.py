"""The scripts of shell steps → commands that restart the guest, where the step does not expect that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint import (
    Bad,
    Category,
    Finding,
    Fix,
    Fixable,
    Good,
    Precision,
    Related,
    Rule,
    Severity,
    edits,
    notation,
)
from packlint.model import Build, Configuration, Provisioner
from packlint.pattern import pattern
from packlint.shell.command import Command
from packlint.shell.steps import StepScript, scripts

_LATER = pattern(r"\+[1-9]\d*|\d{1,2}:\d\d")
"""A time at which `shutdown` does it, minutes after the script."""


_RESTARTING = ("reboot", "shutdown", "systemctl", "init")
"""Names that commands which restart a guest have in theirs."""


class RebootWithoutExpectDisconnect(Rule):
    """Flags shell steps that restart the guest and expect no disconnect.

    A restart ends the connection while the script runs. Packer takes that for a failure, "Script
    disconnected unexpectedly", unless the step has `expect_disconnect = true`. Whether it comes to that is
    a race: `reboot` returns at once, and on a fast machine the script is over before SSH is.

    The rule reads `inline` and the script files of `shell` steps, for `reboot`, `shutdown -r`,
    `systemctl reboot` and `init 6` where they are commands and not words of another one, such as `echo`.
    Nothing is said of a restart that the shell leaves behind, as `(sleep 5; reboot) &`, since the script
    ends by itself. A finding is a note where `shutdown` is to wait for a minute or more.

    Set `expect_disconnect`, and give the next step a `pause_before`, so that it does not reach the guest
    before that goes down.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/shell#handling-reboots
    """

    category = Category.PROVISIONERS
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.SAFE
    looks_for = ("shell",)

    examples = (
        Bad(
            """
            source "null" "web" {
              ssh_host     = "192.0.2.10"
              ssh_username = "root"
              ssh_password = var.password
            }
            variable "password" {
              sensitive = true
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                inline = [
                  "apt-get -y dist-upgrade",
                  "sudo reboot", # finding: this step does not expect that `reboot` cuts it off
                ]
              }
              provisioner "shell" {
                expect_disconnect = false
                inline            = ["shutdown -r now"] # finding: does not expect that `shutdown -r` cuts it
              }
            }
            """,
            fixed="""
            source "null" "web" {
              ssh_host     = "192.0.2.10"
              ssh_username = "root"
              ssh_password = var.password
            }
            variable "password" {
              sensitive = true
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                inline = [
                  "apt-get -y dist-upgrade",
                  "sudo reboot",
                ]
                expect_disconnect = true
              }
              provisioner "shell" {
                expect_disconnect = true
                inline            = ["shutdown -r now"]
              }
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "docker", "image": "debian:13", "commit": true }],
                  "provisioners": [
                    {
                      "type": "shell",
                      "scripts": ["update.sh"]
                    }
                  ]
                }
                """,
                "update.sh": """
                yum -y update
                if needs-restarting -r; then
                  systemctl reboot # finding: does not expect that `systemctl reboot` cuts it off
                fi
                """,
            },
        ),
        Good(
            """
            source "null" "web" {
              ssh_host = "192.0.2.10"
            }
            variable "restarts" {
              type = bool
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                expect_disconnect = true
                inline            = ["reboot"]
              }
              provisioner "shell" {
                expect_disconnect = var.restarts
                inline            = ["reboot"]
              }
              provisioner "shell" {
                inline = [
                  "echo reboot",
                  "# reboot",
                  "(sleep 5; reboot) &",
                  "shutdown -h now",
                  "systemctl enable reboot.target",
                  "cat > /etc/cron.d/weekly <<EOF",
                  "@weekly root reboot",
                  "EOF",
                ]
              }
            }
            """
        ),
    )

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        if provisioner.type != "shell" or _expected(provisioner):
            return
        for script in scripts(provisioner.arguments, configuration):
            for command in script.commands() if script.mentions(_RESTARTING) else ():
                restart = _restart(command)
                if restart is not None and not command.background:
                    yield _finding(command, restart, script, provisioner)
                    return


def _expected(provisioner: Provisioner) -> bool:
    """Whether the step says that it expects it, or may say so."""
    arguments = provisioner.arguments
    value = arguments.value("expect_disconnect")
    if value is None:
        return arguments.open or provisioner.override is not None
    return value.known(bool) is not False and value.known(str) != "false"


def _restart(command: Command) -> str | None:
    """The command as a message has it, where it restarts the guest."""
    texts = [text or "" for text in command.texts]
    match command.name:
        case "reboot" if not {"--help", "-w", "--wtmp-only"} & {*texts}:
            return "reboot"
        case "shutdown" if any(re.fullmatch(r"-[a-qs-zA-Z]*r[a-zA-Z]*|--reboot", text) for text in texts):
            return "shutdown -r" if "-c" not in texts else None
        case "systemctl" if next((text for text in texts if not text.startswith("-")), "") == "reboot":
            return "systemctl reboot"
        case "init" | "telinit" if texts[:1] == ["6"]:
            return f"{command.name} 6"
    return None


def _finding(command: Command, restart: str, script: StepScript, step: Provisioner) -> Finding:
    later = restart == "shutdown -r" and any(_LATER.fullmatch(text or "") for text in command.texts)
    related = (Related(step.header_range, "the step that runs it"),) if script.file is not None else ()
    setting = notation.argument(step.range.document, "expect_disconnect", "true")
    return Finding(
        script.range(command.words[0].start, command.words[-1].end),
        f"this step does not expect that `{restart}` cuts it off",
        related=related,
        hint=f"set {setting} in the step, and a `pause_before` in the next one",
        fix=_fix(script, step),
        softened=later,
    )


def _fix(script: StepScript, step: Provisioner) -> Fix | None:
    given = step.arguments.get("expect_disconnect")
    if given is not None:
        written = given.expression.range
        edit = edits.rewritten(given, given.name, "true") if written.text in ("false", '"false"') else None
    else:
        edit = edits.added(script.argument, "expect_disconnect", "true")
    return None if edit is None or step.dynamics else Fix("expect the disconnect", (edit,))
