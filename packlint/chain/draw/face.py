"""A node of a graph → the texts in its box, the size that they take, and its drawing."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from packlint.chain.draw.geometry import Box
from packlint.chain.draw.look import SANS, TINTS
from packlint.chain.draw.stroke import pixels
from packlint.chain.draw.trim import end, middle
from packlint.chain.graph import Node
from packlint.record import record
from packlint.visible import columns, visible

LONGEST_NAME, LONGEST_PLACE, LONGEST_STEPS, LONGEST_TITLE = 34, 38, 40, 800
"""Columns of a text in a box; what is longer is cut, and has all of it, or more, in its title."""

CHARACTER, SMALL, SANS_SMALL = 7.85, 6.65, 5.9
"""Pixels that a column takes in fonts with equal widths, at 13 and at 11 pixels, and in another one at 11."""

PADDING, LINE, AROUND = 14, 17, 14
"""Pixels at the sides of the texts, for each line of them, and above and below all together."""

ROUND = 7


@record
class Face:
    """What stands in a box: the texts with their classes, and the size of the box."""

    lines: tuple[tuple[str, str], ...]
    size: tuple[float, float]


def face(node: Node) -> Face:
    """The texts of a node: what it is called, where it is from, and what is done to it."""
    separator = "." if node.kind == "image" else "/"
    address, place = middle(node.address, LONGEST_NAME, separator), middle(node.place, LONGEST_PLACE)
    width = max(columns(address) * CHARACTER, columns(place) * SMALL)
    steps = end(" · ".join(node.steps), max(LONGEST_STEPS, int(width / SANS_SMALL))) if node.steps else ""
    width = max(width, columns(steps) * SANS_SMALL)
    lines = [it for it in (("address", address), ("place", place), ("steps", steps)) if it[1]]
    return Face(tuple(lines), (width + 2 * PADDING, AROUND + LINE * len(lines)))


def told(node: Node) -> str:
    """A node in words."""
    address, place = visible(node.address), visible(node.place)
    return f"{address} in {place}" if node.kind == "image" else f"{address} ({place})" if place else address


def box(node: Node, at: Box, face: Face, tint: int | None, ink: str) -> Iterator[str]:
    """The drawing of a node; `tint` is the number of the color of its template."""
    leaf = node.kind != "image"
    classes = ["node", *([node.kind] if leaf else ()), *(["changed"] if node.changed else ())]
    yield f'<g class="{" ".join(classes)}">'
    steps = f": {', '.join(map(visible, node.steps))}" if node.steps else ""
    yield f"<title>{escape(middle(told(node) + steps, LONGEST_TITLE))}</title>"
    dashes = ' stroke-dasharray="5 4"' if node.kind == "missing" else ""
    thick = ' stroke-width="2"' if node.changed else ""
    yield (
        f'<rect class="card" x="{pixels(at.x)}" y="{pixels(at.y)}" width="{pixels(at.width)}" '
        f'height="{pixels(at.height)}" rx="{pixels(min(at.height / 2, 22) if leaf else ROUND)}" fill="none" '
        f'stroke="{ink}"{dashes}{thick}/>'
    )
    if tint is not None:
        yield stripe(at, tint)
    if node.changed:
        yield f'<circle class="mark" cx="{pixels(at.x + at.width - 2)}" cy="{pixels(at.y + 2)}" r="5"/>'
    x, anchor = (at.x + at.width / 2, ' text-anchor="middle"') if leaf else (at.x + PADDING, "")
    y = at.y + (at.height - LINE * len(face.lines)) / 2 + 13
    for number, (kind, text) in enumerate(face.lines):
        how = ' font-size="13"' if kind == "address" else ""
        how += ' font-weight="600"' if kind == "address" and not leaf else ""
        how += f' font-family="{SANS}"' if kind == "steps" or (leaf and kind == "place") else ""
        yield (
            f'<text class="{kind}" x="{pixels(x)}" y="{pixels(y + LINE * number)}"{anchor}{how}>'
            f"{escape(text)}</text>"
        )
    yield "</g>"


def stripe(at: Box, tint: int) -> str:
    """The left edge of a box in the color of its template."""
    return (
        f'<path class="tint{tint}" d="M{pixels(at.x + 5)} {pixels(at.y)}h-1a4 {ROUND} 0 0 0 -4 {ROUND}'
        f'v{pixels(at.height - 2 * ROUND)}a4 {ROUND} 0 0 0 4 {ROUND}h1z" fill="{TINTS[tint]}"/>'
    )
