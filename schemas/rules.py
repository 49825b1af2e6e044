"""A rule about several arguments of a component → an entry of `allOf`, or the reason for having none.

An entry is plain JSON Schema; its annotation `x-rule` says which rule of the facts it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile

from .conditions import SET, Condition, Facts, Path, Schema, all_of, at, named, property_of, supplied

_LEAST = frozenset({"one_of", "exactly_one_of", "required_if"})
"""Kinds of rules that ask for something to be there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the `allOf` of a block's body, by the path of that block; `()` is the component's own."""

    block: Path
    schema: Schema


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a rule is not encoded."""

    reason: str


def encoded(rule: Facts, component: Facts) -> Entry | LeftOut:
    """The entry for a rule, in the innermost block that holds all of its names."""
    names = rule.get("attrs", [rule["attr"]] if "attr" in rule else [])
    targets = [_path(name) for name in names]
    conditions = [Condition(_path(it["attr"]), it) for it in rule.get("when", ())]
    block = _shared([path[:-1] for path in (*targets, *(it.path for it in conditions))])
    scope = named(component, block)
    targets = [path[len(block) :] for path in targets]
    conditions = [Condition(it.path[len(block) :], it.facts) for it in conditions]
    if reason := _doubt(rule, scope, targets, conditions):
        return LeftOut(reason)
    about = _about(rule, targets, conditions)
    return Entry(block, {"x-rule": about, **_asserted(rule, scope, targets, conditions)})


def _path(name: str) -> Path:
    return tuple(name.split("."))


def _shared(paths: Sequence[Path]) -> Path:
    """The blocks that all paths begin with."""
    levels = takewhile(lambda level: len(set(level)) == 1, zip(*paths, strict=False))
    return tuple(level[0] for level in levels)


def _doubt(rule: Facts, scope: Facts, targets: Sequence[Path], conditions: Sequence[Condition]) -> str | None:
    """Why nothing can be said for certain, None where it can."""
    flag = next((name for name in ("doubted", "or_env", "or_default") if rule.get(name)), None)
    if flag is not None:
        return flag
    if rule["kind"] in _LEAST:
        for path in targets:
            known = named(scope, path)
            if known.get("env"):
                return "environment variable"
            if supplied(known):
                return "default"
    said = [(it.path, it.facts.get("set")) for it in conditions]
    if any((path, not given) in said for path, given in said if given is not None):
        return "contradiction"
    return None


def _about(rule: Facts, targets: Sequence[Path], conditions: Sequence[Condition]) -> Schema:
    when = list(dict.fromkeys(".".join(it.path) for it in conditions))
    names = [".".join(path) for path in targets]
    about: Schema = {"kind": rule["kind"], "arguments": names or when}
    if names and when:
        about["when"] = when
    about |= {key: rule[key] for key in ("since_after", "changed_since") if key in rule}
    return about | ({"documented": True} if rule.get("src") == "doc" else {})


def _asserted(rule: Facts, scope: Facts, targets: Sequence[Path], conditions: Sequence[Condition]) -> Schema:
    kind = rule["kind"]
    if kind == "invalid_combination":
        return {"not": all_of(scope, conditions)}
    if kind in _OF_ONE:
        return _judged(rule, scope, targets[0], conditions)
    given = [at(scope, path, {"$ref": SET}) for path in targets]
    return _if(all_of(scope, conditions) if conditions else None, _OF_SEVERAL[kind](given))


_OF_SEVERAL: Mapping[str, Callable[[list[Schema]], Schema]] = {
    "one_of": lambda given: {"anyOf": given},
    "exactly_one_of": lambda given: {"oneOf": given},
    "conflicts": lambda given: {"not": {"allOf": given}},
    "at_most_one_of": lambda given: {"not": {"anyOf": [{"allOf": [*two]} for two in combinations(given, 2)]}},
}


def _judged(rule: Facts, scope: Facts, target: Path, conditions: Sequence[Condition]) -> Schema:
    """What is asked of one argument; of one within blocks of a list, of each of them.

    Conditions about the same block are about the same one of the list.
    """
    if not _repeated(scope, target):
        return _if(
            all_of(scope, conditions) if conditions else None, _OF_ONE[rule["kind"]](rule, scope, target)
        )
    name, block = target[0], named(scope, target[:1])
    within = [it for it in conditions if it.path[0] == name and len(it.path) > 1]
    outside = [it for it in conditions if it not in within]
    each = _judged(rule, block, target[1:], [Condition(it.path[1:], it.facts) for it in within])
    leaf = {"items": each} if block["nesting"] == "list" else each
    return _if(all_of(scope, outside) if outside else None, property_of(name, leaf, required=False))


def _repeated(scope: Facts, target: Path) -> bool:
    """Whether a block that it is in may stand several times."""
    parents = (target[:end] for end in range(1, len(target)))
    return any(named(scope, parent)["nesting"] == "list" for parent in parents)


def _required(_: Facts, scope: Facts, target: Path) -> Schema:
    return at(scope, target, {"$ref": SET})


def _forbidden(_: Facts, scope: Facts, target: Path) -> Schema:
    return {"not": at(scope, target, {"$ref": SET})}


def _enum(rule: Facts, scope: Facts, target: Path) -> Schema:
    return at(scope, target, {"enum": [*rule["values"], "", None]}, required=False)


def _range(rule: Facts, scope: Facts, target: Path) -> Schema:
    bounds = {key: rule[key] for key in ("minimum", "maximum") if key in rule}
    return at(scope, target, {"anyOf": [bounds, {"enum": [0, None]}]}, required=False)


_OF_ONE: Mapping[str, Callable[[Facts, Facts, Path], Schema]] = {
    "required_if": _required,
    "forbidden_if": _forbidden,
    "enum_if": _enum,
    "range_if": _range,
}


def _if(condition: Schema | None, then: Schema) -> Schema:
    return then if condition is None else {"if": condition, "then": then}
