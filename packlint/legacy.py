"""The bytes of a JSON file → whether they are a legacy template of Packer.

A repository holds JSON of many kinds, and a template is told by what it says: its root is an object with an
array `builders`, and an object in that has a `type`. A broken file is looked at as closely as a sound one: a
slip in a template is to be told, a slip in anything else is not packlint's business.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

DEEPEST = 1000
"""Brackets within each other; JSON that nests more deeply is no template."""

_BUILDERS = rb'"builders"\s*+:\s*+\['
_STRING = rb'"(?:[^"\\\r\n]|\\.)*+"?'
"""A string; one that lacks its closing quote ends with its line."""

_MENTIONED = re.compile(_BUILDERS)
_TOKEN = re.compile(
    rb"(?P<builders>%b)|(?P<type>\"type\"\s*+:\s*+%b)|%b|[][{}]" % (_BUILDERS, _STRING, _STRING)
)
_FIRST_KEY = re.compile(rb'\s*+\{[^\S\n]*+\n([^\S\n]++)"')
"""The beginning of an object that has its keys on lines of their own, with the indentation of the first."""

_OPENED = {b"}": b"{", b"]": b"["}


def is_legacy(data: bytes) -> bool:
    """Whether a file that nobody has named is a legacy template; in time linear in its size."""
    data = data.removeprefix(BOM_UTF8)
    if not _MENTIONED.search(data) or not data.lstrip().startswith(b"{"):
        return False
    found, sound = _typed_builders(data)
    first = None if found or sound else _FIRST_KEY.match(data)
    if first is None:
        return found
    # A bracket too few or too many moves the key to another level, but not to another column.
    key = re.search(rb"^%b%b" % (first[1], _BUILDERS), data, re.MULTILINE)
    return key is not None and _typed_builders(data, key.start(), inside=b"{")[0]


def _typed_builders(data: bytes, start: int = 0, inside: bytes = b"") -> tuple[bool, bool]:
    """Whether a builder with a type stands in `builders` of the root, and whether the brackets fit.

    `inside` holds the brackets that are open at `start`.
    """
    nesting = _Nesting(inside)
    at_builders = False
    for token in _TOKEN.finditer(data, start):
        if token.lastgroup == "builders":
            at_builders = at_builders or nesting.open == b"{"
            nesting.add(b"[")
        elif token.lastgroup == "type":
            if at_builders and nesting.open == b"{[{":
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
