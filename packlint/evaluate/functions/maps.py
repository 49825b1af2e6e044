"""Maps and objects → their names, values and unions (`cty/function/stdlib`, collection.go)."""

from __future__ import annotations

from packlint.evaluate.convert import convert
from packlint.evaluate.functions.checks import blamed, listed, mapped
from packlint.evaluate.functions.function import (
    STRINGS,
    Family,
    Parameter,
    Result,
    entries,
    items,
    known,
    seen,
    string_list,
    strings,
)
from packlint.evaluate.giving_up import Failed
from packlint.evaluate.types import object_type, tuple_type, type_of
from packlint.value import ANY, STRING, Known, Type, Value, others

FAMILY = Family()
function = FAMILY.function


def _names(value: Value) -> Type:
    type_ = mapped(value)
    return STRINGS if type_.kind == "map" else ANY


@function("keys", Parameter(ANY, unknown=True, untyped=True), shallow=True, typed=_names)
def _keys(value: Value) -> Result:
    """Those of an object are known by its type."""
    type_ = mapped(value)
    seen(value)
    if type_.kind == "object":
        names = string_list([name for name, _ in type_.attributes])
        return Known(names.data, tuple_type(names.items or ()))
    return string_list(sorted(entries(known(value))))


def _held(value: Value) -> Type:
    type_ = mapped(value)
    if type_.kind == "object":
        return Type("tuple", elements=tuple(inner for _, inner in type_.attributes))
    return Type("list", type_.element) if type_.kind == "map" else ANY


@function("values", ANY, shallow=True, typed=_held)
def _values(value: Known) -> Result:
    seen(value)
    found = entries(value)
    inner = tuple(found[name] for name in sorted(found))
    if value.type.kind == "map":
        return Known(inner, Type("list", value.type.element or ANY))
    return Known(inner, tuple_type(inner))


def _looked_up(value: Value, key: Value, default: Value) -> Type:
    type_ = blamed(0, mapped, value)
    if type_.kind == "object":
        name = key.data if isinstance(key, Known) else None
        return ANY if name is None else dict(type_.attributes).get(str(name), type_of(default))
    return type_.element or ANY


@function("lookup", ANY, STRING, Parameter(ANY, unknown=True), shallow=True, typed=_looked_up)
def _lookup(value: Known, key: str, default: Value) -> Result:
    blamed(0, mapped, value)
    found = entries(value)
    if value.type.kind == "map":
        return found[key] if key in found else convert(default, value.type.element or ANY)
    return found.get(key) or others(value) or default


def _merged(*values: Value) -> Type:
    types = [blamed(number, mapped, value) for number, value in enumerate(values)]
    if ANY not in types and len(set(types)) == 1:
        return types[0]
    if any(type_.kind != "object" for type_ in types):
        return ANY
    attributes = {name: inner for type_ in types for name, inner in type_.attributes}
    return Type("object", attributes=tuple(sorted(attributes.items())))


@function("merge", rest=Parameter(ANY, nullable=True, untyped=False), shallow=True, typed=_merged)
def _merge(*values: Known) -> Result:
    merged: dict[str, Value] = {}
    _merged(*values)
    for value in values:
        if value.data is not None:
            if (unseen := others(value)) is not None:
                merged = dict.fromkeys(merged, unseen)
            merged.update(entries(value))
    if len({value.type for value in values}) == 1 and values[0].type.kind == "map":
        return Known(merged, values[0].type)
    return Known(merged, object_type(merged))


def _zipped(names: Value, value: Value) -> Type:
    type_ = blamed(1, listed, value)
    if type_.kind == "list":
        return Type("map", type_.element)
    keys = [item.data if isinstance(item, Known) else None for item in names.items or ()]
    if (
        type_.kind == "any"
        or not isinstance(names, Known)
        or len(keys) != len(type_.elements)
        or None in keys
    ):
        return ANY
    attributes = dict(zip(map(str, keys), type_.elements, strict=True))
    return Type("object", attributes=tuple(sorted(attributes.items())))


@function("zipmap", STRINGS, ANY, shallow=True, typed=_zipped)
def _zipmap(names: Known, value: Known) -> Result:
    blamed(1, listed, value)
    keys, found = strings(names), items(value)
    if len(keys) != len(found):
        raise Failed(f"there are {len(keys)} keys and {len(found)} values")
    zipped = dict(zip(keys, found, strict=True))
    listed_only = value.type.kind == "list"
    type_ = Type("map", value.type.element or ANY) if listed_only else object_type(zipped)
    result = Known(zipped, type_)
    for key in items(names):  # the names of entries carry no marks of their own
        result = result.marked(key.sensitive, key.default_of)
    return result
