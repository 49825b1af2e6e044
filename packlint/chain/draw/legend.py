"""A graph → what the marks in its picture mean, in rows below it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from packlint.chain.draw.face import SANS_SMALL, stripe
from packlint.chain.draw.geometry import Box
from packlint.chain.draw.look import SANS
from packlint.chain.draw.stroke import line, pixels
from packlint.chain.graph import Graph
from packlint.visible import columns

SAMPLE, AFTER, ROW, ABOVE = 30, 26, 24, 26
"""Pixels of a mark, between two entries, of a row, and between the picture and the first row."""


class Legend:
    """The entries for the marks that occur, within a width; `parts` are none where there is no mark."""

    def __init__(self, graph: Graph, tinted: bool, room: float, top: float, ink: str) -> None:
        self.parts: list[str] = []
        self.width, self.bottom = 0.0, top
        x, y = 0.0, top + ABOVE
        for mark, said in _entries(graph, tinted):
            width = SAMPLE + 8 + columns(said) * SANS_SMALL if mark else columns(said) * SANS_SMALL
            if x and x + width > room:
                x, y = 0.0, y + ROW
            start = x + SAMPLE + 8 if mark else x
            self.parts += _mark(mark, x, y, ink)
            self.parts.append(
                f'<text x="{pixels(start)}" y="{pixels(y + 4)}" font-family="{SANS}">{escape(said)}</text>'
            )
            self.width, self.bottom = max(self.width, x + width), y + 8
            x += width + AFTER
        if self.parts:
            self.parts = ['<g class="legend">', *self.parts, "</g>"]


def _entries(graph: Graph, tinted: bool) -> Iterator[tuple[str, str]]:
    if tinted:
        yield "tint", "color: images of one template"
    if any(edge.together for edge in graph.edges):
        yield "together", "one build starts both, neither waits"
    if any(edge.back for edge in graph.edges):
        yield "back", "closes a circle"
    if any(node.changed for node in graph.nodes):
        yield "changed", "has to be built again"
    if graph.left_out:
        yield "", f"{graph.left_out} more links are not drawn"


def _mark(mark: str, x: float, y: float, ink: str) -> Iterator[str]:
    if mark in ("together", "back"):
        ends = ((x, y), (x + SAMPLE, y))
        arrow = line(
            ends[::-1] if mark == "back" else ends,
            ink,
            down=False,
            together=mark == "together",
            back=mark == "back",
        )
        yield f'<g class="{mark}">{arrow}</g>'
    elif mark:
        how = ' stroke-width="2"' if mark == "changed" else ""
        yield (
            f'<g class="node {mark}"><rect class="card" x="{pixels(x)}" y="{pixels(y - 8)}" width="{SAMPLE}" '
            f'height="16" rx="3" fill="none" stroke="{ink}"{how}/>'
        )
        if mark == "tint":
            yield stripe(Box(x, y - 8, SAMPLE, 16), 0)
        if mark == "changed":
            yield f'<circle class="mark" cx="{pixels(x + SAMPLE - 1)}" cy="{pixels(y - 7)}" r="4"/>'
        yield "</g>"
