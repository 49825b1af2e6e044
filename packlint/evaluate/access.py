"""A value and an attribute's name, an index or a splat → the value found there (hashicorp/hcl, `ops.go`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.types import article, type_of
from packlint.value import ANY, NUMBER, STRING, Failure, Known, Type, Unknown, Value


def element_type(type_: Type, key: str | int) -> Type:
    """The type of what a collection of this type holds under a key, as far as it tells."""
    if type_.element:
        return type_.element
    if type_.kind == "tuple" and isinstance(key, int) and 0 <= key < len(type_.elements):
        return type_.elements[key]
    return dict(type_.attributes).get(str(key), ANY) if type_.kind == "object" else ANY


def _inherited(found: Value, container: Known) -> Value:
    return found.marked(container.sensitive, container.default_of)


def attribute(value: Value, name: str, path: str) -> Value:
    """`value.name`; `path` is how the text writes it, for the reason of a failure."""
    if isinstance(value, Unknown):
        return replace(value, type=element_type(value.type, name))
    if value.to_be_supplied:
        return to_be_supplied(value)
    if value.data is None:
        return Failure(f"`{path}` asks for an attribute of null", sensitive=value.sensitive)
    if not isinstance(value.data, Mapping):
        kind = article(type_of(value))
        return Failure(f"`{path}` asks for an attribute of {kind}", sensitive=value.sensitive)
    if name not in value.data:
        return Failure(f"there is no `{path}`", sensitive=value.sensitive)
    return _inherited(value.data[name], value)


def index(collection: Value, key: Value) -> Value:
    """`collection[key]`."""
    for operand in (collection, key):
        if isinstance(operand, Known) and operand.to_be_supplied:
            return to_be_supplied(operand).marked(collection.sensitive or key.sensitive)
    sensitive = collection.sensitive or key.sensitive
    if isinstance(collection, Unknown):
        return replace(collection, type=_any_element(collection.type), sensitive=sensitive)
    if collection.data is None:
        return Failure("null has no elements", sensitive=sensitive)
    if isinstance(key, Unknown):
        return replace(key, type=_any_element(collection.type), sensitive=sensitive)
    if key.data is None:
        return Failure("null is not an index", sensitive=sensitive)
    found = _found(collection, key)
    return _inherited(found, collection).marked(key.sensitive, key.default_of)


def _any_element(type_: Type) -> Type:
    return type_.element or ANY


def _found(collection: Known, key: Known) -> Value:
    if isinstance(collection.data, tuple) and collection.type.kind != "set":
        return _element(collection.data, convert(key, NUMBER))
    if isinstance(collection.data, Mapping):
        name = convert(key, STRING)
        if isinstance(name, Known) and isinstance(name.data, str):
            found = collection.data.get(name.data)
            return Failure(f'there is no element "{name.data}"') if found is None else found
        return name
    return Failure(f"{article(type_of(collection))} has no elements to choose by index")


def _element(items: tuple[Value, ...], number: Value) -> Value:
    if isinstance(number, Unknown):
        return number
    position = number.data
    if isinstance(position, Decimal) or not isinstance(position, int):
        return Failure("an index must be a whole number")
    if not 0 <= position < len(items):
        return Failure(f"index {position} is out of range: there are {len(items)} elements")
    return items[position]
