"""A graph → its cycles: images of which each starts, in the end, from what it makes itself."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.chain.graph import Graph


def cycles(graph: Graph) -> tuple[tuple[int, ...], ...]:
    """For each tangle of images that start from each other, the shortest way round through its first one.

    A cycle comes as the numbers of its nodes, each of which makes what the next one starts from, the last
    what the first does.
    """
    if not any(edge.back for edge in graph.edges):
        return ()
    after: list[list[int]] = [[] for _ in graph.nodes]
    for edge in graph.edges:
        after[edge.producer].append(edge.consumer)
    return tuple(_round(min(tangle), tangle, after) for tangle in _tangles(after))


def _round(start: int, tangle: frozenset[int], after: list[list[int]]) -> tuple[int, ...]:
    came_from: dict[int, int] = {}
    waiting = [start]
    for node in waiting:
        for follower in after[node]:
            if follower == start:
                way = [node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if follower in tangle and follower not in came_from:
                came_from[follower] = node
                waiting.append(follower)
    return ()


def _tangles(after: list[list[int]]) -> Iterator[frozenset[int]]:
    """The strongly connected components of two nodes and more (Tarjan), in the order of their first nodes."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    open_: list[int] = []
    is_open: set[int] = set()
    found: list[frozenset[int]] = []
    for start in range(len(after)):
        path = [] if start in index else [(start, iter(after[start]))]
        while path:
            node, rest = path[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                open_.append(node)
                is_open.add(node)
            follower = next(rest, None)
            if follower is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == index[node]:
                    together = {node}
                    while (last := open_.pop()) != node:
                        together.add(last)
                    is_open -= together
                    if len(together) > 1:
                        found.append(frozenset(together))
            elif follower not in index:
                path.append((follower, iter(after[follower])))
            elif follower in is_open:
                low[node] = min(low[node], index[follower])
    yield from sorted(found, key=min)
