"""A text of a template → the same as it may be shown: nothing in it steers what shows it, or hides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

TAB = 4
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that steer a terminal or hide in it: controls, bidirectional marks, lone surrogates."""

_COMMAND = re.compile(r"(?<=##)\[|(?<=##vso)\[")
"""What makes a runner take a command from the middle of a line: GitHub `##[...]`, Azure `##vso[...]`."""


def visible(text: str) -> str:
    r"""The text with everything that is not to be seen or to be obeyed written as an escape: `\x1b`."""
    return "".join(_shown(text))


def columns(text: str) -> int:
    """How many columns of a terminal a visible text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def cells(line: str) -> list[str]:
    """Each character as it is shown; tabs reach to the next column that is a multiple of `TAB`."""
    row: list[str] = []
    column = 0
    for character, cell in zip(line, _shown(line), strict=True):
        row.append(" " * (TAB - column % TAB) if character == "\t" else cell)
        column += columns(row[-1])
    return row


def _shown(text: str) -> Iterable[str]:
    """What is shown for each character."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    row = [_cell(character) for character in text]
    for found in _COMMAND.finditer(text):
        row[found.start()] = _escaped("[")
    return row


def _cell(character: str) -> str:
    hides = unicodedata.category(character) in INVISIBLE or _is_none(ord(character))
    return _escaped(character) if hides else character


def _is_none(code: int) -> bool:
    """Whether a code point is one of the noncharacters, which XML refuses and HTML calls an error."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
