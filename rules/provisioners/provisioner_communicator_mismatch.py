"""Provisioners and the communicators of their sources → those that have no way into the guest."""

from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.communicator import communicator_of
from packlint.effective import keep_from, names, overridden, runs_on
from packlint.model import Build, Configuration, Provisioner, SourceUse
from packlint.traits import WINDOWS, builder

REMOTE = {
    "ansible-local",
    "ansible-navigator-local",
    "chef-client",
    "chef-solo",
    "file",
    "goss",
    "powershell",
    "puppet-masterless",
    "puppet-server",
    "salt-masterless",
    "shell",
    "windows-restart",
    "windows-shell",
    "windows-update",
}
"""Provisioners that do nothing but send files or commands through the communicator."""


class ProvisionerCommunicatorMismatch(Rule):
    """Flags provisioners that the source's communicator cannot serve.

    With `communicator = "none"` Packer has no connection to a guest: the upload of the first script fails,
    and `shell` retries it for five minutes before the build ends with "Upload is not implemented when
    communicator = 'none'"; some builders leave the provisioners out without a word. The `file` builder has
    no guest at all: provisioners appear to succeed, and nothing of what they do happens. A Linux container
    that is reached by the `docker` communicator has no PowerShell and no `cmd`. `packer validate` accepts
    all of these.

    Use `shell-local` for work on the machine that runs Packer, keep the provisioner from these sources
    with `only` or `except`, or give the source a communicator.

    `ansible` and other provisioners that can work without the communicator are not judged, nor is a source
    whose communicator is not known.

    References:
    https://developer.hashicorp.com/packer/docs/communicators
    https://developer.hashicorp.com/packer/docs/builders/file
    https://developer.hashicorp.com/packer/integrations/hashicorp/docker
    """

    category = Category.PROVISIONERS
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("communicator", "file", "docker")

    examples = (
        Bad(
            """
            source "null" "local" {
              communicator = "none"
            }

            build {
              sources = ["source.null.local"]
              provisioner "shell" { # finding: `shell` needs a communicator, but `null.local` has "none"
                inline = ["make assets"]
              }
            }
            """
        ),
        Bad(
            """
            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.docker.app"]
              provisioner "windows-restart" {} # finding: `docker.app` is a Linux container
            }
            """
        ),
        Bad(
            """
            source "file" "note" {
              content = "built"
              target  = "note.txt"
            }

            build {
              sources = ["source.file.note"]
              provisioner "shell" { # finding: the `file` builder of `file.note` has no guest
                inline = ["true"]
              }
            }
            """
        ),
        Bad(
            """
            variable "communicator" {
              default = "none"
            }

            source "qemu" "base" {
              communicator = var.communicator
            }

            build {
              sources = ["source.qemu.base"]
              provisioner "file" { # finding: `qemu.base` has "none" with the default of `var.communicator`
                source      = "motd"
                destination = "/etc/motd"
              }
            }
            """
        ),
        Bad(
            {
                "app.json": """
                {
                  "builders": [{ "type": "docker", "image": "debian:13", "commit": true }],
                  "provisioners": [
                    { "type": "powershell", "inline": ["Get-Date"] }
                  ]
                }
                """
            },
            finds={"app.json:4": "`powershell` needs Windows, but `docker` is a Linux container"},
        ),
        Good(
            """
            source "null" "local" {
              communicator = "none"
            }

            source "docker" "app" {
              image             = "mcr.microsoft.com/windows/servercore:ltsc2022"
              windows_container = true
              commit            = true
            }

            build {
              sources = ["source.null.local", "source.docker.app"]
              provisioner "shell-local" {
                inline = ["make assets"]
              }
              provisioner "powershell" {
                only   = ["docker.app"]
                inline = ["Get-Date"]
              }
            }
            """
        ),
        Good(
            """
            source "null" "local" {
              communicator = "none"
            }

            build {
              sources = ["source.null.local"]
              provisioner "ansible" {
                playbook_file = "inventory.yml"
              }
            }
            """
        ),
        Good(
            """
            variable "communicator" {
              type = string
            }

            source "qemu" "base" {
              communicator = var.communicator
            }

            source "null" "local" {
              communicator = "none"
            }

            build {
              sources = ["source.qemu.base", "source.null.local"]
              provisioner "shell" {
                except = ["null.local"]
                inline = ["uname -a"]
              }
            }
            """
        ),
    )

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        step = provisioner
        uses = [use for use in runs_on(step, build) if not overridden(step, use)]
        remote = step.type in REMOTE
        without = [use for use in uses if remote and communicator_of(use) == "none"]
        nowhere = [use for use in uses if remote and (b := builder(use.type)) and not b.provisions]
        linux = [use for use in uses if _for_windows(step) and communicator_of(use) == "docker"]
        if without:
            has = "has" if len(without) == 1 else "have"
            said = f'`{step.type}` needs a communicator, but {names(without)} {has} "none"{_default(without)}'
            yield _finding(step, build, said, without, "`shell-local` works on the machine that runs Packer")
        if nowhere:
            said = f"`{step.type}` does nothing: the `file` builder of {names(nowhere)} has no guest"
            yield _finding(step, build, said, nowhere, "`shell-local` works on the machine that runs Packer")
        if linux:
            are = "is a Linux container" if len(linux) == 1 else "are Linux containers"
            said = f"`{step.type}` needs Windows, but {names(linux)} {are}"
            yield _finding(step, build, said, linux, "set `windows_container`, or use `shell`")


def _for_windows(step: Provisioner) -> bool:
    return step.type in WINDOWS and not any(name in step.arguments for name in WINDOWS[step.type])


def _default(uses: Sequence[SourceUse]) -> str:
    values = (use.arguments.value("communicator") for use in uses)
    found = sorted({value.default_of for value in values if value and value.default_of})
    return f" with the default of {' and '.join(f'`var.{name}`' for name in found)}" if found else ""


def _finding(step: Provisioner, build: Build, said: str, uses: Sequence[SourceUse], hint: str) -> Finding:
    told = (use.arguments.get("communicator") for use in uses)
    places = dict.fromkeys(argument.range for argument in told if argument)
    return Finding(
        step.header_range,
        said,
        related=tuple(Related(place, "the communicator") for place in places),
        hint=keep_from(step, uses, build) or hint,
    )
