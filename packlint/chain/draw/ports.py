"""Edges and the widths of their labels → where they leave and enter the boxes, and where the labels stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packlint.chain.draw.arrange import Extent, low_and_high
from packlint.chain.draw.geometry import Point
from packlint.chain.graph import Graph

ENTRY = 14.0
"""Pixels between two lines that end at one node."""

BACK = 18.0
"""Pixels from the middle of a box to where lines lead back."""

EXIT = 20.0
"""Pixels between two lines to the right that begin at one node, each with its label above it."""

BESIDE, ABOVE, BELOW = 7.0, 5.0, 13.0
"""Pixels from a line to its label's beginning beside it, and to its base line."""


class Ports:
    """Where the edges of a graph begin and end.

    Edges that carry one artifact of one node leave it at one point, and one of them has the label for all.
    `labels` are the widths of labels, 0 for an edge that has none of its own.
    """

    def __init__(self, graph: Graph, widths: Sequence[float], down: bool) -> None:
        self._graph, self._down = graph, down
        self._exits: dict[int, dict[str, list[int]]] = {}
        self._entries: dict[int, list[int]] = {}
        self._returns: dict[int, list[int]] = {}
        self.labels = [0.0] * len(graph.edges)
        for number, edge in enumerate(graph.edges):
            if edge.back:
                same = self._returns.setdefault(edge.consumer, [])
                same.append(number)
            else:
                same = self._exits.setdefault(edge.producer, {}).setdefault(edge.artifact, [])
                same.append(number)
                self._entries.setdefault(edge.consumer, []).append(number)
            if same[0] == number and widths[number]:
                self.labels[number] = widths[number] + 2 * BESIDE

    def grown(self, node: int, size: tuple[float, float]) -> tuple[float, float]:
        """The size of a node that has room for all ends of its edges."""
        width, height = size
        exits = self._exits.get(node, {})
        entries = ENTRY * len(self._entries.get(node, ())) + 12
        if self._down:
            exit_ = sum(self._width(same) for same in exits.values()) if len(exits) > 1 else 0.0
            return max(width, exit_, entries), height
        return width, max(height, EXIT * len(exits) + 8, entries)

    def extent(self, node: int, half: float) -> Extent:
        """What a node takes across, labels included, whose box takes `half` at either side."""
        if not self._down:
            return half, half
        exits = self._exits.get(node, {})
        label = max((self._width(same) for same in exits.values()), default=0.0) if len(exits) == 1 else 0.0
        back = max((self.labels[number] for number in self._returns.get(node, ())), default=0.0)
        return max(half, BACK + back), max(half, label)

    def _width(self, same: Sequence[int]) -> float:
        return max(self.labels[same[0]], ENTRY)

    def ends(
        self,
        edges: Sequence[int],
        middles: Mapping[int, float],
        lanes: Mapping[int, Sequence[float]],
    ) -> dict[int, tuple[float, float]]:
        """Where edges of a chain leave the lower layer and enter the higher one, across.

        At each node they are in the order of where they come from and lead to, which crosses fewest.
        """
        leaves: dict[int, float] = {}
        enters: dict[int, float] = {}
        for number in edges:
            edge = self._graph.edges[number]
            low, high = low_and_high(edge)
            if edge.back:
                aside = -BACK if self._down else BACK
                leaves[number], enters[number] = middles[low] + aside, middles[high] + aside
        for node in dict.fromkeys(low_and_high(self._graph.edges[number])[0] for number in edges):
            exits = self._exits.get(node, {}).values()
            ordered = sorted(exits, key=lambda same: self._toward(same, middles, lanes))
            takes = [self._width(same) if self._down else EXIT for same in ordered]
            at = middles[node] - (sum(takes) / 2 if len(takes) > 1 else 0.0)
            for same, taken in zip(ordered, takes, strict=True):
                here = at + (taken / 2 if len(takes) > 1 and not self._down else 0.0)
                here += BESIDE if len(takes) > 1 and self._down else 0.0
                leaves.update(dict.fromkeys(same, here))
                at += taken
        for node in dict.fromkeys(self._graph.edges[number].consumer for number in edges):
            entries = self._entries.get(node, ())
            ordered_entries = sorted(entries, key=lambda it: (lanes[it][-1] if lanes[it] else leaves[it], it))
            for place, number in enumerate(ordered_entries):
                enters[number] = middles[node] + ENTRY * (place - (len(entries) - 1) / 2)
        return {number: (leaves[number], enters[number]) for number in edges}

    def _toward(
        self, same: Sequence[int], middles: Mapping[int, float], lanes: Mapping[int, Sequence[float]]
    ) -> float:
        goals = [lanes[it][0] if lanes[it] else middles[self._graph.edges[it].consumer] for it in same]
        return sum(goals) / len(goals)

    def place(self, number: int, end: Point) -> Point | None:
        """Where the label of an edge begins that has one, along and across; `end` is its end of low layer."""
        if not self.labels[number]:
            return None
        along, across = end
        back = self._graph.edges[number].back
        if self._down:
            return along + BELOW + 1, across - BESIDE if back else across + BESIDE
        return along + BESIDE + (2 * ABOVE if back else 0), across + (BELOW if back else -ABOVE)
