"""What a builder types and starts → references to Packer's HTTP server, which is not started."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.boot_command import BUILDERS, commands
from packlint.catalog import properties
from packlint.components import Component
from packlint.document import Range
from packlint.model import Arguments, Configuration
from packlint.pattern import pattern
from packlint.value import Value

SERVING = ("http_directory", "http_content")
"""Arguments that start the server."""

_PORT = pattern(r"\{\{-?\s*\.HTTPPort\b[^{}]*\}\}")


class HttpReferenceWithoutServer(Rule):
    """Flags `{{ .HTTPPort }}` where Packer starts no HTTP server.

    Packer serves files to an installer only where `http_directory` or `http_content` says which. Without
    either no server is started, and `{{ .HTTPPort }}` becomes 0: the installer asks
    `http://10.0.2.2:0/preseed.cfg` and stops with an error on its screen, which Packer does not see. It
    waits for SSH until `ssh_timeout` ends.

    Set `http_directory` to the folder that has the file. `{{ .HTTPIP }}` alone is fine: it is the address of
    the machine that Packer runs on, where there may be another server. An argument that is given and has no
    known value counts as one that starts the server.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    https://github.com/hashicorp/packer-plugin-sdk/blob/main/multistep/commonsteps/step_http_server.go
    """

    category = Category.SOURCES
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("boot_command", "boot_steps", "qemuargs")

    examples = (
        Bad(
            """
            source "qemu" "debian" {
              boot_command = [
                "<esc><wait>auto ",
                "url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>", # finding: no HTTP server
              ]
            }
            build {
              sources = ["source.qemu.debian"]
            }
            """
        ),
        Bad(
            {
                "debian.json": """
                {
                  "builders": [{
                    "type": "virtualbox-iso",
                    "boot_command": ["url=http://{{.HTTPIP}}:{{.HTTPPort}}/preseed.cfg<enter>"],
                    "http_directory": ""
                  }]
                }
                """
            },
            finds={"debian.json:4": "`boot_command` names the port of Packer's HTTP server"},
        ),
        Good(
            """
            variable "http" {
              default = ""
            }
            source "qemu" "debian" {
              http_directory = "${path.root}/http"
              boot_command   = ["url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>"]
            }
            source "qemu" "generated" {
              http_content = { "/preseed.cfg" = "d-i debian-installer/locale string C" }
              boot_command = ["url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>"]
            }
            source "qemu" "supplied" {
              http_directory = var.http
              boot_command   = ["url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>"]
            }
            source "qemu" "elsewhere" {
              boot_command = ["url=http://{{ .HTTPIP }}:8080/preseed.cfg<enter>"]
            }
            build {
              sources = ["qemu.debian", "qemu.generated", "qemu.supplied", "qemu.elsewhere"]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        if component.kind != "builder" or component.name not in BUILDERS or not component.runs:
            return
        serving = [name for name in SERVING if name in properties(component.schema or {})]
        arguments = component.arguments
        if not serving or not configuration.complete or any(map(arguments.may_set, SERVING)):
            return
        found = next(_references(arguments), None)
        if found is not None:
            argument, where = found
            yield Finding(
                where,
                f"`{argument}` names the port of Packer's HTTP server, but the source starts no HTTP server",
                hint=f"add {notation.argument(where.document, serving[0])}",
            )


def _references(arguments: Arguments) -> Iterator[tuple[str, Range]]:
    """The arguments that name the port, and where they do; Packer renders these only."""
    for command in commands(arguments):
        for match in _PORT.finditer(command.text):
            name = "boot_command" if "boot_command" in arguments else "boot_steps"
            yield name, command.range(match.start(), match.end())
    argument = arguments.get("qemuargs")
    if argument is not None and any(_PORT.search(text) for text in _texts(argument.value)):
        yield "qemuargs", argument.range


def _texts(value: Value) -> Iterator[str]:
    for row in value.items or ():
        yield from (text for word in row.items or () if (text := word.known(str)))
