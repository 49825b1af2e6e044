"""The facts about one argument → the JSON Schema of its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .conditions import Facts, Schema

_TYPES = {"string": "string", "bool": "boolean", "number": "number"}
_COLLECTION_RE = re.compile(r"(?P<collection>list|set|map)\((?P<element>.+)\)")

_RANGE = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusive_minimum": "exclusiveMinimum",
    "exclusive_maximum": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
_LENGTH = {"string": "Length", "array": "Items", "object": "Properties"}
"""What keywords about length end in, by the type they speak of."""

_ANNOTATIONS = {
    "deprecated": "deprecated",
    "replaced_by": "x-replaced-by",
    "since": "x-since",
    "env": "x-env",
    "internal": "x-internal",
    "undocumented": "x-undocumented",
    "default_doc": "x-default-documented",
    "default_computed": "x-default-computed",
    "default_when_conditional": "x-default-sometimes",
    "enum_doc": "x-enum-documented",
    "forbidden": "x-forbidden",
    "removed": "x-forbidden",
}
_FLAGS = frozenset({"deprecated", "internal", "undocumented", "default_computed", "forbidden", "removed"})
"""Facts that say nothing where they are false."""

_UNPORTABLE_RE = re.compile(r"\\[A-Za-z]|\(\?(?!:)|\[\[:")
"""Classes, flags and anchors of Go's RE2 that other dialects do not have or read otherwise."""

_CODE = frozenset({"code", "code+tag", "manual"})
_DEFAULTS = ("default", "default_when_conditional")

LONGEST_DEFAULT = 1000
"""Characters; a longer default is a program of its own, and says as much as one that is computed."""

_SUPPLIED = frozenset({"env", "default", "default_computed", "default_when_conditional"})


def argument(facts: Facts) -> Schema:
    """The schema of an argument; one whose type is uncertain is left open."""
    if "type_before" in facts:
        return {"x-type": facts["type"], **annotated(facts)}
    schema = typed(facts["type"], integer=facts.get("integer", False))
    if facts.get("format") == "duration":
        schema["format"] = "go-duration"
    values = _values(facts)
    _innermost(schema).update({_RANGE[key]: facts[key] for key in _RANGE if key in facts})
    length = _LENGTH.get(schema["type"])
    for bound in ("min", "max"):
        if f"{bound}_len" in facts and length:
            schema[f"{bound}{length}"] = facts[f"{bound}_len"]
    if "items_enum" in facts:
        schema["items"]["enum"] = facts["items_enum"]
    if facts.get("not_allowed"):
        schema["not"] = {"enum": facts["not_allowed"]}
    return schema | values | _patterns(facts, values) | annotated(facts)


def typed(type_: str, *, integer: bool = False) -> Schema:
    """The schema of a type as the facts write it, as in `list(map(string))`; of any other it is empty."""
    nested = _COLLECTION_RE.fullmatch(type_)
    if nested is None:
        plain = _TYPES.get(type_)
        return {"type": "integer" if integer and plain == "number" else plain} if plain else {}
    element = typed(nested["element"], integer=integer)
    if nested["collection"] == "map":
        return {"type": "object", "additionalProperties": element}
    return {"type": "array", "items": element}


def annotated(facts: Facts) -> Schema:
    """What is known of an argument or a block and is no matter of validation, but for its default."""
    programs = {name for name in _DEFAULTS if len(str(facts.get(name, ""))) > LONGEST_DEFAULT}
    if programs:
        facts = {**{name: facts[name] for name in facts.keys() - programs}, "default_computed": True}
    found: Schema = {"default": facts["default"]} if "default" in facts else {}
    for name, keyword in _ANNOTATIONS.items():
        if name in facts and (name not in _FLAGS or facts[name]):
            found[keyword] = facts[name]
    if facts["required"] and facts.get("required_src") == "tag":
        found["x-documented-required"] = True
    if "enum" in facts and not _default_fits(facts):
        found["x-enum-documented"] = facts["enum"]
    return found


def is_required(facts: Facts) -> bool:
    """Whether code asks for it in every release that was read, and nothing else can supply it."""
    proven = facts["required"] and facts.get("required_src") in _CODE
    return bool(proven and "required_since_after" not in facts and not _SUPPLIED & facts.keys())


def any_case(values: Iterable[str]) -> str:
    """A pattern for these texts in whatever case."""
    return f"^(?:{'|'.join(''.join(map(_either, value)) for value in values)})$"


def _either(letter: str) -> str:
    upper, lower = letter.upper(), letter.lower()
    return f"[{upper}{lower}]" if upper != lower else _literal(letter)


def _literal(value: str) -> str:
    return re.sub(r"[\\^$.|?*+()\[\]{}]", r"\\\g<0>", value)


def _values(facts: Facts) -> Schema:
    """The values that code takes, if it always did; a default that is none of them casts doubt on it."""
    if "enum" not in facts or "enum_since_after" in facts or not _default_fits(facts):
        return {}
    if facts.get("enum_ignore_case"):
        return {"pattern": any_case(facts["enum"]), "x-values": facts["enum"]}
    return {"enum": facts["enum"]}


def _default_fits(facts: Facts) -> bool:
    known, default = facts["enum"], facts.get("default")
    if default is None or default == "":
        return True
    if facts.get("enum_ignore_case"):
        return default.lower() in [value.lower() for value in known]
    return default in known


def _patterns(facts: Facts, values: Mapping[str, Any]) -> Schema:
    """The patterns of code that mean the same to every validator."""
    found = [pattern for pattern in facts.get("pattern", ()) if not _UNPORTABLE_RE.search(pattern)]
    if "prefix" in facts:
        found.append(f"^{_literal(facts['prefix'])}")
    if "suffix" in facts:
        found.append(f"{_literal(facts['suffix'])}$")
    if len(found) == 1 and "pattern" not in values:
        return {"pattern": found[0]}
    return {"allOf": [{"pattern": pattern} for pattern in found]} if found else {}


def _innermost(schema: Schema) -> Schema:
    """The schema of the numbers in a list, or of the number itself."""
    while schema.get("type") == "array":
        schema = schema["items"]
    return schema
