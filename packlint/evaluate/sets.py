"""The elements of a set → each once, in the order in which HCL goes through them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from packlint.value import Unknown, Value

Key = tuple[object, ...]


def key_of(value: Value) -> Key:
    """What two known values have in common exactly when they are the same; unknowns are never the same."""
    if isinstance(value, Unknown) or value.to_be_supplied:
        return ("unknown", id(value))
    data = value.data
    if data is None:
        return ("null",)
    if isinstance(data, bool):
        return ("bool", data)
    if isinstance(data, int | Decimal):
        return ("number", data)
    if isinstance(data, str):
        return ("string", data)
    if isinstance(data, Mapping):
        return ("map", *((name, key_of(item)) for name, item in sorted(data.items())))
    return ("list", *map(key_of, data))


def _order(value: Value) -> tuple[int, object]:
    """Strings by their bytes, numbers by size, false before true; then what has no order, null, unknowns."""
    if isinstance(value, Unknown):
        return 5, ""
    data = value.data
    if data is None:
        return 4, ""
    if isinstance(data, bool):
        return 0, data
    if isinstance(data, int | Decimal):
        return 1, data
    # Strings sort by their UTF-8 bytes, which is the order of code points.
    return (2, data) if isinstance(data, str) else (3, repr(key_of(value)))


def distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    """The values without repetitions, each where it first stood."""
    seen: dict[Key, Value] = {}
    for value in values:
        seen.setdefault(key_of(value), value)
    return tuple(seen.values())


def ordered(values: Iterable[Value]) -> tuple[Value, ...]:
    """The elements of a set of these values."""
    return tuple(sorted(distinct(values), key=_order))
