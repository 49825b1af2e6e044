"""Local values → what each is worth, each after those that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

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
    needed = {name: set(_needs(local.expression)) & by_name.keys() for name, local in by_name.items()}
    cyclic: set[str] = set()
    while True:
        try:
            yield from [(name, name in cyclic) for name in TopologicalSorter(needed).static_order()]
            return
        except CycleError as error:
            cyclic.update(error.args[1])
            needed.update((name, set()) for name in error.args[1])


def _needs(expression: Expression | None) -> Iterator[str]:
    if expression is not None:
        for traversal in traversals(expression):
            if traversal.root == "local" and traversal.steps and isinstance(traversal.steps[0].key, str):
                yield traversal.steps[0].key
