"""Builders that install from an ISO → those that wait for SSH no longer than a boot takes."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity, notation
from packlint.communicator import communicator
from packlint.components import Component
from packlint.duration import seconds
from packlint.guest import evidence_of, file_name
from packlint.model import Argument, Arguments, Configuration
from packlint.record import record
from packlint.syntax import Template

INSTALLERS = frozenset({"hyperv-iso", "parallels-iso", "proxmox-iso", "qemu", "virtualbox-iso", "vmware-iso"})
"""Builders whose wait for SSH begins with the installation.

`vsphere-iso`, `nutanix` and `xenserver-iso` wait for the guest's address first, by a timeout of its own.
"""

LIVE = frozenset({"Arch Linux", "Gentoo", "NixOS"})
"""Systems whose ISO is a system itself, which is often entered before anything is installed."""

DISKS = (".img", ".qcow2", ".raw", ".vhd", ".vhdx", ".vmdk", ".vdi")

PATIENT = 60
"""Seconds of one pause in a boot command that leads through the installation itself."""

DEFAULT = 300
"""Seconds (hashicorp/packer-plugin-sdk, communicator/config.go)."""


class IsoSshTimeoutTooShort(Rule):
    """Flags installations from an ISO with a short `ssh_timeout`.

    The time runs from the end of the boot command, and the whole installation has to fit in: without
    `ssh_timeout` these are five minutes. Then the build ends with "Timeout waiting for SSH", and the machine
    is thrown away in the middle of its installation, often on a slow day only. A timeout that is too long
    costs nothing, since Packer goes on as soon as SSH answers.

    Set `ssh_timeout` to a time that the slowest machine keeps, such as `60m`. With `ssh_handshake_attempts`
    alone there is no timeout, which is not flagged; nor is a machine that starts from the image of a disk, a
    live system such as that of Arch Linux, a boot command that waits for minutes itself, or a value that is
    not known. A timeout of more than these five minutes that is shorter than `minutes`, or for Windows
    `windows_minutes`, is a note: somebody may have measured it.

    References:
    https://developer.hashicorp.com/packer/docs/communicators/ssh
    """

    category = Category.SOURCES
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = (*sorted(INSTALLERS),)

    @record
    class Options:
        """An installation takes `minutes`, that of Windows `windows_minutes`."""

        minutes: int = 15
        windows_minutes: int = 30

    examples = (
        Bad(
            """
            source "virtualbox-iso" "debian" { # finding: `ssh_timeout` is not set, and 5 minutes then
              iso_url      = "https://example.org/debian-12-netinst.iso"
              iso_checksum = "none"
              ssh_username = "packer"
            }
            source "qemu" "rocky" {
              iso_url      = "https://example.org/rocky-9.iso"
              iso_checksum = "none"
              ssh_username = "packer"
              ssh_timeout  = "8m" # finding: `ssh_timeout` is "8m"
            }
            build {
              sources = ["virtualbox-iso.debian", "qemu.rocky"]
            }
            """,
            fixed="""
            source "virtualbox-iso" "debian" {
              iso_url      = "https://example.org/debian-12-netinst.iso"
              iso_checksum = "none"
              ssh_username = "packer"
            }
            source "qemu" "rocky" {
              iso_url      = "https://example.org/rocky-9.iso"
              iso_checksum = "none"
              ssh_username = "packer"
              ssh_timeout  = "60m"
            }
            build {
              sources = ["virtualbox-iso.debian", "qemu.rocky"]
            }
            """,
        ),
        Good(
            """
            source "virtualbox-iso" "debian" {
              iso_url      = "https://example.org/debian-12-netinst.iso"
              iso_checksum = "none"
              ssh_username = "packer"
              ssh_timeout  = "60m"
            }
            source "qemu" "cloud" {
              iso_url      = "https://example.org/debian-12-genericcloud-amd64.qcow2"
              iso_checksum = "none"
              disk_image   = true
              ssh_username = "debian"
              ssh_timeout  = "2m"
            }
            source "qemu" "endless" {
              iso_url                = "https://example.org/debian-12-netinst.iso"
              iso_checksum           = "none"
              ssh_username           = "packer"
              ssh_handshake_attempts = 1000
            }
            source "virtualbox-iso" "typed" {
              iso_url      = "https://example.org/firewall.iso"
              iso_checksum = "none"
              boot_command = ["<enter><wait2m>y<enter><wait180>root<enter>"]
              ssh_username = "root"
            }
            source "qemu" "quiet" {
              communicator = "none"
              iso_url      = "https://example.org/debian-12-netinst.iso"
              iso_checksum = "none"
            }
            build {
              sources = [
                "virtualbox-iso.debian", "virtualbox-iso.typed", "qemu.cloud", "qemu.endless", "qemu.quiet",
              ]
            }
            """
        ),
    )

    options: Options

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        arguments = component.arguments
        if component.kind != "builder" or component.name not in INSTALLERS:
            return
        if communicator(component.name, arguments) != "ssh" or not _installs(component):
            return
        argument = _timeout(arguments)
        if argument is not None:
            yield from self._short(argument, self._least(component))
        elif component.runs and configuration.complete and not arguments.may_set("ssh_handshake_attempts"):
            written = notation.argument(component.range.document, "ssh_timeout", '"60m"')
            message = "`ssh_timeout` is not set, and 5 minutes then are all that the installation has"
            yield Finding(component.header_range, message, hint=f"add {written}")

    def _least(self, component: Component) -> int:
        """How many minutes the guest's installation takes."""
        families = {item.system.family for item in evidence_of(component.name, component.arguments)}
        return self.options.windows_minutes if families == {"windows"} else self.options.minutes

    def _short(self, argument: Argument, least: int) -> Iterator[Finding]:
        value = argument.value
        text = value.known(str)
        time = seconds(text) if text else None
        if text is None or time is None or value.sensitive or not 0 < time < least * 60:
            return
        default = f", the default of `var.{value.default_of}`" if value.default_of else ""
        yield Finding(
            argument.expression.range,
            f'`{argument.name}` is "{text}"{default}, and that is all the time the installation has',
            hint='allow for a slow day, such as "60m"',
            fix=_longer(argument),
            softened=time > DEFAULT,
        )


def _installs(component: Component) -> bool:
    """Whether an installer runs from the media, so far as is known."""
    arguments = component.arguments
    if arguments.may_set("disk_image"):
        return False
    names = [file_name(text).lower() for text in _media(arguments)]
    if any(name.endswith(DISKS) for name in names):
        return False
    from packlint.boot_command import commands

    if any(_pauses(command.text) for command in commands(arguments)):
        return False
    found = (item.system.name for item in evidence_of(component.name, arguments) if item.kind == "media")
    return not LIVE & {*found}


def _pauses(text: str) -> bool:
    """Whether a boot command waits for so long that the installation goes on meanwhile."""
    from packlint.boot_command import keys

    times = (key.name for key in keys(text) if key.kind == "wait")
    return any((seconds(f"{it}s" if it.isdigit() else it) or 0) >= PATIENT for it in times if it)


def _media(arguments: Arguments) -> Iterator[str]:
    for name in ("iso_url", "iso_urls"):
        value = arguments.value(name)
        if value is not None:
            yield from (text for it in value.items or (value,) if (text := it.known(str)))


def _timeout(arguments: Arguments) -> Argument | None:
    """The argument that says how long Packer waits; the older name wins."""
    names = ("ssh_wait_timeout", "ssh_timeout")
    return next((arguments.get(name) for name in names if arguments.may_set(name)), None)


def _longer(argument: Argument) -> Fix | None:
    expression = argument.expression
    if not isinstance(expression, Template) or expression.literal is None or expression.heredoc:
        return None
    return Fix('write "60m"', (Edit(expression.range, '"60m"'),), safe=False)
