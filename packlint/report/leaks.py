"""Fixes → whether what they write would show a secret, which a report must not do."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from packlint.document import Range
from packlint.record import replace

if TYPE_CHECKING:
    from packlint.diagnostic import Diagnostic, Edit, Fix
    from packlint.document import Document

SHORTEST = 6
"""Characters of a secret that is looked for in every fix; shorter ones only where a fix replaces them."""

MOST = 100
"""Secrets that one fix may replace and still be looked into."""


class Leaks:
    """Knows what is secret; the `secrets` come in the order of each file, and `texts` may stand in none.

    A fix leaks where it writes a text that is secret somewhere, or any part of one that it replaces. A secret
    that is a word in small letters counts only as a word by itself, so that `var.ssh_password` may stand for
    the password `password`. Backslashes do not count: they come and go with the quotes around a text.
    """

    def __init__(self, secrets: Iterable[Range], texts: Iterable[str] = ()) -> None:
        self._places: dict[str, list[Range]] = {}
        self._texts: dict[str, dict[int, set[str]]] = {}
        for place in secrets:
            self._add(place)
            self._know(place.text)
        for text in texts:
            self._know(text)

    def _know(self, secret: str) -> None:
        for text in _pieces(secret):
            if len(text) >= SHORTEST:
                self._texts.setdefault(text[:SHORTEST], {}).setdefault(len(text), set()).add(text)

    def _add(self, place: Range) -> None:
        """Adds a place to those of its document, one with what it overlaps."""
        places = self._places.setdefault(place.document.path, [])
        if places and place.start < places[-1].end:
            last = places.pop()
            place = Range(place.document, last.start, max(last.end, place.end))
        places.append(place)

    def __call__(self, fix: Fix) -> bool:
        """Whether to show what the fix writes is to show a secret."""
        written = [_plain(edit.replacement) for edit in fix.edits if edit.replacement.strip()]
        if not written:
            return False
        if any(map(self.tells, written)):
            return True
        replaced = {piece for edit in fix.edits for piece in self._replaced(edit)}
        return len(replaced) > MOST or any(_is_there(piece, text) for piece in replaced for text in written)

    def tells(self, text: str, public: str = "") -> bool:
        """Whether a text has one of the longer secrets in it, beside those that a `public` text has too."""
        known = self._texts
        starts = range(len(text) - SHORTEST + 1 if known else 0)
        for start in [start for start in starts if text[start : start + SHORTEST] in known]:
            for length, pieces in known[text[start : start + SHORTEST]].items():
                piece = text[start : start + length]
                if piece not in pieces or piece in public:
                    continue
                if not _is_word(piece) or _stands_alone(text, start, start + length):
                    return True
        return False

    def without(self, diagnostic: Diagnostic, instead: str, public: str) -> Diagnostic:
        """The diagnostic, `instead` in the place of a message with a secret in it, and no hint with one.

        `public` is what its words were made of; what stands there, anybody may read.
        """

        def tells(text: str) -> bool:
            return self.tells(_plain(text), public)

        message, hint = diagnostic.message, diagnostic.hint
        if tells(message):
            message = instead if not tells(instead) else "(what is to be said has a secret in it)"
        if hint is not None and tells(hint):
            hint = None
        related = tuple(it for it in diagnostic.related if not tells(it.message))
        return replace(diagnostic, message=message, hint=hint, related=related)

    def _replaced(self, edit: Edit) -> Iterator[str]:
        """The secret texts in the range of an edit, and those that it cuts."""
        places = self._places.get(edit.range.document.path, [])
        number = bisect_left(places, edit.range.start, key=lambda place: place.end)
        while number < len(places) and places[number].start < edit.range.end:
            place = places[number]
            yield from _pieces(place.text)
            yield from _pieces(_common(place, edit.range).text)
            number += 1


def _common(one: Range, other: Range) -> Range:
    document: Document = one.document
    return Range(document, max(one.start, other.start), min(one.end, other.end))


def _pieces(text: str) -> Iterator[str]:
    """The lines of a secret as they are compared: an edit may set each of them in by other blanks."""
    return (piece for line in _plain(text).splitlines() if (piece := line.strip()))


def _plain(text: str) -> str:
    return text.replace("\\", "")


def _is_word(piece: str) -> bool:
    return piece.isalpha() and piece.islower()


def _is_there(piece: str, text: str) -> bool:
    """Whether a secret is in a text; a short one, or a word, only if it stands there by itself."""
    if len(piece) >= SHORTEST and not _is_word(piece):
        return piece in text
    return any(_stands_alone(text, *found.span()) for found in re.finditer(re.escape(piece), text))


def _stands_alone(text: str, start: int, end: int) -> bool:
    around = text[start - 1 : start] + text[end : end + 1]
    return not any(character == "_" or character.isalnum() for character in around)
