"""Builders that need a command to shut their guest down → those that have none."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.communicator import communicator_of
from packlint.effective import EffectiveStep, Instance, instances
from packlint.guest import guest_of
from packlint.model import Build, Configuration, SourceUse
from packlint.pattern import pattern

HALTING = frozenset(
    {
        *(
            "hyperv-iso",
            "hyperv-vmcx",
            "parallels-iso",
            "parallels-macvm",
            "parallels-pvm",
            "qemu",
            "utm-utm",
        ),
        *("virtualbox-iso", "virtualbox-ovf", "virtualbox-vm", "vmware-iso", "vmware-vmx"),
    }
)
"""Builders that cut the power of a guest for which they have no command; others ask the guest itself."""

INSTEAD = ("shutdown_command", "disable_shutdown", "acpi_shutdown")

_SHUTS_DOWN = pattern(
    r"\b(?:shutdown|poweroff|halt|init\s+0|telinit\s+0|Stop-Computer|sysprep)\b", re.IGNORECASE
)


class ShutdownCommandMissing(Rule):
    """Flags sources that cut the power of their guest for lack of a command.

    These builders run `shutdown_command` in the guest when the provisioners are done. Without it they halt
    the machine as if its plug was pulled: what the guest has not written to its disk is lost, and the image
    starts with a file system to be repaired, or with files that are empty. For Windows it means a system that
    was not shut down. Packer prints one line about it and goes on; `qemu` says "Halting the virtual machine".

    Give the command with which the guest shuts down. With `disable_shutdown = true` Packer waits for the
    guest to do so by itself, and with `acpi_shutdown = true` VirtualBox presses its power button. Nothing is
    said of a source without communicator, nor where a provisioner shuts the guest down or where the value
    is not known. Builders such as `vsphere-iso` and `proxmox-iso` shut the guest down without a command.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/iso
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    """

    category = Category.SOURCES
    severity = Severity.WARNING
    precision = Precision.HIGH
    looks_for = (*sorted(HALTING),)

    examples = (
        Bad(
            """
            source "qemu" "debian" { # finding: has no `shutdown_command`, so that its power is cut
              iso_url      = "debian.iso"
              iso_checksum = "none"
              ssh_username = "packer"
            }
            build {
              sources = ["source.qemu.debian"]
              provisioner "shell" {
                inline = ["apt-get install -y nginx"]
              }
            }
            """
        ),
        Good(
            """
            variable "shutdown" {
              default = ""
            }
            source "qemu" "debian" {
              iso_url          = "debian.iso"
              iso_checksum     = "none"
              ssh_username     = "packer"
              shutdown_command = "sudo shutdown -P now"
            }
            source "qemu" "installed" {
              communicator = "none"
              iso_url      = "debian.iso"
              iso_checksum = "none"
            }
            source "virtualbox-ovf" "button" {
              source_path   = "debian.ovf"
              ssh_username  = "packer"
              acpi_shutdown = true
            }
            source "vmware-vmx" "supplied" {
              source_path      = "debian.vmx"
              ssh_username     = "packer"
              shutdown_command = var.shutdown
            }
            build {
              sources = ["qemu.debian", "qemu.installed", "virtualbox-ovf.button", "vmware-vmx.supplied"]
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        if not configuration.complete or build.open_steps:
            return
        for instance in instances(build):
            use = instance.use
            if use.source is not None and _is_halted(use) and not _shuts_itself_down(instance, configuration):
                document = use.source.range.document
                written = notation.argument(document, "shutdown_command", f'"{_command(use)}"')
                yield Finding(
                    use.source.header_range,
                    f"`{use.written or use.source.key}` has no `shutdown_command`, so that its power is cut",
                    hint=f"add {written}",
                )


def _is_halted(use: SourceUse) -> bool:
    reached = communicator_of(use)
    return (
        use.type in HALTING
        and reached in ("ssh", "winrm")
        and not use.arguments.open
        and not any(use.arguments.may_set(name) for name in INSTEAD)
    )


def _shuts_itself_down(instance: Instance, configuration: Configuration) -> bool:
    """Whether a provisioner shuts the guest down, as far as its strings and scripts tell."""
    steps = instance.provisioners
    return any(_SHUTS_DOWN.search(text) for step in steps for text in _texts(step)) or any(
        _SHUTS_DOWN.search(script) for step in steps for script in _scripts(step, configuration)
    )


def _texts(step: EffectiveStep) -> Iterator[str]:
    """The strings of a step's arguments, at their top or in a list."""
    for argument in step.arguments:
        for value in argument.value.items or (argument.value,):
            if text := value.known(str):
                yield text


def _scripts(step: EffectiveStep, configuration: Configuration) -> Iterator[str]:
    """What stands in the scripts of a step, so far as they can be read."""
    for name in ("script", "scripts"):
        value = step.arguments.value(name)
        for item in (value.items or (value,)) if value is not None else ():
            path = item.known(str)
            found = configuration.locate(path) if path else None
            yield (configuration.files.text(found) or "") if found else ""


def _command(use: SourceUse) -> str:
    guest = guest_of(use)
    windows = guest is not None and guest.family == "windows"
    return "shutdown /s /t 10 /f" if windows else "sudo shutdown -P now"
