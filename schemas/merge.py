"""A component's schema and the arguments that its plugin declares now → the schema brought up to date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from .arguments import typed
from .compose import DIALECT
from .conditions import SET, Schema
from .hcl2spec import Attribute, Block, Body

UNRELEASED = "unreleased"

_INTERNAL = frozenset(
    {
        *("packer_build_name", "packer_builder_type", "packer_core_version", "packer_debug", "packer_force"),
        *("packer_on_error", "packer_sensitive_variables", "packer_user_variables"),
    }
)
"""Arguments that Packer itself sets (packer-plugin-sdk/common/packer_config.go)."""

_OF_ANY_TYPE = (
    *("deprecated", "x-replaced-by", "x-since", "x-env", "x-internal", "x-undocumented", "x-forbidden"),
    "x-documented-required",
)
"""What is still known of an argument whose type changed."""

_TYPES = {"string": "string", "boolean": "bool", "number": "number", "integer": "number"}


@dataclass(frozen=True, slots=True)
class Merged:
    """A schema that is up to date, and what changed in it, a phrase each."""

    schema: Schema
    changes: tuple[str, ...]


@dataclass
class _Merger:
    """`since` is told of what is new, `last` of what is gone; both are `None` in a component that is new."""

    since: str | None
    last: str | None
    changes: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    def object(self, old: Schema, body: Body, path: str, known: bool) -> Schema:
        """What the body of a component, or of a block of it, may hold."""
        before = old.get("properties", {})
        for name in before.keys() - body.keys():
            self.gone.append(path + name)
        properties = {
            name: self._property(before.get(name), body[name], path + name, known) for name in sorted(body)
        }
        demanded = {name for name, member in body.items() if member and member.required}
        required = [name for name in properties if name in {*old.get("required", ()), *demanded}]
        entries = [entry for entry in old.get("allOf", ()) if self._holds(entry, properties, path)]
        for name in sorted(demanded & before.keys() - {*old.get("required", ())}) if self.last else ():
            if not any(entry.get("required") == [name] for entry in entries):
                rule = {"kind": "required", "arguments": [name], "since_after": self.last}
                entries.insert(0, {"x-rule": rule, "required": [name]})
                self.changes.append(f"`{path}{name}` is required")
            required.remove(name)
        found: Schema = {"type": "object", "properties": properties}
        if required:
            found["required"] = required
        found["additionalProperties"] = False
        return found | ({"allOf": entries} if entries else {})

    def _property(
        self, old: Schema | None, member: Attribute | Block | None, path: str, known: bool
    ) -> Schema:
        if old is None or (member is not None and ("x-block" in old) != isinstance(member, Block)):
            if old is not None:
                self.changed.add(path)
                form = "a block" if isinstance(member, Block) else "an argument"
                self.changes.append(f"`{path}` is {form} now")
            elif known:
                self.changes.append(f"+ `{path}`{_kind(member)}")
            return self._fresh(member, path, known)
        if isinstance(member, Block):
            return self._block(old, member, path, known)
        return self._attribute(old, member, path) if member else dict(old)

    def _fresh(self, member: Attribute | Block | None, path: str, known: bool) -> Schema:
        about: Schema = {"x-since": self.since} if known and self.since else {}
        if member is None:
            return about
        if path in _INTERNAL:
            about["x-internal"] = True
        if member.tags.get("undocumented") == "true":
            about["x-undocumented"] = True
        if member.tags.get("required") == "true" and not member.required:
            about["x-documented-required"] = True
        if isinstance(member, Attribute):
            return (typed(member.type, integer=bool(member.integer)) if member.type else {}) | about
        return self._block({"x-block": member.nesting, **about}, member, path, known=False)

    def _block(self, old: Schema, member: Block, path: str, known: bool) -> Schema:
        """The schema of a block; what an unreadable one holds is left as it was, or open."""
        listed = old["x-block"] == "list"
        before = old.get("items", {}) if listed else {key: old[key] for key in _MEMBERS if key in old}
        about = {key: old[key] for key in old if key not in (*_MEMBERS, "items", "type", "x-block")}
        if listed != (member.nesting == "list"):
            self.changes.append(f"`{path}` is {'one of several blocks' if not listed else 'one block'} now")
        if member.body is None:
            inner = before or {"type": "object"}
        else:
            inner = self.object(before, member.body, f"{path}.", known)
        if member.nesting == "list":
            return {"type": "array", "x-block": "list", **about, "items": inner}
        return {"type": "object", "x-block": "single", **about, **inner}

    def _attribute(self, old: Schema, member: Attribute, path: str) -> Schema:
        """The schema of an argument.

        Where its type changed it is left open, as an older release takes the other one, and only what suits
        every type is kept.
        """
        found = dict(old)
        if "x-documented-required" in found and member.tags.get("required") != "true":
            del found["x-documented-required"]
            self.changes.append(f"`{path}` is not documented as required any more")
        before = old.get("x-type") or _type_of(old)
        if member.type is None or before == member.type:
            return _any_number(found) if member.integer is False else found
        self.changed.add(path)
        dropped = [key for key in found if key not in (*_OF_ANY_TYPE, *_SHAPE)]
        self.changes.append(f"`{path}`: {before or 'any type'} → {member.type}{_less(dropped)}")
        return {"x-type": member.type} | {key: found[key] for key in _OF_ANY_TYPE if key in found}

    def _holds(self, entry: Schema, properties: Schema, path: str) -> bool:
        """Whether all that a rule is about is still there, and of the type it was."""
        rule = entry.get("x-rule", {})
        for name in (*rule.get("arguments", ()), *rule.get("when", ())):
            why = (
                "is gone"
                if not _has(properties, name)
                else "changed"
                if path + name in self.changed
                else None
            )
            if why:
                about = ", ".join(f"`{path}{known}`" for known in rule["arguments"])
                self.changes.append(f"dropped the rule `{rule['kind']}` about {about}: `{path}{name}` {why}")
                return False
        return True


_MEMBERS = ("properties", "required", "additionalProperties", "allOf")
_SHAPE = ("type", "items", "additionalProperties", "x-type")


def merged(
    old: Schema | None, body: Body, about: Schema, outputs: Body | None, released: str | None
) -> Merged:
    """The schema of a component; `old` is the one there was, if any, and `about` its new `x-component`.

    `released` is the tag of the tree, or `None` between releases. Everything about arguments that are still
    there is kept, for the declarations do not tell of it; what checks say of new ones is not known.
    """
    last = (old["x-component"].get("version") or UNRELEASED) if old else None
    merger = _Merger((released or UNRELEASED) if old else None, last)
    before = old or {}
    schema: Schema = {
        "$schema": DIALECT,
        "title": f"{about['kind']} {about['type']}",
        "x-component": about,
        **merger.object(before, body, "", known=old is not None),
    }
    if SET in json.dumps(schema):
        schema["$defs"] = {"set": {"not": {"enum": ["", 0, False, None, [], {}]}}}
    merger.changes += [f"- `{name}`" for name in sorted(merger.gone)]
    removed = before.get("x-removed", {}) | dict.fromkeys(merger.gone, last)
    if removed := {name: removed[name] for name in sorted(removed) if not _has(schema["properties"], name)}:
        schema["x-removed"] = removed
    if legacy := [name for name in before.get("x-legacy-only", ()) if name not in body]:
        schema["x-legacy-only"] = legacy
    if about["kind"] == "data-source":
        schema["x-outputs"] = _outputs(before.get("x-outputs", {}), outputs, merger.changes if old else [])
    for known in _within(schema["properties"]):
        if (replacement := known.get("x-replaced-by")) in merger.gone:
            del known["x-replaced-by"]
            merger.changes.append(f"dropped that `{replacement}` replaces an argument")
    return Merged(schema, tuple(merger.changes))


def _outputs(old: Schema, now: Body | None, changes: list[str]) -> Schema:
    """What a data source gives, by name; what was not understood stays as it was."""
    if now is None:
        return old
    types = {name: _output_type(member) or old.get(name) for name, member in sorted(now.items())}
    found = {name: type_ for name, type_ in types.items() if type_}
    changes += [f"+ output `{name}`: {type_}" for name, type_ in found.items() if name not in old]
    changes += [f"- output `{name}`" for name in sorted(old.keys() - found.keys())]
    changes += [
        f"output `{name}`: {old[name]} → {type_}"
        for name, type_ in found.items()
        if old.get(name, type_) != type_
    ]
    return found


def _output_type(member: Attribute | Block | None) -> str | None:
    if isinstance(member, Block):
        return "list(object)" if member.nesting == "list" else "object"
    return member.type if member else None


def _kind(member: Attribute | Block | None) -> str:
    if isinstance(member, Block):
        return f": {'blocks' if member.nesting == 'list' else 'a block'}"
    return f": {member.type}" if member and member.type else ""


def _less(dropped: list[str]) -> str:
    return f", without its {', '.join(f'`{key}`' for key in dropped)}" if dropped else ""


def _type_of(schema: Schema) -> str | None:
    """The type of an argument as the facts write it: the inverse of `typed`, whole numbers being numbers."""
    match schema.get("type"):
        case "array":
            return f"list({_type_of(schema.get('items', {}))})"
        case "object":
            return f"map({_type_of(schema.get('additionalProperties', {}))})"
    return _TYPES.get(schema.get("type", ""))


def _any_number(schema: Schema) -> Schema:
    """The same with numbers that need not be whole."""
    found = {
        key: _any_number(inner) if key in _SHAPE and isinstance(inner, dict) else inner
        for key, inner in schema.items()
    }
    return found | {"type": "number"} if schema.get("type") == "integer" else found


def _has(properties: Schema, name: str) -> bool:
    """Whether there is an argument or block of a name, which may go into blocks with dots."""
    first, _, rest = name.partition(".")
    known = properties.get(first)
    if known is None or not rest:
        return known is not None
    return _has(known.get("items", known).get("properties", {}), rest)


def _within(properties: Schema) -> Iterator[Schema]:
    """Every argument and block, those in blocks included."""
    for known in properties.values():
        yield known
        if "x-block" in known:
            yield from _within(known.get("items", known).get("properties", {}))
