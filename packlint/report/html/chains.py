"""Links → what the page shows of them: a picture, and the same in sentences."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from packlint.chain.draw import svg
from packlint.chain.graph import Edge, Graph, graph
from packlint.document import Range
from packlint.model import Configuration
from packlint.project import Link
from packlint.report.frame import shortened
from packlint.report.leaks import Leaks
from packlint.report.prose import Prose


class Chains(NamedTuple):
    """The picture as SVG, what its lines mean, and every link as a sentence."""

    picture: str
    caption: str
    links: tuple[Prose, ...]


def chains(
    links: Sequence[Link], configurations: Sequence[Configuration], sensitive: Iterable[Range]
) -> Chains | None:
    """The chains of a run, None where there are none; artifacts whose names are secret have no name."""
    is_secret = _Secrets(sensitive)
    shown = graph([replace(it, artifact="") if is_secret(it) else it for it in links], configurations)
    if not shown.nodes:
        return None
    return Chains(svg(shown), _caption(shown), tuple(_told(shown, edge) for edge in shown.edges))


class _Secrets:
    """Knows what is secret in each directory: elsewhere the same word may be the name of anything."""

    def __init__(self, sensitive: Iterable[Range]) -> None:
        self._places: dict[str, list[Range]] = {}
        self._leaks: dict[str, Leaks] = {}
        for place in sensitive:
            self._places.setdefault(_directory(place), []).append(place)

    def __call__(self, link: Link) -> bool:
        """Whether to tell the name of the artifact is to tell a secret of either template."""
        argument = link.argument
        if argument.value.sensitive or argument.worth.sensitive:
            return True
        directories = {_directory(end.range) for end in (link.producer, link.consumer)}
        return any(self._of(directory).tells(link.artifact) for directory in directories)

    def _of(self, directory: str) -> Leaks:
        if directory not in self._leaks:
            self._leaks[directory] = Leaks(self._places.get(directory, ()))
        return self._leaks[directory]


def _directory(place: Range) -> str:
    return posixpath.dirname(place.document.path)


def _caption(shown: Graph) -> str:
    said = ["An arrow leads from a source to one that starts from what it makes."]
    if any(edge.together for edge in shown.edges):
        said.append("Along a broken line one build starts both, and the second does not wait for the first.")
    if any(edge.back for edge in shown.edges):
        said.append("A dotted line closes a circle.")
    if shown.left_out:
        said.append(f"{shown.left_out} more of these are not drawn.")
    return " ".join(said)


def _told(shown: Graph, edge: Edge) -> Prose:
    producer, consumer = shown.nodes[edge.producer], shown.nodes[edge.consumer]
    what = (" starts from ", edge.artifact, ", which ") if edge.artifact else (" starts from what ",)
    # Every other piece is a name.
    pieces = (
        *(consumer.address, " in ", consumer.place, *what),
        *(producer.address, " in ", producer.place, " makes"),
    )
    return tuple((number % 2 == 0, shortened(piece)) for number, piece in enumerate(pieces))
