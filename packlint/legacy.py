"""The bytes of a JSON file → whether they are a legacy template of Packer.

A repository holds JSON of many kinds, and a template is told by what it says: its root is an object with an
array `builders`, and an object in that has a `type`. A broken file is looked at as closely as a sound one: a
slip in a template is to be told, a slip in anything else is not packlint's business.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from packlint.pattern import pattern

DEEPEST = 1000
"""Brackets within each other; JSON that nests more deeply is no template."""

_BUILDERS = rb'"builders"\s*+:\s*+\['
_STRING = rb'"(?>(?:[^"\\\r\n]|\\.)*)"?'
"""A string; one that lacks its closing quote ends with its line."""

_MENTIONED = pattern(_BUILDERS)
_TOKEN = pattern(rb"(?P<builders>%b)|(?P<type>\"type\"\s*+:\s*+%b)|%b|[][{}]" % (_BUILDERS, _STRING, _STRING))
_FIRST_KEY = pattern(rb'(?:\s*+\{[^\S\n]*+\n|(?>(?:[^\S\n]*+\n)*))([^\S\n]++)"')
"""The beginning of an object with its keys on lines of their own; the group is the indentation of the first.

The bracket that opens it may be missing.
"""

_TEXT = pattern(rb"[\s[]*+%b(?P<colon>\s*+:)?" % _STRING)
"""What a first builder is that is not an object: a text, or the key of one that lacks its bracket."""

_OPENED = {b"}": b"{", b"]": b"["}


def is_legacy(data: bytes) -> bool:
    """Whether a file that nobody has named is a legacy template; in time linear in its size."""
    data = data.removeprefix(BOM_UTF8)
    if not _MENTIONED.search(data):
        return False
    if data.lstrip().startswith(b"{"):
        found, sound = _typed_builders(data)
        if found or sound:
            return found
        if _typed_builders(data, broken=True)[0]:
            return True
    first = _FIRST_KEY.match(data)
    if first is None:
        return False
    # A bracket too few or too many moves the key to another level, but not to another column.
    key = re.search(rb"^%b%b" % (first[1], _BUILDERS), data, re.MULTILINE)
    return key is not None and _typed_builders(data, key.start(), inside=b"{", broken=True)[0]


def _typed_builders(
    data: bytes, start: int = 0, inside: bytes = b"", broken: bool = False
) -> tuple[bool, bool]:
    """Whether a builder with a type stands in `builders` of the root, and whether the brackets fit.

    `inside` holds the brackets that are open at `start`. Where they are known to be `broken`, the builder may
    lack the one that opens it, or what stands before its type the one that closes it.
    """
    nesting = _Nesting(inside)
    at_builders, opened = False, True
    for token in _TOKEN.finditer(data, start):
        if token.lastgroup == "builders":
            if nesting.open == b"{":
                text = _TEXT.match(data, token.end())
                at_builders, opened = text is None or text["colon"] is not None, text is None
            nesting.add(b"[")
        elif token.lastgroup == "type":
            if at_builders and nesting.holds_type(broken, opened):
                return True, nesting.sound
        elif token[0] in (b"{", b"["):
            nesting.add(token[0])
            if len(nesting.open) > DEEPEST:
                break
        elif token[0] in (b"}", b"]"):
            nesting.close(token[0])
            at_builders = at_builders and len(nesting.open) > 1
            if not nesting.open:
                return False, nesting.sound and not data[token.end() :].strip()
    return False, False


class _Nesting:
    """The brackets that are open; `sound` until one is closed that is not the innermost."""

    def __init__(self, opened: bytes) -> None:
        self.open = bytearray(opened)
        self.sound = True

    def add(self, bracket: bytes) -> None:
        """Open one."""
        self.open += bracket

    def close(self, bracket: bytes) -> None:
        """Close the innermost of the kind, and with it those within it; nothing where there is none."""
        at = self.open.rfind(_OPENED[bracket])
        self.sound = self.sound and at == len(self.open) - 1
        if at >= 0:
            del self.open[at:]

    def holds_type(self, broken: bool, opened: bool) -> bool:
        """Whether a `type` here is a builder's; `opened` tells that the first builder has its bracket."""
        if not broken:
            return self.open == b"{[{"
        return self.open.startswith(b"{[{") or (not opened and self.open == b"{[")
