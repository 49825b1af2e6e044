"""The keywords about the members of an object."""

from __future__ import annotations

import re
from collections.abc import Mapping

from packlint.schema.instance import Open, every
from packlint.schema.verdict import (
    Errors,
    Keyword,
    Verdict,
    decide,
    descend,
    says_nothing,
    undecided,
    unseen,
    violated,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _properties(validator: Any, properties: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, dict):
        return ()
    errors: list[Any] = []
    for name, member in instance.items():
        part = properties.get(name, True)
        if part is not True:
            errors += descend(validator, member, part, name)
    return errors or (() if _says_all(instance, properties) else undecided())


def _known_properties(
    validator: Any, properties: Any, instance: Any, schema: Mapping[str, Any]
) -> bool | None:
    if not isinstance(instance, dict):
        return True
    fewer, other = (properties, instance) if len(properties) < len(instance) else (instance, properties)
    found = every(decide(validator, instance[name], properties[name]) for name in fewer if name in other)
    return None if found and not _says_all(instance, properties) else found


def _says_all(instance: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
    """Whether no member that is not seen may be judged by `properties`."""
    if not isinstance(instance, Open):
        return True
    return all(says_nothing(part) for name, part in properties.items() if name not in instance)


def additional(instance: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """The members of an object that neither `properties` nor `patternProperties` speaks of."""
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", ())
    if instance.keys() <= named.keys():
        return []
    return [
        name
        for name in instance
        if name not in named and not any(re.search(pattern, name) for pattern in patterns)
    ]


def _additional_properties(validator: Any, part: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, dict):
        return ()
    errors: list[Any] = []
    for name in additional(instance, schema):
        if part is False:
            return violated("additionalProperties", part, instance, schema)
        errors += descend(validator, instance[name], part, name)
    return errors or unseen(Open, instance, part)


def _pattern_properties(validator: Any, parts: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, dict):
        return ()
    errors: list[Any] = []
    for pattern, part in parts.items():
        for name, member in instance.items():
            if re.search(pattern, name):
                errors += descend(validator, member, part, name)
        errors += unseen(Open, instance, part)
    return errors


def _property_names(validator: Any, part: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, dict):
        return ()
    errors = [error for name in instance for error in descend(validator, name, part)]
    return errors or unseen(Open, instance, part)


def _required(validator: Any, names: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    if not isinstance(instance, dict) or all(name in instance for name in names):
        return True
    return None if isinstance(instance, Open) else False


def _dependent_required(validator: Any, wanted: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    if not isinstance(instance, dict):
        return True
    further = isinstance(instance, Open)
    for name, others in wanted.items():
        if (name in instance or further) and not all(other in instance for other in others):
            return None if further else False
    return True


def _dependent_schemas(validator: Any, parts: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, dict):
        return ()
    errors: list[Any] = []
    for name, part in parts.items():
        if name in instance:
            errors += descend(validator, instance, part)
        elif isinstance(instance, Open) and decide(validator, instance, part) is not True:
            errors += undecided()
    return errors


DESCENDING: dict[str, Keyword] = {
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "patternProperties": _pattern_properties,
    "propertyNames": _property_names,
    "dependentSchemas": _dependent_schemas,
}

DECIDED: dict[str, Verdict] = {
    "properties": _known_properties,
    "required": _required,
    "dependentRequired": _dependent_required,
}
