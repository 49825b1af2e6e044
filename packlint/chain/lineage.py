"""A source in a build → its lineage: the platform and the base image that its artifact grows from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from packlint.chain.content import Contents
from packlint.model import Arguments, Configuration, SourceUse
from packlint.traits import WITHOUT_IMAGE
from packlint.value import Known, Unknown, Value

FAMILIES = {
    "virtualbox-iso": "virtualbox",
    "virtualbox-ovf": "virtualbox",
    "virtualbox-vm": "virtualbox",
    "vmware-iso": "vmware",
    "vmware-vmx": "vmware",
    "hyperv-iso": "hyperv",
    "hyperv-vmcx": "hyperv",
    "parallels-iso": "parallels",
    "parallels-pvm": "parallels",
    "parallels-ipsw": "parallels",
    "proxmox": "proxmox",
    "proxmox-iso": "proxmox",
    "proxmox-clone": "proxmox",
    "vsphere-iso": "vsphere",
    "vsphere-clone": "vsphere",
    "amazon-ebs": "amazon",
    "amazon-ebssurrogate": "amazon",
    "amazon-ebsvolume": "amazon",
    "amazon-instance": "amazon",
    "amazon-chroot": "amazon",
}
"""Builders of one platform; any other builder is a family of its own."""

BASES = (
    *("iso_url", "iso_urls", "iso_checksum", "iso_file", "iso_paths", "from_iso", "from_ipsw"),
    *("source_ami", "source_image", "source_image_family", "source_image_project_id", "source_image_name"),
    *("image", "image_publisher", "image_offer", "image_sku", "image_version", "image_url", "image_id"),
    *("custom_managed_image_name", "source_template", "template", "clone_vm", "clone_vm_id"),
    *("source_path", "vm_base_name", "source_vm_name", "clone_from_vmcx_path", "base_image"),
)
"""Arguments that name what an image starts from."""

BASE_BLOCKS = ("boot_iso", "source_ami_filter", "shared_image_gallery", "image_filter")

VARIANTS = (
    *("firmware", "qemu_binary", "machine_type", "bios", "architecture", "efi_boot", "disk_image"),
    *("platform", "changes"),
)
"""Arguments that make images of the same base unlike each other from the first boot on."""

INSTRUCTIONS = ("boot_command", "floppy_content", "cd_content", "http_content", "user_data", "custom_data")
"""Arguments that tell an installer or cloud-init what to make of the base."""

INSTRUCTION_FILES = ("floppy_files", "floppy_dirs", "cd_files", "user_data_file", "custom_data_file")
"""Arguments that name files which do the same."""

COMMANDS = ("vboxmanage", "qemuargs", "prlctl")
"""Arguments that hold commands for the hypervisor, each a list of words."""

MEDIUM = re.compile(
    r"\.(iso|img|vfd|flp|xml|qcow2|raw|vdi|vmdk|fd|bin)\b|--(firmware|medium)\b", re.IGNORECASE
)
"""What a command says that gives the machine a medium or a firmware."""

SERVED = re.compile(r"\.HTTPPort\s*\}\}/([^\s<>\"';,]+)")
"""What a boot command fetches from `http_directory`."""


def lineage(use: SourceUse, configuration: Configuration, contents: Contents) -> str | None:
    """A key that is equal for sources which grow alike from the same base; None where that is not known."""
    if use.type in WITHOUT_IMAGE:
        return None
    base = _said(use.arguments, BASES)
    for block in use.arguments.blocks:
        if block.type in BASE_BLOCKS and base is not None:
            inner = _said(block.arguments, tuple(argument.name for argument in block.arguments))
            base = None if inner is None else [*base, f"{block.type}({', '.join(inner)})"]
    variant = _said(use.arguments, VARIANTS + INSTRUCTIONS)
    read = partial(contents.identity, configuration=configuration)
    answers, attached = _said(use.arguments, INSTRUCTION_FILES, read), _attached(use.arguments)
    if not base or variant is None or answers is None or attached is None:
        return None
    served = (read(path) for path in _served(use.arguments))
    # A legacy template beside its translation is the same template twice, not two that share work.
    notation = "legacy" if use.written is not None else "hcl"
    return " ".join(
        [notation, FAMILIES.get(use.type, use.type), *base, *variant, *answers, *attached, *served]
    )


def _attached(arguments: Arguments) -> list[str] | None:
    """The commands that give the machine media or firmware; None where some may that are not known."""
    said: list[str] = []
    for name in COMMANDS:
        value = arguments.value(name)
        if isinstance(value, Unknown):
            return None
        for command in (value.items or ()) if value else ():
            words = [word.known(str) for word in command.items or ()]
            if any(word is not None and MEDIUM.search(word) for word in words):
                if None in words:
                    return None
                said.append(" ".join(map(str, words)))
    return said


def _served(arguments: Arguments) -> Iterator[str]:
    """The files of `http_directory` that the boot command names."""
    folder = arguments.known("http_directory", str)
    typed = arguments.value("boot_command")
    for part in (typed.items or (typed,)) if typed and folder else ():
        for name in SERVED.findall(part.known(str) or ""):
            yield f"{folder}/{name}"


def _said(arguments: Arguments, names: tuple[str, ...], read: Callable[[str], str] = str) -> list[str] | None:
    """`name=value` of each that is given and not empty; None as soon as one is not known.

    `read` gives what a text stands for, where that is not the text itself.
    """
    said = []
    by_name = arguments.by_name
    for name in names:
        if name not in by_name:
            continue
        value = by_name[name].value
        if isinstance(value, Known) and value.data is None and not value.default_of:
            continue
        text = _text(value, read)
        if text is None:
            return None
        if text:
            said.append(f"{name}={text}")
    return said


def _text(value: Value, read: Callable[[str], str]) -> str | None:
    if not isinstance(value, Known) or value.to_be_supplied:
        return None
    if value.items is not None or value.entries is not None:
        inner = value.items if value.items is not None else tuple((value.entries or {}).values())
        keys = tuple(value.entries or ())
        texts = [_text(item, read) for item in inner]
        return None if None in texts else f"[{', '.join((*keys, *map(str, texts)))}]" if texts else ""
    text = str(value.data)
    return read(text) if text else ""
