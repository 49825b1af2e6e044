"""A graph in layers and the sizes of its texts → where each box and line goes, downwards or to the right.

*Along* is the way of the arrows, and *across* at a right angle to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from packlint.chain.draw.arrange import Arranged, Component, components, low_and_high
from packlint.chain.draw.geometry import Box, Layout, Point, Route
from packlint.chain.draw.ports import Ports
from packlint.chain.graph import Graph
from packlint.record import record

WIDEST = 900
"""Pixels up to which a picture of chains that lead downwards is put up with: what a page shows unscaled."""

CURVE_DOWN, CURVE, STRAIGHT = 36, 56, 10
"""Pixels for the bend of a line between two layers, downwards and to the right, and for its end."""

LABEL = 20
"""Pixels that a label takes along a line that leads downwards."""

BETWEEN = 18.0
BETWEEN_CHAINS = 34.0
BETWEEN_STRIPS = 48.0
BETWEEN_BLOCKS = 48.0
"""Pixels between boxes of a layer, chains side by side, strips of them, and blocks of strips."""

SHAPE = 1.45
"""The width of a good picture by its height."""

WIDTHS = range(400, 2801, 100)
"""Widths that are tried for a picture."""

MOST_STRIPS = 16


def layout(
    graph: Graph, sizes: Sequence[tuple[float, float]], labels: Sequence[float], down: bool | None = None
) -> Layout:
    """Where the nodes and edges of a graph go, given the sizes of nodes and the widths of edges' labels.

    Chains lead downwards if a page is wide enough for that, unless `down` says which way. Each is laid out
    by itself; small ones stand beside each other. Time is linear in what is drawn, each edge counted once for
    every layer that it passes.
    """
    spread = _Spread(graph, sizes, labels, down is not False)
    if down is None and max((it.size for it in spread.chains), default=0) > WIDEST:
        spread = _Spread(graph, sizes, labels, False)
    return spread.layout()


@record
class _Strip:
    """Chains side by side, with the same layers: where each begins, ends, and where its labels end."""

    chains: list[int]
    starts: list[float]
    ends: list[float]
    free: list[float]
    size: float

    @property
    def length(self) -> float:
        """Its pixels along; `size` is those across."""
        return self.ends[-1]


class _Spread:
    def __init__(
        self, graph: Graph, sizes: Sequence[tuple[float, float]], labels: Sequence[float], down: bool
    ) -> None:
        self.graph, self.down = graph, down
        self.layers = _layers(graph)
        self.ports = Ports(graph, labels, down)
        sizes = [self.ports.grown(number, size) for number, size in enumerate(sizes)]
        self.lengths = [height if down else width for width, height in sizes]
        self.widths = [width if down else height for width, height in sizes]
        extents = [self.ports.extent(number, width / 2) for number, width in enumerate(self.widths)]
        self.members = sorted(components(graph), key=self._rank)
        self.chains = [
            Arranged(graph, self.layers, component, extents, BETWEEN) for component in self.members
        ]

    def _rank(self, component: Component) -> int:
        """Long chains come first, then images each with its base, then what stands alone."""
        return -min(max(self.layers[node] for node in component.nodes), 2)

    def layout(self) -> Layout:
        boxes: dict[int, Box] = {}
        routes: dict[int, Route] = {}
        width = height = 0.0
        for strips in self._blocks():
            along, across = (height, 0.0) if self.down else (0.0, height)
            for strip in strips:
                side = across
                for chain in strip.chains:
                    own = dict(self._boxes(strip, chain, along, side))
                    routes.update(self._routes(strip, chain, own, (along, side)))
                    boxes.update(own)
                    side += self.chains[chain].size + BETWEEN_CHAINS
                along += strip.length + BETWEEN_STRIPS
            more_width, more_height = self._extent(strips)
            width, height = max(width, more_width), height + more_height + BETWEEN_BLOCKS
        return Layout(
            width,
            max(height - BETWEEN_BLOCKS, 0.0),
            tuple(self._box(boxes[number]) for number in range(len(self.graph.nodes))),
            tuple(routes[number] for number in range(len(self.graph.edges))),
            self.down,
        )

    def _blocks(self) -> list[list[_Strip]]:
        """The chains in blocks, one below the other, of strips such that the picture has a good shape."""
        ranks: dict[int, list[int]] = {}
        for chain, component in enumerate(self.members):
            ranks.setdefault(self._rank(component), []).append(chain)
        choices = [self._choices(chains) for chains in ranks.values()]
        found = (
            [next((it for it in several if self._extent(it)[0] <= width), several[-1]) for several in choices]
            for width in WIDTHS
        )
        return min(found, key=self._cost)

    def _cost(self, blocks: Sequence[Sequence[_Strip]]) -> float:
        """How far the shape is from a good one."""
        extents = [self._extent(strips) for strips in blocks]
        width = max((width for width, _ in extents), default=0.0)
        height = sum(height + BETWEEN_BLOCKS for _, height in extents)
        return abs(math.log(max(width, 1) / max(height, 1) / SHAPE))

    def _extent(self, strips: Sequence[_Strip]) -> tuple[float, float]:
        """The width and the height of strips, one after the other along."""
        length = sum(it.length + BETWEEN_STRIPS for it in strips) - BETWEEN_STRIPS
        return self._point(length, max(it.size for it in strips))

    def _choices(self, chains: Sequence[int]) -> list[list[_Strip]]:
        """Some chains in strips in some ways, the widest first."""
        sizes = [self.chains[chain].size + BETWEEN_CHAINS for chain in chains]
        longest, total = max(sizes), sum(sizes)
        found = []
        for count in range(1, min(len(chains), MOST_STRIPS) + 1):
            room = max(longest, total / count)
            while len(parts := self._filled(chains, room)) > count:
                room *= 1.05
            found.append([self._strip(part) for part in parts])
        return found if self.down else found[::-1]

    def _filled(self, chains: Sequence[int], most: float) -> list[list[int]]:
        parts: list[list[int]] = []
        room = 0.0
        for chain in chains:
            size = self.chains[chain].size + BETWEEN_CHAINS
            if not parts or size > room + 0.01:
                parts.append([])
                room = most
            parts[-1].append(chain)
            room -= size
        return parts

    def _strip(self, chains: list[int]) -> _Strip:
        nodes = [node for chain in chains for node in self.members[chain].nodes]
        edges = [number for chain in chains for number in self.members[chain].edges]
        count = max(self.layers[node] for node in nodes) + 1
        lengths, label = [0.0] * count, [0.0] * count
        for node in nodes:
            lengths[self.layers[node]] = max(lengths[self.layers[node]], self.lengths[node])
        for number in edges:
            layer = self.layers[low_and_high(self.graph.edges[number])[0]]
            width = self.ports.labels[number]
            label[layer] = max(label[layer], min(width, LABEL) if self.down else width)
        starts: list[float] = []
        ends: list[float] = []
        free: list[float] = []
        for length, more in zip(lengths, label, strict=True):
            starts.append(free[-1] + (CURVE_DOWN if self.down else CURVE) + STRAIGHT if free else 0.0)
            ends.append(starts[-1] + length)
            free.append(ends[-1] + more)
        size = sum(self.chains[chain].size + BETWEEN_CHAINS for chain in chains) - BETWEEN_CHAINS
        return _Strip(chains, starts, ends, free, size)

    def _boxes(self, strip: _Strip, chain: int, top: float, side: float) -> Iterator[tuple[int, Box]]:
        """The boxes of a chain, `x` and `width` being along."""
        for node, middle in self.chains[chain].middles.items():
            layer, width = self.layers[node], self.widths[node]
            room = strip.ends[layer] - strip.starts[layer]
            length = self.lengths[node] if self.down else room
            start = top + strip.starts[layer] + (room - length) / 2
            yield node, Box(start, side + middle - width / 2, length, width)

    def _routes(
        self, strip: _Strip, chain: int, boxes: Mapping[int, Box], corner: Point
    ) -> Iterator[tuple[int, Route]]:
        top, side = corner
        lanes = {number: [side + it for it in passed] for number, passed in self.chains[chain].lanes.items()}
        middles = {node: side + it for node, it in self.chains[chain].middles.items()}
        ends = self.ports.ends(self.members[chain].edges, middles, lanes)
        for number, (leaves, enters) in ends.items():
            edge = self.graph.edges[number]
            low, high = low_and_high(edge)
            layer = self.layers[low]
            first = boxes[low].x + boxes[low].width
            points = [(first, leaves), (top + strip.free[layer], leaves)]
            for between, lane in enumerate(lanes[number], layer + 1):
                points += (top + strip.starts[between], lane), (top + strip.free[between], lane)
            points += (top + strip.starts[self.layers[high]] - STRAIGHT, enters), (boxes[high].x, enters)
            label = self.ports.place(number, (first, leaves))
            yield (
                number,
                Route(
                    tuple(self._point(*it) for it in (points[::-1] if edge.back else points)),
                    label and self._point(*label),
                ),
            )

    def _point(self, along: float, across: float) -> Point:
        return (across, along) if self.down else (along, across)

    def _box(self, box: Box) -> Box:
        return Box(box.y, box.x, box.height, box.width) if self.down else box


def _layers(graph: Graph) -> list[int]:
    """The layer of each node; what no build makes stands right before what starts from it."""
    layers = [node.layer for node in graph.nodes]
    next_to: dict[int, int] = {}
    for edge in graph.edges:
        if not edge.back:
            layer = layers[edge.consumer] - 1
            next_to[edge.producer] = min(next_to.get(edge.producer, layer), layer)
    for number, node in enumerate(graph.nodes):
        if node.kind != "image":
            layers[number] = max(next_to.get(number, node.layer), node.layer)
    return layers
