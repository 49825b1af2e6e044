"""A text of a template → a scalar of YAML that means it and nothing else, wherever it is read."""

from __future__ import annotations

import unicodedata

import yaml

from packlint.visible import INVISIBLE

WIDEST = 1_000_000
"""Columns, which no line of a workflow has: none is broken."""


def scalar(text: str) -> str:
    """The text in double quotes, on one line; escapes stand for all that could end it, or cannot be seen."""
    dumped = str(yaml.safe_dump(text, default_style='"', width=WIDEST, allow_unicode=True)).rstrip("\n")
    return "".join(
        _escaped(it) if it != "\n" and unicodedata.category(it) in INVISIBLE else it for it in dumped
    )


def _escaped(character: str) -> str:
    """YAML's own way to write a character; its printable ones may turn the direction of a line."""
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
