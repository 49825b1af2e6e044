"""Names that need one another → an order in which each comes after those it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.syntax import Expression, traversals


def in_order(expressions: Mapping[str, Expression | None], root: str) -> Iterator[tuple[str, bool]]:
    """The names, each after those its expression needs, and whether it is part of a cycle.

    An expression needs a name where it refers to `root.name`.
    """
    needed = {
        name: [need for need in dict.fromkeys(_needs(expression, root)) if need in expressions]
        for name, expression in expressions.items()
    }
    for component in _components(needed):
        for name in component:
            yield name, len(component) > 1 or name in needed[name]


def _components(needed: dict[str, list[str]]) -> Iterator[list[str]]:
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
