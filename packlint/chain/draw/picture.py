"""A graph of chains → a picture of it in SVG, for a page that has colors of its own, or by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from packlint.chain.draw.face import LONGEST_TITLE, SMALL, Face, box, face, told
from packlint.chain.draw.geometry import Layout, Route
from packlint.chain.draw.layout import layout
from packlint.chain.draw.legend import Legend
from packlint.chain.draw.look import INK, MONO, PAGE, TINTS, style
from packlint.chain.draw.stroke import line, pixels
from packlint.chain.draw.trim import middle
from packlint.chain.graph import Edge, Graph
from packlint.chain.images import without_detours
from packlint.record import replace
from packlint.visible import columns, visible

LONGEST_LABEL = 26
"""Columns of a text at a line."""

MARGIN = 16
ALIKE = 240.0
"""Pixels up to which all boxes of images become as wide as the widest."""

EMPTY = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="1" height="1"><title>No image</title></svg>'
)

MOST_DESCRIBED = 50
"""Edges that the description for those who cannot see the picture tells one by one."""


def svg(graph: Graph, *, standalone: bool = False) -> str:
    """The picture as an element to be put into a page, "" for a graph without nodes, or an empty picture.

    Classes: `node` with `card`, `address`, `place` and `steps`, and besides it `base`, `missing` (broken
    frame) and `changed` (thick frame, a dot); `edge` with `line`, `head` and `label`, and besides it
    `together` (broken line) and `back` (dotted line). Without a style sheet it is black on nothing. One that
    stands by itself has colors for light and dark, a background, and a legend of the marks in it.
    """
    if not graph.nodes:
        return EMPTY if standalone else ""
    edges = (replace(edge, artifact=without_detours(edge.artifact)) for edge in graph.edges)
    graph = replace(graph, edges=tuple(edges))
    ink = INK if standalone else "currentColor"
    faces = [face(node) for node in graph.nodes]
    labels = [_label(graph, edge) for edge in graph.edges]
    spread = layout(graph, _sizes(graph, faces), [columns(label) * SMALL for label in labels])
    tints = _tints(graph)
    parts: list[str] = []
    for edge, route, label in zip(graph.edges, spread.routes, labels, strict=True):
        parts += _edge(edge, route, label, spread.down, ink)
    for node, at, shown in zip(graph.nodes, spread.boxes, faces, strict=True):
        parts += box(node, at, shown, tints.get(node.place) if node.kind == "image" else None, ink)
    legend = Legend(graph, bool(tints), spread.width, spread.height, ink) if standalone else None
    parts += legend.parts if legend else ()
    return "\n".join([*_opened(graph, spread, legend, ink), *parts, "</svg>"])


def _opened(graph: Graph, spread: Layout, legend: Legend | None, ink: str) -> Iterator[str]:
    width = pixels(max(spread.width, legend.width if legend else 0) + 2 * MARGIN)
    height = pixels((legend.bottom if legend else spread.height) + 2 * MARGIN)
    yield (
        '<svg xmlns="http://www.w3.org/2000/svg" class="chain" role="img" '
        f'aria-labelledby="chain-title chain-desc" width="{width}" height="{height}" '
        f'viewBox="{-MARGIN} {-MARGIN} {width} {height}" font-family="{MONO}" font-size="11" fill="{ink}">'
    )
    yield '<title id="chain-title">Which image starts from what another one makes</title>'
    yield f'<desc id="chain-desc">{escape(" ".join(_described(graph)))}</desc>'
    if legend:
        yield f"<style>{style()}</style>"
        yield (
            f'<rect class="page" x="{-MARGIN}" y="{-MARGIN}" width="{width}" height="{height}" rx="10" '
            f'fill="{PAGE}"/>'
        )


def _described(graph: Graph) -> Iterator[str]:
    for edge in graph.edges[:MOST_DESCRIBED]:
        producer, consumer = graph.nodes[edge.producer], graph.nodes[edge.consumer]
        if producer.kind != "image":
            yield f"{told(consumer)} starts from {told(producer)}."
        else:
            what = f"{visible(edge.artifact)}, which" if edge.artifact else "what"
            yield f"{told(consumer)} starts from {what} {told(producer)} makes."
    if more := max(len(graph.edges) - MOST_DESCRIBED, 0) + graph.left_out:
        yield f"There are {more} more links."


def _sizes(graph: Graph, faces: Sequence[Face]) -> list[tuple[float, float]]:
    """The sizes of the boxes: those of images are as wide as the widest, unless that is very wide."""
    images = [node.kind == "image" for node in graph.nodes]
    widest = max((it.size[0] for it, image in zip(faces, images, strict=True) if image), default=0.0)
    return [
        (max(it.size[0], min(widest, ALIKE)) if image else it.size[0], it.size[1])
        for it, image in zip(faces, images, strict=True)
    ]


def _label(graph: Graph, edge: Edge) -> str:
    """What stands at a line; not once more what stands in the box before it."""
    producer = graph.nodes[edge.producer]
    if producer.kind != "image" and edge.artifact == producer.address:
        return ""
    return middle(edge.artifact, LONGEST_LABEL)


def _tints(graph: Graph) -> Mapping[str, int]:
    """The number of a color for each template that has several images, if there are others."""
    places = Counter(node.place for node in graph.nodes if node.kind == "image")
    several = [place for place, count in places.items() if count > 1 and place]
    return {place: number % len(TINTS) for number, place in enumerate(several)} if len(places) > 1 else {}


def _edge(edge: Edge, route: Route, label: str, down: bool, ink: str) -> Iterator[str]:
    kinds = [name for name, is_so in (("together", edge.together), ("back", edge.back)) if is_so]
    yield f'<g class="{" ".join(("edge", *kinds))}">'
    if edge.artifact:
        yield f"<title>{escape(middle(edge.artifact, LONGEST_TITLE))}</title>"
    yield line(route.points, ink, down=down, together=edge.together, back=edge.back)
    if label and route.label:
        x, y = (pixels(it) for it in route.label)
        anchor = ' text-anchor="end"' if edge.back and down else ""
        yield f'<text class="label" x="{x}" y="{y}"{anchor}>{escape(label)}</text>'
    yield "</g>"
