"""Links → the graph that drawings show: sources in layers, each after all that it starts from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from packlint.document import Range
from packlint.model import Configuration, Source, SourceUse
from packlint.project import Link

MOST_NODES = 200
"""Sources in one drawing; more of them nobody can follow."""

MOST_EDGES = 400


@dataclass(frozen=True, slots=True)
class Node:
    """A source, or what one starts from that no build makes.

    `address` is its `type.name`, `place` the path of its template, or of its file where the template's
    path does not tell it from another one. `declared` is where it stands, and `layer` counts from 0. `steps`
    tell what is done to the image, as `shell (3)` or `→ vagrant`. Of a `base`, such as install media or an
    image of somebody else's, `address` is its name and `place` what it is; it is `missing` where a build was
    to make it and none does. `changed` tells that it has to be built again.
    """

    address: str
    place: str
    declared: Range
    layer: int
    kind: Literal["image", "base", "missing"] = "image"
    steps: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An artifact between two nodes, which are numbers in `Graph.nodes`; "" for a name that is not told.

    `together` tells that one `packer build` starts both, and `back` that the edge closes a cycle.
    """

    producer: int
    consumer: int
    artifact: str
    together: bool
    back: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges in the order of the links; `left_out` counts the links that would be too many."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0


Wire = tuple[int, int]
"""The numbers of a producer and of its consumer."""

_Key = tuple[int, str]
"""The number of a template and an address in it."""


def graph(links: Sequence[Link], configurations: Sequence[Configuration]) -> Graph:
    """The sources that the links join; only those, each once, and each artifact between two of them once."""
    owners = _owners(configurations)
    declared: dict[_Key, Range] = {}
    together: dict[tuple[_Key, _Key, str], bool] = {}
    left_out = 0
    for link in links:
        ends = dict(_end(end, owners) for end in (link.producer, link.consumer))
        if len(ends) < 2:
            continue
        producer, consumer = ends
        key = producer, consumer, link.artifact
        new = len(ends.keys() - declared.keys())
        if key not in together and (len(together) == MOST_EDGES or len(declared) + new > MOST_NODES):
            left_out += 1
            continue
        for end, place in ends.items():
            declared.setdefault(end, place)
        together[key] = together.get(key, False) or link.together
    numbers = {key: number for number, key in enumerate(declared)}
    wires = [(numbers[producer], numbers[consumer]) for producer, consumer, _ in together]
    back, order = _walked(len(numbers), dict.fromkeys(wires))
    layers = _layers(order, [wire for wire in wires if wire not in back])
    edges = (
        Edge(*wire, artifact, both, wire in back)
        for wire, ((_, _, artifact), both) in zip(wires, together.items(), strict=True)
    )
    return Graph(tuple(_nodes(declared, layers, configurations)), tuple(edges), left_out)


def _owners(configurations: Sequence[Configuration]) -> dict[int, int]:
    """The number of the template that a source, or the use of one, belongs to, by its id."""
    owners: dict[int, int] = {}
    for number, configuration in enumerate(configurations):
        owners.update((id(source), number) for source in configuration.sources)
        owners.update((id(use), number) for build in configuration.builds for use in build.uses)
    return owners


def _end(end: SourceUse | Source, owners: Mapping[int, int]) -> tuple[_Key, Range]:
    """A source and where it is declared; one that is not declared stands where it is used."""
    source = end.source if isinstance(end, SourceUse) else end
    owner = owners.get(id(end), -1)
    if source is not None:
        return (owner, source.key), source.header_range
    return (owner, f"{end.type}.{end.name}"), end.range


def _nodes(
    declared: Mapping[_Key, Range], layers: Sequence[int], configurations: Sequence[Configuration]
) -> Iterator[Node]:
    paths = {owner: configurations[owner].template.path for owner, _ in declared if owner >= 0}
    shared = Counter(paths.values())
    for ((owner, address), place), layer in zip(declared.items(), layers, strict=True):
        path = paths.get(owner)
        yield Node(address, path if path and shared[path] == 1 else place.document.path, place, layer)


def _walked(count: int, wires: Iterable[Wire]) -> tuple[frozenset[Wire], list[int]]:
    """The wires that close a cycle, and the nodes such that every other wire leads on from left to right."""
    after: list[list[int]] = [[] for _ in range(count)]
    for producer, consumer in wires:
        after[producer].append(consumer)
    back: set[Wire] = set()
    left: list[int] = []
    state = [0] * count  # 1 while what comes after a node is walked, 2 afterwards
    for start in range(count):
        path = [] if state[start] else [(start, iter(after[start]))]
        while path:
            node, rest = path[-1]
            state[node] = 1
            follower = next(rest, None)
            if follower is None:
                state[node] = 2
                left.append(node)
                path.pop()
            elif state[follower] == 1:
                back.add((node, follower))
            elif not state[follower]:
                path.append((follower, iter(after[follower])))
    return frozenset(back), left[::-1]


def _layers(order: Sequence[int], wires: Iterable[Wire]) -> list[int]:
    """For each node the length of the longest way to it."""
    after: dict[int, list[int]] = {}
    for producer, consumer in wires:
        after.setdefault(producer, []).append(consumer)
    layers = [0] * len(order)
    for node in order:
        for follower in after.get(node, ()):
            layers[follower] = max(layers[follower], layers[node] + 1)
    return layers
