"""Objects of the SARIF model → what `json` writes."""

from __future__ import annotations

from typing import Any

import attr

_PROPERTIES: dict[type, tuple[tuple[str, str, object], ...]] = {}


def plain(thing: Any) -> Any:
    """Objects as JSON has them, within lists too; what has its default is left out, save levels.

    A result without a level has that of its rule, which is not the default of the schema.
    """
    if isinstance(thing, list):
        return [plain(item) for item in thing]
    if not attr.has(type(thing)):
        return thing
    return {
        key: plain(value)
        for name, key, default in _properties(type(thing))
        if (value := getattr(thing, name)) is not None and (value != default or name == "level")
    }


def _properties(kind: type) -> tuple[tuple[str, str, object], ...]:
    """For a class of the object model: each attribute, its name in JSON and its default."""
    if kind not in _PROPERTIES:
        _PROPERTIES[kind] = tuple(
            (field.name, field.metadata["schema_property_name"], _default(field.default))
            for field in attr.fields(kind)
        )
    return _PROPERTIES[kind]


def _default(default: Any) -> object:
    return default.factory() if isinstance(default, attr.Factory) else default  # type: ignore[arg-type]
