"""`try`, `can` and `convert` → values: they look at expressions (`ext/tryfunc`, `ext/typeexpr`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from packlint.evaluate.constraints import refusal, type_of_expression
from packlint.evaluate.convert import convert, to_be_supplied, without_optional
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import article, type_of
from packlint.record import record, replace
from packlint.syntax import Call, Expression
from packlint.value import ANY, BOOL, Failure, Known, Unknown, Value

Evaluate = Callable[[Expression, Scope], Value]


def called(expression: Call, scope: Scope, evaluate: Evaluate) -> Value:
    """The value of a call of one of the three."""
    arguments = _arguments(expression, scope, evaluate)
    if isinstance(arguments, Unknown):
        return arguments
    return _CALLS[expression.name](expression, arguments, scope)


def _arguments(expression: Call, scope: Scope, evaluate: Evaluate) -> list[Argument] | Unknown:
    """What computes each argument; `...` is computed at once, and has its elements in its place."""
    arguments: list[Argument] = [
        Argument(argument, partial(evaluate, argument, scope)) for argument in expression.arguments
    ]
    if not (expression.expands and arguments):
        return arguments
    last = arguments.pop().value()
    if isinstance(last, Unknown):
        return replace(last, type=ANY)
    if last.to_be_supplied:
        return to_be_supplied(last)
    if not isinstance(last.data, tuple):
        what = "null" if last.data is None else article(type_of(last))
        place = expression.arguments[-1].range
        return Failure(f"`...` cannot expand {what}", sensitive=last.sensitive, range=place)
    scope.budget.spend(len(last.data))
    elements = (item.marked(last.sensitive, last.default_of) for item in last.data)
    return arguments + [Argument(None, partial(_itself, item)) for item in elements]


@record
class Argument:
    """An argument, computed when it is asked for; an element of an expanded one has no expression."""

    expression: Expression | None
    value: Callable[[], Value]


def _itself(value: Value) -> Value:
    return value


def _try(expression: Call, arguments: list[Argument], scope: Scope) -> Value:
    """The first argument that does not fail; one that is not known leaves the choice open."""
    if not arguments:
        return Failure("`try` takes at least 1 argument, not 0")
    for argument in arguments:
        before = len(scope.failures)
        value = argument.value()
        missing = _missing(value, before, scope)
        if not isinstance(missing, Failure):
            return replace(missing, type=ANY, sensitive=value.sensitive) if missing else value
        del scope.failures[before:]
    return Failure("every argument of `try` fails")


def _can(expression: Call, arguments: list[Argument], scope: Scope) -> Value:
    if len(arguments) != 1:
        return Failure(f"`can` takes 1 argument, not {len(arguments)}", BOOL)
    before = len(scope.failures)
    value = arguments[0].value()
    missing = _missing(value, before, scope)
    del scope.failures[before:]
    if missing and not isinstance(missing, Failure):
        return replace(missing, type=BOOL, sensitive=value.sensitive)
    return Known(missing is None, BOOL).marked(value.sensitive, value.default_of)


def _convert(expression: Call, arguments: list[Argument], scope: Scope) -> Value:
    if len(arguments) != 2:
        return Failure(f"`convert` takes 2 arguments, not {len(arguments)}")
    scope.budget.spend((expression.range.end - expression.range.start) // 8)  # the type is made anew
    written = arguments[1].expression
    wrong = refusal(written, defaults=False) if written else None
    if wrong is not None:
        return replace(wrong, because=f"the second argument of `convert` is no type: {wrong.because}")
    wanted = type_of_expression(written) if written else None
    if wanted is None:
        return Failure("the second argument of `convert` is not a type", range=expression.range)
    value = arguments[0].value()
    wanted = without_optional(wanted)
    scope.budget.weigh_conversion(value, wanted)
    if isinstance(value, Known) and value.to_be_supplied:
        return replace(to_be_supplied(value), type=wanted)
    converted = convert(value, wanted)
    if isinstance(converted, Failure) and not isinstance(value, Failure):
        place = expression.arguments[0].range
        return replace(converted, because=f"`convert` failed: {converted.because}", range=place)
    return converted


def _missing(value: Value, before: int, scope: Scope) -> Unknown | None:
    """What has failed since there were so many failures, else what in the value is not known."""
    if len(scope.failures) > before:
        return scope.failures[before]
    unknown: Unknown | None = None
    waiting = [value]
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


_CALLS: dict[str, Callable[[Call, list[Argument], Scope], Value]] = {
    "can": _can,
    "convert": _convert,
    "try": _try,
}
