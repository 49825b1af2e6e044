"""`try`, `can` and `convert` → values: they look at expressions (`ext/tryfunc`, `ext/typeexpr`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from packlint.evaluate.constraints import type_of_expression
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.scope import Scope
from packlint.syntax import Call, Expression
from packlint.value import BOOL, Failure, Known, Unknown, Value

Evaluate = Callable[[Expression, Scope], Value]


def called(expression: Call, scope: Scope, evaluate: Evaluate) -> Value:
    """The value of a call of one of the three."""
    if expression.expands:
        return Failure(f"`{expression.name}` cannot expand its arguments")
    return _CALLS[expression.name](expression, scope, evaluate)


def _try(expression: Call, scope: Scope, evaluate: Evaluate) -> Value:
    """The first argument that does not fail; one that is not known leaves the choice open."""
    if not expression.arguments:
        return Failure("`try` takes at least 1 argument, not 0")
    for argument in expression.arguments:
        value = evaluate(argument, scope)
        missing = _missing(value, scope)
        if not isinstance(missing, Failure):
            return replace(missing, sensitive=value.sensitive) if missing else value
    return Failure("every argument of `try` fails")


def _can(expression: Call, scope: Scope, evaluate: Evaluate) -> Value:
    if len(expression.arguments) != 1:
        return Failure(f"`can` takes 1 argument, not {len(expression.arguments)}", BOOL)
    value = evaluate(expression.arguments[0], scope)
    missing = _missing(value, scope)
    if missing and not isinstance(missing, Failure):
        return replace(missing, type=BOOL, sensitive=value.sensitive)
    return Known(missing is None, BOOL).marked(value.sensitive, value.default_of)


def _convert(expression: Call, scope: Scope, evaluate: Evaluate) -> Value:
    if len(expression.arguments) != 2:
        return Failure(f"`convert` takes 2 arguments, not {len(expression.arguments)}")
    scope.budget.spend((expression.range.end - expression.range.start) // 8)  # the type is made anew
    wanted = type_of_expression(expression.arguments[1])
    if wanted is None:
        return Failure("the second argument of `convert` is not a type")
    value = evaluate(expression.arguments[0], scope)
    scope.budget.weigh_conversion(value, wanted)
    if isinstance(value, Known) and value.to_be_supplied:
        return replace(to_be_supplied(value), type=wanted)
    converted = convert(value, wanted)
    if isinstance(converted, Failure) and not isinstance(value, Unknown):
        return replace(converted, because=f"`convert` failed: {converted.because}")
    return converted


def _missing(value: Value, scope: Scope) -> Unknown | None:
    """What a value fails at, else what in it is not known."""
    waiting: list[Value] = [value]
    unknown: Unknown | None = None
    while waiting:
        scope.budget.spend()
        current = waiting.pop()
        if isinstance(current, Failure):
            return current
        if isinstance(current, Unknown):
            unknown = unknown or current
        elif current.to_be_supplied:
            unknown = unknown or to_be_supplied(current)
        elif isinstance(current.data, tuple):
            waiting.extend(current.data)
        elif isinstance(current.data, Mapping):
            waiting.extend(current.data.values())
    return unknown


_CALLS: dict[str, Callable[[Call, Scope, Evaluate], Value]] = {"can": _can, "convert": _convert, "try": _try}
