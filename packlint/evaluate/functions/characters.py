"""Text → the characters that a reader sees (Unicode's grapheme clusters, as `go-textseg` parts them)."""

from __future__ import annotations

import unicodedata

from packlint.evaluate.giving_up import NotKnown
from packlint.value import Unknown

_FIRST_COMBINING = "\u0300"
_EXTENDING = frozenset({"Mn", "Me"})
_ALONE = frozenset(
    {
        *("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No"),
        *("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp"),
    }
)
_MODIFIERS = frozenset(map(chr, (*range(0x1F3FB, 0x1F400), 0x200C, 0xFF9E, 0xFF9F, 0xE33, 0xEB3)))
"""What belongs to the character before it, whatever its category says."""

_PREPENDED = frozenset(map(chr, (0xD4E, 0x111C2, 0x111C3, 0x1193F, 0x11941, 0x11A3A)))
_PREPENDED |= frozenset(map(chr, range(0x11A84, 0x11A8A))) | {chr(0x11D46)}
_JAMO = ("\u1100", "\u11ff"), ("\ua960", "\ua97f"), ("\ud7b0", "\ud7ff")
_FLAGS = "\U0001f1e6", "\U0001f1ff"
"""Letters that make a flag by two."""


def characters(text: str) -> list[str]:
    """The characters that a reader sees; raises NotKnown where it takes more of Unicode's tables to tell."""
    if text.isascii() and "\r" not in text:
        return list(text)
    starts = [0] if text else []
    for at in range(1, len(text)):
        if not _continues(text[at - 1], at - starts[-1] == 1, text[at]):
            starts.append(at)
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _continues(before: str, first: bool, character: str) -> bool:
    """Whether a character belongs to the one before it, which may be the first of what a reader sees."""
    if character < _FIRST_COMBINING:
        return character == "\n" and before == "\r"
    if _FLAGS[0] <= character <= _FLAGS[1]:
        return first and _FLAGS[0] <= before <= _FLAGS[1]
    category = unicodedata.category(character)
    if category in _EXTENDING or character in _MODIFIERS:
        return unicodedata.category(before) not in ("Cc", "Zl", "Zp")
    jamo = any(start <= character <= end for start, end in _JAMO)
    if category not in _ALONE or character in _PREPENDED or jamo:
        raise NotKnown(Unknown("the text has characters whose number is not computed"))
    return False
