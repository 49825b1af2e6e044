"""Links → what the page shows of them: a picture, and the same in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packlint.chain.draw.picture import svg
from packlint.chain.graph import Edge, Graph, graph
from packlint.document import Range
from packlint.model import Configuration
from packlint.named import NamedTuple
from packlint.project import Link
from packlint.report.frame import shortened
from packlint.report.prose import Prose
from packlint.report.secret_names import SecretNames


class Chains(NamedTuple):
    """The picture as SVG, what its lines mean, and every link as a sentence."""

    picture: str
    caption: str
    links: tuple[Prose, ...]


def chains(
    links: Sequence[Link], configurations: Sequence[Configuration], sensitive: Iterable[Range]
) -> Chains | None:
    """The chains of a run, None where there are none; artifacts whose names are secret have no name."""
    shown = graph(SecretNames(sensitive).withheld(links), configurations)
    if not shown.nodes:
        return None
    return Chains(svg(shown), _caption(shown), tuple(_told(shown, edge) for edge in shown.edges))


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
