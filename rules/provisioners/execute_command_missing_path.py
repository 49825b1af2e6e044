"""Commands that are to run the script of a step → those that do not name it."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.components import Component
from packlint.model import Argument, Configuration
from packlint.value import Value

COMMANDS = {
    "shell": (("execute_command",), ("Path",)),
    "powershell": (("execute_command", "elevated_execute_command"), ("Path",)),
    "windows-shell": (("execute_command",), ("Path",)),
    "shell-local": (("execute_command",), ("Script", "Command")),
}
"""Components that run a script through a command, its arguments, and what stands in it for the script."""

PLACES = ("remote_path", "remote_file")
"""Arguments that name the place of the script in the guest, so that the command may spell it out."""

DEFAULT_PLACE = "script.bat"
"""Where `windows-shell` puts every script (`DefaultRemotePath` of its provisioner.go)."""


class ExecuteCommandMissingPath(Rule):
    """Flags execute commands that do not run the script they are for.

    Packer writes the lines of `inline`, or the `script`, to a file and runs `execute_command` instead of it.
    The command has to name that file: `{{ .Path }}` in the guest, `{{ .Script }}` for `shell-local`. Without
    it the command is run, the script is not, and the step succeeds: `packer validate` takes it as well.

    A command is not judged where the template says itself where the script goes, with `remote_path` or
    `remote_file`, nor one of which a part is known only to a build.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/shell
    https://developer.hashicorp.com/packer/docs/provisioners/shell-local
    https://developer.hashicorp.com/packer/docs/provisioners/powershell
    """

    category = Category.PROVISIONERS
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("execute_command", "elevated_execute_command")

    examples = (
        Bad(
            """
            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
              provisioner "shell" {
                execute_command = "echo packer | sudo -S bash" # finding: never runs the script
                inline          = ["apt-get update"]
              }
              post-processor "shell-local" {
                execute_command = ["/bin/bash", "-c", "{{.Vars}} true"] # finding: has no `{{ .Script }}`
                inline          = ["sha256sum web.qcow2"]
              }
            }
            """
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "null", "ssh_host": "web.example.com" }],
                  "provisioners": [
                    {
                      "type": "shell",
                      "execute_command": "sudo -E {{ .Vars }} bash",
                      "script": "install.sh"
                    }
                  ]
                }
                """,
                "install.sh": "true",
            },
            finds={"web.json:6": "has no `{{ .Path }}`"},
        ),
        Good(
            """
            variable "wrapper" {
              default = ""
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
              provisioner "shell" {
                execute_command = "sudo -E bash '{{.Path}}'"
                inline          = ["apt-get update"]
              }
              provisioner "shell" {
                execute_command = "{{ if .Vars }}{{ .Vars }} {{ end }}sudo {{- .Path -}}"
                inline          = ["apt-get update"]
              }
              provisioner "shell" {
                execute_command = var.wrapper
                inline          = ["apt-get update"]
              }
              provisioner "shell" {
                remote_path     = "/tmp/install"
                execute_command = "sudo bash /tmp/install"
                inline          = ["apt-get update"]
              }
              provisioner "shell-local" {
                execute_command = ["/bin/bash", "-c", "{{.Vars}} {{.Script}}"]
                inline          = ["true"]
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        arguments = component.arguments
        if component.kind not in ("provisioner", "post-processor") or component.type not in COMMANDS:
            return
        names, fields = COMMANDS[component.type]
        if any(name in arguments for name in PLACES):
            return
        for argument in (found for name in names if (found := arguments.get(name)) is not None):
            text = None if _overridden(component, argument.name) else _text(argument.value)
            if text and not _names(text, fields) and not _spells(component, text):
                yield _finding(argument, fields[0])


def _overridden(component: Component, name: str) -> bool:
    """Whether `override` may give another command for a source."""
    override = component.meta.get("override") if component.meta is not None else None
    if override is None:
        return False
    changes = [value.entries for value in (override.value.entries or {}).values()]
    return not changes or any(entries is None or name in entries for entries in changes)


def _text(value: Value) -> str | None:
    """A command as one text; None where a part of it is not known."""
    if value.items is None:
        return value.known(str)
    words = [item.known(str) for item in value.items]
    return None if None in words else " ".join(word for word in words if word)


def _names(text: str, fields: tuple[str, ...]) -> bool:
    """Whether an action of the command names one of the fields."""
    closed = text[: text.rfind("}}") + 2]  # what is not closed would be searched to the end for every brace
    actions = re.findall(r"\{\{(.*?)\}\}", closed, re.DOTALL)
    return any(re.search(rf"\.(?:{'|'.join(fields)})\b", action) for action in actions)


def _spells(component: Component, text: str) -> bool:
    return component.type == "windows-shell" and DEFAULT_PLACE in text.lower()


def _finding(argument: Argument, field: str) -> Finding:
    return Finding(
        argument.expression.range,
        f"`{argument.name}` has no `{{{{ .{field} }}}}`: it never runs the script",
        hint=f"put `{{{{ .{field} }}}}` where the command takes the script",
    )
