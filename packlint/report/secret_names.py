"""Places of secrets → which names of artifacts are not to be told, because they are or hold a secret."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from packlint.document import Range
from packlint.project import Link
from packlint.record import replace
from packlint.report.leaks import Leaks


class SecretNames:
    """Knows what is secret in each directory: elsewhere the same word may be the name of anything."""

    def __init__(self, sensitive: Iterable[Range]) -> None:
        self._places: dict[str, list[Range]] = {}
        self._leaks: dict[str, Leaks] = {}
        for place in sensitive:
            self._places.setdefault(_directory(place), []).append(place)

    def withheld(self, links: Sequence[Link]) -> list[Link]:
        """The links; an artifact whose name would tell a secret of either template has the name ""."""
        return [replace(it, artifact="") if self._told_by(it) else it for it in links]

    def tells(self, place: Range, text: str) -> bool:
        """Whether a text that is taken from a place tells a secret."""
        directory = _directory(place)
        if directory not in self._leaks:
            self._leaks[directory] = Leaks(self._places.get(directory, ()))
        return self._leaks[directory].tells(text)

    def _told_by(self, link: Link) -> bool:
        argument = link.argument
        if argument.value.sensitive or argument.worth.sensitive:
            return True
        return any(self.tells(end.range, link.artifact) for end in (link.producer, link.consumer))


def _directory(place: Range) -> str:
    return posixpath.dirname(place.document.path)
