"""A text of a template → the same as it may be shown: nothing in it steers what shows it, or hides."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

TAB = 4
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that steer a terminal or hide in it: controls, bidirectional marks, lone surrogates."""

_COMMANDS = ("##[", "##vso[")
"""What makes a runner take a command from the middle of a line: GitHub's and Azure's."""


def visible(text: str) -> str:
    r"""The text with everything that is not to be seen or to be obeyed written as an escape: `\x1b`."""
    return text if is_plain(text) else "".join(_shown(text))


def is_plain(text: str) -> bool:
    """Whether a text is shown as it is, each character in one column."""
    return text.isascii() and text.isprintable() and "##" not in text


def columns(text: str) -> int:
    """How many columns of a terminal a visible text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def cells(line: str) -> list[str]:
    """Each character as it is shown; tabs reach to the next column that is a multiple of `TAB`."""
    if is_plain(line):
        return [*line]
    row: list[str] = []
    column = 0
    for character, cell in zip(line, _shown(line), strict=True):
        row.append(" " * (TAB - column % TAB) if character == "\t" else cell)
        column += columns(row[-1])
    return row


def _shown(text: str) -> Iterable[str]:
    """What is shown for each character."""
    if is_plain(text):
        return text
    row = [_cell(character) for character in text]
    for command in _COMMANDS:
        at = text.find(command)
        while at >= 0:
            at += len(command)
            row[at - 1] = _escaped("[")
            at = text.find(command, at)
    return row


@lru_cache(maxsize=1024)
def _cell(character: str) -> str:
    from unicodedata import category  # most texts are ASCII

    hides = category(character) in INVISIBLE or _is_none(ord(character))
    return _escaped(character) if hides else character


def _is_none(code: int) -> bool:
    """Whether a code point is one of the noncharacters, which XML refuses and HTML calls an error."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@lru_cache(maxsize=1024)
def _width(character: str) -> int:
    from unicodedata import category, combining, east_asian_width

    if combining(character) or category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
