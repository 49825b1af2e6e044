"""A graph of all images → a tree in text: below everything what starts from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from packlint.chain.cycles import cycles
from packlint.chain.draw.trim import end
from packlint.chain.graph import Edge, Graph, Node, lengths
from packlint.named import NamedTuple
from packlint.quantity import count
from packlint.visible import visible

Paint = Callable[..., str]
"""Adds colors to a text as `click.style` does, or nothing."""

DEEPEST = 24
"""Levels of the tree that are set in; a chain may be as long as a repository has templates."""

LEAST = 12
"""Columns that steps may take however little room there is."""

GAP = "   "


class Lines(NamedTuple):
    """What the tree is drawn with: before one of several, before the last, beside what is below these."""

    one: str = "├── "
    last: str = "└── "
    beside: str = "│   "
    nothing: str = "    "


PLAIN = Lines("|-- ", "`-- ", "|   ")
ASCII = str.maketrans({"→": "->", "←": "<-", "…": "...", "·": "-"})
"""For screens that know no other characters."""


def tree(graph: Graph, paint: Paint, width: int = 100, *, ascii_only: bool = False) -> str:
    """The tree, a blank line between what has nothing to do with each other where something hangs together.

    Roots are bases, what is missing, and images of which no base is known. What starts from several is shown
    in full at the first, and named at the others. Cycles come at the end.
    """
    drawn = _Tree(graph, paint, width, ascii_only)
    return "".join(f"{line}\n" for line in (*drawn.roots(), *drawn.circles()))


def summary(graph: Graph, templates: int) -> str:
    """`22 templates, 28 images, 3 derived, longest chain 2`."""
    images = [number for number, node in enumerate(graph.nodes) if node.kind == "image"]
    between = [edge for edge in graph.edges if graph.nodes[edge.producer].kind == "image"]
    said = [count(templates, "template"), count(len(images), "image")]
    if between:
        said.append(f"{len({edge.consumer for edge in between})} derived")
        said.append(f"longest chain {max(lengths(graph, between))}")
    if circles := cycles(graph):
        said.append(count(len(circles), "cycle"))
    if missing := sum(node.kind == "missing" for node in graph.nodes):
        said.append(f"{missing} missing")
    return f"{', '.join(said)}\n"


def to_build_again(
    told: Sequence[tuple[str, str]], images: int, paint: Paint, *, ascii_only: bool = False
) -> str:
    """A line for each image that has to be built again, with the reason, and how many there are of all."""
    lines = [f"{paint(visible(name), bold=True)}: {visible(reason)}" for name, reason in told]
    if lines:
        lines.append("")
    lines.append(f"{len(told)} of {count(images, 'image')} to build again")
    text = "".join(f"{line}\n" for line in lines)
    return text.translate(ASCII) if ascii_only else text


class _Tree:
    """Draws one graph."""

    def __init__(self, graph: Graph, paint: Paint, width: int, ascii_only: bool) -> None:
        self.graph = graph
        self.paint = paint
        self.width = width
        self.ascii_only = ascii_only
        self.lines = PLAIN if ascii_only else Lines()
        self.below: list[list[Edge]] = [[] for _ in graph.nodes]
        self.above = Counter(edge.consumer for edge in graph.edges if not edge.back)
        for edge in graph.edges:
            if not edge.back:
                self.below[edge.producer].append(edge)
        self.shown: set[int] = set()

    def roots(self) -> Iterator[str]:
        """All lines but those about cycles."""
        first = {
            number: min((it.consumer for it in below), default=number)
            for number, below in enumerate(self.below)
        }
        roots = [number for number in range(len(self.graph.nodes)) if not self.above[number]]
        before = False
        for position, root in enumerate(sorted(roots, key=lambda it: (min(it, first[it]), it))):
            has_more = bool(self.below[root])
            if position and (has_more or before):
                yield ""
            before = has_more
            yield from self._drawn(root)

    def _drawn(self, root: int) -> Iterator[str]:
        """A root with all below it; the tree may be deep, so that the walk keeps its own stack."""
        waiting: list[tuple[int, str, str, Edge | None]] = [(root, "", "", None)]
        while waiting:
            number, head, below, edge = waiting.pop()
            again = number in self.shown
            self.shown.add(number)
            more = [] if again else self.below[number]
            yield self._line(number, head, edge, again)
            deeper = len(below) < DEEPEST * len(self.lines.nothing)
            for position, it in reversed([*enumerate(more)]):
                is_last = position == len(more) - 1
                mark = self.lines.last if is_last else self.lines.one
                rest = (self.lines.nothing if is_last else self.lines.beside) if deeper else ""
                waiting.append((it.consumer, below + mark, below + rest, it))

    def _line(self, number: int, head: str, edge: Edge | None, again: bool) -> str:
        node = self.graph.nodes[number]
        name = self._plain(title(node))
        notes = [GAP.join(_notes(node))] if not again else ["shown above"]
        if edge is not None and edge.artifact:
            notes.insert(0, f"← {edge.artifact}")
        room = max(LEAST, self.width - len(head) - len(name) - len(GAP))
        note = end(self._plain(GAP.join(filter(None, notes))), room)
        return (
            head + self._painted(name, node) + (GAP + self.paint(self._plain(note), dim=True) if note else "")
        )

    def _painted(self, name: str, node: Node) -> str:
        if node.kind == "missing":
            return self.paint(name, fg="red", bold=True)
        if node.changed:
            return self.paint(name, fg="yellow", bold=True)
        return self.paint(name, bold=True) if node.kind == "image" else self.paint(name, fg="cyan")

    def circles(self) -> Iterator[str]:
        """A line for each cycle."""
        for position, cycle in enumerate(cycles(self.graph)):
            names = [title(self.graph.nodes[number]) for number in (*cycle, cycle[0])]
            if not position:
                yield ""
            yield self.paint(self._plain(f"cycle: {' → '.join(names)}"), fg="red", bold=True)

    def _plain(self, text: str) -> str:
        return visible(text).translate(ASCII) if self.ascii_only else visible(text)


def title(node: Node) -> str:
    """What a node is called: an image with its template, as settings name it."""
    return f"{node.place}:{node.address}" if node.kind == "image" else node.address


def _notes(node: Node) -> Sequence[str]:
    if node.kind != "image":
        return (node.place,)
    done = " · ".join(step for step in node.steps if not step.startswith("→"))
    made = " ".join(step for step in node.steps if step.startswith("→"))
    return tuple(filter(None, (done, made)))
