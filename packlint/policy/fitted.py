"""A value and the schema of its argument → the value as the component gets it: `"2"` is a number to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from packlint.catalog import Schema
from packlint.evaluate.convert import convert
from packlint.record import replace
from packlint.value import ANY, BOOL, NUMBER, STRING, Known, Type, Unknown, Value

_SCALARS: Mapping[object, tuple[Type, type | tuple[type, ...]]] = {
    "string": (STRING, str),
    "number": (NUMBER, (int, Decimal)),
    "integer": (NUMBER, (int, Decimal)),
    "boolean": (BOOL, bool),
}

MOST = 1000
"""Elements of a value that are looked at; one that has more is left as it is."""


def fitted(value: Value, schema: Schema, legacy: bool) -> Value:
    """The value converted as HCL does; what cannot be converted stays as it is.

    The decoder of a `legacy` template makes a list of a single element, too, and one of text with commas
    (`StringToSliceHookFunc` in template/config/decode.go of the SDK).
    """
    if not isinstance(schema, Mapping):
        return value
    if isinstance(value, Unknown):
        return _unknown(value, schema.get("type"))
    if value.data is None or value.to_be_supplied:
        return value
    wanted, data = schema.get("type"), value.data
    if isinstance(data, tuple):
        inner = schema.get("items")
        if not isinstance(inner, Mapping) or len(data) > MOST:
            return value
        items = tuple(fitted(item, inner, legacy) for item in data)
        return value if _same(items, data) else replace(value, data=items, type=ANY)
    if isinstance(data, Mapping):
        return _entries(value, data, schema, legacy)
    if wanted == "array" and legacy:
        inner = schema.get("items", {})
        parts = _parts(value, data) if isinstance(data, str) else (value,)
        items = tuple(fitted(it, inner, legacy) for it in parts)
        return Known(items).marked(value.sensitive, value.default_of)
    return _scalar(value, wanted)


def _parts(value: Known, text: str) -> tuple[Known, ...]:
    """What stands between the commas of a text: nothing where it is empty."""
    parts = text.split(",", MOST) if text else []
    return (value,) if len(parts) > MOST else tuple(replace(value, data=it, type=STRING) for it in parts)


def _entries(value: Known, data: Mapping[str, Value], schema: Schema, legacy: bool) -> Value:
    known, further = schema.get("properties", {}), schema.get("additionalProperties")
    rest: Schema = further if isinstance(further, Mapping) else {}
    if not (known or rest) or len(data) > MOST:
        return value
    entries = {name: fitted(item, known.get(name, rest), legacy) for name, item in data.items()}
    same = _same(tuple(entries.values()), tuple(data.values()))
    return value if same else replace(value, data=entries, type=ANY)


def _unknown(value: Unknown, wanted: object) -> Unknown:
    """One that is certainly text may become a number, a bool or, in a legacy template, a list."""
    if value.type not in (STRING, NUMBER, BOOL) or not isinstance(wanted, str):
        return value
    type_ = _SCALARS[wanted][0] if wanted in _SCALARS else ANY
    return value if value.type == type_ else replace(value, type=type_)


def _scalar(value: Known, wanted: object) -> Value:
    type_, right = _SCALARS.get(wanted, (ANY, object)) if isinstance(wanted, str) else (ANY, object)
    data = value.data
    if isinstance(data, right) and isinstance(data, bool) <= (wanted == "boolean" or type_ == ANY):
        return value
    converted = convert(value, type_)
    return converted if isinstance(converted, Known) else value


def _same(one: tuple[Value, ...], other: tuple[Value, ...]) -> bool:
    return all(mine is theirs for mine, theirs in zip(one, other, strict=True))
