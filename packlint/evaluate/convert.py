"""A value and the type that is wanted → the value as that type, by the rules of go-cty (`cty/convert`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from packlint.evaluate.types import article, convertible, members, type_of, unify
from packlint.record import replace
from packlint.value import ANY, BOOL, NUMBER, STRING, Failure, Known, Type, Unknown, Value, others

TEXTS = {"true": True, "1": True, "false": False, "0": False}


def convert(value: Value, wanted: Type) -> Value:
    """The value as the wanted type, its marks kept; a Failure says why it cannot be.

    Unknowns stay unknown and take the wanted type, at the top and inside collections.
    """
    if wanted == ANY:
        return value
    given = type_of(value)
    if isinstance(value, Unknown):
        if not convertible(given, wanted):
            return Failure(f"{article(wanted)} is required", wanted, value.sensitive, value.default_of)
        return replace(value, type=_settled(wanted, given))
    if given == wanted and not wanted.optional:
        return value if value.type == given else replace(value, type=given)
    if value.data is None and convertible(given, wanted):
        return replace(value, type=_settled(wanted, given))
    converted = _CONVERSIONS[wanted.kind](value, wanted)
    if not isinstance(converted, Failure):
        return converted
    if value.to_be_supplied:
        return to_be_supplied(value)
    return converted.marked(value.sensitive, value.default_of)


def to_be_supplied(value: Known) -> Unknown:
    """What becomes of an operation on the empty default of a variable."""
    name = f"`var.{value.default_of}`"
    return Unknown(
        f"the default of {name} leaves it empty: a value is to be supplied", sensitive=value.sensitive
    )


def _settled(wanted: Type, given: Type) -> Type:
    """The wanted type; an element type left open is taken from the given one."""
    if wanted.element == ANY and given.kind in ("list", "set", "map"):
        return replace(wanted, element=given.element)
    if wanted.element == ANY and given.kind in ("tuple", "object"):
        return replace(wanted, element=unify(members(given)) or ANY)
    return wanted


def _refused(value: Known, wanted: Type) -> Failure:
    return Failure(f"{article(wanted)} is required", wanted, value.sensitive)


def _to_string(value: Known, wanted: Type) -> Value:
    if isinstance(value.data, bool):
        return replace(value, data="true" if value.data else "false", type=STRING)
    if value.data is not None and not isinstance(value.data, str | tuple | Mapping):
        from packlint.evaluate.numbers import number_text

        return replace(value, data=number_text(value.data), type=STRING)
    return _refused(value, wanted)


def _to_number(value: Known, wanted: Type) -> Value:
    from packlint.evaluate.numbers import parse_number

    number = parse_number(value.data) if isinstance(value.data, str) else None
    return _refused(value, wanted) if number is None else replace(value, data=number, type=NUMBER)


def _to_bool(value: Known, wanted: Type) -> Value:
    answer = TEXTS.get(value.data) if isinstance(value.data, str) else None
    return _refused(value, wanted) if answer is None else replace(value, data=answer, type=BOOL)


def _to_sequence(value: Known, wanted: Type) -> Value:
    """To a list or a set."""
    if not isinstance(value.data, tuple):
        return _refused(value, wanted)
    element = wanted.element or ANY
    items = _unified(value.data, element, type_of(value))
    if isinstance(items, Failure):
        return replace(items, type=wanted)
    settled = Type(wanted.kind, items[1])
    if wanted.kind != "set":
        return replace(value, data=items[0], type=settled)
    from packlint.evaluate.sets import ordered

    return replace(value, data=ordered(items[0]), type=settled)


def _to_map(value: Known, wanted: Type) -> Value:
    if not isinstance(value.data, Mapping):
        return _refused(value, wanted)
    items = _unified(tuple(value.data.values()), wanted.element or ANY, type_of(value))
    if isinstance(items, Failure):
        return replace(items, type=wanted)
    return replace(value, data=dict(zip(value.data, items[0], strict=True)), type=Type("map", items[1]))


def _unified(
    values: tuple[Value, ...], element: Type, given: Type
) -> tuple[tuple[Value, ...], Type] | Failure:
    """The values as one element type, with that type; found among theirs where it is left open."""
    if element == ANY:
        if not values:
            return (), given.element or ANY
        common = unify(type_of(value) for value in values)
        if common is None or (common == ANY and _apart(values)):
            return Failure("all elements must have the same type")
        element = common
    converted = tuple(convert(value, element) for value in values)
    failure = _new_failure(values, converted)
    return failure or (converted, without_optional(element))


def _apart(values: tuple[Value, ...]) -> bool:
    """Whether values that unify only because a null is of any type are of several types."""
    return len({type_of(value) for value in values}) > 1 and all(isinstance(value, Known) for value in values)


def _new_failure(before: Iterable[Value], after: Iterable[Value]) -> Failure | None:
    """The first failure that the conversion brought; one that was there before stays an element."""
    for old, new in zip(before, after, strict=True):
        if isinstance(new, Failure) and not isinstance(old, Failure):
            return new
    return None


@lru_cache(256)  # the parts of a list all ask for the same one, which may be large
def without_optional(type_: Type) -> Type:
    """An object type that has all its attributes: what a value of it has."""
    if type_.kind == "object":
        attributes = tuple((name, without_optional(inner)) for name, inner in type_.attributes)
        return Type("object", attributes=attributes)
    if type_.element:
        return Type(type_.kind, without_optional(type_.element))
    return Type("tuple", elements=tuple(map(without_optional, type_.elements))) if type_.elements else type_


def _to_tuple(value: Known, wanted: Type) -> Value:
    if not isinstance(value.data, tuple) or type_of(value).kind != "tuple":
        return _refused(value, wanted)
    if len(value.data) != len(wanted.elements):
        count = len(wanted.elements)
        return Failure(f"a tuple of {count} elements is required", wanted, value.sensitive)
    items = tuple(convert(item, inner) for item, inner in zip(value.data, wanted.elements, strict=True))
    failure = _new_failure(value.data, items)
    return failure or replace(value, data=items, type=Type("tuple", elements=tuple(map(type_of, items))))


def _to_object(value: Known, wanted: Type) -> Value:
    """Attributes that the type does not name are dropped; optional ones that are left out become null."""
    if not isinstance(value.data, Mapping):
        return _refused(value, wanted)
    converted: dict[str, Value] = {}
    unseen = others(value)
    for name, inner in wanted.attributes:
        given = value.data.get(name, unseen)
        if given is None:
            if name not in wanted.optional:
                return Failure(f'attribute "{name}" is required', wanted, value.sensitive)
            converted[name] = Known(None, without_optional(inner))
            continue
        converted[name] = convert(given, inner)
        failure = _new_failure((given,), (converted[name],))
        if failure:
            return Failure(f'attribute "{name}": {failure.because}', wanted, value.sensitive)
    types = tuple((name, type_of(item)) for name, item in sorted(converted.items()))
    return replace(value, data=converted, type=Type("object", attributes=types))


_CONVERSIONS: dict[str, Callable[[Known, Type], Value]] = {
    "string": _to_string,
    "number": _to_number,
    "bool": _to_bool,
    "list": _to_sequence,
    "set": _to_sequence,
    "map": _to_map,
    "tuple": _to_tuple,
    "object": _to_object,
}
