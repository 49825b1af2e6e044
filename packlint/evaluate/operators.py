"""Operands and an operator → the result, with HCL's conversions and short circuits (`expression_ops.go`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from packlint.evaluate import numbers
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.failure import Failed
from packlint.evaluate.numbers import Number
from packlint.evaluate.sets import key_of
from packlint.evaluate.types import convertible, is_null, type_of
from packlint.value import ANY, BOOL, NUMBER, Failure, Known, Type, Unknown, Value

_ARITHMETIC: Mapping[str, Callable[[Number, Number], Number]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.modulo,
}
_COMPARISONS: Mapping[str, Callable[[Number, Number], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def operand(value: Value, wanted: Type) -> Value:
    """A value as an operator takes it: converted, not null, and not the empty default of a variable."""
    converted = convert(_supplied(value), wanted)
    if isinstance(converted, Known) and converted.data is None:
        return Failure("null is not a value to compute with", wanted, value.sensitive)
    return converted


def effort(operator: str, left: Value, right: Value) -> int:
    """Steps that an operator takes beyond the weight of its operands: fractions are slow."""
    if operator not in _ARITHMETIC or isinstance(left, Unknown) or isinstance(right, Unknown):
        return 0
    return numbers.EFFORT if operator in "/%" else numbers.effort(left.data, right.data)


def binary(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`."""
    if operator in ("==", "!="):
        return _marked(_equality(operator, left, right), left, right)
    if operator in ("||", "&&"):
        return _marked(_logical(operator, left, right), left, right)
    result_type = NUMBER if operator in _ARITHMETIC else BOOL
    ready = operand(left, NUMBER), operand(right, NUMBER)
    unknown = _first_unknown(*ready)
    if unknown:
        return _marked(replace(unknown, type=result_type), left, right)
    return _marked(_numeric(operator, *ready), left, right)


def _numeric(operator: str, left: Value, right: Value) -> Value:
    if not (isinstance(left, Known) and isinstance(right, Known)):
        return Failure("a number is required", NUMBER)
    one, other = left.data, right.data
    if not (isinstance(one, int | Decimal) and isinstance(other, int | Decimal)):
        return Failure("a number is required", NUMBER)
    if operator in _COMPARISONS:
        return Known(_COMPARISONS[operator](one, other), BOOL)
    try:
        return Known(_ARITHMETIC[operator](one, other), NUMBER)
    except Failed as failed:
        return Unknown(failed.reason, NUMBER)


def _logical(operator: str, left: Value, right: Value) -> Value:
    """One `true` decides `||` and one `false` decides `&&`, whatever the other side is.

    HCL takes a null for `false` where it decides.
    """
    ready = operand(left, BOOL), operand(right, BOOL)
    for given, side in zip((left, right), ready, strict=True):
        if isinstance(side, Failure) and isinstance(given, Known) and given.data is not None:
            return side
    decisive = operator == "||"
    for side in ready:
        if isinstance(side, Known) and side.data is decisive:
            return Known(decisive, BOOL)
    if not decisive and any(is_null(side) and not side.to_be_supplied for side in (left, right)):
        return Known(False, BOOL)
    unknown = _first_unknown(*ready)
    return replace(unknown, type=BOOL) if unknown else Known(not decisive, BOOL)


def _equality(operator: str, left: Value, right: Value) -> Value:
    answer = equal(left, right)
    return Known(answer is (operator == "=="), BOOL) if isinstance(answer, bool) else answer


def equal(left: Value, right: Value) -> bool | Unknown:
    """Whether two values are equal, which values of two types never are, but nulls always."""
    left, right = _supplied(left), _supplied(right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        unknown = _first_unknown(left, right)
        return replace(unknown, type=BOOL) if unknown else False
    if left.data is None or right.data is None:
        return left.data is right.data
    if not _comparable(type_of(left), type_of(right)):
        return False
    one, other = left.data, right.data
    if isinstance(one, tuple) and isinstance(other, tuple):
        if len(one) != len(other):
            return False
        return _all_equal(zip(one, other, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if one.keys() != other.keys():
            return False
        return _all_equal((one[name], other[name]) for name in sorted(one))
    return key_of(left) == key_of(right)


def _supplied(value: Value) -> Value:
    """The value; an unknown in place of the empty default of a variable."""
    return to_be_supplied(value) if isinstance(value, Known) and value.to_be_supplied else value


def _all_equal(pairs: Iterable[tuple[Value, Value]]) -> bool | Unknown:
    result: bool | Unknown = True
    for one, other in pairs:
        answer = equal(one, other)
        if answer is False:
            return False
        if isinstance(answer, Unknown) and result is True:
            result = answer
    return result


def _comparable(left: Type, right: Type) -> bool:
    """Whether the types are one type as far as they are known."""
    if left == right or ANY in (left, right):
        return True
    if left.kind != right.kind or left.kind in ("string", "number", "bool"):
        return False
    return convertible(left, right) and convertible(right, left)


def unary(operator: str, value: Value) -> Value:
    """`-value` or `!value`."""
    wanted = NUMBER if operator == "-" else BOOL
    ready = operand(value, wanted)
    if isinstance(ready, Unknown):
        return replace(ready, type=wanted)
    if isinstance(ready.data, bool):
        return replace(ready, data=not ready.data)
    if isinstance(ready.data, int | Decimal):
        return replace(ready, data=numbers.negate(ready.data))
    return ready


def _first_unknown(left: Value, right: Value) -> Unknown | None:
    """The unknown side; a failure before one that merely is not known."""
    unknowns = [side for side in (left, right) if isinstance(side, Unknown)]
    failures = [side for side in unknowns if isinstance(side, Failure)]
    return next(iter(failures or unknowns), None)


def _marked(result: Value, *operands: Value) -> Value:
    for value in operands:
        result = result.marked(value.sensitive, value.default_of)
    return result
