"""The keywords about a value as a whole: its type, its text, its size."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from packlint.schema.instance import (
    Open,
    OpenList,
    equal,
    is_small,
    key_of,
    number_of,
    some,
    types_of,
)
from packlint.schema.verdict import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST_TEXT = 1000
"""Characters; a pattern may take time that grows with the square of them."""


def _size(kind: type, open_kind: type, least: bool) -> Verdict:
    """The keyword about how many members or elements there are."""

    def decide(validator: Any, limit: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
        if not isinstance(instance, kind):
            return True
        size = len(instance)  # type: ignore[arg-type]
        fits = size >= limit if least else size <= limit
        return None if isinstance(instance, open_kind) and fits is not least else fits

    return decide


def _bound(fits: Callable[[Any, Any], bool]) -> Verdict:
    """The keyword that compares a number with a limit."""

    def decide(validator: Any, limit: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
        number, end = number_of(instance), number_of(limit)
        return number is None or end is None or fits(number, end)

    return decide


def _multiple_of(validator: Any, step: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    from fractions import Fraction

    number, size = number_of(instance), number_of(step)
    if number is None or size is None:
        return True
    if not (is_small(number) and is_small(size)):
        return None
    return (Fraction(number) / Fraction(size)).denominator == 1


def _type(validator: Any, types: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    found = types_of(instance)
    return types in found if isinstance(types, str) else not found.isdisjoint(types)


def _enum(validator: Any, values: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    return some(equal(instance, value) for value in values)


def _const(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    return equal(instance, value)


def _format(validator: Any, name: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    if name != "go-duration" or not isinstance(instance, str):
        return True
    from packlint.duration import is_duration

    return is_duration(instance)


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    if not isinstance(instance, str):
        return True
    return None if len(instance) > LONGEST_TEXT else re.search(pattern, instance) is not None


def _length(least: bool) -> Verdict:
    """The keyword about how many characters there are."""

    def decide(validator: Any, limit: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
        if not isinstance(instance, str):
            return True
        fits: bool = len(instance) >= limit if least else len(instance) <= limit
        return fits

    return decide


def _if_known(word: str) -> Verdict:
    """A keyword of jsonschema's own, which is undecided where anything is unknown."""

    def decide(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
        from jsonschema import Draft202012Validator

        if isinstance(instance, dict | list) and key_of(instance) is None:
            return None
        original = Draft202012Validator.VALIDATORS[word]
        return not any(True for _ in original(validator, value, instance, schema))

    return decide


DECIDED: dict[str, Verdict] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "format": _format,
    "minProperties": _size(dict, Open, True),
    "maxProperties": _size(dict, Open, False),
    "minItems": _size(list, OpenList, True),
    "maxItems": _size(list, OpenList, False),
    "minimum": _bound(lambda number, limit: number >= limit),
    "maximum": _bound(lambda number, limit: number <= limit),
    "exclusiveMinimum": _bound(lambda number, limit: number > limit),
    "exclusiveMaximum": _bound(lambda number, limit: number < limit),
    "multipleOf": _multiple_of,
    "minLength": _length(True),
    "maxLength": _length(False),
    "pattern": _pattern,
    "unevaluatedItems": _if_known("unevaluatedItems"),
    "unevaluatedProperties": _if_known("unevaluatedProperties"),
}
