"""The facts about one component → its JSON Schema, and a schema → its text.

The facts have the form of the files of the reference: a component has `attributes`, `blocks` (which have both
again) and `rules`. The schema is JSON Schema 2020-12 whose `x-` annotations hold what validators ignore.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .arguments import annotated, argument, is_required
from .conditions import SET, Facts, Schema
from .rules import LeftOut, encoded

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SNAPSHOT_RE = re.compile(r"(?P<date>\S+) \((?P<commit>[0-9a-f]+)(?:, latest tag (?P<version>\S+))?\)")

_Rules = dict[tuple[str, ...], list[Schema]]


def compose(facts: Facts) -> Schema:
    """The schema of a component, its keywords in the order in which they are written."""
    schema: Schema = {
        "$schema": DIALECT,
        "title": f"{facts['kind']} {facts['type']}",
        "x-component": _component(facts),
        **_object(facts, (), _rules(facts)),
    }
    if SET in json.dumps(schema):
        schema["$defs"] = {"set": {"not": {"enum": ["", 0, False, None, [], {}]}}}
    if facts.get("removed_attributes"):
        schema["x-removed"] = {n: v for n, v in sorted(facts["removed_attributes"].items()) if n != "-"}
    if facts.get("legacy_json_only"):
        schema["x-legacy-only"] = sorted(facts["legacy_json_only"])
    if facts["kind"] == "data-source":
        outputs = sorted((facts.get("outputs") or {}).items())
        schema["x-outputs"] = {name: output["type"] for name, output in outputs}
    return schema


def left_out(facts: Facts) -> Iterator[tuple[Facts, str]]:
    """The rules that the schema does not have, each with the reason in a word or two."""
    for rule in facts.get("rules", ()):
        made = encoded(rule, facts)
        if isinstance(made, LeftOut):
            yield rule, made.reason


def text(schema: Schema) -> str:
    """A schema as JSON with a line for each argument and rule, so that a change shows in its line."""
    return _text(schema, 0) + "\n"


def _component(facts: Facts) -> Schema:
    plugin = facts["plugin"]
    snapshot = _SNAPSHOT_RE.fullmatch(plugin["version_snapshot"])
    if snapshot is None:
        raise ValueError(f"no date and commit: {plugin['version_snapshot']}")
    about = {
        "kind": facts["kind"],
        "type": facts["type"],
        "plugin": None if plugin.get("bundled") else plugin["source"],
        "repository": plugin["repo"],
        "version": snapshot["version"],
        "date": snapshot["date"],
        "commit": snapshot["commit"],
    }
    return about | {name: facts[name] for name in ("first_version", "compared_with") if name in facts}


def _rules(facts: Facts) -> _Rules:
    """The rules by the block whose body they are about; the same rule is told once."""
    found: _Rules = {}
    for rule in facts.get("rules", ()):
        made = encoded(rule, facts)
        if isinstance(made, LeftOut):
            continue
        known = found.setdefault(made.block, [])
        if made.schema not in known:
            known.append(made.schema)
    return found


def _object(facts: Facts, path: tuple[str, ...], rules: _Rules) -> Schema:
    """What the body of a component, or of a block of it, may hold."""
    properties: Schema = {}
    later: list[Schema] = []
    for name, known in sorted((*facts["attributes"].items(), *facts["blocks"].items())):
        told = _relative(known, path)
        is_block = name in facts["blocks"]
        properties[name] = _block(told, (*path, name), rules) if is_block else argument(told)
        later += _since_after(name, known)
    schema: Schema = {"type": "object", "properties": properties}
    if required := [name for name in properties if is_required(_named(facts, name))]:
        schema["required"] = required
    schema["additionalProperties"] = False
    if entries := later + rules.get(path, []):
        schema["allOf"] = entries
    return schema


def _block(facts: Facts, path: tuple[str, ...], rules: _Rules) -> Schema:
    inner = _object(facts, path, rules)
    about = annotated(facts)
    if facts["nesting"] == "single":
        return {"type": "object", "x-block": "single", **about, **inner}
    return {"type": "array", "x-block": "list", **about, "items": inner}


def _relative(facts: Facts, path: tuple[str, ...]) -> Facts:
    """The replacement of something in a block as it is called there; elsewhere by its path from there."""
    own = "".join(f"{part}." for part in path)
    other = facts.get("replaced_by", "")
    return {**facts, "replaced_by": other.removeprefix(own)} if other.startswith(own) and other else facts


def _named(facts: Facts, name: str) -> Facts:
    found: Facts = facts["attributes"].get(name) or facts["blocks"][name]
    return found


def _since_after(name: str, facts: Facts) -> Iterator[Schema]:
    """What is asked of an argument only since a release after the one that is named."""
    if "required_since_after" in facts and facts["required"]:
        about = {"kind": "required", "arguments": [name], "since_after": facts["required_since_after"]}
        yield {"x-rule": about, "required": [name]}
    if "enum_since_after" in facts:
        about = {"kind": "enum", "arguments": [name], "since_after": facts["enum_since_after"]}
        yield {"x-rule": about, "properties": {name: {"enum": facts["enum"]}}}


def _text(value: object, depth: int) -> str:
    if not isinstance(value, Mapping):
        return _compact(value)
    pad = " " * depth
    lines = (f"{pad} {_compact(key)}: {_member(key, inner, depth + 1)}" for key, inner in value.items())
    return "{\n" + ",\n".join(lines) + f"\n{pad}}}"


def _member(key: str, value: Any, depth: int) -> str:
    pad = " " * depth
    if key == "properties" and value:
        lines = (f"{pad} {_compact(name)}: {_property(inner, depth + 1)}" for name, inner in value.items())
        return "{\n" + ",\n".join(lines) + f"\n{pad}}}"
    if key == "allOf":
        return "[\n" + ",\n".join(f"{pad} {_compact(entry)}" for entry in value) + f"\n{pad}]"
    return _text(value, depth) if key == "items" or (key in _SPREAD and value) else _compact(value)


def _property(schema: Schema, depth: int) -> str:
    return _text(schema, depth) if "x-block" in schema else _compact(schema)


_SPREAD = ("x-removed", "x-outputs")
"""Members of a component that are long enough for a line for each of theirs."""


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
