"""A source → the operating system that it builds, as far as hard evidence tells.

Evidence is what the hypervisor is told, the install media, the image that is built upon, and WinRM. The name
of a machine or of the resulting image is none, nor is SSH: it reaches Windows too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from packlint.diagnostic import Related
from packlint.model import Argument, Arguments, SourceUse
from packlint.record import record
from packlint.system import (
    LINUX,
    WINDOWS,
    Family,
    System,
    system_of_guest_id,
    system_of_image,
    system_of_media,
)
from packlint.traits import Builder, builder, guest_ids
from packlint.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

MEDIA = ("iso_url", "iso_urls", "iso_file", "iso_paths", "iso_name", "source_iso", "from_iso", "file_urls")
"""Arguments with the paths or URLs of install media or of images to start from."""

TOOLS = ("tools_upload_flavor", "parallels_tools_flavor")
"""Arguments with the system whose tools of the hypervisor are uploaded."""

_FLAVORS = {
    **dict.fromkeys(("win", "windows"), WINDOWS),
    **dict.fromkeys(("lin", "linux"), LINUX),
    **dict.fromkeys(("mac", "darwin"), System("macOS", "macos")),
}

BOOT_ISO = ("iso_url", "iso_urls", "iso_file")
"""The same within the block `boot_iso` (hashicorp/packer-plugin-proxmox)."""

IMAGES = (
    "image_publisher",
    "image_offer",
    "image_sku",
    "image_family",
    "source_image_family",
    "source_image",
    "image",
)
"""Arguments with the name of a cloud's image."""


@record
class Evidence:
    """One thing that tells the guest; `argument` is None where it is a container's nature to be Linux.

    `value` is what to show of it, `default_of` the variable whose default it is.
    """

    kind: Literal["guest", "tools", "media", "image", "communicator", "container"]
    system: System
    value: str
    argument: Argument | None = None
    default_of: str | None = None

    @property
    def words(self) -> str:
        """The evidence for a message: `` `iso_url` is "debian-12.iso" ``."""
        if self.argument is None:
            return f"it is {self.value}"
        default = f", the default of `var.{self.default_of}`" if self.default_of else ""
        return f'`{self.argument.name}` is "{self.value}"{default}'

    @property
    def related(self) -> tuple[Related, ...]:
        """The place of the evidence, to go with a finding."""
        return (Related(self.argument.range, self.words),) if self.argument else ()


@record
class Guest:
    """The guest that all evidence agrees on."""

    family: Family
    evidence: tuple[Evidence, ...]

    @property
    def words(self) -> str:
        """The guest for a message: the one system that media or image name, else its family."""
        if self.family == "windows":
            return WINDOWS.name
        names = {item.system.name for item in self.evidence if item.kind in ("media", "image", "container")}
        if len(names) == 1:
            return names.pop()
        kernels = {item.system.kernel for item in self.evidence}
        return LINUX.name if kernels == {"linux"} else "a Unix-like system"


def guest_of(use: SourceUse) -> Guest | None:
    """The guest of a source in a build; None where nothing tells it, or where the evidence disagrees."""
    evidence = evidence_of(use.type, use.arguments) if use.source is not None else ()
    families = {item.system.family for item in evidence}
    return Guest(families.pop(), evidence) if len(families) == 1 else None


@lru_cache(maxsize=256)
def evidence_of(type_: str, arguments: Arguments) -> tuple[Evidence, ...]:
    """What a builder's arguments tell of its guest; nothing for one that is not known or has no guest."""
    return tuple(_evidence_of(type_, arguments))


def _evidence_of(type_: str, arguments: Arguments) -> Iterator[Evidence]:
    known = builder(type_)
    if known is None or known.platform == "meta":
        return
    yield from _told(known, arguments)
    yield from _tools(arguments)
    yield from _media(arguments)
    if known.platform == "cloud":
        yield from _images(arguments)
    if known.type == "docker":
        yield from _container(arguments)
    communicator = arguments.get("communicator")
    if communicator is not None and communicator.value.known(str) in ("winrm", "dockerWindowsContainer"):
        yield _evidence("communicator", WINDOWS, communicator, communicator.value)


def _told(known: Builder, arguments: Arguments) -> Iterator[Evidence]:
    ids = guest_ids(known.type)
    for name in known.guest_os:
        argument = arguments.get(name)
        text = argument.value.known(str) if argument else None
        if argument is not None and text:
            family = ids.family(text) if ids is not None else None
            if (system := system_of_guest_id(text, family)) is not None:
                yield _evidence("guest", system, argument, argument.value)


def _tools(arguments: Arguments) -> Iterator[Evidence]:
    """The hypervisor's tools that are to go into the guest."""
    for name in TOOLS:
        argument = arguments.get(name)
        system = _FLAVORS.get(argument.value.known(str) or "") if argument else None
        if argument is not None and system is not None:
            yield _evidence("tools", system, argument, argument.value)


def _media(arguments: Arguments) -> Iterator[Evidence]:
    for argument, value in (*_given(arguments, MEDIA), *_within(arguments, "boot_iso", BOOT_ISO)):
        for item in value.items or (value,):
            text = item.known(str)
            if text and (system := system_of_media(file_name(text))) is not None:
                yield _evidence("media", system, argument, item, file_name(text))


def _images(arguments: Arguments) -> Iterator[Evidence]:
    filters = tuple(_within(arguments, "source_ami_filter", ("filters",)))
    names = [(a, v.entries["name"]) for a, v in filters if v.entries and "name" in v.entries]
    for argument, value in (*_given(arguments, IMAGES), *names):
        text = value.known(str)
        if text and (system := system_of_image(text)) is not None:
            yield _evidence("image", system, argument, value)


def _container(arguments: Arguments) -> Iterator[Evidence]:
    argument = arguments.get("windows_container")
    if argument is None:
        yield Evidence("container", LINUX, "a Linux container")
    elif (windows := argument.value.known(bool)) is not None:
        system = WINDOWS if windows else LINUX
        yield _evidence("container", system, argument, argument.value, str(windows).lower())
    image = arguments.get("image")
    text = image.value.known(str) if image else None
    # Only Microsoft's own images are Windows for certain.
    if image is not None and text and re.search(r"\bmicrosoft\.com/windows\b|\bwindows/servercore\b", text):
        yield _evidence("image", WINDOWS, image, image.value)


def _given(arguments: Arguments, names: tuple[str, ...]) -> Iterator[tuple[Argument, Value]]:
    for name in names:
        if (argument := arguments.get(name)) is not None:
            yield argument, argument.value


def _within(arguments: Arguments, block: str, names: tuple[str, ...]) -> Iterator[tuple[Argument, Value]]:
    """Arguments of a nested block, which JSON may give as an object."""
    for nested in arguments.blocks_of(block):
        yield from _given(nested.arguments, names)
    argument = arguments.get(block)
    entries = argument.value.entries if argument else None
    if argument is not None and entries:
        yield from ((argument, entries[name]) for name in names if name in entries)


def _evidence(
    kind: Literal["guest", "tools", "media", "image", "communicator", "container"],
    system: System,
    argument: Argument,
    value: Value,
    shown: str | None = None,
) -> Evidence:
    text = "(sensitive)" if value.sensitive else shown or value.known(str) or ""
    return Evidence(kind, system, text, argument, value.default_of or argument.value.default_of)


def file_name(path: str) -> str:
    """The last part of a path or URL, without query: `local:iso/a.iso` and `[store] iso/a.iso` → `a.iso`."""
    bare = path.partition("?")[0].partition("#")[0].rstrip("/")
    return bare.replace("\\", "/").replace(":", "/").rpartition("/")[2].strip()
