"""Lists and maps → lists, maps and answers (`cty/function/stdlib`, collection.go and sequence.go)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.convert import convert
from packlint.evaluate.functions.characters import characters
from packlint.evaluate.functions.checks import blamed, listed
from packlint.evaluate.functions.function import (
    LIST,
    STRINGS,
    Family,
    Parameter,
    Result,
    Wrong,
    entries,
    integer,
    items,
    known,
    seen,
    string_list,
    strings,
    whole,
)
from packlint.evaluate.giving_up import Failed, NotKnown, TooLarge
from packlint.evaluate.numbers import Number, add, effort
from packlint.evaluate.operators import equal
from packlint.evaluate.scope import Scope
from packlint.evaluate.sets import distinct
from packlint.evaluate.types import PRIMITIVES, tuple_type, type_of, unify
from packlint.record import replace
from packlint.value import ANY, BOOL, NUMBER, Known, Type, Unknown, Value

FAMILY = Family()
function = FAMILY.function

_BOOLS = Type("list", BOOL)
_ANYTHING = Parameter(ANY, nullable=True, unknown=True)
_LOOKED_AT = Parameter(ANY, unknown=True)
_MOST_NUMBERS = 1024
"""`range` makes no more."""


def _sequence(like: Known, values: tuple[Value, ...]) -> Known:
    """A list where the values come from a list or set, else a tuple."""
    if like.type.kind in ("list", "set"):
        return Known(values, Type("list", like.type.element or ANY))
    return Known(values, tuple_type(values))


def _as_given(value: Value, *_: object) -> Type:
    return type_of(value)


@function("alltrue", _BOOLS, returns=BOOL)
def _alltrue(value: Known) -> Result:
    found = items(value)
    if any(isinstance(item, Known) and item.data is not True for item in found):
        return False
    return all(known(item).data is True for item in found)


@function("anytrue", _BOOLS, returns=BOOL)
def _anytrue(value: Known) -> Result:
    found = items(value)
    if any(isinstance(item, Known) and item.data is True for item in found):
        return True
    return any(known(item).data is True for item in found)


def _chunks(value: Value, *_: object) -> Type:
    return Type("list", type_of(value))


@function("chunklist", LIST, NUMBER, returns=Type("list", LIST), shallow=True, typed=_chunks)
def _chunklist(value: Known, size: Number) -> Result:
    found, step = items(value), integer(size)
    if step < 0:
        raise Wrong(1, "the size is negative")
    step = step or max(len(found), 1)
    chunks = [found[start : start + step] for start in range(0, len(found), step)]
    return Known(tuple(replace(value, data=chunk) for chunk in chunks), Type("list", value.type))


def _common(*values: Value) -> Type:
    types = [type_of(value) for value in values]
    certain = [type_ for type_ in types if type_ != ANY]
    if len(certain) == len(types) or all(type_.kind in PRIMITIVES for type_ in certain):
        common = unify(certain or types)
        if common is None and certain == types:
            raise Failed(
                "the arguments have no type in common" if values else "at least one value is required"
            )
        return common or ANY
    return ANY


@function("coalesce", rest=_ANYTHING, typed=_common)
def _coalesce(*values: Value) -> Result:
    """The first value that is neither null nor the empty string."""
    common = _common(*values)
    for value in values:
        found = known(convert(known(value), common))
        if found.data is not None and found.data != "":
            return found
    raise Failed("all arguments are null or empty strings")


@function("coalescelist", rest=_ANYTHING, shallow=True)
def _coalescelist(*values: Value) -> Result:
    for number, value in enumerate(values):
        if isinstance(value, Unknown):
            break
        if type_of(value) == ANY:
            raise Wrong(number, "null of no type is not a list")
        blamed(number, listed, value)
    for value in values:
        found = known(value)
        if found.data:
            return found
    raise Failed("all arguments are null or empty")


@function("compact", STRINGS, returns=STRINGS)
def _compact(value: Known) -> Result:
    return replace(value, data=tuple(item for item in items(whole(value)) if known(item).data))


def _joined(*values: Value) -> Type:
    if all(value.type.kind == "list" for value in values):
        common = unify(value.type for value in values)
        if common is not None:
            return common
    elements: list[Type] = []
    for number, value in enumerate(values):
        type_ = blamed(number, listed, value)
        if isinstance(value, Unknown) and type_.kind != "tuple":  # how many elements it has is not known
            return ANY
        elements.extend(type_.elements or [type_.element or ANY] * len(value.items or ()))
    return Type("tuple", elements=tuple(elements))


@function("concat", rest=ANY, shallow=True, typed=_joined)
def _concat(*values: Known) -> Result:
    if not values:
        raise Failed("at least one list is required")
    _joined(*values)
    joined = tuple(item for value in values for item in items(value))
    if len(joined) > LARGEST_COLLECTION:
        raise TooLarge
    if all(value.type.kind == "list" for value in values):
        common = unify(value.type for value in values)
        if common is not None and common.element:
            element = common.element
            return Known(tuple(convert(item, element) for item in joined), common)
    return Known(joined, tuple_type(joined))


def _position(found: tuple[Value, ...], wanted: Value, exact: bool) -> int | None:
    """Where a value stands first; with `exact`, an unknown before it leaves that open."""
    missing: Unknown | None = None
    for position, item in enumerate(found):
        answer = equal(item, wanted)
        if answer is True:
            return position
        if isinstance(answer, Unknown):
            missing = missing or answer
            if exact:
                break
    if missing:
        raise NotKnown(missing)
    return None


@function("contains", ANY, ANY, returns=BOOL)
def _contains(value: Known, wanted: Known) -> Result:
    return _position(items(value), wanted, exact=False) is not None


@function("index", ANY, ANY, returns=NUMBER)
def _index(value: Known, wanted: Known) -> Result:
    position = _position(items(value, "list", "tuple"), wanted, exact=True)
    if position is None:
        raise Failed("the item is not in the list")
    return position


@function("distinct", LIST, returns=LIST, typed=_as_given)
def _distinct(value: Known) -> Result:
    return replace(value, data=distinct(items(whole(value))))


def _one_of(value: Value, index: Value) -> Type:
    type_ = blamed(0, listed, value)
    if type_.kind == "tuple" and isinstance(index, Known) and isinstance(index.data, int):
        return type_.elements[index.data % len(type_.elements)] if type_.elements else ANY
    return type_.element or ANY


@function("element", ANY, NUMBER, shallow=True, typed=_one_of)
def _element(value: Known, index: Number) -> Result:
    blamed(0, listed, value)
    found, position = items(value), integer(index)
    if position < 0:
        raise Wrong(1, "the index is negative")
    if not found:
        raise Wrong(0, "the list is empty")
    return found[position % len(found)]


@function("flatten", ANY, shallow=True)
def _flatten(value: Known) -> Result:
    if isinstance(value.data, Mapping):
        whole(value)  # Packer refuses one only when it is known
    flat: list[Value] = []
    waiting: list[Value] = [*reversed(items(value))]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Unknown) and item.type.kind in ("any", "list", "set", "tuple"):
            raise NotKnown(item)
        if isinstance(item, Known) and isinstance(item.data, tuple):
            inherited = [inner.marked(item.sensitive, item.default_of) for inner in items(known(item))]
            waiting.extend(reversed(inherited))
        else:
            flat.append(item)
        if len(flat) + len(waiting) > LARGEST_COLLECTION * 4:
            raise TooLarge
    return Known(tuple(flat), tuple_type(flat))


@function("length", _LOOKED_AT, returns=NUMBER, shallow=True)
def _length(value: Value) -> Result:
    """That of a tuple or an object is known by its type."""
    type_ = type_of(value)
    if type_.kind in ("bool", "number"):
        raise Failed("a string or a collection is required")
    seen(value)
    if type_.kind in ("tuple", "object"):
        return len(type_.elements) + len(type_.attributes)
    found = known(value)
    if isinstance(found.data, str):
        return len(characters(found.data))
    return len(items(found) if isinstance(found.data, tuple) else entries(found))


@function("range", returns=Type("list", NUMBER), rest=NUMBER, most=3, scoped=True)
def _range(scope: Scope, *limits: Number) -> Result:
    if not limits:
        raise Failed("at least one number is required")
    start, end = (limits[0], limits[1]) if len(limits) > 1 else (0, limits[0])
    step: Number = limits[2] if len(limits) == 3 else -1 if end < start else 1
    if not step and start != end:
        raise Failed("the step is zero")
    if (end > start) if step < 0 else (end < start):
        raise Failed("the step leads away from the end")
    numbers: list[Value] = []
    number: int | Decimal = start
    while number > end if step < 0 else number < end:
        if len(numbers) == _MOST_NUMBERS:
            raise Failed(f"it makes no more than {_MOST_NUMBERS} numbers")
        scope.budget.spend(1 + effort(number, step))
        numbers.append(Known(number, NUMBER))
        number = add(number, step)
    return Known(tuple(numbers), Type("list", NUMBER))


def _turned(value: Value) -> Type:
    type_ = type_of(value)
    if type_.kind in ("list", "set"):
        return Type("list", type_.element)
    listed(value)
    return replace(type_, elements=type_.elements[::-1])


@function("reverse", ANY, shallow=True, typed=_turned)
def _reverse(value: Known) -> Result:
    return _sequence(value, items(value)[::-1])


def _sliced(value: Value, start: Value, end: Value) -> Type:
    type_ = blamed(0, listed, value)
    first, last = (at.data if isinstance(at, Known) else None for at in (start, end))
    if type_.kind == "tuple" and isinstance(first, int) and isinstance(last, int):
        return replace(type_, elements=type_.elements[max(first, 0) : max(last, 0)])
    return type_ if type_.kind == "list" else ANY


@function("slice", ANY, NUMBER, NUMBER, shallow=True, typed=_sliced)
def _slice(value: Known, start: Number, end: Number) -> Result:
    blamed(0, listed, value)
    found, first, last = items(value), integer(start), integer(end)
    if not 0 <= first <= last <= len(found):
        raise Failed(f"{first} to {last} is out of range: there are {len(found)} elements")
    return _sequence(value, found[first:last])


@function("sort", STRINGS, returns=STRINGS)
def _sort(value: Known) -> Result:
    return string_list(sorted(strings(value)))
