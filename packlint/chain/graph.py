"""Links, or all images of a run → the graph that drawings show, in layers, each after all it starts from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from typing import Literal

from packlint.chain.bases import base
from packlint.chain.images import ArtifactGraph, Derivation, Image
from packlint.chain.missing import Missing, not_made
from packlint.document import Range
from packlint.model import Configuration, Source, SourceUse
from packlint.project import Link
from packlint.record import record, replace

MOST_NODES = 200
"""Sources in one drawing; more of them nobody can follow."""

MOST_EDGES = 400


@record
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


@record
class Edge:
    """An artifact between two nodes, which are numbers in `Graph.nodes`; "" for a name that is not told.

    `together` tells that one `packer build` starts both, and `back` that the edge closes a cycle.
    """

    producer: int
    consumer: int
    artifact: str
    together: bool
    back: bool


@record
class Graph:
    """Nodes and edges; `left_out` counts the links, and the images without any, that would be too many."""

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
    edges = [
        Edge(numbers[producer], numbers[consumer], artifact, both, back=False)
        for (producer, consumer, artifact), both in together.items()
    ]
    return replace(_layered([*_nodes(declared, configurations)], edges), left_out=left_out)


def whole(
    graph: ArtifactGraph,
    configurations: Sequence[Configuration],
    changed: AbstractSet[Image] = frozenset(),
    *,
    others: Callable[[], Sequence[Configuration]] = tuple,
    is_secret: Callable[[Range, str], bool] = lambda place, text: False,
) -> Graph:
    """All images of a run, as many as there are, in the order of `graph.images`; then what they start from.

    That are bases that nobody here makes, and what a build was to make and none does; where something is
    missing, `others` gives the templates that were not asked for, since one of them may make it. A name that
    `is_secret`, told the place that it comes from, is not told.
    """
    numbers = {image: number for number, image in enumerate(graph.images)}
    nodes = [_of_image(image, image in changed) for image in graph.images]
    edges = [
        Edge(numbers[it.producer], numbers[it.consumer], it.artifact, _together(it), back=False)
        for it in graph.derivations
    ]
    leaves: dict[tuple[str, ...], int] = {}

    def starts_from(leaf: Node, key: tuple[str, ...], image: Image) -> None:
        if key not in leaves:
            leaves[key] = len(nodes)
            nodes.append(leaf)
        edges.append(Edge(leaves[key], numbers[image], "", together=False, back=False))

    lacking = _lacking(configurations, others)
    for image in graph.images:
        lacks = lacking.get(id(image.use.source), ())
        for it in lacks:
            leaf = _of_missing(it, is_secret)
            starts_from(leaf, ("missing", it.need.directory if it.path else "", leaf.address), image)
        found = None if lacks or graph.bases(image) else base(image.use, image.configuration)
        if found is not None and not is_secret(found.range, found.name):
            starts_from(Node(found.name, found.what, found.range, 0, "base"), found.key, image)
    return _layered(nodes, edges)


NOT_MADE, SENSITIVE = "no build makes it", "(sensitive)"
"""What is said of what is missing, and in the place of its name where that is not to be told."""


def limited(graph: Graph) -> Graph:
    """As much of a graph as can be drawn: what images have to do with each other first, then their bases."""
    if len(graph.nodes) <= MOST_NODES and len(graph.edges) <= MOST_EDGES:
        return graph
    kept: dict[int, None] = {}
    edges: list[Edge] = []
    left_out = 0
    for edge in sorted(graph.edges, key=lambda it: graph.nodes[it.producer].kind == "base"):
        new = {edge.producer, edge.consumer} - kept.keys()
        if len(edges) == MOST_EDGES or len(kept) + len(new) > MOST_NODES:
            left_out += 1
            continue
        edges.append(edge)
        kept |= dict.fromkeys((edge.producer, edge.consumer))
    joined = {end for edge in graph.edges for end in (edge.producer, edge.consumer)}
    alone = [number for number in range(len(graph.nodes)) if number not in joined]
    room = MOST_NODES - len(kept)
    chosen = sorted({*kept, *alone[:room]})
    number_of = {old: new for new, old in enumerate(chosen)}
    return Graph(
        tuple(graph.nodes[number] for number in chosen),
        tuple(replace(it, producer=number_of[it.producer], consumer=number_of[it.consumer]) for it in edges),
        left_out + len(alone[room:]),
    )


def clusters(graph: Graph) -> tuple[dict[str, list[int]], list[int]]:
    """The images of templates that have several, by the place of these; and all other nodes."""
    places: dict[str, list[int]] = {}
    for number, node in enumerate(graph.nodes):
        if node.kind == "image":
            places.setdefault(node.place, []).append(number)
    together = {place: members for place, members in places.items() if len(members) > 1}
    inside = {number for members in together.values() for number in members}
    return together, [number for number in range(len(graph.nodes)) if number not in inside]


def lengths(graph: Graph, edges: Iterable[Edge]) -> list[int]:
    """For each node how many there are on the longest way to it along some of the edges, itself counted."""
    wires = [(edge.producer, edge.consumer) for edge in edges]
    back, order = _walked(len(graph.nodes), dict.fromkeys(wires))
    return [layer + 1 for layer in _layers(order, [wire for wire in wires if wire not in back])]


def _of_image(image: Image, changed: bool) -> Node:
    source = image.use.source
    place = image.use.range if source is None else source.header_range
    return Node(image.label, image.place, place, 0, steps=steps(image), changed=changed)


def _of_missing(it: Missing, is_secret: Callable[[Range, str], bool]) -> Node:
    argument = it.need.argument
    place = argument.expression.range
    hidden = argument.value.sensitive or argument.worth.sensitive or is_secret(place, it.need.name)
    return Node(SENSITIVE if hidden else it.need.name, NOT_MADE, place, 0, "missing")


def steps(image: Image) -> tuple[str, ...]:
    """What is done to an image, as `shell (3)`, and what is made of it then, as `→ compress → checksum`."""
    types = groupby(step.step.type for step in image.instance.provisioners)
    counted = ((type_, sum(1 for _ in alike)) for type_, alike in types)
    done = [f"{type_} ({number})" if number > 1 else type_ for type_, number in counted]
    chains = (" ".join(f"→ {step.step.type}" for step in chain) for chain in image.instance.chains)
    return (*done, *chains)


def _together(derivation: Derivation) -> bool:
    if derivation.link is not None:
        return derivation.link.together
    return derivation.producer.configuration is derivation.consumer.configuration


def _lacking(
    configurations: Sequence[Configuration], others: Callable[[], Sequence[Configuration]]
) -> dict[int, list[Missing]]:
    """What no build makes, by the id of the source that starts from it."""
    found = [it for it, _ in not_made(configurations)]
    if found and (more := others()):
        still = {_place(it) for it, _ in not_made((*configurations, *more))}
        found = [it for it in found if _place(it) in still]
    lacking: dict[int, list[Missing]] = {}
    for it in found:
        lacking.setdefault(id(it.need.source), []).append(it)
    return lacking


def _place(it: Missing) -> tuple[str, int, int]:
    return it.need.argument.expression.range.order


def _layered(nodes: Sequence[Node], edges: Sequence[Edge]) -> Graph:
    wires = [(edge.producer, edge.consumer) for edge in edges]
    back, order = _walked(len(nodes), dict.fromkeys(wires))
    layers = _layers(order, [wire for wire in wires if wire not in back])
    return Graph(
        tuple(replace(node, layer=layer) for node, layer in zip(nodes, layers, strict=True)),
        tuple(replace(it, back=wire in back) for it, wire in zip(edges, wires, strict=True)),
    )


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


def _nodes(declared: Mapping[_Key, Range], configurations: Sequence[Configuration]) -> Iterator[Node]:
    paths = {owner: configurations[owner].template.path for owner, _ in declared if owner >= 0}
    shared = Counter(paths.values())
    for (owner, address), place in declared.items():
        path = paths.get(owner)
        yield Node(address, path if path and shared[path] == 1 else place.document.path, place, 0)


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
