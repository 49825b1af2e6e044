"""A schema → what the arguments are worth that a block leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from packlint.catalog import Schema, is_block, properties
from packlint.value import BOOL, NULL, NUMBER, STRING, Known, Unknown, Value

NONE = Known(())
"""No nested blocks of a type."""

_LEFT_OUT: dict[tuple[int, bool], tuple[Schema, Mapping[str, Value]]] = {}
"""What was asked before, by the id of the schema; it is kept beside it, so that no other has that id."""


def left_out(schema: Schema, beyond: bool = False) -> Mapping[str, Value]:
    """What each argument of a block is worth that is not given, and nested blocks that are not there.

    Of a plugin that is newer than the one that was read, `beyond` it, arguments may have other defaults.
    """
    key = id(schema), beyond
    if key not in _LEFT_OUT:
        _LEFT_OUT[key] = (
            schema,
            {
                name: _beyond(name, inner) if beyond else _worth(name, inner)
                for name, inner in properties(schema).items()
                if not inner.get("x-internal")
            },
        )
    return _LEFT_OUT[key][1]


def _beyond(name: str, schema: Schema) -> Value:
    return NONE if is_block(schema) else Unknown(f"newer plugins may have another default for `{name}`")


def _worth(name: str, schema: Schema) -> Value:
    if variables := schema.get("x-env"):
        listed = " or ".join(f"`{it}`" for it in variables)
        return Unknown(f"`{name}` is left out and may come from the environment, as {listed}")
    if schema.get("x-default-computed"):
        return Unknown(f"`{name}` is left out and has a default that depends on other things")
    if "x-default-sometimes" in schema:
        return Unknown(f"`{name}` is left out and has a default in some cases")
    if is_block(schema):
        return NONE
    return _default(name, schema["default"]) if "default" in schema else NULL


def _default(name: str, data: Any) -> Value:
    value = value_of_json(data)
    if isinstance(data, str) and "{{" in data:
        return Unknown(f"`{name}` is left out and has a default that is rendered while it is built")
    return value


def value_of_json(data: Any) -> Value:
    """Plain data as a value of HCL."""
    if isinstance(data, dict):
        return Known({name: value_of_json(it) for name, it in data.items()})
    if isinstance(data, list):
        return Known(tuple(map(value_of_json, data)))
    if isinstance(data, bool):
        return Known(data, BOOL)
    if isinstance(data, int | float):
        return Known(data if isinstance(data, int) else Decimal(str(data)), NUMBER)
    return NULL if data is None else Known(str(data), STRING)
