"""Local values → what each is worth, each after those that it depends on."""

from __future__ import annotations

from dataclasses import replace

from packlint.evaluate.expression import value_of
from packlint.evaluate.order import in_order
from packlint.evaluate.scope import Scope
from packlint.model import Configuration, Local
from packlint.value import Known, Unknown, Value


def local_values(configuration: Configuration, scope: Scope) -> tuple[Local, ...]:
    """The locals with their values; those that depend on themselves are unknown."""
    by_name = {local.name: local for local in reversed(configuration.locals)}
    values: dict[str, Value] = {}
    scope = scope.having({"local": Known(values)})
    expressions = {name: local.expression for name, local in reversed(by_name.items())}
    for name, cyclic in in_order(expressions, "local"):
        values[name] = _value(by_name[name], scope, cyclic)
    return tuple(replace(local, value=values[local.name]) for local in configuration.locals)


def _value(local: Local, scope: Scope, cyclic: bool) -> Value:
    if cyclic:
        return Unknown(f"`local.{local.name}` depends on itself")
    if local.expression is None:
        return Unknown(f"`local.{local.name}` has no expression")
    return value_of(local.expression, scope).marked(sensitive=local.sensitive)
