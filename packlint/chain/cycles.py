"""A graph → its cycles: images of which each starts, in the end, from what it makes itself."""

from __future__ import annotations

from packlint.chain.graph import Graph
from packlint.circles import circle, components


def cycles(graph: Graph) -> tuple[tuple[int, ...], ...]:
    """For each tangle of images that start from each other, the shortest way round through its first one.

    A cycle comes as the numbers of its nodes, each of which makes what the next one starts from, the last
    what the first does.
    """
    if not any(edge.back for edge in graph.edges):
        return ()
    after: dict[int, list[int]] = {number: [] for number in range(len(graph.nodes))}
    for edge in graph.edges:
        after[edge.producer].append(edge.consumer)
    tangles = sorted(sorted(it) for it in components(after) if len(it) > 1)
    return tuple(circle(it, after) for it in tangles)
