"""What is seen to fit a schema without jsonschema: never what jsonschema finds a violation in."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from packlint.schema import Judge, Open, OpenList, Quick
from packlint.schema.verdict import JUDGING, KEYWORDS
from packlint.value import Unknown

ROOT = Path(__file__).resolve().parents[1] / "schemas"
KINDS = ("builder", "provisioner", "post-processor", "data-source")
SHIPPED = [
    path
    for folder in ("", "alternates/*/")
    for kind in KINDS
    for path in sorted(ROOT.glob(f"{folder}{kind}/*.json"))
]
U = Unknown("a test")
ODD = ("", 0, 1, -7, 70000, Decimal("0.5"), True, False, None, "red", "10s", [], {}, ["a"], {"a": "b"}, U)
INSTANCES = 12


class Making:
    """Instances of a schema, most of them nearly right."""

    def __init__(self, root: dict[str, Any], seed: str) -> None:
        self.root, self.random = root, random.Random(seed)

    def of(self, schema: dict[str, Any], wrong: float) -> Any:
        chance = self.random.random()
        if chance < wrong:
            return self.random.choice(ODD)
        if chance < wrong + 0.1:
            return U
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        return getattr(self, schema.get("type", "string"), self.string)(schema, wrong)

    def object(self, schema: dict[str, Any], wrong: float) -> Any:
        known = schema.get("properties", {})
        share = self.random.choice((0.05, 0.2, 0.6))
        # Rules speak of several arguments: those that one of them names are given together.
        rules = [entry["x-rule"]["arguments"] for entry in schema.get("allOf", ()) if "x-rule" in entry]
        together = {name.split(".")[0] for name in (self.random.choice(rules) if rules else ())}
        names = [
            name
            for name in known
            if name in together or name in schema.get("required", ()) or self.random.random() < share
        ]
        made = {name: self.of(known[name], wrong) for name in names if self.random.random() > wrong / 2}
        further = schema.get("additionalProperties")
        if isinstance(further, dict):
            made |= {name: self.of(further, wrong) for name in ("k", "l")[: self.random.randrange(3)]}
        elif self.random.random() < wrong / 2:
            made["no_such_argument"] = 1
        return Open(made) if self.random.random() < 0.1 else made

    def array(self, schema: dict[str, Any], wrong: float) -> Any:
        made = [self.of(schema.get("items", {}), wrong) for _ in range(self.random.randrange(4))]
        return OpenList(made) if self.random.random() < 0.1 else made

    def string(self, schema: dict[str, Any], wrong: float) -> Any:
        texts = ("10s", "-1.5h") if schema.get("format") == "go-duration" else ("", "a", "ssh", "1", "a-b")
        return self.random.choice(texts)

    def integer(self, schema: dict[str, Any], wrong: float) -> Any:
        return self.random.choice((schema.get("minimum", 0), schema.get("maximum", 9), 1, Decimal(2)))

    def number(self, schema: dict[str, Any], wrong: float) -> Any:
        return self.random.choice((0, 1, Decimal("0.25"), self.integer(schema, wrong)))

    def boolean(self, schema: dict[str, Any], wrong: float) -> Any:
        return self.random.random() < 0.5


def instances(path: Path, schema: dict[str, Any]) -> list[Any]:
    """Some that are right but for rules about several arguments, and some with one or more faults."""
    making = Making(schema, path.relative_to(ROOT).as_posix())
    return [making.object(schema, wrong) for wrong in (0.0, 0.02, 0.2) for _ in range(INSTANCES)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_all_that_fits_a_schema_of_ours_is_seen_and_nothing_else(path: Path) -> None:
    """No keyword that they have is left to doubt."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    judge, quick = Judge(schema), Quick(schema)
    for instance in instances(path, schema):
        assert quick.fits(instance) == (not judge.violations(instance)), instance


def test_the_instances_are_of_both_sorts() -> None:
    found = {True: 0, False: 0}
    for path in SHIPPED[::5]:
        schema = json.loads(path.read_text(encoding="utf-8"))
        for instance in instances(path, schema):
            found[Quick(schema).fits(instance)] += 1
    assert min(found.values()) > sum(found.values()) / 5, found


@pytest.mark.parametrize(
    "schema",
    [
        {"x": {"type": "string"}, "nonsense": 1},
        {"uniqueItems": True},
        {"patternProperties": {"^a": {"type": "string"}}},
        {"patternProperties": {"^a": True}, "additionalProperties": False},
        {"propertyNames": {"maxLength": 3}},
        {"unevaluatedProperties": False},
        {"dependentRequired": {"a": ["b"]}},
        {"dependentSchemas": {"a": {"required": ["b"]}}},
        {"prefixItems": [{"type": "string"}], "items": False},
        {"contains": {"type": "string"}, "maxContains": 1},
        {"$ref": "#"},
        {"$ref": "#absent"},
        {"$ref": "#/$defs/absent"},
        {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {}}},
        {"$dynamicRef": "#/$defs/a", "$defs": {"a": {}}},
    ],
    ids=str,
)
def test_a_word_that_is_not_known_here_is_in_doubt(schema: dict[str, Any]) -> None:
    assert not any(Quick(schema).fits(instance) for instance in ({}, {"a": "b"}, [], ["a"]))


def test_doubt_about_what_is_not_given_is_none() -> None:
    schema = {"properties": {"a": {"uniqueItems": True}, "b": {"type": "string"}}}
    assert Quick(schema).fits({"b": "text"})
    assert not Quick(schema).fits({"a": [1], "b": "text"})


@pytest.mark.parametrize(
    ("schema", "instance", "fits"),
    [
        ({"type": "string"}, U, True),
        ({"not": {"type": "string"}}, U, True),
        ({"required": ["a"]}, Open(), True),
        ({"required": ["a"]}, {}, False),
        ({"required": ["a"], "properties": {"a": {"const": 1}}}, Open(), True),
        ({"required": ["a"], "properties": {"a": {"const": 1}}}, {"a": 2}, False),
        ({"not": {"required": ["a"], "properties": {"a": {"const": 1}}}}, U, True),
        ({"not": {"required": ["a"], "properties": {"a": {"const": 1}}}}, [], False),
        ({"enum": [0]}, False, False),
        ({"enum": [1]}, Decimal(1), True),
        ({"enum": [[]]}, OpenList(), True),
        ({"enum": [[]]}, OpenList([1]), False),
        ({"enum": [{}]}, Open(a=1), False),
        ({"not": {"enum": ["", 0, False, None, [], {}]}}, "", False),
        ({"additionalProperties": False}, Open(), True),
        ({"additionalProperties": False}, {"a": U}, False),
        ({"items": {"type": "string"}}, OpenList(["a"]), True),
        ({"not": {"items": {"type": "string"}}}, ["a"], False),
        ({"not": {"items": {"type": "string"}}}, OpenList(["a"]), True),
        ({"if": {"required": ["a"]}, "then": False, "else": False}, Open(), False),
        ({"oneOf": [{}, {"type": "string"}]}, U, True),
        ({"oneOf": [{}, {}]}, U, False),
        ({"contains": {"const": 1}}, [2], False),
        ({"contains": {"const": 1}}, OpenList([2]), True),
    ],
    ids=str,
)
def test_unknowns_and_what_is_open(schema: dict[str, Any], instance: Any, fits: bool) -> None:
    assert Quick(schema).fits(instance) is fits
    assert bool(Judge(schema).violations(instance)) is not fits


def test_every_keyword_that_judges_is_named() -> None:
    assert Judge({})
    assert KEYWORDS.keys() == JUDGING


def test_what_is_nested_too_deeply_is_in_doubt() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert not Quick({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}).fits(deep)
    assert not Quick({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}).fits(1)
