"""Lists and maps → lists, maps and answers (`cty/function/stdlib`, collection.go and sequence.go)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.convert import convert
from packlint.evaluate.failure import Failed, NotKnown, TooLarge
from packlint.evaluate.functions.function import (
    LIST,
    STRINGS,
    Family,
    Parameter,
    Result,
    entries,
    integer,
    items,
    known,
    string_list,
    strings,
    whole,
)
from packlint.evaluate.functions.strings import characters
from packlint.evaluate.numbers import Number, add, effort
from packlint.evaluate.operators import equal
from packlint.evaluate.scope import Scope
from packlint.evaluate.sets import distinct
from packlint.evaluate.types import object_type, tuple_type, type_of, unify
from packlint.value import ANY, BOOL, NUMBER, STRING, Known, Type, Unknown, Value

FAMILY = Family()
function = FAMILY.function

_BOOLS = Type("list", BOOL)
_ANYTHING = Parameter(ANY, nullable=True, unknown=True)
_MOST_NUMBERS = 1024
"""`range` makes no more."""


def _sequence(like: Known, values: tuple[Value, ...]) -> Known:
    """A list where the values come from a list or set, else a tuple."""
    if like.type.kind in ("list", "set"):
        return Known(values, Type("list", like.type.element or ANY))
    return Known(values, tuple_type(values))


@function("alltrue", _BOOLS, returns=BOOL)
def _alltrue(value: Known) -> Result:
    return all(known(item).data is True for item in items(value))


@function("anytrue", _BOOLS, returns=BOOL)
def _anytrue(value: Known) -> Result:
    found = items(value)
    if any(isinstance(item, Known) and item.data is True for item in found):
        return True
    return any(known(item).data is True for item in found)


@function("chunklist", LIST, NUMBER, returns=Type("list", LIST), shallow=True)
def _chunklist(value: Known, size: Number) -> Result:
    found, step = items(value), integer(size)
    if step < 0:
        raise Failed("the size is negative")
    step = step or max(len(found), 1)
    chunks = [found[start : start + step] for start in range(0, len(found), step)]
    return Known(tuple(replace(value, data=chunk) for chunk in chunks), Type("list", value.type))


@function("coalesce", rest=_ANYTHING)
def _coalesce(*values: Value) -> Result:
    """The first value that is neither null nor the empty string."""
    common = unify(map(type_of, values))
    if common is None:
        raise Failed("the arguments have no type in common")
    for value in values:
        found = known(convert(known(value), common))
        if found.data is not None and found.data != "":
            return found
    raise Failed("all arguments are null or empty strings")


@function("coalescelist", rest=_ANYTHING, shallow=True)
def _coalescelist(*values: Value) -> Result:
    for value in values:
        found = known(value)
        if items(found, "list", "tuple"):
            return found
    raise Failed("all arguments are null or empty")


@function("compact", STRINGS, returns=STRINGS)
def _compact(value: Known) -> Result:
    return replace(value, data=tuple(item for item in items(whole(value)) if known(item).data))


@function("concat", rest=ANY, shallow=True)
def _concat(*values: Known) -> Result:
    if not values:
        raise Failed("at least one list is required")
    joined = tuple(item for value in values for item in items(value, "list", "tuple"))
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


@function("distinct", LIST, returns=LIST)
def _distinct(value: Known) -> Result:
    return replace(value, data=distinct(items(whole(value))))


@function("element", ANY, NUMBER, shallow=True)
def _element(value: Known, index: Number) -> Result:
    found, position = items(value, "list", "tuple"), integer(index)
    if position < 0:
        raise Failed("the index is negative")
    if not found:
        raise Failed("the list is empty")
    return found[position % len(found)]


@function("flatten", ANY, shallow=True)
def _flatten(value: Known) -> Result:
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


@function("keys", ANY, shallow=True)
def _keys(value: Known) -> Result:
    names = string_list(sorted(entries(value)))
    return names if value.type.kind == "map" else Known(names.data, tuple_type(names.items or ()))


@function("values", ANY, shallow=True)
def _values(value: Known) -> Result:
    found = entries(value)
    inner = tuple(found[name] for name in sorted(found))
    if value.type.kind == "map":
        return Known(inner, Type("list", value.type.element or ANY))
    return Known(inner, tuple_type(inner))


@function("length", ANY, returns=NUMBER, shallow=True)
def _length(value: Known) -> Result:
    if isinstance(value.data, str):
        return len(characters(value.data))
    if isinstance(value.data, tuple):
        return len(items(value))
    return len(entries(value))


@function("lookup", ANY, STRING, Parameter(ANY, unknown=True), shallow=True)
def _lookup(value: Known, key: str, default: Value) -> Result:
    found = entries(value)
    if value.type.kind == "map":
        return found[key] if key in found else convert(default, value.type.element or ANY)
    return found.get(key, default)


@function("merge", rest=Parameter(ANY, nullable=True), shallow=True)
def _merge(*values: Known) -> Result:
    merged: dict[str, Value] = {}
    for value in values:
        if value.data is not None:
            merged.update(entries(value))
    if len({value.type for value in values}) == 1 and values[0].type.kind == "map":
        return Known(merged, values[0].type)
    return Known(merged, object_type(merged))


@function("range", returns=Type("list", NUMBER), rest=NUMBER, most=3, scoped=True)
def _range(scope: Scope, *limits: Number) -> Result:
    if not limits:
        raise Failed("at least one number is required")
    start, end = (limits[0], limits[1]) if len(limits) > 1 else (0, limits[0])
    step: Number = limits[2] if len(limits) == 3 else -1 if end < start else 1
    if not step:
        raise Failed("the step is zero")
    if (end > start) if step < 0 else (end < start):
        raise Failed("the step leads away from the end")
    numbers: list[Value] = []
    number: int | Decimal = start
    while number > end if step < 0 else number < end:
        if len(numbers) == _MOST_NUMBERS:
            raise Failed(f"it makes no more than {_MOST_NUMBERS} numbers")
        scope.budget.spend(effort(number, step))
        numbers.append(Known(number, NUMBER))
        number = add(number, step)
    return Known(tuple(numbers), Type("list", NUMBER))


@function("reverse", ANY, shallow=True)
def _reverse(value: Known) -> Result:
    return _sequence(value, items(value)[::-1])


@function("slice", ANY, NUMBER, NUMBER, shallow=True)
def _slice(value: Known, start: Number, end: Number) -> Result:
    found, first, last = items(value, "list", "tuple"), integer(start), integer(end)
    if not 0 <= first <= last <= len(found):
        raise Failed(f"{first} to {last} is out of range: there are {len(found)} elements")
    return _sequence(value, found[first:last])


@function("sort", STRINGS, returns=STRINGS)
def _sort(value: Known) -> Result:
    return string_list(sorted(strings(value)))


@function("zipmap", STRINGS, ANY, shallow=True)
def _zipmap(names: Known, value: Known) -> Result:
    keys, found = strings(names), items(value, "list", "tuple")
    if len(keys) != len(found):
        raise Failed(f"there are {len(keys)} keys and {len(found)} values")
    zipped = dict(zip(keys, found, strict=True))
    if value.type.kind == "list":
        return Known(zipped, Type("map", value.type.element or ANY))
    return Known(zipped, object_type(zipped))
