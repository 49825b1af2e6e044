"""A builder → the files that it downloads, each with where it comes from and the checksum it is held to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from packlint import checksum
from packlint.checksum import Checksum
from packlint.components import Component
from packlint.model import Argument, Arguments
from packlint.pattern import pattern
from packlint.record import record
from packlint.syntax import Expression, elements
from packlint.value import Value


@record
class Group:
    """The arguments that belong to one download.

    `urls` name those with its URLs or paths, `checksum` that with the checksum. `type` is that with the kind
    of checksum, and `sums` that with the URL of a file of checksums, which most builders had before
    Packer 1.6.
    """

    urls: tuple[str, ...]
    checksum: str
    type: str = ""
    sums: str = ""


_SCHEME = pattern(r"(?:[a-z0-9]+::)?([a-z][a-z0-9+.-]+)://", re.IGNORECASE)

ISO = Group(("iso_url", "iso_urls"), "iso_checksum", "iso_checksum_type", "iso_checksum_url")
IPSW = Group(("ipsw_url", "ipsw_urls"), "ipsw_checksum")
MACHINE = Group(("source_path",), "checksum", "checksum_type")
GUEST_ADDITIONS = Group(("guest_additions_url",), "guest_additions_sha256")
IMAGE_FILE = Group(("file_urls",), "file_checksum", "file_checksum_type", "file_checksum_url")
GROUPS = (ISO, IPSW, MACHINE, GUEST_ADDITIONS, IMAGE_FILE)
"""Of media, of a machine or box to start from, of VirtualBox's additions, of an image of a board."""
ARGUMENTS = tuple(name for group in GROUPS for name in (*group.urls, group.checksum))
"""The arguments of which a download has one at least."""


@record(eq=False)
class Url:
    """A place to download from, `text`, and where it is written."""

    argument: Argument
    expression: Expression
    value: Value
    text: str

    @property
    def scheme(self) -> str:
        """Its scheme in lower case, empty for a path: `HTTP://host/a.iso` → `http`."""
        before, found, _ = self.text.partition("://")
        if found and not (before.isascii() and before.isalpha() and len(before) > 1):
            match = _SCHEME.match(self.text)
            before = match[1] if match else ""
        return before.lower() if found else ""

    @property
    def is_remote(self) -> bool:
        """Whether it lies on another machine."""
        return self.scheme not in ("", "file")


@record(eq=False)
class Download:
    """A file that a builder downloads, or takes from this machine: one, from the first of its URLs to answer.

    `urls` are those that are known. `checksum` is what it is held to, None where there is none or it is not
    known; `argument` is what says so, and `value` its worth. `type` is the former argument with its kind.
    """

    group: Group
    urls: tuple[Url, ...]
    checksum: Checksum | None
    argument: Argument | None
    value: Value | None
    type: Argument | None

    @property
    def is_remote(self) -> bool:
        """Whether it certainly comes from another machine."""
        return any(url.is_remote for url in self.urls)


@lru_cache(maxsize=256)
def downloads(component: Component) -> tuple[Download, ...]:
    """What a builder downloads, in its nested blocks too."""
    return tuple(_downloads(component)) if component.kind == "builder" else ()


def _downloads(component: Component) -> Iterator[Download]:
    waiting = [component.arguments]
    while waiting:
        body = waiting.pop(0)
        yield from (_download(body, group) for group in GROUPS if _is_given(body, group))
        waiting += [block.arguments for block in body.blocks]


def _is_given(body: Arguments, group: Group) -> bool:
    return group.checksum in body or any(name in body for name in group.urls)


def _download(body: Arguments, group: Group) -> Download:
    given, kind = body.get(group.checksum), body.get(group.type)
    value = given.worth if given is not None else None
    text = value.known(str) if value is not None else None
    sums = body.worth(group.sums) if given is None else None
    if sums is not None:
        listed = sums.known(str)
        read = Checksum("file", listed) if listed else None
        return Download(group, tuple(_urls(body, group)), read, body.get(group.sums), sums, kind)
    return Download(group, tuple(_urls(body, group)), _checksum(text, kind), given, value, kind)


def _checksum(text: str | None, kind: Argument | None) -> Checksum | None:
    """The checksum that a text is, of the kind that another argument may tell."""
    if kind is None:
        return checksum.read(text) if text is not None else None
    told = kind.worth.known(str)
    if told is None:
        return None
    if told.lower() == "none":
        return Checksum("none", "")
    return checksum.read(f"{told}:{text}") if text is not None and ":" not in text else None


def _urls(body: Arguments, group: Group) -> Iterator[Url]:
    for argument in filter(None, map(body.get, group.urls)):
        value = argument.worth
        items = value.items or (value,)
        for item, expression in zip(items, elements(argument.expression, len(items)), strict=True):
            if text := item.known(str):
                yield Url(argument, expression, item.marked(default_of=value.default_of), text)
