"""A source → what it starts from that is none of its own run's images: install media, an image, a box."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from packlint.chain.families import FAMILIES
from packlint.chain.lookup import Lookup
from packlint.chain.produce import argument_at
from packlint.document import Range
from packlint.model import Argument, Arguments, Configuration, SourceUse
from packlint.named import NamedTuple
from packlint.traits import builder
from packlint.value import Value

BESIDE = re.compile(r"cidata|seed|unattend|virtio", re.IGNORECASE)
"""Media that lie beside those which are installed from: answers to the installer, and drivers."""


class Base(NamedTuple):
    """What an image starts from: its `name`, and in `what` what it is, as `ISO` or `container image`.

    `key` is equal for the same base of several images; `range` is where the image says it.
    """

    name: str
    what: str
    range: Range
    key: tuple[str, str, str]


ISO, IMAGE, MACHINE, TEMPLATE, IPSW = "ISO", "image", "machine", "template", "IPSW"

FILES = {
    **dict.fromkeys(("iso_url", "iso_urls", "iso_file", "iso_paths", "iso_name", "iso_volume_name"), ISO),
    **dict.fromkeys(("boot_iso.iso_file", "boot_iso.iso_url", "boot_iso.iso_urls"), ISO),
    **dict.fromkeys(("isoimage_url", "source_iso", "from_iso", "cdrom"), ISO),
    **dict.fromkeys(("ipsw_url", "ipsw_urls", "from_ipsw", "ipsw"), IPSW),
    "installer": "installer",
    **dict.fromkeys(("file_urls", "image_url", "external_source_image_url", "import_source_url"), IMAGE),
}
"""Arguments that name a file, of which the last name says what it is wherever it lies."""

NAMES = {
    "source_ami": "AMI",
    "source_ami_filter.filters.name": "AMI",
    "source_omi": "OMI",
    "image_publisher:image_offer:image_sku": IMAGE,
    "custom_managed_image_name": "managed image",
    "shared_image_gallery.gallery_name:shared_image_gallery.image_name": IMAGE,
    "image": IMAGE,
    "source_image_family": "image family",
    **dict.fromkeys(("source_image", "source_image_name", "source_image_id", "vsi_base_image_name"), IMAGE),
    **dict.fromkeys(("base_image_filter.display_name", "base_image_ocid", "base_image", "image_id"), IMAGE),
    **dict.fromkeys(("boot_disk_image_id", "storage_name", "blueprint", "distro", "source_archive"), IMAGE),
    **dict.fromkeys(("clone_vm", "clone_vm_id", "template", "source_template", "template_name"), TEMPLATE),
    **dict.fromkeys(("source_template_name", "instance_template"), TEMPLATE),
    **dict.fromkeys(("clone_from_vm_name", "vm_base_name", "source_vm_name", "vm_name"), MACHINE),
}
"""Arguments that name an image, a machine or a template by itself; several are told together."""

PATHS = {"source_path": MACHINE, "clone_from_vmcx_path": MACHINE, "source": "file", "disk_base": IMAGE}
"""Arguments that name a file or a folder by its path."""

CALLED = {
    ("image", "docker"): "container image",
    ("image", "lxd"): "container image",
    ("image", "incus"): "container image",
    ("source_path", "vagrant"): "box",
    ("iso_url", "arm-image"): IMAGE,
    ("iso_urls", "arm-image"): IMAGE,
    ("iso_url", "utm-cloud"): IMAGE,
    ("iso_urls", "utm-cloud"): IMAGE,
}
"""What an argument names for some builders."""

FOUND = {
    **{it.type: it.name.strip("{}") for family in FAMILIES for it in family.finders},
    **dict.fromkeys(("googlecompute-image", "xelon-template", "numspot-image", "outscale-omi"), "name"),
    **dict.fromkeys(("hcp-packer-artifact", "hcp-packer-image"), "bucket_name"),
}
"""Data sources that find an image, and the argument that tells its name."""


def base(use: SourceUse, configuration: Configuration) -> Base | None:
    """What a source starts from; None where that is not known, or is nothing, or is not to be told.

    Of a URL nothing but the name of the file is told: the rest may hold a password or a token.
    """
    known = builder(use.type)
    if known is None or not known.base:
        return None
    lookup = Lookup(configuration)
    for places, usual in (*PATHS.items(), *NAMES.items(), *FILES.items()):
        if places.partition(":")[0].partition(".")[0] not in known.base:
            continue
        arguments = [_argument(use.arguments, place) for place in places.split(":")]
        given = [it for it in arguments if it is not None and not it.worth.zero]
        if not given or len(given) < len(arguments):
            continue
        what = _what(places, usual, use, known.type)
        if len(given) == 1 and (found := _found(given[0], lookup)):
            return Base(*found, given[0].expression.range, (found[1], found[0], ""))
        texts = [_text(it) for it in given]
        if None in texts:
            return None
        text = ":".join(filter(None, texts))
        return _named(text, what, given[0], places, configuration)
    return None


def _named(
    text: str, what: str, argument: Argument, places: str, configuration: Configuration
) -> Base | None:
    directory = ""
    if places in FILES or "://" in text:
        name = file_name(text)
    elif places in PATHS:
        name = posixpath.normpath(text.replace("\\", "/"))
        # Elsewhere the same path is another file, and the same name of a box the same box.
        directory = "" if name.startswith("/") or what == "box" else configuration.template.directory
    else:
        name = text
    return Base(name, what, argument.expression.range, (what, name, directory)) if name else None


def _argument(arguments: Arguments, place: str) -> Argument | None:
    block, _, name = place.rpartition(".")
    return argument_at(arguments, block, name)


def _what(places: str, usual: str, use: SourceUse, type_: str) -> str:
    if type_ == "qemu" and use.arguments.known("disk_image", bool):
        return "disk image"
    return CALLED.get((places, type_), usual)


def _found(argument: Argument, lookup: Lookup) -> tuple[str, str] | None:
    """The name of an image that a data source finds, and what it is."""
    named = lookup.data(argument.expression)
    if named is None or named[0].type not in FOUND:
        return None
    data = named[0]
    outer, _, inner = FOUND[data.type].partition(".")
    value = data.arguments.worth(outer)
    value = (value.entries or {}).get(inner) if value is not None and inner else value
    name = None if value is None or value.sensitive else value.text
    whats = {"amazon-ami": "AMI", "vsphere-virtualmachine": TEMPLATE}
    what = "HCP Packer" if data.type.startswith("hcp-") else whats.get(data.type, IMAGE)
    return (name, what) if name else None


def _text(argument: Argument) -> str | None:
    """What an argument says, the first of a list that is one; None where that is not known or sensitive."""
    if argument.value.sensitive or argument.worth.sensitive:
        return None
    texts = [*_texts(argument.worth)]
    return next((it for it in texts if not BESIDE.search(it)), texts[0] if texts else None)


def _texts(value: Value) -> Iterator[str]:
    for item in value.items or (value,):
        if item.text and not item.sensitive:
            yield item.text


def file_name(text: str) -> str:
    """The last name of a path or a URL: `https://user:secret@host/a/b.iso?key=1` → `b.iso`."""
    if "://" in text:
        try:
            text = urlsplit(text).path
        except ValueError:
            return ""
    name = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    # `[datastore] b.iso` of vSphere, `local:b.iso` of Proxmox.
    return name.rpartition("] ")[2].rpartition(":")[2]
