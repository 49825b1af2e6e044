"""Conditions on the arguments of a component → a JSON Schema that those objects satisfy for which they hold.

"Set" means given and not empty, as Packer's plugins see it; `#/$defs/set` says so. What an argument is worth
that is not given is its default, or the zero value of its type; where that is not certain, a condition on it
holds only if it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Facts: TypeAlias = Mapping[str, Any]
Schema: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str, ...]

SET = "#/$defs/set"

_ZERO: Mapping[str, object] = {"string": "", "number": 0, "bool": False}


@dataclass(frozen=True, slots=True)
class Condition:
    """Something said of the argument at a path: `set`, `in` or `not_in`, as the facts write it."""

    path: Path
    facts: Facts

    @property
    def absence_is_enough(self) -> bool:
        """Whether it holds where the block of the argument is not given."""
        return self.facts.get("set") is False


def all_of(scope: Facts, conditions: Sequence[Condition]) -> Schema:
    """All conditions hold; those about one block of a list, of the same one."""
    found: list[Schema] = []
    for name in dict.fromkeys(it.path[0] for it in conditions):
        about = [it for it in conditions if it.path[0] == name]
        found += (_holds(scope, it) for it in about if len(it.path) == 1)
        if inner := [Condition(it.path[1:], it.facts) for it in about if len(it.path) > 1]:
            found.append(_within(scope, name, inner))
    return _merged(found)


def named(scope: Facts, path: Path) -> Facts:
    """The facts about an argument or a block; raises KeyError for what is neither."""
    for name in path:
        scope = scope["attributes"].get(name) or scope["blocks"][name]
    return scope


def supplied(facts: Facts) -> bool:
    """Whether an argument that is not given may have a value none the less."""
    return bool(facts.get("default") or _unsure(facts))


def _unsure(facts: Facts) -> bool:
    """Whether it is uncertain what an argument is worth that is not given."""
    if any(facts.get(name) for name in ("env", "default_computed", "default_when_conditional")):
        return True
    return "default" not in facts and bool(facts.get("default_doc"))


def at(scope: Facts, path: Path, leaf: Schema, *, required: bool = True) -> Schema:
    """A schema for what stands at a path, in some block of a list; `required` asks for its being there."""
    name, rest = path[0], path[1:]
    if rest:
        block = named(scope, (name,))
        inner = at(block, rest, leaf, required=required)
        leaf = inner if block["nesting"] == "single" else {"contains" if required else "items": inner}
    return property_of(name, leaf, required=required)


def property_of(name: str, schema: Schema, *, required: bool) -> Schema:
    """A schema for what stands under a name; `required` asks for its being there."""
    head: Schema = {"required": [name]} if required else {}
    return {**head, "properties": {name: schema}}


def _within(scope: Facts, name: str, conditions: Sequence[Condition]) -> Schema:
    block = named(scope, (name,))
    inner = all_of(block, conditions)
    absent = all(it.absence_is_enough for it in conditions)
    if block["nesting"] == "list":
        inner = {"items" if absent else "contains": inner}
    return property_of(name, inner, required=not absent)


def _merged(schemas: Sequence[Schema]) -> Schema:
    """One schema for several of `required` and `properties`, unless two speak of one name."""
    names = [name for schema in schemas for name in schema["properties"]]
    if len(set(names)) < len(names):
        return {"allOf": [*schemas]}
    required = [name for schema in schemas for name in schema.get("required", ())]
    properties = {name: inner for schema in schemas for name, inner in schema["properties"].items()}
    return {**({"required": required} if required else {}), "properties": properties}


def _holds(scope: Facts, condition: Condition) -> Schema:
    name, said = condition.path[0], condition.facts
    facts = named(scope, condition.path)
    if "set" in said:
        return _set(name, facts, said["set"])
    return _in(name, facts, said["in"]) if "in" in said else _not_in(name, facts, said["not_in"])


def _set(name: str, facts: Facts, wanted: bool) -> Schema:
    if wanted:
        return property_of(name, {"$ref": SET}, required=True)
    if supplied(facts):  # only a false that is written out is certain
        return property_of(name, {"const": False}, required=True)
    return property_of(name, {"not": {"$ref": SET}}, required=False)


def _in(name: str, facts: Facts, values: Sequence[object]) -> Schema:
    blanks = _blanks(facts)
    if not _unsure(facts) and _default(facts) in values:
        return property_of(name, {"enum": _unique((*values, *blanks))}, required=False)
    given = [value for value in values if value not in blanks] if supplied(facts) else [*values]
    return property_of(name, {"enum": given}, required=True)


def _not_in(name: str, facts: Facts, values: Sequence[object]) -> Schema:
    if not _unsure(facts) and _default(facts) not in values:
        return property_of(name, _none_of(facts, values), required=False)
    return property_of(name, _none_of(facts, _unique((*values, *_blanks(facts)))), required=True)


def _none_of(facts: Facts, values: Sequence[object]) -> Schema:
    if not facts.get("enum_ignore_case"):
        return {"not": {"enum": [*values]}}
    texts = {value.lower() for value in values if isinstance(value, str)}
    every = [known for known in facts["enum"] if known.lower() not in texts]
    return {"enum": every}


def _default(facts: Facts) -> object:
    """What an argument is worth that is not given, where that is certain."""
    default = facts.get("default")
    return _ZERO.get(facts["type"]) if default is None else default


def _blanks(facts: Facts) -> tuple[object, ...]:
    """What counts as not given; a false that is written out may be meant."""
    zero = _ZERO.get(facts["type"])
    return (None,) if zero is None or zero is False else (None, zero)


def _unique(values: Iterable[object]) -> list[object]:
    found: list[object] = []
    for value in values:
        if not any(value == known and type(value) is type(known) for known in found):
            found.append(value)
    return found
