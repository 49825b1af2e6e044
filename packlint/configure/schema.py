"""Rules → the JSON Schema of a settings file that may speak of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args, get_origin

from packlint import record
from packlint.rule import Category, Rule, types_of
from packlint.settings import PRESETS

ADDRESS = "urn:packlint:schemas:settings:1"
LEVELS = ("note", "warning", "error")
STATES = ("off", *LEVELS)
NAMES = {"$ref": "#/$defs/names"}
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1}}
SOME = {**TEXTS, "minItems": 1}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 1}
IMAGES: dict[str, Any] = {"type": "string", "minLength": 1}
POLICY = "^[a-z0-9]+(-[a-z0-9]+)*$"
"""What the name of a policy is like."""
DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


def settings_schema(rules: Iterable[type[Rule]]) -> dict[str, Any]:
    """The schema, of draft 2020-12; what each key means is its `description`."""
    known = sorted(rules, key=lambda rule: rule.name())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "Settings of packlint",
        "description": "`packlint.toml`, `.packlint.toml`, or `[tool.packlint]` of `pyproject.toml`.",
        "type": "object",
        "additionalProperties": False,
        "properties": _properties(),
        "$defs": {
            "names": {"type": "array", "items": {"enum": _names(known)}},
            "rules": {
                "description": "What is asked of single rules; a severity counts more than the preset, "
                "`select` and categories.",
                "type": "object",
                "additionalProperties": False,
                "properties": {name: _rule(rule) for rule in known for name in (rule.name(), *rule.former)},
            },
            "variables": {
                "description": "Values for variables, as `--var` gives them.",
                "type": "object",
                "additionalProperties": {"type": ["string", "number", "boolean"]},
            },
        },
    }


def published(rules: Iterable[type[Rule]]) -> dict[str, Any]:
    """The schema for editors: it lists these rules, and lets any other name be that of a policy."""
    schema = settings_schema(rules)
    parts = schema["$defs"]
    names = parts["names"]["items"]
    parts["names"]["items"] = {"anyOf": [names, {"type": "string", "pattern": POLICY}]}
    parts["rules"]["propertyNames"] = {"pattern": POLICY}
    parts["rules"]["additionalProperties"] = {
        "description": "A policy.",
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": list(STATES)},
        "additionalProperties": False,
        "properties": {"severity": {"enum": list(STATES)}},
    }
    return schema


def policies_schema() -> dict[str, Any]:
    """The schema of what has to be read of a settings file before its rules are known."""
    keys = _properties()
    return {"type": "object", "properties": {key: keys[key] for key in ("extend", "policies")}}


def _names(rules: list[type[Rule]]) -> list[str]:
    """What lists of names may have: rules, what they were called before, and categories."""
    return sorted(
        {name for rule in rules for name in (rule.name(), *rule.former)} | {it.value for it in Category}
    )


def _properties() -> dict[str, Any]:
    return {
        "extend": _said(
            {"type": "string", "minLength": 1},
            "Another settings file of the repository, which holds where this one says nothing.",
        ),
        "preset": _said({"enum": list(PRESETS)}, "Which rules run; `default` where nothing is said."),
        "select": _said(NAMES, "Run these rules or categories and no others, whatever the preset."),
        "extend-select": _said(NAMES, "Run these rules or categories, too."),
        "ignore": _said(NAMES, "Leave these rules or categories out."),
        "fail-on": _said(
            {"enum": list(LEVELS)}, "The least severity that makes the exit code 1; `warning` by default."
        ),
        "exclude": _said(
            TEXTS, "Patterns, as `.gitignore` has them, for what a search leaves out beside what git ignores."
        ),
        "schemas": _said(TEXTS, "Folders of schemas of further components."),
        "plugins": _said(
            TEXTS, "Packages with rules that have to be installed; this loads none, it makes sure of them."
        ),
        "policies": {
            "description": "The organisation's own rules, written in HCL.",
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "paths": _said(
                    TEXTS,
                    "Folders with policy files, also in folders below, or such files; by default `policies` "
                    "beside this file.",
                ),
                "packs": _said(TEXTS, "Packs of policies that installed packages bring, to be in force."),
                "params": {
                    "description": "Values for the parameters of policy files, by the names of the files.",
                    "type": "object",
                    "additionalProperties": {"type": "object"},
                },
            },
        },
        "baseline": _said({"type": "string", "minLength": 1}, "The file of findings that are accepted."),
        **_given(),
        "rules": {"$ref": "#/$defs/rules"},
        "overrides": {
            "description": "What holds in some paths alone; a later one counts more.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["paths"],
                "additionalProperties": False,
                "properties": {
                    "paths": _said(SOME, "Patterns, as `.gitignore` has them, from the file's folder."),
                    "extend-select": _said(NAMES, "Run these rules or categories, too."),
                    "ignore": _said(NAMES, "Leave these rules or categories out."),
                    **_given(),
                    "rules": {"$ref": "#/$defs/rules"},
                },
            },
        },
        **_waivers(),
        **_chains(),
    }


def _given() -> dict[str, Any]:
    return {
        "variables": {"$ref": "#/$defs/variables"},
        "var-files": _said(TEXTS, "Variable files that templates are given, as `--var-file` gives them."),
        "working-directory": _said(
            {"type": "string", "minLength": 1},
            "Where Packer is run: relative paths of templates start there.",
        ),
    }


def _waivers() -> dict[str, Any]:
    return {
        "waivers": {
            "description": "What is demanded of waivers.",
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "require-reason": _said({"type": "boolean"}, "A waiver without a reason does not work."),
                "forbidden": _said(NAMES, "Rules that may not be waived."),
            },
        },
        "waive": {
            "description": "Findings that are accepted in some paths.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rules", "paths"],
                "additionalProperties": False,
                "properties": {
                    "rules": _said(NAMES, "Of which rules."),
                    "paths": _said(SOME, "Patterns, as `.gitignore` has them, from the file's folder."),
                    "reason": _said({"type": "string"}, "Why."),
                    "until": _said({"type": "string", "pattern": DATE}, "The last day on which this holds."),
                },
            },
        },
    }


def _chains() -> dict[str, Any]:
    return {
        "chain": {
            "description": "Links between builds that cannot be seen in the templates.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["from", "to"],
                "additionalProperties": False,
                "properties": {
                    "from": _said(
                        IMAGES,
                        "The template that makes an artifact, from this file's folder; "
                        "`images/base:qemu.*` names some of its images.",
                    ),
                    "to": _said(IMAGES, "The template that starts from it, named likewise."),
                },
            },
        },
        "limits": {
            "description": "What the machine bears that runs Packer, for `plan` and `check --build`.",
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "max-parallel": _said(COUNT, "Sources that are built at once; 4 by default."),
                "memory": _said(
                    COUNT,
                    "Megabytes that virtual machines on this host may take together; three quarters of what "
                    "it has by default.",
                ),
                "cpus": _said(
                    COUNT, "Processors that they may take together; as many as the host has by default."
                ),
            },
        },
    }


def _said(schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"description": description, **schema}


def _rule(rule: type[Rule]) -> dict[str, Any]:
    """A severity or `off`, or a table with that and the options of the rule."""
    hints = types_of(rule)
    options = {
        field.name.replace("_", "-"): {**_type(hints[field.name]), "default": field.default}
        for field in _options(rule)
    }
    return {
        "description": f"{rule.summary()}.",
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": list(STATES)},
        "additionalProperties": False,
        "properties": {"severity": {"enum": list(STATES)}, **options},
    }


def _options(rule: type[Rule]) -> Iterable[Any]:
    """The fields of a rule's options, which those of others may have as a dataclass."""
    if record.is_record(rule.Options):
        return record.fields(rule.Options)
    from dataclasses import fields

    return fields(rule.Options)


def _type(hint: Any) -> dict[str, Any]:
    """The schema of an option of that type."""
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    kind = {bool: "boolean", int: "integer", float: "number", str: "string"}[hint]
    return {"type": kind, "minimum": 0} if hint in (int, float) else {"type": kind}
