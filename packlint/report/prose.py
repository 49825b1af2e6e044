"""A sentence of ours → its pieces: words, and names that stand in backticks."""

from __future__ import annotations

import re

from packlint.report.frame import shortened
from packlint.visible import visible

Prose = tuple[tuple[bool, str], ...]
"""Pieces in order, each with whether it is a name or code; no piece is empty."""

_CODE = re.compile(r"``(?!`)(.+?)(?<!`)``(?!`)|`([^`]+)`")
"""Code between two backticks on either side, which may hold single ones, or between one and the next."""


def prose(text: str) -> Prose:
    """The pieces of a message, a hint or a label, shortened and made visible."""
    text = visible(shortened(text))
    if "`" not in text:
        return ((False, text),) if text else ()
    pieces: list[tuple[bool, str]] = []
    at = 0
    for found in _CODE.finditer(text):
        pieces += (False, text[at : found.start()]), (True, found[1] or found[2])
        at = found.end()
    return tuple((is_code, piece) for is_code, piece in (*pieces, (False, text[at:])) if piece)
