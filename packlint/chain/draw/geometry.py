"""Nouns for what is where in a picture, in pixels."""

from __future__ import annotations

from packlint.named import NamedTuple

Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """A line: its points from producer to consumer, and where its label begins, or ends for a `back` edge.

    Each pair of points, first and second, third and fourth…, is straight; a bend leads from one pair to the
    next. A line has no place for a label where another one with the same label begins at the same point.
    """

    points: tuple[Point, ...]
    label: Point | None


class Layout(NamedTuple):
    """What is where: a box for each node, a route for each edge; `down` tells which way they lead."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    down: bool
