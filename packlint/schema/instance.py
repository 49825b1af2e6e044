"""What an instance may hold besides plain data, and what can be said of two of its values."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from packlint.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

LARGEST_EXPONENT = 400
"""Powers of ten beyond this one are not computed with."""


class Open(dict[str, "Any"]):
    """An object that may have further members, of any name and value."""


class OpenList(list["Any"]):
    """An array that may have further elements, at any place."""


def every(verdicts: Iterable[bool | None]) -> bool | None:
    """True if all are, False if one is, else None."""
    found: bool | None = True
    for verdict in verdicts:
        if verdict is False:
            return False
        found = found and verdict
    return found


def some(verdicts: Iterable[bool | None]) -> bool | None:
    """True if one is, False if none is, else None."""
    found: bool | None = False
    for verdict in verdicts:
        if verdict:
            return True
        found = None if verdict is None else found
    return found


def number_of(value: Any) -> int | Decimal | None:
    """A finite number as it was written; None for everything else."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    from decimal import Decimal

    if isinstance(value, float):
        value = Decimal(repr(value))
    return value if isinstance(value, Decimal) and value.is_finite() else None


OF_TYPE: dict[type, frozenset[str]] = {
    dict: frozenset({"object"}),
    Open: frozenset({"object"}),
    list: frozenset({"array"}),
    OpenList: frozenset({"array"}),
    str: frozenset({"string"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    type(None): frozenset({"null"}),
}
"""The names of types that a Python type is always of."""


def types_of(instance: Any) -> frozenset[str]:
    """The names that JSON Schema has for the type of a value."""
    found = OF_TYPE.get(type(instance))
    if found is not None:
        return found
    number = number_of(instance)
    if number is None:
        return frozenset()
    whole = isinstance(number, int) or number == number.to_integral_value()
    return frozenset({"integer", "number"} if whole else {"number"})


def equal(one: Any, other: Any) -> bool | None:
    """Whether a value, which may hold unknowns, equals one of the schema, as JSON Schema has it."""
    if isinstance(one, str):
        return bool(one == other)
    if isinstance(one, Unknown):
        return None
    if isinstance(one, list) and isinstance(other, list):
        if isinstance(one, OpenList):
            return False if len(one) > len(other) else None
        return len(one) == len(other) and every(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        further = isinstance(one, Open)
        if not one.keys() <= other.keys() or (not further and len(one) != len(other)):
            return False
        found = every(equal(member, other[name]) for name, member in one.items())
        return None if found and further else found
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    number = number_of(one)
    return bool(one == other) if number is None else number == number_of(other)


def key_of(value: Any) -> Hashable | None:
    """What is equal for equal values; None for one that is not wholly known, or immense."""
    if isinstance(value, Unknown | Open | OpenList):
        return None
    if isinstance(value, dict):
        members = [(name, key_of(member)) for name, member in value.items()]
        return None if any(key is None for _, key in members) else frozenset(members)
    if isinstance(value, list):
        keys = [key_of(element) for element in value]
        return None if None in keys else tuple(keys)
    if value is None or isinstance(value, bool):
        return (type(value), value)
    if isinstance(value, str):
        return value
    number = number_of(value)
    return number if number is None or is_small(number) else None


def is_small(number: int | Decimal) -> bool:
    """Whether it is no immense number, with which little can be reckoned."""
    return isinstance(number, int) or abs(number.adjusted()) <= LARGEST_EXPONENT
