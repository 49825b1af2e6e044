"""Values and types → their type, the type they have in common, and words for it (`cty/convert`, unify)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packlint.evaluate.giving_up import TooLarge
from packlint.value import ANY, BOOL, NUMBER, STRING, Known, Type, Unknown, Value

SEQUENCES = frozenset({"list", "set", "tuple"})
CONTAINERS = SEQUENCES | {"map", "object"}
PRIMITIVES = frozenset({"string", "number", "bool"})

_MOST_MIXED = 16

_WORDS = {
    "any": "a value",
    "string": "a string",
    "number": "a number",
    "bool": "a bool",
    "list": "a list",
    "set": "a set",
    "map": "a map",
    "tuple": "a tuple",
    "object": "an object",
}


def article(type_: Type) -> str:
    """The type in words: "a number", "a list of string"."""
    if type_.element and type_.element.kind in PRIMITIVES:
        return f"{_WORDS[type_.kind]} of {type_.element.kind}"
    return _WORDS[type_.kind]


def type_of(value: Value) -> Type:
    """The type of a value; where it says `any`, the one that its data has as a literal."""
    if isinstance(value, Unknown) or value.type.kind != "any":
        return value.type
    data = value.data
    if isinstance(data, str):
        return STRING
    if isinstance(data, bool):
        return BOOL
    if isinstance(data, tuple):
        return tuple_type(data)
    if isinstance(data, Mapping):
        return object_type(data)
    return ANY if data is None else NUMBER


def tuple_type(items: Iterable[Value]) -> Type:
    """The type of a tuple of these values."""
    return Type("tuple", elements=tuple(map(type_of, items)))


def object_type(entries: Mapping[str, Value]) -> Type:
    """The type of an object of these entries, the attributes sorted."""
    return Type("object", attributes=tuple((name, type_of(item)) for name, item in sorted(entries.items())))


def convertible(given: Type, wanted: Type, safe: bool = False) -> bool:
    """Whether a value of one type may become the other; `safe` is without a look at the value itself."""
    if wanted in (ANY, given):
        return True
    if given == ANY:
        return not safe
    if given.kind in PRIMITIVES or wanted.kind in PRIMITIVES:
        return _primitive(given.kind, wanted.kind, safe)
    if wanted.kind == "object":
        return _to_object(given, wanted, safe)
    if wanted.kind == "map":
        return given.kind in ("map", "object") and _elements(given, wanted, safe)
    if wanted.kind == "tuple":
        pairs = zip(given.elements, wanted.elements, strict=False)
        same = given.kind == "tuple" and len(given.elements) == len(wanted.elements)
        return same and all(convertible(*pair, safe) for pair in pairs)
    if wanted.kind == "set" and given.kind == "list" and safe:
        return False
    return given.kind in SEQUENCES and _elements(given, wanted, safe)


def _primitive(given: str, wanted: str, safe: bool) -> bool:
    if given not in PRIMITIVES or wanted not in PRIMITIVES:
        return False
    return wanted in (given, "string") or (given == "string" and not safe)


def _to_object(given: Type, wanted: Type, safe: bool) -> bool:
    if given.kind == "map":
        return not safe and all(convertible(given.element or ANY, inner) for _, inner in wanted.attributes)
    attributes = dict(given.attributes)
    return given.kind == "object" and all(
        convertible(attributes[name], inner, safe) if name in attributes else name in wanted.optional
        for name, inner in wanted.attributes
    )


def _elements(given: Type, wanted: Type, safe: bool) -> bool:
    inner = members(given)
    element = wanted.element or ANY
    if element == ANY:
        return not inner or unify(inner) is not None
    return all(convertible(member, element, safe) for member in inner)


def members(type_: Type) -> tuple[Type, ...]:
    """The types of what a collection holds."""
    if type_.element:
        return (type_.element,)
    return type_.elements or tuple(inner for _, inner in type_.attributes)


def unify(types: Iterable[Type]) -> Type | None:
    """The one type that values of all these types may become, or None."""
    given = tuple(dict.fromkeys(types))
    if len(given) <= 1:
        return given[0] if given else None
    kinds = {type_.kind for type_ in given} - {"any"}
    certain = ANY not in given
    if len(kinds) == 1 and kinds <= CONTAINERS:
        return _same_kind(kinds.pop(), given) if certain else ANY
    if kinds == {"object", "tuple"}:
        return None
    for mixed, literal in (("list", "tuple"), ("map", "object")):
        if kinds == {mixed, literal}:
            common = _literals_as(mixed, literal, given)
            if common is not None:
                return common
    return _preferred(given)


def _same_kind(kind: str, given: tuple[Type, ...]) -> Type | None:
    if kind == "tuple":
        return _tuples(given)
    if kind == "object":
        return _objects(given)
    return _collection(kind, (type_.element or ANY for type_ in given))


def _collection(kind: str, elements: Iterable[Type]) -> Type | None:
    common = unify(elements)
    if common is None or kind not in ("list", "set", "map"):
        return None
    return Type("list" if kind == "list" else "set" if kind == "set" else "map", common)


def _tuples(given: tuple[Type, ...]) -> Type | None:
    if len({len(type_.elements) for type_ in given}) == 1:
        elements = [unify(column) for column in zip(*(type_.elements for type_ in given), strict=True)]
        known = tuple(element for element in elements if element is not None)
        return Type("tuple", elements=known) if len(known) == len(elements) else None
    return _collection("list", (element for type_ in given for element in type_.elements))


def _objects(given: tuple[Type, ...]) -> Type | None:
    tables = [dict(type_.attributes) for type_ in given]
    if all(table.keys() == tables[0].keys() for table in tables):
        attributes = [(name, unify(table[name] for table in tables)) for name in sorted(tables[0])]
        known = tuple((name, inner) for name, inner in attributes if inner is not None)
        return Type("object", attributes=known) if len(known) == len(attributes) else None
    return _collection("map", (inner for table in tables for inner in table.values()))


def _literals_as(kind: str, literal: str, given: tuple[Type, ...]) -> Type | None:
    """Tuples among lists become lists, objects among maps become maps, where that gives one type."""
    inner = tuple(member for type_ in given if type_.kind == literal for member in members(type_))
    collection = _collection(kind, inner)
    if collection is None:
        return None
    common = unify([collection, *(type_ for type_ in given if type_.kind != literal)])
    return common if common is not None and common.kind == kind else None


def _preferred(given: tuple[Type, ...]) -> Type | None:
    """The first, of those that are more general than others before these, that all others become.

    Raises TooLarge where there are more than a few: each is held against each (`cty/convert`, sortTypes).
    """
    if len(given) > _MOST_MIXED:
        raise TooLarge
    above = {one: {other for other in given if _compared(other, one) < 0} for one in given}
    while above:
        wanted = next(one for one, others in above.items() if not others & above.keys())
        if all(convertible(type_, wanted) for type_ in given):
            return wanted
        del above[wanted]
    return None


_GENERAL = {"set": 0, "tuple": 1, "list": 2, "object": 10, "map": 11}
"""Kinds of collections, among those that become one another the general ones last."""


def _compared(one: Type, other: Type) -> int:
    """Below zero where the first type is the more general one, above where the second is, else zero."""
    if ANY in (one, other):
        return (one == ANY) - (other == ANY)
    if one.kind != other.kind:
        if {one.kind, other.kind} <= PRIMITIVES:
            return (other.kind == "string") - (one.kind == "string")
        apart = _GENERAL.get(other.kind, 99) - _GENERAL.get(one.kind, 99)
        return apart if abs(apart) <= 2 else 0
    if one.element and other.element:
        return _compared(one.element, other.element)
    names, others = ([name for name, _ in type_.attributes] for type_ in (one, other))
    if names != others or len(one.elements) != len(other.elements):
        return 0
    signs = {_compared(*pair) for pair in zip(members(one), members(other), strict=True)}
    below, above = any(sign < 0 for sign in signs), any(sign > 0 for sign in signs)
    return above - below if below != above else 0


def is_null(value: Value) -> bool:
    """Whether a value is known to be null."""
    return isinstance(value, Known) and value.data is None
