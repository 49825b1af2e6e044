"""A value and an attribute's name, an index or a splat → the value found there (hashicorp/hcl, `ops.go`)."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.types import PRIMITIVES, article, is_null, type_of
from packlint.record import replace
from packlint.value import ANY, NUMBER, STRING, Failure, Known, Type, Unknown, Value, others


def element_type(type_: Type, key: object) -> Type:
    """The type of what a collection of this type holds under a key, as far as it tells."""
    if type_.element:
        return type_.element
    if type_.kind == "tuple" and isinstance(key, int) and 0 <= key < len(type_.elements):
        return type_.elements[key]
    return dict(type_.attributes).get(key, ANY) if isinstance(key, str) else ANY


def attribute(value: Value, name: str, path: str) -> Value:
    """`value.name`; `path` is how the text writes it, for the reason of a failure."""
    if isinstance(value, Known) and value.to_be_supplied:
        return to_be_supplied(value)
    data = value.data if isinstance(value, Known) else None
    if isinstance(data, Mapping):
        if name in data:
            return data[name].marked(value.sensitive, value.default_of)
        return others(value) or _failure(f"there is no `{path}`", value)
    if isinstance(value, Failure) or (isinstance(value, Unknown) and value.type.kind in _WITH_ATTRIBUTES):
        return replace(value, type=element_type(value.type, name))
    what = "null" if is_null(value) else article(type_of(value))
    return _failure(f"`{path}` asks for an attribute of {what}", value)


_WITH_ATTRIBUTES = frozenset({"any", "object", "map"})


def _failure(because: str, *causes: Value) -> Failure:
    failure = Failure(because)
    for cause in causes:
        failure = failure.marked(cause.sensitive, cause.default_of)
    return failure


def index(collection: Value, key: Value) -> Value:
    """`collection[key]`."""
    for operand in (collection, key):
        if isinstance(operand, Known) and operand.to_be_supplied:
            return to_be_supplied(operand).marked(collection.sensitive or key.sensitive)
    for operand in (collection, key):
        if isinstance(operand, Failure):
            return replace(operand, type=ANY).marked(collection.sensitive or key.sensitive)
    if is_null(collection):
        return _failure("null has no elements", collection)
    if is_null(key):
        return _failure("null is not an index", collection, key)
    if isinstance(key, Unknown) and key.type == ANY:
        unknown = collection if isinstance(collection, Unknown) else key
        return replace(unknown, type=ANY, sensitive=collection.sensitive or key.sensitive)
    kind = _kind(collection)
    if kind in _UNINDEXED:
        return _failure(f"{article(type_of(collection))} has no elements to choose by index", collection)
    wanted = NUMBER if kind in ("list", "tuple") else ANY if kind == "any" else STRING
    ready = convert(key, wanted)
    if isinstance(ready, Failure):
        return _failure(ready.because, collection, key)
    found = _found(collection, ready)
    return found.marked(collection.sensitive, collection.default_of).marked(key.sensitive, key.default_of)


_UNINDEXED = PRIMITIVES | {"set"}


def _kind(value: Value) -> str:
    """The kind of a value's type, without a look at what it holds."""
    data = value.data if isinstance(value, Known) and value.type == ANY else None
    if isinstance(data, Mapping):
        return "object"
    return "tuple" if isinstance(data, tuple) else type_of(value).kind


def _found(collection: Value, key: Value) -> Value:
    """What stands under a key of the right type; where one of them is not known, an unknown."""
    if isinstance(collection, Unknown):
        data = key.data if isinstance(key, Known) else None
        return replace(collection, type=element_type(collection.type, data))
    if isinstance(key, Unknown):
        return replace(key, type=element_type(collection.type, None))
    if isinstance(collection.data, tuple):
        return _element(collection.data, key)
    name, data = str(key.data), collection.data
    if isinstance(data, Mapping) and name in data:
        return data[name]
    if (unseen := others(collection)) is not None:
        return unseen
    return Failure("there is no element of that name" if key.sensitive else f'there is no element "{name}"')


def _element(items: tuple[Value, ...], number: Known) -> Value:
    position = number.data
    if not isinstance(position, int):
        return Failure("an index must be a whole number")
    if not 0 <= position < len(items):
        shown = "the index" if number.sensitive else f"index {position}"
        count = "is 1 element" if len(items) == 1 else f"are {len(items)} elements"
        return Failure(f"{shown} is out of range: there {count}")
    return items[position]
