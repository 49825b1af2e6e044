"""An expression → its value by what stands for its kind, and what several kinds make of their parts."""

from __future__ import annotations

from collections.abc import Callable

from packlint import syntax
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import is_null, object_type, tuple_type
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import ANY, BOOL, STRING, Failure, Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HANDLERS: dict[type[Expression], Callable[[Any, Scope], Value]] = {}
"""What computes the value of each kind of expression; `expression.py` puts them together."""


def computed(expression: Expression, scope: Scope) -> Value:
    """The value of an expression within the scope's budget; raises TooLarge when that is spent."""
    scope.budget.spend()
    handler = HANDLERS.get(type(expression))
    if handler is None:
        return Unknown("an expression that is not understood")
    value = handler(expression, scope)
    return _failed(value, expression, scope) if isinstance(value, Failure) else value


def _failed(failure: Failure, expression: Expression, scope: Scope) -> Failure:
    """The failure of an expression, noted in the scope; its place is the expression, unless it has one."""
    if failure.range is None:
        failure = replace(failure, range=expression.range)
    if not scope.failures or scope.failures[-1] is not failure:
        scope.failures.append(failure)
    return failure


def at(value: Value, place: Expression) -> Value:
    """The value; a failure at a place, unless it has one."""
    return replace(value, range=place.range) if isinstance(value, Failure) and not value.range else value


def weighed(expression: Expression, scope: Scope) -> Value:
    """The value of an expression whose parts are to be looked at."""
    value = computed(expression, scope)
    if not isinstance(expression, syntax.Text):  # that has been counted
        scope.budget.weigh(value)
    return value


def condition_of(expression: Expression, scope: Scope) -> Known | Unknown:
    """A condition as a bool."""
    value = weighed(expression, scope)
    if isinstance(value, Unknown):
        return replace(value, type=BOOL)
    if is_null(value) and not value.to_be_supplied:
        return Failure("the condition is null", BOOL, value.sensitive, range=expression.range)
    from packlint.evaluate.operators import operand

    answer = operand(value, BOOL).marked(value.sensitive, value.default_of)
    return replace(answer, range=expression.range) if isinstance(answer, Failure) else answer


def key_of(expression: Expression, scope: Scope, looping: bool = False) -> Value:
    """A key of an object as a string; of a `for`, HCL does not look at the type of one that is not known."""
    value = weighed(expression, scope)
    if isinstance(value, Unknown) and looping:
        return replace(value, type=ANY)
    if is_null(value) and not value.to_be_supplied:
        return Failure("null is not a key", sensitive=value.sensitive, range=expression.range)
    if isinstance(value, Known) and value.type == STRING and value.data and isinstance(value.data, str):
        return value  # as nearly every key is: what the rest needs need not be imported
    from packlint.evaluate.operators import operand

    key = operand(value, STRING)
    return at(replace(key, type=ANY), expression) if isinstance(key, Unknown) else key


def made(items: tuple[Value, ...], scope: Scope) -> Known:
    """A tuple of these values."""
    scope.budget.weigh(*items)
    return Known(items, tuple_type(items))


def made_object(entries: dict[str, Value], marks: Value, scope: Scope) -> Value:
    """An object of these entries, with the marks of their keys."""
    scope.budget.read(sum(map(len, entries)))
    scope.budget.weigh(*entries.values())
    return Known(entries, object_type(entries), marks.sensitive, marks.default_of)
