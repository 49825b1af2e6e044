"""A graph of chains → a picture of it in SVG, whose colors are those of the page that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from packlint.chain.graph import Edge, Graph, Node
from packlint.chain.layout import Box, Route, layout
from packlint.visible import columns, visible

LONGEST_NAME, LONGEST_LABEL = 44, 30
"""Columns of a text in a box, and above a line; what is longer loses its middle, and has it in its title."""

CHARACTER, SMALL = 7.8, 6.6
"""Pixels that a column takes in a font with equal widths, at 13 and at 11 pixels, and a little more."""

PADDING = 14
MARGIN = 12
HEAD = 7
"""Pixels of the arrow's head."""

MOST_DESCRIBED = 50
"""Edges that the description for those who cannot see the picture tells one by one."""


def svg(graph: Graph) -> str:
    """The picture as an element to be put into a page, "" for a graph without nodes.

    Classes: `node` with `address` and `place`; `edge` with `line`, `head` and `label`, and besides it
    `together` (broken line) and `back` (dotted line). Without a style sheet it is black on nothing.
    """
    if not graph.nodes:
        return ""
    addresses = [_cut(visible(node.address), LONGEST_NAME) for node in graph.nodes]
    places = [_cut(visible(node.place), LONGEST_NAME) for node in graph.nodes]
    labels = [_cut(visible(edge.artifact), LONGEST_LABEL) for edge in graph.edges]
    widths = [
        max(columns(address) * CHARACTER, columns(place) * SMALL) + 2 * PADDING
        for address, place in zip(addresses, places, strict=True)
    ]
    spread = layout(graph, widths, [columns(label) * SMALL + HEAD + 8 if label else 0 for label in labels])
    width, height = spread.width + 2 * MARGIN, spread.height + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chain" role="img" '
        f'aria-labelledby="chain-title chain-desc" width="{_n(width)}" '
        f'height="{_n(height)}" viewBox="{-MARGIN} {-MARGIN} {_n(width)} {_n(height)}" '
        'font-family="ui-monospace, monospace" font-size="13">',
        '<title id="chain-title">Which source starts from what another one makes</title>',
        f'<desc id="chain-desc">{escape(" ".join(_described(graph)))}</desc>',
    ]
    for edge, route, label in zip(graph.edges, spread.routes, labels, strict=True):
        parts += _edge(edge, route, label)
    for node, box, address, place in zip(graph.nodes, spread.boxes, addresses, places, strict=True):
        parts += _node(node, box, address, place)
    return "\n".join([*parts, "</svg>"])


def _described(graph: Graph) -> Iterator[str]:
    for edge in graph.edges[:MOST_DESCRIBED]:
        producer, consumer = graph.nodes[edge.producer], graph.nodes[edge.consumer]
        what = f"from {visible(edge.artifact)}, which" if edge.artifact else "from what"
        ends = [f"{visible(end.address)} in {visible(end.place)}" for end in (consumer, producer)]
        yield f"{ends[0]} starts {what} {ends[1]} makes."
    if more := max(len(graph.edges) - MOST_DESCRIBED, 0) + graph.left_out:
        yield f"There are {more} more links."


def _node(node: Node, box: Box, address: str, place: str) -> Iterator[str]:
    middle = box.y + box.height / 2
    yield '<g class="node">'
    yield f"<title>{_text(node.address)} in {_text(node.place)}</title>"
    yield (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" '
        'rx="7" fill="none" stroke="currentColor"/>'
    )
    x = _n(box.x + PADDING)
    yield f'<text class="address" x="{x}" y="{_n(middle - 3)}" font-weight="600">{escape(address)}</text>'
    yield f'<text class="place" x="{x}" y="{_n(middle + 14)}" font-size="11">{escape(place)}</text>'
    yield "</g>"


def _edge(edge: Edge, route: Route, label: str) -> Iterator[str]:
    kinds = [name for name, is_so in (("together", edge.together), ("back", edge.back)) if is_so]
    dashes = ' stroke-dasharray="2 4"' if edge.back else ' stroke-dasharray="7 4"' if edge.together else ""
    x, y = route.points[-1]
    yield f'<g class="{" ".join(("edge", *kinds))}">'
    if edge.artifact:
        yield f"<title>{_text(edge.artifact)}</title>"
    yield f'<path class="line" d="{_path(route)}" fill="none" stroke="currentColor"{dashes}/>'
    back = HEAD if edge.back else -HEAD
    yield (
        f'<path class="head" d="M{_n(x)} {_n(y)}l{back} {-HEAD / 2}v{HEAD}z" fill="currentColor" '
        'stroke="none"/>'
    )
    if label:
        # A line has room for its label where it comes from the left.
        x, y = route.points[0] if edge.back else (x, y)
        yield (
            f'<text class="label" x="{_n(x - HEAD - 4)}" y="{_n(y - 5)}" text-anchor="end" '
            f'font-size="11">{escape(label)}</text>'
        )
    yield "</g>"


def _path(route: Route) -> str:
    """Level lines, and between them curves that leave and enter level."""
    (x, y), *rest = route.points
    path = [f"M{_n(x)} {_n(y)}"]
    for number, (to_x, to_y) in enumerate(rest):
        if number % 2 == 0:
            path.append(f"H{_n(to_x)}")
        else:
            middle = _n((x + to_x) / 2)
            path.append(f"C{middle} {_n(y)} {middle} {_n(to_y)} {_n(to_x)} {_n(to_y)}")
        x, y = to_x, to_y
    return "".join(path)


def _text(text: str) -> str:
    return escape(_cut(visible(text), 4 * LONGEST_NAME))


def _cut(text: str, room: int) -> str:
    """A text with its middle left out if it takes more columns than there is room for."""
    if columns(text[: room + 1]) <= room:
        return text
    half = (room - 1) // 2
    return f"{_taken(text, half)}…{_taken(text[::-1], half)[::-1]}"


def _taken(text: str, room: int) -> str:
    """As much of the beginning as there is room for."""
    end = 0
    while end < len(text) and (room := room - columns(text[end])) >= 0:
        end += 1
    return text[:end]


def _n(number: float) -> str:
    """A number of pixels, with one digit behind the point at most."""
    return f"{number:.1f}".removesuffix(".0")
