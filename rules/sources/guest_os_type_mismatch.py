"""What a hypervisor is told of the guest → where the install media or the base image say otherwise."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.guest import Evidence, evidence_of
from packlint.model import Argument, Arguments, Configuration, Source
from packlint.traits import GuestIds, guest_ids, hypervisors_naming

GUESTS = (
    "artifact_os",
    "guest_os_type",
    "operating_system",
    "os",
    "os_family",
    "os_type",
    "platform",
    "template_os",
)
"""Arguments that name the guest."""

PRODUCTS = {"virtualbox": "VirtualBox", "vmware": "VMware", "vsphere": "vSphere", "proxmox": "Proxmox"}
FOREIGN = {
    "virtualbox": {"vmware", "vsphere"},
    "vsphere": {"virtualbox", "vmware"},
    "vmware": {"virtualbox"},
    "proxmox": {"virtualbox", "vmware", "vsphere"},
}
"""Whose names a hypervisor does not understand; VMware takes some of vSphere's."""

BEST = {
    "ubuntu": "Ubuntu_64",
    "debian": "Debian_64",
    "redhat": "RedHat_64",
    "oracle": "Oracle_64",
    "fedora": "Fedora_64",
    "arch": "ArchLinux_64",
    "suse": "OpenSUSE_64",
    "gentoo": "Gentoo_64",
    "freebsd": "FreeBSD_64",
    "openbsd": "OpenBSD_64",
    "netbsd": "NetBSD_64",
}
"""VirtualBox's general name for each group of systems."""


class GuestOsTypeMismatch(Rule):
    """Flags guest types that contradict the install media or the base image.

    The hypervisor chooses the virtual hardware by the guest that it is told: firmware, disk controller,
    network card, clock. Packer passes the name on and never looks at the media. A Linux that runs as a
    Windows guest may not find its disk, and a 64-bit system does not boot in VirtualBox's 32-bit guests;
    the build then waits for SSH or WinRM until `ssh_timeout` is over.

    Three things are compared. Windows media against any other guest, and the reverse, with every builder
    that is told the guest. The kernel, as a BSD in a Linux guest, where the hypervisor knows both. The
    distribution, with VirtualBox only, whose names tell it: Rocky Linux, AlmaLinux, CentOS and Security
    Onion 2 are `RedHat_64`, Kali Linux is `Debian_64`, and `Linux_64` or `Linux26_64` fit every Linux. A
    name that another hypervisor uses is flagged as well, such as `ubuntu64Guest` of vSphere in a
    `virtualbox-iso` source.

    Name the guest that the media install. Only the file name of the media and the image's name are taken
    as evidence; media with a name of your own choosing are not judged.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/iso
    https://developer.hashicorp.com/packer/integrations/vmware/vsphere
    """

    category = Category.SOURCES
    severity = Severity.WARNING
    precision = Precision.HIGH
    looks_for = GUESTS

    examples = (
        Bad(
            """
            source "virtualbox-iso" "base" {
              guest_os_type = "Ubuntu_64" # finding: `iso_url` is "Rocky-9.4-x86_64-minimal.iso"
              iso_url       = "https://example.com/Rocky-9.4-x86_64-minimal.iso"
            }
            """
        ),
        Bad(
            """
            variable "guest" {
              default = "windows2019srv_64Guest"
            }

            source "vsphere-iso" "base" {
              guest_os_type = var.guest # finding: the default of `var.guest`, but `iso_paths` is "debian-12
              iso_paths     = ["[isos] linux/debian-12.6.0-amd64-netinst.iso"]
            }
            """
        ),
        Bad(
            """
            source "virtualbox-iso" "base" {
              guest_os_type = "ubuntu64Guest" # finding: "ubuntu64Guest", a name of vSphere, not of VirtualBox
              iso_url       = "https://example.com/ubuntu-24.04-live-server-amd64.iso"
            }
            """
        ),
        Bad(
            """
            source "virtualbox-iso" "base" {
              guest_os_type = "Debian" # finding: a 32-bit guest
              iso_url       = "https://example.com/debian-12.6.0-amd64-netinst.iso"
            }
            """
        ),
        Bad(
            """
            source "azure-arm" "base" {
              os_type         = "Linux" # finding: but `image_offer` is "WindowsServer"
              image_publisher = "MicrosoftWindowsServer"
              image_offer     = "WindowsServer"
              image_sku       = "2022-datacenter-g2"
            }
            """
        ),
        Bad(
            """
            source "vmware-iso" "base" {
              guest_os_type = "ubuntu-64" # finding: "SERVER_EVAL_x64FRE_en-us.iso", which is Windows
              iso_url       = "https://example.com/SERVER_EVAL_x64FRE_en-us.iso"
            }
            """
        ),
        Bad(
            """
            source "virtualbox-iso" "base" {
              guest_os_type = "FreeBSD_64" # finding: "debian-13.1.0-amd64-netinst.iso", which is Debian
              iso_url       = "https://example.com/debian-13.1.0-amd64-netinst.iso"
            }
            """
        ),
        Good(
            """
            source "virtualbox-iso" "alma" {
              guest_os_type = "RedHat_64"
              iso_url       = "https://example.com/AlmaLinux-9.4-x86_64-minimal.iso"
            }

            source "virtualbox-iso" "alpine" {
              guest_os_type = "Linux26_64"
              iso_url       = "https://example.com/alpine-virt-3.20.0-x86_64.iso"
            }

            source "vsphere-iso" "windows" {
              guest_os_type = "windows2019srv_64Guest"
              iso_paths     = ["[isos] win/SERVER_EVAL_x64FRE_en-us.iso", "[] /vmware/isoimages/windows.iso"]
            }

            source "virtualbox-iso" "images" {
              guest_os_type = "Ubuntu_64"
              iso_url       = "https://example.com/our-base.iso"
            }
            """
        ),
        Good(
            """
            variable "guest" {
              type = string
            }

            source "virtualbox-iso" "later" {
              guest_os_type = var.guest
              iso_url       = "https://example.com/debian-13.1.0-amd64-netinst.iso"
            }

            source "virtualbox-iso" "ubuntu-builder" {
              guest_os_type = "Windows2022_64"
              iso_url       = "https://example.com/SERVER_EVAL_x64FRE_en-us.iso"
              vm_name       = "built-on-ubuntu"
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        used: dict[Source | None, list[Arguments]] = {}
        for build in configuration.builds:
            for use in build.uses:
                used.setdefault(use.source, []).append(use.arguments)
        for source in configuration.sources:
            for arguments in used.get(source, [source.arguments]):
                yield from _findings(source.type, arguments)


def _findings(type_: str, arguments: Arguments) -> Iterator[Finding]:
    ids = guest_ids(type_)
    evidence = evidence_of(type_, arguments)
    media = tuple(item for item in evidence if item.kind in ("media", "image"))
    foreign = _foreign(ids, arguments) if ids is not None else None
    if foreign is not None:
        yield foreign
        return
    for told in evidence:
        if told.kind != "guest" or told.argument is None or not media:
            continue
        if all(_contradicts(told, item, ids) for item in media):
            groups = media[0].system.groups if ids is not None and ids.hypervisor == "virtualbox" else ()
            yield Finding(
                told.argument.range,
                f"{told.words}, but {media[0].words}, which is {media[0].system.name}",
                related=media[0].related,
                hint=_write(told.argument, BEST[groups[0]]) if groups else None,
            )
        elif ids is not None and ids.hypervisor == "virtualbox":
            yield from _too_narrow(told, media[0], ids, arguments)


def _foreign(ids: GuestIds, arguments: Arguments) -> Finding | None:
    argument = arguments.get(ids.attribute)
    name = argument.value.known(str) if argument else None
    if argument is None or not name or argument.value.sensitive or ids.has(name):
        return None
    owners = [owner for owner in hypervisors_naming(name) if owner in FOREIGN.get(ids.hypervisor, ())]
    if not owners:
        return None
    default = f", the default of `var.{argument.value.default_of}`" if argument.value.default_of else ""
    whose = " and ".join(PRODUCTS[owner] for owner in owners)
    return Finding(
        argument.range,
        f'`{argument.name}` is "{name}"{default}, a name of {whose}, not of {PRODUCTS[ids.hypervisor]}',
        hint=f"use the name that {PRODUCTS[ids.hypervisor]} has for this guest",
    )


def _contradicts(told: Evidence, media: Evidence, ids: GuestIds | None) -> bool:
    guest, found = told.system, media.system
    if guest.family != found.family:
        return True
    hypervisor = ids.hypervisor if ids is not None else ""
    if hypervisor not in ("virtualbox", "vmware", "vsphere"):
        return False
    if guest.kernel and found.kernel and guest.kernel != found.kernel:
        return True
    named = hypervisor == "virtualbox" and guest.groups and found.groups
    return bool(named) and not set(guest.groups) & set(found.groups)


def _too_narrow(told: Evidence, media: Evidence, ids: GuestIds, arguments: Arguments) -> Iterator[Finding]:
    """A 64-bit system in a guest whose name is that of the 32-bit one, without the flag that widens it."""
    wide = f"{told.value}_64"
    if told.argument is None or not (ids.has(told.value) and ids.has(wide)):
        return
    if not re.search(r"amd64|x86[_-]64", media.value) or not _plain(arguments):
        return
    yield Finding(
        told.argument.range,
        f"{told.words}, a 32-bit guest, but {media.words}, which is a 64-bit system",
        related=media.related,
        hint=_write(told.argument, wide),
    )


def _write(argument: Argument, name: str) -> str:
    written = notation.argument(argument.range.document, argument.name, f'"{name}"')
    return f"write {written}"


def _plain(arguments: Arguments) -> bool:
    """Whether no `vboxmanage` command can have switched on 64 bits."""
    commands = arguments.get("vboxmanage")
    if commands is None:
        return True
    rows = [row.items for row in commands.value.items or ()]
    words = [word.known(str) for row in rows for word in row or ()]
    known = commands.value.items is not None and None not in rows and None not in words
    return known and not any("long" in word.lower() for word in words if word)
