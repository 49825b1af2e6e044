"""The text of a JSON string → where each character of it is written in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packlint.document import Range

_RAW = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\.|[^\\]", re.DOTALL)
"""A character of a JSON string, as it is written."""


class Written:
    """A text, and its place between the quotes."""

    def __init__(self, text: str, place: Range) -> None:
        self.text = text
        self.place = place
        raw = place.text
        self._starts: Sequence[int] = range(len(raw) + 1)
        if "\\" in raw:
            self._starts = [*(match.start() for match in _RAW.finditer(raw)), len(raw)]

    def range(self, start: int, end: int) -> Range:
        """The place of a stretch of the text."""
        if len(self._starts) != len(self.text) + 1:
            return self.place
        first = self.place.start
        return Range(self.place.document, first + self._starts[start], first + self._starts[end])


def of_key(key: Range) -> Range:
    """The place of a key without its quotes."""
    return Range(key.document, key.start + 1, key.end - 1)
