"""A configuration → the variables whose value, or a part of it, is yet to be supplied."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.model import Configuration
from packlint.value import Known, Value

Awaited = frozenset[str]
"""Names of variables."""


def awaited(configuration: Configuration) -> Awaited:
    """The variables with an empty default, or one that holds something empty, and no other value."""
    return frozenset(
        variable.name
        for variable in configuration.variables
        if isinstance(variable.value, Known) and variable.value.default_of and _lacking(variable.value)
    )


def is_awaited(value: Value, names: Awaited) -> bool:
    """Whether a value is an empty default of a variable, a place for one that only a build has.

    An empty value that a default only chose, as in `var.debug ? "-v" : ""`, is none.
    """
    return value.to_be_supplied and value.default_of in names


def _lacking(value: Value) -> bool:
    """Whether a value or a part of it is empty."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if id(current) in seen or not isinstance(current, Known):
            continue
        seen.add(id(current))
        if current.data in ("", None, (), {}):
            return True
        if isinstance(current.data, tuple | Mapping):
            waiting += current.data.values() if isinstance(current.data, Mapping) else current.data
    return False
