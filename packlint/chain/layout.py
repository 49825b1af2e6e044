"""A graph in layers and the widths of its texts → where each box and each line goes, from left to right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from packlint.chain.graph import Edge, Graph

NODE_HEIGHT = 46
PORT = 20
"""Between two lines that end at one node: each has its label above it."""

LANE = 16
"""What a line takes in a layer that it only passes."""

BETWEEN, BETWEEN_CHAINS, CURVE = 18, 34, 64
"""Pixels between two boxes of a layer, between two chains, and for the bend of a line between two layers."""

SWEEPS = 6
"""How often the layers are gone through, forth and back; the last time puts none in another order."""

Point = tuple[float, float]


class Box(NamedTuple):
    """A node's rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """A line: its points from producer to consumer. Each pair of them, first and second, third and fourth…,
    is level; a bend leads from one pair to the next.
    """

    points: tuple[Point, ...]


class Layout(NamedTuple):
    """What is where: a box for each node, a route for each edge."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


def layout(graph: Graph, node_widths: Sequence[float], label_widths: Sequence[float]) -> Layout:
    """Where the nodes and edges of a graph go; the widths, in pixels, are those of their texts.

    Each chain is laid out by itself and put below the one before it; time is linear in what is drawn, each
    edge counted once for every layer that it passes.
    """
    lefts, rights = _columns(graph, node_widths, label_widths)
    middles: list[float] = [0.0] * len(graph.nodes)
    entering = Counter(edge.consumer for edge in graph.edges if not edge.back)
    heights = [max(NODE_HEIGHT, PORT * entering[number] + 6) for number in range(len(graph.nodes))]
    lanes: list[list[float]] = [[] for _ in graph.edges]
    top = 0.0
    for members in _chains(graph):
        chain = _Chain(graph, members, heights)
        shift = top - min(chain.y[item] - chain.heights[item] / 2 for item in chain.y)
        for item in members:
            middles[item] = chain.y[item] + shift
        for number, passed in chain.passed.items():
            lanes[number] = [chain.y[item] + shift for item in passed]
        bottom = max(chain.y[item] + chain.heights[item] / 2 for item in chain.y)
        top = bottom + shift + BETWEEN_CHAINS
    boxes = tuple(
        Box(lefts[node.layer], middles[number] - heights[number] / 2, node_widths[number], heights[number])
        for number, node in enumerate(graph.nodes)
    )
    routes = tuple(_routes(graph, boxes, lanes, (lefts, rights), label_widths))
    return Layout(max(rights, default=0.0), max(top - BETWEEN_CHAINS, 0.0), boxes, routes)


def _columns(
    graph: Graph, node_widths: Sequence[float], label_widths: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Where each layer begins and ends; the labels of the lines that end in it stand before it."""
    count = max((node.layer for node in graph.nodes), default=-1) + 1
    widths, before = [0.0] * count, [0.0] * count
    for node, width in zip(graph.nodes, node_widths, strict=True):
        widths[node.layer] = max(widths[node.layer], width)
    for edge, width in zip(graph.edges, label_widths, strict=True):
        layer = max(graph.nodes[edge.consumer].layer, graph.nodes[edge.producer].layer)
        before[layer] = max(before[layer], width)
    lefts: list[float] = []
    rights: list[float] = []
    for layer in range(count):
        lefts.append(rights[-1] + CURVE + before[layer] if layer else 0.0)
        rights.append(lefts[-1] + widths[layer])
    return lefts, rights


def _chains(graph: Graph) -> Iterator[list[int]]:
    """The nodes that belong together, in order."""
    near: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        near[edge.producer].append(edge.consumer)
        near[edge.consumer].append(edge.producer)
    seen = [False] * len(near)
    for start in range(len(near)):
        if seen[start]:
            continue
        seen[start] = True
        members = [start]
        for member in members:  # which grows on the way
            for other in near[member]:
                if not seen[other]:
                    seen[other] = True
                    members.append(other)
        yield sorted(members)


class _Chain:
    """The nodes of one chain and the lanes of its long edges, with the height and the middle of each.

    `passed` holds the lanes of an edge in the order of the layers. A lane has a number that no node has.
    """

    def __init__(self, graph: Graph, members: Sequence[int], heights: Sequence[float]) -> None:
        self.heights = {member: heights[member] for member in members}
        self.passed: dict[int, list[int]] = {}
        self.before: dict[int, list[int]] = {}
        self.after: dict[int, list[int]] = {}
        layers: dict[int, list[int]] = {}
        for member in members:
            layers.setdefault(graph.nodes[member].layer, []).append(member)
        among = set(members)
        next_item = len(graph.nodes)
        for number, edge in enumerate(graph.edges):
            if edge.producer not in among:
                continue
            first, last = _low_and_high(graph, edge)
            between = range(graph.nodes[first].layer + 1, graph.nodes[last].layer)
            lanes = list(range(next_item, next_item + len(between)))
            next_item += len(lanes)
            for layer, lane in zip(between, lanes, strict=True):
                layers.setdefault(layer, []).append(lane)
                self.heights[lane] = LANE
            self.passed[number] = lanes
            way = [first, *lanes, last]
            for item, follower in pairwise(way):
                self.after.setdefault(item, []).append(follower)
                self.before.setdefault(follower, []).append(item)
        self.layers = [layers[layer] for layer in sorted(layers)]
        self.y: dict[int, float] = {}
        self._arrange()

    def _arrange(self) -> None:
        for layer in self.layers:
            self._put(layer, [0.0] * len(layer))
        for sweep in range(SWEEPS):
            forth = sweep % 2 == 0
            near = self.before if forth else self.after
            for layer in self.layers if forth else self.layers[::-1]:
                wanted = {item: self._mean(near.get(item, ()), self.y[item]) for item in layer}
                if sweep < SWEEPS - 1:
                    layer.sort(key=wanted.__getitem__)
                self._put(layer, [wanted[item] for item in layer])

    def _mean(self, items: Sequence[int], otherwise: float) -> float:
        return sum(self.y[item] for item in items) / len(items) if items else otherwise

    def _put(self, layer: Sequence[int], wanted: Sequence[float]) -> None:
        """Middles as near as can be to those wanted, in order and without overlap: least squares.

        Items that would overlap become a block that moves as one (pool adjacent violators).
        """
        offsets: list[float] = []
        for number, item in enumerate(layer):
            above = layer[number - 1] if number else item
            step = (self.heights[above] + self.heights[item]) / 2 + BETWEEN
            offsets.append(offsets[-1] + step if number else 0.0)
        blocks: list[tuple[float, int]] = []
        for middle, offset in zip(wanted, offsets, strict=True):
            total, size = middle - offset, 1
            while blocks and blocks[-1][0] / blocks[-1][1] > total / size:
                more, others = blocks.pop()
                total, size = total + more, size + others
            blocks.append((total, size))
        starts = (total / size for total, size in blocks for _ in range(size))
        for item, start, offset in zip(layer, starts, offsets, strict=True):
            self.y[item] = start + offset


def _low_and_high(graph: Graph, edge: Edge) -> tuple[int, int]:
    """The ends of an edge, that of the lower layer first."""
    return (edge.consumer, edge.producer) if edge.back else (edge.producer, edge.consumer)


def _routes(
    graph: Graph,
    boxes: Sequence[Box],
    lanes: Sequence[Sequence[float]],
    columns: tuple[Sequence[float], Sequence[float]],
    label_widths: Sequence[float],
) -> Iterator[Route]:
    ports = _ports(graph, boxes, lanes)
    for number, edge in enumerate(graph.edges):
        low, high = _low_and_high(graph, edge)
        start, end = boxes[low], boxes[high]
        first = start.x + start.width, start.y + start.height / (4 if edge.back else 2)
        # A box that is narrower than its layer: the line goes on level to where the layer ends.
        points = [first, (columns[1][graph.nodes[low].layer], first[1])]
        for layer, y in enumerate(lanes[number], graph.nodes[low].layer + 1):
            points += (columns[0][layer], y), (columns[1][layer], y)
        y = end.y + end.height / 4 if edge.back else ports[number]
        points += (end.x - label_widths[number] - (0 if edge.back else 6), y), (end.x, y)
        yield Route(tuple(points[::-1] if edge.back else points))


def _ports(graph: Graph, boxes: Sequence[Box], lanes: Sequence[Sequence[float]]) -> dict[int, float]:
    """For each edge how high it ends at its consumer: in the order from which the edges come."""
    entering: dict[int, list[tuple[float, int]]] = {}
    for number, edge in enumerate(graph.edges):
        if not edge.back:
            box = boxes[edge.producer]
            y = lanes[number][-1] if lanes[number] else box.y + box.height / 2
            entering.setdefault(edge.consumer, []).append((y, number))
    return {
        number: boxes[consumer].y + boxes[consumer].height / 2 + PORT * (at - (len(edges) - 1) / 2)
        for consumer, edges in entering.items()
        for at, (_, number) in enumerate(sorted(edges))
    }
