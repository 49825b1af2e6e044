"""The media of `qemu` → disk images that are attached as a CD-ROM, and install media attached as a disk."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity, notation
from packlint.components import Component
from packlint.guest import file_name
from packlint.model import Argument, Arguments, Configuration
from packlint.pattern import pattern
from packlint.value import Known, Value

_DISK = pattern(r"\.(?:qcow2|qcow|vmdk|vdi|vhdx?)$", re.IGNORECASE)
_CLOUD = pattern(r"cloud(?:img|-?image|-?init|guest)?|openstack|generic", re.IGNORECASE)
_RAW = pattern(r"\.(?:img|raw)$", re.IGNORECASE)


class CloudImageAsIso(Rule):
    """Flags disk images that `qemu` attaches as a CD-ROM, and the reverse.

    The builder `qemu` takes what `iso_url` names for install media: it makes an empty disk and attaches the
    file as a CD-ROM. A cloud image, such as `noble-server-cloudimg-amd64.img`, is the disk of an installed
    system; nothing boots from it there, and Packer waits for SSH until `ssh_timeout` ends. With
    `disk_image = true` the file is copied and becomes the disk. An ISO that is given so becomes the disk
    itself, so that an installer has none to install to; since some boot like that, it is a warning.

    Set `disk_image` as the file asks for it. A name that ends in `.img` or `.raw` counts only where it is
    that of a cloud image: floppies, network installers and memory sticks end so too. Nothing is said where
    `qemuargs` attach drives of their own.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    """

    category = Category.SOURCES
    severity = Severity.ERROR
    precision = Precision.HIGH
    looks_for = ("qemu",)

    examples = (
        Bad(
            """
            source "qemu" "ubuntu" {
              iso_url      = "https://cloud.example.org/noble-server-cloudimg-amd64.img" # finding: is a disk
              iso_checksum = "none"
              ssh_username = "ubuntu"
            }
            source "qemu" "debian" {
              iso_urls     = ["debian-12-netinst.iso"]
              iso_checksum = "none"
              disk_image   = true # finding: `iso_urls` is "debian-12-netinst.iso", install media
              ssh_username = "debian"
            }
            build {
              sources = ["qemu.ubuntu", "qemu.debian"]
            }
            """
        ),
        Good(
            """
            variable "from_disk" {
              type = bool
            }
            source "qemu" "ubuntu" {
              iso_url      = "https://cloud.example.org/noble-server-cloudimg-amd64.img"
              iso_checksum = "none"
              disk_image   = true
              ssh_username = "ubuntu"
            }
            source "qemu" "either" {
              iso_url      = "fedora-cloud.qcow2"
              iso_checksum = "none"
              disk_image   = var.from_disk
              ssh_username = "fedora"
            }
            source "qemu" "stick" {
              iso_url      = "memstick.img"
              iso_checksum = "none"
              ssh_username = "root"
            }
            source "qemu" "drive" {
              iso_url      = "generic.qcow2"
              iso_checksum = "none"
              qemuargs     = [["-drive", "file=generic.qcow2,if=virtio"]]
              ssh_username = "root"
            }
            build {
              sources = ["qemu.ubuntu", "qemu.either", "qemu.stick", "qemu.drive"]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        arguments = component.arguments
        if component.kind != "builder" or component.name != "qemu" or _has_drives(arguments):
            return
        as_disk = arguments.get("disk_image")
        if as_disk is None and not (component.runs and configuration.complete):
            return
        disk = _truth(as_disk)
        media = [*_media(arguments)]
        if disk is None or not media:
            return
        argument, value = media[0]
        name = "" if value.sensitive else file_name(value.known(str) or "")
        default = f", the default of `var.{value.default_of}`" if value.default_of else ""
        told = f'`{argument.name}` is "{name}"{default}'
        if not disk and all(_is_image(it) for _, it in media):
            written = notation.argument(argument.range.document, "disk_image", "true")
            yield Finding(
                argument.expression.range,
                f"{told}, which is a disk image, and `qemu` attaches it as a CD-ROM",
                hint=f"add {written}" if as_disk is None else f"set {written}",
                related=(Related(as_disk.range, "it says so"),) if as_disk is not None else (),
                softened=bool(value.default_of),
            )
        elif disk and as_disk is not None and all(_ends(it, ".iso") for _, it in media):
            yield Finding(
                as_disk.range,
                f"{told}, install media, and `qemu` makes it the disk",
                hint="leave `disk_image` out, so that it is a CD-ROM beside an empty disk",
                related=(Related(argument.range, "the media"),),
                softened=1,
            )


def _truth(argument: Argument | None) -> bool | None:
    """Whether a switch is on, None where that is not known; one that is not given is off."""
    if argument is None or (isinstance(argument.value, Known) and argument.value.data is None):
        return False
    return argument.value.known(bool)


def _media(arguments: Arguments) -> Iterator[tuple[Argument, Value]]:
    for name in ("iso_url", "iso_urls"):
        argument = arguments.get(name)
        if argument is not None:
            for item in argument.value.items or (argument.value,):
                yield argument, item


def _is_image(value: Value) -> bool:
    name = file_name(value.known(str) or "")
    return bool(_DISK.search(name) or (_RAW.search(name) and _CLOUD.search(name)))


def _ends(value: Value, suffix: str) -> bool:
    return file_name(value.known(str) or "").lower().endswith(suffix)


def _has_drives(arguments: Arguments) -> bool:
    """Whether `qemuargs` attach drives, or may do so."""
    given = arguments.get("qemuargs")
    if given is None:
        return False
    rows = [row.items for row in given.value.items or ()]
    words = [row[0].known(str) if row else None for row in rows]
    drives = ("-drive", "-cdrom", "-blockdev", "-hda", "-device")
    return given.value.items is None or any(word is None or word in drives for word in words)
