"""A text of a template → a scalar of YAML that means it and nothing else, wherever it is read."""

from __future__ import annotations

import yaml

WIDEST = 1_000_000
"""Columns, which no line of a workflow has: none is broken."""


def scalar(text: str) -> str:
    """The text in double quotes, on one line; escapes stand for all that could end it, or cannot be seen."""
    return str(yaml.safe_dump(text, default_style='"', width=WIDEST, allow_unicode=True)).rstrip("\n")
