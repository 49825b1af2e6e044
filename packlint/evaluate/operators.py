"""Operands and an operator → the result, with HCL's conversions and short circuits (`expression_ops.go`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from packlint.document import Range
from packlint.evaluate import numbers
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.numbers import Number
from packlint.evaluate.sets import key_of
from packlint.evaluate.types import convertible, is_null, type_of
from packlint.record import replace
from packlint.value import ANY, BOOL, NUMBER, Failure, Known, Type, Unknown, Value, others

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
LOGICAL = frozenset({"&&", "||"})


def operand(value: Value, wanted: Type) -> Value:
    """A value as an operator takes it: converted, not null, and not the empty default of a variable."""
    converted = convert(_supplied(value), wanted)
    if isinstance(converted, Known) and converted.data is None:
        because = "null is not a value to compute with"
        return Failure(because, wanted, value.sensitive, value.default_of)
    return converted


def effort(operator: str, left: Value, right: Value) -> int:
    """Steps that an operator takes beyond the weight of its operands: fractions are slow."""
    if operator not in _ARITHMETIC or isinstance(left, Unknown) or isinstance(right, Unknown):
        return 0
    return numbers.EFFORT if operator in "/%" else numbers.effort(left.data, right.data)


def binary(operator: str, left: Value, right: Value, places: tuple[Range, ...] = ()) -> Value:
    """`left operator right`, with both operands' places for failures."""
    if operator in ("==", "!="):
        return _marked(_equality(operator, left, right), left, right)
    wanted = BOOL if operator in LOGICAL else NUMBER
    ready = _placed((operand(left, wanted), operand(right, wanted)), places)
    if operator in LOGICAL:
        return _marked(_logical(operator, (left, right), ready), left, right)
    unknown = _first_unknown(*ready)
    if unknown:
        return _marked(replace(unknown, type=NUMBER if operator in _ARITHMETIC else BOOL), left, right)
    return _marked(_numeric(operator, *ready), left, right)


def _placed(operands: tuple[Value, Value], places: tuple[Range, ...]) -> tuple[Value, Value]:
    """The operands, each failure among them at its place."""
    if not places or not any(isinstance(side, Failure) for side in operands):
        return operands
    left, right = (
        replace(side, range=place) if isinstance(side, Failure) and side.range is None else side
        for side, place in zip(operands, places, strict=True)
    )
    return left, right


def _numeric(operator: str, left: Value, right: Value) -> Value:
    if not (isinstance(left, Known) and isinstance(right, Known)):
        return Failure("a number is required", NUMBER)
    one, other = left.data, right.data
    if not (isinstance(one, int | Decimal) and isinstance(other, int | Decimal)):
        return Failure("a number is required", NUMBER)
    if operator in _COMPARISONS:
        return Known(_COMPARISONS[operator](one, other), BOOL)
    if operator == "/" and not other:  # Packer goes on with an infinite number
        return Unknown("division by zero", NUMBER) if one else Failure("zero divided by zero", NUMBER)
    return Known(_ARITHMETIC[operator](one, other), NUMBER)


def _logical(operator: str, given: tuple[Value, Value], ready: tuple[Value, Value]) -> Value:
    """One `true` decides `||` and one `false` decides `&&`, whatever the other side is.

    HCL takes a null for `false` where it decides, and of two unknown sides it looks at the left one only.
    """
    for value, side in zip(given, ready, strict=True):
        failed = isinstance(side, Failure) and not isinstance(value, Failure)
        if failed and not (is_null(value) and convertible(type_of(value), BOOL)):
            return side
    if any(decides(operator, side) for side in given):
        return Known(operator == "||", BOOL)
    left, right = ready
    if isinstance(left, Unknown) and not isinstance(left, Failure):
        return replace(left, type=BOOL)
    if isinstance(right, Unknown) and not isinstance(right, Failure) and is_null(given[0]):
        return replace(right, type=BOOL)
    unknown = _first_unknown(*ready)
    return replace(unknown, type=BOOL) if unknown else Known(operator == "&&", BOOL)


def decides(operator: str, side: Value) -> bool:
    """Whether one operand decides a logical operation, whatever the other is."""
    if not isinstance(side, Known) or side.to_be_supplied:
        return False
    if side.data is None:
        return operator == "&&"
    ready = convert(side, BOOL)
    return isinstance(ready, Known) and ready.data is (operator == "||")


def _equality(operator: str, left: Value, right: Value) -> Value:
    answer = equal(left, right)
    return Known(answer is (operator == "=="), BOOL) if isinstance(answer, bool) else answer


def equal(left: Value, right: Value) -> bool | Unknown:
    """Whether two values are equal, which values of two types never are, but nulls always."""
    left, right = _supplied(left), _supplied(right)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        unknown = _first_unknown(left, right)
        if unknown is None or _begin_apart(left, right):
            return False
        if not isinstance(unknown, Failure) and _of_two_kinds(left, right):
            return False
        return replace(unknown, type=BOOL)
    if left.data is None or right.data is None:
        return left.data is right.data
    if (unseen := others(left) or others(right)) is not None:
        return replace(unseen, type=BOOL)
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


def _of_two_kinds(left: Value, right: Value) -> bool:
    """Whether two values, of which one is not known, cannot be equal for their types."""
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        return False  # both may be null
    kinds = {type_of(left).kind, type_of(right).kind}
    return len(kinds) == 2 and "any" not in kinds and not (is_null(left) or is_null(right))


def _begin_apart(left: Value, right: Value) -> bool:
    """Whether two values, of which one is a text whose end is not known, begin with different things."""
    one, other = (it.begins if isinstance(it, Unknown) else it.data for it in (left, right))
    if isinstance(left, Known) or isinstance(right, Known):
        begins, data = (one, other) if isinstance(left, Unknown) else (other, one)
        return bool(begins) and (data is None or (isinstance(data, str) and not data.startswith(str(begins))))
    return not (str(one).startswith(str(other)) or str(other).startswith(str(one)))


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
