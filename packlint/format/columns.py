"""A text → how many columns it takes: what a reader takes for one character is one."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")
_MARKS = frozenset(("Mn", "Me", "Mc"))


def columns(text: str) -> int:
    """The number of grapheme clusters, by the rules of Unicode that matter in names and strings.

    Marks, joined emoji, their skin tones, flags and Hangul in parts are counted as the whole that they are
    (Unicode Standard Annex 29); scripts in which a sign joins the one behind it are not.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    number = 0
    before = ""
    flags = 0
    for character in text:
        flags = flags + 1 if "\U0001f1e6" <= character <= "\U0001f1ff" else 0
        second_of_flag = flags > 0 and flags % 2 == 0
        number += not (before and (second_of_flag or _joined(before, character)))
        before = character
    return number


def _joined(before: str, character: str) -> bool:
    if before in "\r\n":
        return before + character == "\r\n"
    return (
        before == "\u200d"
        or character in _JOINERS
        or unicodedata.category(character) in _MARKS
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\u1160" <= character <= "\u11ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )
