"""Text → the rows of its table of comma-separated values, as Go reads them (`encoding/csv`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.evaluate.giving_up import Failed

_CELL = re.compile(r'"((?:[^"]|"")*)"(?=,|\n|\Z)|([^",\n]*)(?=,|\n|\Z)')


def csv_rows(text: str) -> Iterator[list[str]]:
    """The cells of each row; empty lines are left out. Raises Failed where a quote is out of place."""
    text = text.replace("\r\n", "\n").removesuffix("\r")
    at = 0
    while at < len(text):
        if text[at] == "\n":
            at += 1
            continue
        row: list[str] = []
        while True:
            match = _CELL.match(text, at)
            if not match:
                raise Failed("a quote stands where none may stand")
            row.append(match[2] if match[1] is None else match[1].replace('""', '"'))
            at = match.end() + 1
            if text[match.end() : at] != ",":
                break
        yield row
