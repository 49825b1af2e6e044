"""Names that need one another → an order in which each comes after those it needs, and their cycles."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from packlint.syntax import Expression, traversals


def in_order(expressions: Mapping[str, Expression | None], root: str) -> Iterator[tuple[str, bool]]:
    """The names, each after those its expression needs, and whether it is part of a cycle.

    An expression needs a name where it refers to `root.name`.
    """
    needed = {
        name: [need for need in dict.fromkeys(_needs(expression, root)) if need in expressions]
        for name, expression in expressions.items()
    }
    for component in components(needed):
        for name in component:
            yield name, len(component) > 1 or name in needed[name]


def cycle(component: Sequence[str], needed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The shortest way by which the first name of a component needs itself, from there on.

    It is empty where the name does not need itself.
    """
    first, within = component[0], frozenset(component)
    came_from: dict[str, str] = {}
    waiting = deque([first])
    while waiting:
        name = waiting.popleft()
        for need in needed[name]:
            if need == first:
                way = [name]
                while way[-1] != first:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if need in within and need not in came_from:
                came_from[need] = name
                waiting.append(need)
    return ()


def components(needed: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The names that need one another, together, each group after those it needs (Tarjan's algorithm)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}  # the first name that is reached from here and has no group yet
    ungrouped: list[str] = []
    for root, first in needed.items():
        path = [] if root in number else [(root, iter(first))]
        while path:
            name, rest = path[-1]
            if name not in number:
                number[name] = lowest[name] = len(number)
                ungrouped.append(name)
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[name])
                if lowest[name] == number[name]:
                    component = _taken(ungrouped, name)
                    for member in component:
                        del lowest[member]
                    yield component
            elif following not in number:
                path.append((following, iter(needed[following])))
            elif following in lowest:
                lowest[name] = min(lowest[name], number[following])


def _taken(names: list[str], last: str) -> list[str]:
    """The names from the end of a list to the one given, taken off it."""
    taken = [names.pop()]
    while taken[-1] != last:
        taken.append(names.pop())
    return taken


def _needs(expression: Expression | None, root: str) -> Iterator[str]:
    if expression is not None:
        for traversal in traversals(expression):
            if traversal.root == root and traversal.steps and isinstance(traversal.steps[0].key, str):
                yield traversal.steps[0].key
