"""Sources whose guest is known → a command for shutting down that is not one of that system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.guest import Guest, guest_of
from packlint.model import Argument, Build, Configuration, SourceUse
from packlint.pattern import pattern

_OF_WINDOWS = pattern(
    r"shutdown(\.exe)?\s+(-\w+\s+)*/[a-z]\b|\bStop-Computer\b|^\"?[a-z]:[\\/]|\.(bat|cmd|ps1)\b|\bpowershell\b|\bsysprep\b",
    re.IGNORECASE,
)
"""What stands only in a command line of Windows."""

_CYGWIN = pattern(r"cygwin|cygdrive|msys|bash", re.IGNORECASE)
_OF_UNIX = frozenset({"poweroff", "halt", "systemctl", "init", "telinit"})
"""Commands, by the name that is left behind `sudo`, which Windows has not."""

_OPTIONS_OF_UNIX = ("-P", "-h", "now")
"""Arguments of `shutdown` that it has there alone."""

_PERHAPS_OF_UNIX = ("sudo", *_OF_UNIX, *_OPTIONS_OF_UNIX)


class ShutdownCommandMismatch(Rule):
    """Flags a `shutdown_command` that the guest's system does not have.

    `shutdown /s /t 5` means nothing to Linux, and `sudo poweroff` nothing to Windows. Packer runs the
    command after all provisioners: it fails, or the machine goes on running until `shutdown_timeout` is
    over and the image is lost, after the whole installation. `packer validate` does not look.

    The guest is what the guest type, the install media and the communicator agree on; where they do not, or
    nothing tells it, nothing is said. So it is with Cygwin, which brings Unix commands to Windows.

    Write a command of the guest: `shutdown /s /t 10 /f /d p:4:1` for Windows, and for a Unix one
    `echo '${var.password}' | sudo -S shutdown -P now`, or without `sudo` as root.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/iso
    """

    category = Category.SOURCES
    severity = Severity.ERROR
    precision = Precision.HIGH
    looks_for = ("shutdown_command",)

    examples = (
        Bad(
            """
            source "virtualbox-iso" "web" {
              guest_os_type    = "Ubuntu_64"
              iso_url          = "https://example.com/ubuntu-24.04-live-server-amd64.iso"
              iso_checksum     = "file:https://example.com/SHA256SUMS"
              ssh_username     = "web"
              shutdown_command = "shutdown /s /t 5 /f" # finding: `shutdown_command` is one of Windows
            }
            source "vmware-iso" "desktop" {
              guest_os_type    = "windows9-64"
              iso_url          = "https://example.com/win.iso"
              iso_checksum     = "none"
              communicator     = "winrm"
              winrm_username   = "web"
              shutdown_command = "sudo shutdown -P now" # finding: `shutdown_command` is one of Unix
            }
            build {
              sources = ["virtualbox-iso.web", "vmware-iso.desktop"]
            }
            """
        ),
        Good(
            """
            source "virtualbox-iso" "web" {
              guest_os_type    = "Ubuntu_64"
              iso_url          = "https://example.com/ubuntu-24.04-live-server-amd64.iso"
              iso_checksum     = "file:https://example.com/SHA256SUMS"
              ssh_username     = "web"
              shutdown_command = "echo 'web' | sudo -S shutdown -P now"
            }
            source "vmware-iso" "desktop" {
              guest_os_type    = "windows9-64"
              iso_url          = "https://example.com/win.iso"
              iso_checksum     = "none"
              communicator     = "winrm"
              winrm_username   = "web"
              shutdown_command = "shutdown /s /t 10 /f /d p:4:1"
            }
            source "qemu" "unknown" {
              iso_url          = "https://example.com/install.iso"
              iso_checksum     = "none"
              ssh_username     = "web"
              shutdown_command = "shutdown /s /t 5"
            }
            source "vmware-iso" "cygwin" {
              guest_os_type    = "windows9-64"
              iso_url          = "https://example.com/win.iso"
              iso_checksum     = "none"
              ssh_username     = "web"
              shutdown_command = "/cygdrive/c/Windows/System32/shutdown.exe -s -t 5 || poweroff"
            }
            build {
              sources = ["virtualbox-iso.web", "vmware-iso.desktop", "qemu.unknown", "vmware-iso.cygwin"]
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        for use in build.uses:
            yield from _mismatch(use)


def _mismatch(use: SourceUse) -> Iterator[Finding]:
    argument = use.arguments.get("shutdown_command")
    text = argument.value.known(str) if argument is not None else None
    guest = guest_of(use) if text else None
    if argument is None or text is None or guest is None:
        return
    wrong = _OF_WINDOWS.search(text) if guest.family != "windows" else _unix(argument, text)
    if wrong:
        system = "Windows" if guest.family != "windows" else "Unix"
        yield _finding(argument, guest, system)


def _unix(argument: Argument, text: str) -> bool:
    """Whether a command line runs what only a Unix has."""
    if _CYGWIN.search(text):
        return False
    from packlint.shell.steps import command_line

    line = command_line(argument)
    for command in line.commands() if line.mentions(_PERHAPS_OF_UNIX) else ():
        if "sudo" in command.wrappers or command.name in _OF_UNIX:
            return True
        if command.name == "shutdown" and any(text in _OPTIONS_OF_UNIX for text in command.texts):
            return True
    return False


def _finding(argument: Argument, guest: Guest, system: str) -> Finding:
    return Finding(
        argument.expression.range,
        f"this `shutdown_command` is one of {system}, and the guest is {guest.words}",
        related=tuple(place for evidence in guest.evidence for place in evidence.related)[:3],
        hint="write one like `shutdown /s /t 10 /f /d p:4:1`"
        if guest.family == "windows"
        else "write one like `sudo shutdown -P now`",
        softened=argument.value.default_of is not None,
    )
