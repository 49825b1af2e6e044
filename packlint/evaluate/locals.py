"""Local values → what each is worth, each after those that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.model import Configuration, Local
from packlint.syntax import Expression, traversals
from packlint.value import Known, Unknown, Value


def local_values(configuration: Configuration, scope: Scope) -> tuple[Local, ...]:
    """The locals with their values; those that depend on themselves are unknown."""
    by_name = {local.name: local for local in reversed(configuration.locals)}
    values: dict[str, Value] = {}
    scope = scope.having({"local": Known(values)})
    for name, cyclic in _in_order(by_name):
        values[name] = _value(by_name[name], scope, cyclic)
    return tuple(replace(local, value=values[local.name]) for local in configuration.locals)


def _value(local: Local, scope: Scope, cyclic: bool) -> Value:
    if cyclic:
        return Unknown(f"`local.{local.name}` depends on itself")
    if local.expression is None:
        return Unknown(f"`local.{local.name}` has no expression")
    return value_of(local.expression, scope).marked(sensitive=local.sensitive)


def _in_order(by_name: dict[str, Local]) -> Iterator[tuple[str, bool]]:
    """The names, each after those it needs, and whether it is part of a cycle."""
    needed = {
        name: [need for need in dict.fromkeys(_needs(local.expression)) if need in by_name]
        for name, local in reversed(by_name.items())
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


def _needs(expression: Expression | None) -> Iterator[str]:
    if expression is not None:
        for traversal in traversals(expression):
            if traversal.root == "local" and traversal.steps and isinstance(traversal.steps[0].key, str):
                yield traversal.steps[0].key
