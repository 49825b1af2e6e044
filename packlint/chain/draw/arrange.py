"""One chain of a graph in layers → where its nodes and the lanes of its long edges are across the layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from packlint.chain.graph import Edge, Graph
from packlint.named import NamedTuple

LANE = (8.0, 8.0)
"""What a line takes at each side of it in a layer that it only passes."""

SWEEPS = 6
"""How often the layers are gone through, forth and back; the last time puts none in another order."""

Extent = tuple[float, float]
"""The pixels that a thing takes before its middle, and behind it."""


class Component(NamedTuple):
    """The numbers of nodes that belong together, and of the edges between them, in order."""

    nodes: tuple[int, ...]
    edges: tuple[int, ...]


def components(graph: Graph) -> Iterator[Component]:
    """The chains of a graph, in the order of their first nodes."""
    near: list[list[int]] = [[] for _ in graph.nodes]
    at: list[list[int]] = [[] for _ in graph.nodes]
    for number, edge in enumerate(graph.edges):
        near[edge.producer].append(edge.consumer)
        near[edge.consumer].append(edge.producer)
        at[edge.producer].append(number)
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
        edges = sorted(number for member in members for number in at[member])
        yield Component(tuple(sorted(members)), tuple(edges))


def low_and_high(edge: Edge) -> tuple[int, int]:
    """The ends of an edge, that of the lower layer first."""
    return (edge.consumer, edge.producer) if edge.back else (edge.producer, edge.consumer)


class Arranged:
    """The nodes of a chain and the lanes of its long edges, with the middle of each across the layers.

    `lanes` holds where an edge passes the layers between its ends, in their order. The first thing begins
    at 0, and the last one ends at `size`.
    """

    def __init__(
        self, graph: Graph, layers: Sequence[int], component: Component, extents: Sequence[Extent], gap: float
    ) -> None:
        self._extents = {member: extents[member] for member in component.nodes}
        self._gap = gap
        self._before: dict[int, list[int]] = {}
        self._after: dict[int, list[int]] = {}
        self._at: dict[int, float] = {}
        passed = self._ways(graph, layers, component)
        self._arrange()
        first = min(at - self._extents[item][0] for item, at in self._at.items())
        self.middles: Mapping[int, float] = {item: self._at[item] - first for item in component.nodes}
        self.lanes = {number: [self._at[it] - first for it in items] for number, items in passed.items()}
        self.size = max(at + self._extents[item][1] for item, at in self._at.items()) - first

    def _ways(self, graph: Graph, layers: Sequence[int], component: Component) -> dict[int, list[int]]:
        """Fill the layers; the lanes of each edge, which are items with numbers that no node has."""
        in_layers: dict[int, list[int]] = {}
        for member in component.nodes:
            in_layers.setdefault(layers[member], []).append(member)
        passed: dict[int, list[int]] = {}
        next_item = len(graph.nodes)
        for number in component.edges:
            low, high = low_and_high(graph.edges[number])
            between = range(layers[low] + 1, layers[high])
            lanes = list(range(next_item, next_item + len(between)))
            next_item += len(lanes)
            for layer, lane in zip(between, lanes, strict=True):
                in_layers.setdefault(layer, []).append(lane)
                self._extents[lane] = LANE
            passed[number] = lanes
            for item, follower in pairwise([low, *lanes, high]):
                self._after.setdefault(item, []).append(follower)
                self._before.setdefault(follower, []).append(item)
        self._layers = [in_layers[layer] for layer in sorted(in_layers)]
        return passed

    def _arrange(self) -> None:
        for layer in self._layers:
            self._put(layer, [0.0] * len(layer))
        for sweep in range(SWEEPS):
            forth = sweep % 2 == 0
            near = self._before if forth else self._after
            for layer in self._layers if forth else self._layers[::-1]:
                wanted = {item: self._mean(near.get(item, ()), self._at[item]) for item in layer}
                if sweep < SWEEPS - 1:
                    layer.sort(key=wanted.__getitem__)
                self._put(layer, [wanted[item] for item in layer])

    def _mean(self, items: Sequence[int], otherwise: float) -> float:
        return sum(self._at[item] for item in items) / len(items) if items else otherwise

    def _put(self, layer: Sequence[int], wanted: Sequence[float]) -> None:
        """Middles as near as can be to those wanted, in order and without overlap: least squares.

        Items that would overlap become a block that moves as one (pool adjacent violators).
        """
        offsets = [0.0]
        for above, item in pairwise(layer):
            offsets.append(offsets[-1] + self._extents[above][1] + self._gap + self._extents[item][0])
        blocks: list[tuple[float, int]] = []
        for middle, offset in zip(wanted, offsets, strict=True):
            total, size = middle - offset, 1
            while blocks and blocks[-1][0] / blocks[-1][1] > total / size:
                more, others = blocks.pop()
                total, size = total + more, size + others
            blocks.append((total, size))
        starts = (total / size for total, size in blocks for _ in range(size))
        for item, start, offset in zip(layer, starts, offsets, strict=True):
            self._at[item] = start + offset
