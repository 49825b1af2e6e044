"""Provisioners and the guests they run on → those whose commands the guest does not have."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.communicator import communicator_of
from packlint.effective import keep_from, names, overridden, runs_on
from packlint.guest import Guest, guest_of
from packlint.model import Argument, Build, Configuration, Provisioner, SourceUse
from packlint.traits import WINDOWS

UNIX = {
    "shell": ("execute_command",),
    "ansible-local": ("command",),
    "puppet-masterless": ("guest_os_type", "execute_command"),
    "salt-masterless": ("guest_os_type",),
    "chef-solo": ("guest_os_type", "execute_command", "install_command"),
}
"""Provisioners that send commands of a Unix shell, with the arguments that may change that."""

BY_PASSWORD = {"puppet-masterless", "salt-masterless", "chef-solo"}
"""Those whose commands need `sudo`, which a Unix shell on Windows does not have either."""


class ProvisionerGuestMismatch(Rule):
    """Flags provisioners whose commands the guest's operating system lacks.

    `powershell`, `windows-shell`, `windows-restart` and `windows-update` send commands of Windows; `shell`
    and most `*-local` and `*-masterless` provisioners send those of a Unix shell, such as `chmod +x`.
    `packer validate` accepts any of them for any source. The build fails when the step is reached, after
    the whole installation.

    Use the provisioner that belongs to the guest, or keep it from the sources that it does not fit with
    `only` or `except`.

    The guest counts as known only where all evidence agrees: the guest type, the file name of the install
    media, the name of the cloud's image, WinRM. Left alone are `powershell` with `use_pwsh` or a command
    of its own, `shell` on Windows over SSH, where Cygwin or Git may bring a Unix shell, and `shell` with
    an `execute_command` that calls a program of Windows.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/powershell
    https://developer.hashicorp.com/packer/docs/provisioners/shell
    https://developer.hashicorp.com/packer/docs/provisioners/windows-restart
    """

    category = Category.PROVISIONERS
    severity = Severity.ERROR
    precision = Precision.HIGH
    looks_for = (*WINDOWS, *UNIX)

    examples = (
        Bad(
            """
            source "virtualbox-iso" "web" {
              guest_os_type = "Ubuntu_64"
              iso_url       = "https://example.com/ubuntu-24.04-live-server-amd64.iso"
            }

            build {
              sources = ["source.virtualbox-iso.web"]
              provisioner "powershell" { # finding: needs Windows, but `virtualbox-iso.web` builds Ubuntu
                inline = ["Get-Date"]
              }
            }
            """
        ),
        Bad(
            """
            source "amazon-ebs" "windows" {
              communicator = "winrm"
            }

            source "amazon-ebs" "linux" {
              source_ami_filter {
                filters = { name = "ubuntu/images/hvm-ssd/ubuntu-noble-24.04-amd64-server-*" }
              }
            }

            build {
              sources = ["source.amazon-ebs.windows", "source.amazon-ebs.linux"]
              provisioner "shell" { # finding: needs a Unix shell, but `amazon-ebs.windows` builds Windows
                inline = ["uname -a"]
              }
            }
            """
        ),
        Bad(
            """
            source "azure-arm" "web" {
              os_type         = "Linux"
              image_publisher = "Canonical"
              image_offer     = "ubuntu-24_04-lts"
              image_sku       = "server"
            }

            build {
              sources = ["source.azure-arm.web"]
              provisioner "windows-restart" {} # finding: needs Windows, but `azure-arm.web` builds
            }
            """
        ),
        Bad(
            """
            source "vsphere-iso" "base" {
              communicator  = "winrm"
              guest_os_type = "windows2019srv_64Guest"
            }

            build {
              sources = ["source.vsphere-iso.base"]
              provisioner "ansible-local" { # finding: needs a Unix shell, but `vsphere-iso.base` builds
                playbook_file = "base.yml"
              }
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "windows" {
              communicator = "winrm"
            }

            source "amazon-ebs" "linux" {
              source_ami_filter {
                filters = { name = "ubuntu/images/hvm-ssd/ubuntu-noble-24.04-amd64-server-*" }
              }
            }

            build {
              sources = ["source.amazon-ebs.windows", "source.amazon-ebs.linux"]
              provisioner "shell" {
                only   = ["amazon-ebs.linux"]
                inline = ["uname -a"]
              }
              provisioner "powershell" {
                except = ["amazon-ebs.linux"]
                inline = ["Get-Date"]
              }
              provisioner "powershell" {
                execute_command = "pwsh {{ .Path }}"
                inline          = ["Get-Date"]
              }
            }
            """
        ),
        Good(
            """
            source "vsphere-iso" "over-ssh" {
              communicator  = "ssh"
              guest_os_type = "windows2019srv_64Guest"
            }

            build {
              sources = ["source.vsphere-iso.over-ssh"]
              provisioner "shell" {
                inline = ["uname -a"]
              }
            }
            """
        ),
        Good(
            """
            source "vsphere-iso" "base" {
              communicator  = "winrm"
              guest_os_type = "windows2019srv_64Guest"
            }

            build {
              sources = ["source.vsphere-iso.base"]
              provisioner "shell" {
                execute_command = "cmd /c {{ .Path }}"
                inline          = ["ver"]
              }
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "windows-tools" {
              ami_name   = "windows-tools"
              source_ami = "ami-0123456789abcdef0"
            }

            build {
              sources = ["source.amazon-ebs.windows-tools"]
              provisioner "shell" {
                inline = ["uname -a"]
              }
            }
            """
        ),
    )

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        wrong = [(use, guest) for use in runs_on(provisioner, build) if (guest := _misfit(provisioner, use))]
        if not wrong:
            return
        uses = tuple(use for use, _ in wrong)
        windows = provisioner.type in WINDOWS
        builds = {guest.words for _, guest in wrong}
        what = builds.pop() if len(builds) == 1 else "Unix-like systems" if windows else "Windows"
        own = '`provisioner "shell"`' if windows else '`provisioner "powershell"`'
        yield Finding(
            provisioner.header_range,
            f"`{provisioner.type}` needs {'Windows' if windows else 'a Unix shell'}, but {names(uses)} "
            f"{'builds' if len(uses) == 1 else 'build'} {what}{_defaults(wrong)}",
            related=tuple(
                dict.fromkeys(
                    place for _, guest in wrong for item in guest.evidence for place in item.related
                )
            ),
            hint=keep_from(provisioner, uses, build) or f"use {own} for this guest",
        )


def _misfit(step: Provisioner, use: SourceUse) -> Guest | None:
    """The guest of a source, where the step cannot run on it."""
    if overridden(step, use) or (guest := guest_of(use)) is None:
        return None
    communicator = communicator_of(use)
    if guest.family == "nix":
        # Windows' provisioners in a Linux container belong to `provisioner-communicator-mismatch`.
        misfit = step.type in WINDOWS and communicator != "docker" and not _fit_for_unix(step)
    else:
        misfit = step.type in UNIX and _unfit_for_windows(step, communicator)
    return guest if misfit else None


def _fit_for_unix(step: Provisioner) -> bool:
    if step.arguments.known("use_pwsh", bool) is False:
        return False
    return any(name in step.arguments for name in WINDOWS[step.type])


def _unfit_for_windows(step: Provisioner, communicator: str | None) -> bool:
    given = [argument for name in UNIX[step.type] if (argument := step.arguments.get(name))]
    if communicator == "ssh":
        return step.type in BY_PASSWORD and not given and "prevent_sudo" not in step.arguments
    if communicator not in ("winrm", "dockerWindowsContainer"):
        return False
    return all(step.type == "shell" and _for_unix_only(argument) for argument in given)


def _for_unix_only(command: Argument) -> bool:
    """Whether a command is known to call what Windows has not, and nothing that it has."""
    text = command.value.known(str)
    if text is None or re.search(r"cmd|powershell|pwsh|\.exe|wsl", text, re.IGNORECASE):
        return False
    return re.search(r"\b(sudo|chmod)\b|/bin/", text) is not None


def _defaults(wrong: list[tuple[SourceUse, Guest]]) -> str:
    found = sorted({i.default_of for _, guest in wrong for i in guest.evidence if i.default_of})
    if not found:
        return ""
    variables = " and ".join(f"`var.{name}`" for name in found)
    return f" with the default{'s' if len(found) > 1 else ''} of {variables}"
