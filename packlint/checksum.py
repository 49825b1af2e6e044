"""The text that a builder is given for the checksum of its media → what it says, in the grammar of go-getter.

Reference: hashicorp/packer-plugin-sdk, multistep/commonsteps/iso_config.go, and hashicorp/go-getter v2,
checksum.go.
"""

from __future__ import annotations

import re

from packlint.pattern import pattern
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
"""The kinds of checksums that go-getter computes, and how many hexadecimal digits each has."""

WEAK = frozenset({"md5", "sha1"})
"""Kinds for which two files with one checksum can be made."""

Flaw: TypeAlias = (
    'Literal["empty", "blank", "none", "url", "path", "type", "digits", "odd", "length", "kind"]'
)
"""Why Packer refuses a text, or can find no file that has the checksum: there is nothing after the colon;
blanks stand around it; `none` is not written as Packer knows it; a URL or a path of a file lacks its `file:`;
the type is none that go-getter knows; what should be hexadecimal digits is not, or not an even number of
them; it has not as many as its type; it has not as many as any type."""

_URL = pattern(r"(?:https?|ftp|s3|gcs)\Z", re.IGNORECASE)


@record
class Checksum:
    """A checksum: `type` is `none`, `file`, or one of `DIGITS`, empty where it cannot be told.

    `value` is what follows the type: the digits, or for `file` the URL or path of a file with checksums.
    """

    type: str
    value: str
    flaw: Flaw | None = None

    @property
    def is_pinned(self) -> bool:
        """Whether the template itself tells the content of the file."""
        return self.type in DIGITS and self.flaw is None

    @property
    def is_weak(self) -> bool:
        """Whether it is of a kind that is no defence against malice."""
        return self.is_pinned and self.type in WEAK


def read(text: str) -> Checksum:
    """What a checksum says: `none`, `<hex>`, `<type>:<hex>` or `file:<url>`; an empty one has no type.

    The type is in whatever case, but for `file` and `none`.
    """
    if text == "none":
        return Checksum("none", "")
    if text.strip() != text:
        return Checksum("", text, "blank")
    type_, colon, value = text.partition(":")
    if not colon:
        return _untyped(text)
    if type_ == "file":
        return Checksum("file", value, None if value else "empty")
    kind = type_.lower()
    if kind in DIGITS:
        return Checksum(kind, value, _flaw(value, DIGITS[kind]))
    return Checksum("", value, _unknown(type_))


def _untyped(text: str) -> Checksum:
    if text.lower() == "none":
        return Checksum("", text, "none")
    if not text:
        return Checksum("", text, "empty")
    if not _is_hex(text):
        return Checksum("", text, "path" if re.search(r"[/\\.]", text) else "digits")
    kind = next((kind for kind, digits in DIGITS.items() if digits == len(text)), "")
    return Checksum(kind, text, None if kind else "kind")


def _is_hex(text: str) -> bool:
    return not text.strip("0123456789ABCDEFabcdef")


def _flaw(value: str, digits: int) -> Flaw | None:
    if not value:
        return "empty"
    if not _is_hex(value):
        return "digits"
    if len(value) % 2:
        return "odd"
    return None if len(value) == digits else "length"


def _unknown(type_: str) -> Flaw:
    if type_.lower() == "none":
        return "none"
    if type_.lower() == "file" or _URL.match(type_):
        return "url"
    return "path" if len(type_) == 1 else "type"
