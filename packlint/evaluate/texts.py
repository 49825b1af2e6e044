"""Text → text as HCL keeps it."""

from __future__ import annotations

from packlint.evaluate.giving_up import TooLarge
from packlint.pattern import pattern

_MOST_COMBINING = 100
_FOREIGN = pattern(rf"[\u0300-\U0010ffff]{{{_MOST_COMBINING + 1}}}")
_COMBINED = frozenset("\u0f73\u0f75\u0f81")
"""Characters that stand alone, and are made of combining ones."""


def normal(text: str) -> str:
    """The text in Unicode's normal form C, in which `cty` keeps every string; raises TooLarge.

    The time that this takes grows with the square of a run of combining characters: long ones are refused.
    """
    if text.isascii():
        return text
    import unicodedata

    if _FOREIGN.search(text):
        run = 0
        for character in text:
            run = run + 1 if unicodedata.combining(character) or character in _COMBINED else 0
            if run > _MOST_COMBINING:
                raise TooLarge
    return unicodedata.normalize("NFC", text)
