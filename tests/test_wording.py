"""What is said of types, values and rules, for schemas written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from packlint.catalog import SHIPPED, walk, within
from packlint.reference.find import entries
from packlint.wording import (
    condition_words,
    limit_words,
    range_words,
    requirement_words,
    type_words,
    value_words,
)

SET = {"$ref": "#/$defs/set"}

AROUND: dict[str, Any] = {
    "properties": {
        "communicator": {"type": "string", "default": "ssh"},
        "format": {"type": "string"},
        "headless": {"type": "boolean"},
        "cpus": {"type": "integer"},
        "one": {"type": "object", "x-block": "single", "properties": {"name": {"type": "string"}}},
        "many": {
            "type": "array",
            "x-block": "list",
            "items": {
                "type": "object",
                "properties": {"fast": {"type": "boolean"}, "kind": {"type": "string"}},
            },
        },
    }
}


def given(name: str, schema: Any = SET) -> dict[str, Any]:
    return {"required": [name], "properties": {name: schema}}


def rule(kind: str, *arguments: str, **keywords: Any) -> dict[str, Any]:
    return {"x-rule": {"kind": kind, "arguments": [*arguments]}, **keywords}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "boolean"}, "bool"),
        ({"type": "integer"}, "number"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "list(list(string))"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "map(number)"),
        ({"type": "array"}, "list(any)"),
        ({"type": "object", "properties": {}}, "object"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"x-type": "list(string)"}, "list(string)"),
        ({}, "any"),
        ({"type": "object", "x-block": "single", "properties": {}}, "block"),
        ({"type": "array", "x-block": "list", "items": {"properties": {}}}, "blocks"),
    ],
)
def test_types_are_named_as_in_hcl(schema: dict[str, Any], words: str) -> None:
    assert type_words(schema) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a", '"a"'),
        ('a"\n', r'"a\"\n"'),
        ("${a} %{b}", '"$${a} %%{b}"'),
        (8, "8"),
        (True, "true"),
        (["é"], '["é"]'),
    ],
)
def test_values_are_written_as_in_hcl(value: object, words: str) -> None:
    assert value_words(value) == words


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"minimum": 1}, "at least 1"),
        ({"maximum": 9}, "at most 9"),
        ({"minimum": 1, "maximum": 9}, "1 to 9"),
        ({"exclusiveMinimum": 0, "maximum": 9}, "at most 9 and above 0"),
        ({"type": "string"}, ""),
    ],
)
def test_ranges(schema: dict[str, Any], words: str) -> None:
    assert range_words(schema) == words


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (rule("one_of", "a", "b", "c"), "at least one of `a`, `b` and `c`"),
        (rule("exactly_one_of", "a", "b"), "exactly one of `a` and `b`"),
        (rule("at_most_one_of", "a", "b"), "at most one of `a` and `b`"),
        (rule("conflicts", "a", "b"), "not `a` with `b`"),
        (rule("conflicts", "a", "b", "c"), "not `a`, `b` and `c` together"),
        (rule("required_if", "a"), "`a` is required"),
        (rule("required", "a", required=["a"]), "`a` is required"),
        (rule("forbidden_if", "a", "b"), "`a` and `b` are not allowed"),
        (
            rule("enum_if", "format", then={"properties": {"format": {"enum": ["raw", "qcow2", "", None]}}}),
            '`format` can only be "raw" or "qcow2"',
        ),
        (rule("enum", "format", properties={"format": {"enum": ["raw"]}}), '`format` can only be "raw"'),
        (
            rule(
                "range_if",
                "cpus",
                then={"properties": {"cpus": {"anyOf": [{"minimum": 2}, {"enum": [0, None]}]}}},
            ),
            "`cpus` has to be at least 2",
        ),
        (
            rule(
                "invalid_combination",
                "headless",
                "format",
                **{
                    "not": {
                        "required": ["headless"],
                        "properties": {"headless": SET, "format": {"enum": ["raw"]}},
                    }
                },
            ),
            'not allowed: `headless` is true and `format` is "raw"',
        ),
        (rule("invalid_combination", "a", "b"), "not allowed: `a` and `b`"),
        (rule("enum_if", "format"), "`format` can only be some values"),
    ],
)
def test_what_a_rule_asks_for(entry: dict[str, Any], words: str) -> None:
    assert requirement_words(entry, AROUND) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (given("format"), "`format` is set"),
        (given("headless"), "`headless` is true"),
        ({"properties": {"format": {"not": SET}}}, "`format` is not set"),
        ({"properties": {"headless": {"not": SET}}}, "`headless` is not true"),
        (given("headless", {"const": False}), "`headless` is false"),
        (
            {"properties": {"communicator": {"enum": ["ssh", None, ""]}}},
            '`communicator` is "ssh" (the default)',
        ),
        (given("communicator", {"enum": ["winrm", "none"]}), '`communicator` is "winrm" or "none"'),
        ({"properties": {"format": {"enum": ["raw", "", None]}}}, '`format` is "raw" or not set'),
        ({"properties": {"format": {"not": {"enum": ["raw"]}}}}, '`format` is not "raw"'),
        (given("format", {"not": {"enum": ["raw", "", None]}}), '`format` is set and not "raw"'),
        (given("communicator", {"not": {"enum": ["ssh", None, ""]}}), '`communicator` is not "ssh"'),
        ({"properties": {"cpus": {"enum": [0, None]}}}, "`cpus` is not set"),
        (given("cpus", {"enum": [2]}), "`cpus` is 2"),
        (
            {"required": ["format", "one"], "properties": {"format": SET, "one": SET}},
            "`format` and `one` are set",
        ),
        ({"allOf": [given("format"), given("headless")]}, "`format` is set and `headless` is true"),
        (given("one", given("name")), "`one.name` is set"),
        (given("many", {"contains": given("fast")}), "`many.fast` is true"),
        (
            {"properties": {"many": {"items": {"properties": {"kind": {"not": SET}, "fast": {"not": SET}}}}}},
            "`many.kind` is not set and `many.fast` is not true",
        ),
    ],
)
def test_when_a_rule_asks_for_it(condition: dict[str, Any], words: str) -> None:
    assert condition_words(rule("required_if", "a", **{"if": condition, "then": given("a")}), AROUND) == words


def test_a_condition_within_the_block_that_a_rule_is_about() -> None:
    each = {"if": given("fast"), "then": {"properties": {"kind": {"enum": ["ssd", "", None]}}}}
    entry = rule("enum_if", "many.kind", properties={"many": {"items": each}})
    assert condition_words(entry, AROUND) == "`many.fast` is true"
    assert limit_words(entry, AROUND) == '"ssd"'


def test_a_rule_without_a_condition_has_no_words_for_it() -> None:
    assert condition_words(rule("one_of", "a", "b", anyOf=[given("a"), given("b")]), AROUND) == ""


@pytest.mark.parametrize(
    "condition",
    [
        {"minProperties": 2},
        {"properties": {"format": {"pattern": "^a"}}},
        {"properties": {"format": True}},
        True,
    ],
)
def test_a_condition_in_other_keywords_is_told_by_its_names(condition: Any) -> None:
    entry = rule("required_if", "a", **{"if": condition, "then": given("a")})
    assert condition_words(entry, AROUND) == "it is demanded"
    entry["x-rule"]["when"] = ["format"]
    assert condition_words(entry, AROUND) == "`format` so demands"


def test_a_condition_of_any_depth_ends() -> None:
    condition: dict[str, Any] = given("a")
    for _ in range(3000):
        condition = {"allOf": [condition]}
    assert condition_words(rule("required_if", "a", **{"if": condition, "then": given("a")}), AROUND)


def test_every_rule_that_packlint_has_is_told_in_full() -> None:
    told = 0
    for entry in entries(SHIPPED):
        bodies = [entry.schema, *(inner for _, inner in walk(entry.schema) if "x-block" in inner)]
        for body in map(within, bodies):
            for it in body.get("allOf", ()):
                told += 1
                assert "demand" not in condition_words(it, body), (entry.name, it)
                words = requirement_words(it, body)
                assert not words.endswith("some values"), (entry.name, it)
                assert ("if" not in it) or condition_words(it, body), (entry.name, it)
    assert told > 1000
