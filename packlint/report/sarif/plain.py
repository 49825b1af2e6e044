"""A class of the SARIF model and values → an object as JSON has it, by the names and order of the model.

The model's own objects are not made: each has a slot for all that SARIF knows of its kind, thirty for a
result, and a report has ten or twenty objects for each finding.
"""

from __future__ import annotations

from typing import Any

import attr

JsonObject = dict[str, Any]

_PLANS: dict[tuple[object, ...], tuple[tuple[str, str, object], ...]] = {}


def plain(kind: type, /, **values: Any) -> JsonObject:
    """An object of a class of the model without what is None or the default there, save levels.

    A result without a level has that of its rule, which is not the default of the schema. Raises KeyError for
    a name that the class does not have.
    """
    plan = _PLANS.get((kind, *values)) or _plan(kind, *values)
    return {
        key: value
        for name, key, default in plan
        if (value := values[name]) is not None and (value != default or name == "level")
    }


def _plan(kind: Any, *names: str) -> tuple[tuple[str, str, object], ...]:
    """For attributes of a class, in its order: the name of each, its name in JSON and its default."""
    known = {
        field.name: (field.name, field.metadata["schema_property_name"], _default(field.default))
        for field in attr.fields(kind)
    }
    found = {name: known[name] for name in names}
    _PLANS[(kind, *names)] = plan = tuple(it for name, it in known.items() if name in found)
    return plan


def _default(default: Any) -> object:
    return default.factory() if isinstance(default, attr.Factory) else default  # type: ignore[arg-type]
