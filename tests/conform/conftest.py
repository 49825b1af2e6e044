"""Templates as text → the components of which they are made, for the tests of this stage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from packlint.catalog import SHIPPED, Catalog
from packlint.components import Component
from packlint.conform import conform
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Template
from packlint.parse import parse

Conformed: TypeAlias = Callable[..., tuple[Component, ...]]


@pytest.fixture(scope="session")
def conformed() -> Conformed:
    """The text of a template, its path and the schemas → its components, in the order of their places."""

    def made(text: str, path: str = "t.pkr.hcl", known: Catalog = SHIPPED) -> tuple[Component, ...]:
        file, problems = parse(Document(path, text))
        assert not problems, [problem.message for problem in problems]
        (configuration,), _ = lower(Template(path, (path,), Files(Path.cwd())), [file])
        components = conform(evaluate(configuration), known)
        return tuple(sorted(components, key=lambda component: component.range.start))

    return made


PROBE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "choice": {"type": "string", "enum": ["red", "green"]},
        "wait": {"type": "string", "format": "go-duration"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "ratio": {"type": "number"},
        "on": {"type": "boolean"},
        "names": {"type": "array", "items": {"type": "string"}},
        "codes": {"type": "array", "items": {"type": "integer"}},
        "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        "disk": {
            "type": "array",
            "x-block": "list",
            "items": {
                "type": "object",
                "properties": {"size": {"type": "integer"}, "label": {"type": "string"}},
                "required": ["size"],
                "additionalProperties": False,
            },
        },
        "boot": {
            "type": "object",
            "x-block": "single",
            "properties": {"order": {"type": "array", "items": {"type": "string"}}},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
    "allOf": [
        {
            "x-rule": {"kind": "conflicts", "arguments": ["text", "names"]},
            "not": {
                "allOf": [
                    {"required": ["text"], "properties": {"text": {"$ref": "#/$defs/set"}}},
                    {"required": ["names"], "properties": {"names": {"$ref": "#/$defs/set"}}},
                ]
            },
        }
    ],
    "$defs": {"set": {"not": {"enum": ["", 0, False, None, [], {}]}}},
}
"""The schema of a builder `probe`, which nobody has."""


Probed: TypeAlias = Callable[..., Component]


@pytest.fixture(scope="session")
def probed(conformed: Conformed, tmp_path_factory: pytest.TempPathFactory) -> Probed:
    """The body of a builder as HCL or as JSON, and what stands beside it → the component.

    `asked` is added to its schema.
    """

    def made(body: str, beside: str = "", asked: dict[str, Any] | None = None) -> Component:
        folder = tmp_path_factory.mktemp("schemas")
        (folder / "builder").mkdir()
        (folder / "builder" / "probe.json").write_text(json.dumps(PROBE | (asked or {})), "utf-8")
        known = Catalog((folder,))
        if body.startswith("{"):
            inner = body[1:]
            head = '{"builders": [{"type": "probe"' + (", " if inner.strip() != "}" else "") + inner
            found = conformed(head + "]" + beside + "}", "t.json", known)
        else:
            build = 'build {\n  sources = ["source.probe.a"]\n}\n'
            text = f'source "probe" "a" {{\n{body}\n}}\n{build}{beside}'
            found = conformed(text, "t.pkr.hcl", known)
        (component,) = [it for it in found if it.kind == "builder"]
        return component

    return made
