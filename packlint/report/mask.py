"""A stretch of a document → the same with a mask in place of each character that is secret."""

from __future__ import annotations

from _bisect import bisect_right
from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.document import Document, Range

MASK = "*"


class Mask:
    """Knows what is not to be shown; the `secrets` come in the order of each file."""

    def __init__(self, secrets: Iterable[Range]) -> None:
        self._places: dict[str, list[tuple[int, int]]] = {}
        for place in secrets:
            places = self._places.setdefault(place.document.path, [])
            start, end = place.start, place.end
            if places and start <= places[-1][1]:
                start, end = places[-1][0], max(end, places.pop()[1])
            places.append((start, end))

    def over(self, document: Document, start: int, text: str) -> str:
        """What stands at an offset, without a line break, as it may be shown: as many characters."""
        places = self._places.get(document.path)
        if not places:
            return text
        end = start + len(text)
        shown = text
        number = max(0, bisect_right(places, (start, start)) - 1)
        while number < len(places) and places[number][0] < end:
            low, high = max(places[number][0] - start, 0), min(places[number][1], end) - start
            if low < high:
                shown = shown[:low] + MASK * (high - low) + shown[high:]
            number += 1
        return shown
