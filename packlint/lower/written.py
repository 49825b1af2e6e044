"""The text of a JSON string → where each character of it is written in the file."""

from __future__ import annotations

from packlint.document import Range
from packlint.json_text import places


class Written:
    """A text, and its place between the quotes."""

    def __init__(self, text: str, place: Range) -> None:
        self.text = text
        self.place = place
        self._places = places(place.text, place.start)

    def range(self, start: int, end: int) -> Range:
        """The place of a stretch of the text."""
        if len(self._places) != len(self.text) + 1:
            return self.place
        return Range(self.place.document, self._places[start], self._places[end])


def of_key(key: Range) -> Range:
    """The place of a key without its quotes."""
    return Range(key.document, key.start + 1, key.end - 1)
