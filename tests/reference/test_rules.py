"""How the rules of a schema are told: what belongs together in one line."""

from __future__ import annotations

from typing import Any

import pytest

from packlint.reference.rules import rules

SET = {"$ref": "#/$defs/set"}


def given(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: SET}}


def rule(kind: str, *arguments: str, when: str = "", **about: Any) -> dict[str, Any]:
    condition = {"if": given(when), "then": {}} if when else {}
    return {"x-rule": {"kind": kind, "arguments": [*arguments], **about}, **condition}


def limited(name: str, when: str, **bounds: int) -> dict[str, Any]:
    then = {"properties": {name: {"anyOf": [bounds, {"enum": [0, None]}]}}}
    return {**rule("range_if", name), "if": given(when), "then": then}


def told(*entries: dict[str, Any]) -> list[tuple[str, ...]]:
    """Conditions, each with its clauses."""
    return [(it.condition, *it.clauses) for it in rules({"properties": {}, "allOf": [*entries]})]


@pytest.mark.parametrize(
    ("entries", "clauses"),
    [
        ([rule("conflicts", "a", "b")], ["not `a` with `b`"]),
        ([rule("conflicts", "a", "b"), rule("one_of", "a", "b")], ["exactly one of `a` and `b`"]),
        (
            [rule("conflicts", "a", "b"), rule("conflicts", "b", "c"), rule("conflicts", "a", "c")],
            ["at most one of `a`, `b` and `c`"],
        ),
        (
            [
                *(rule("conflicts", *pair) for pair in ("ab", "bc", "ac")),
                rule("one_of", "c", "b", "a"),
            ],
            ["exactly one of `c`, `b` and `a`"],
        ),
        ([rule("conflicts", "a", "z"), rule("conflicts", "b", "z")], ["not `z` with `a` or `b`"]),
        (
            [*(rule("conflicts", *pair) for pair in ("ab", "bc", "ac", "cd"))],
            ["at most one of `a`, `b` and `c`", "not `c` with `d`"],
        ),
        ([rule("conflicts", "a", "b", "c")], ["not `a`, `b` and `c` together"]),
        (
            [rule("one_of", "a", "b", "c"), rule("conflicts", "a", "b")],
            ["at least one of `a`, `b` and `c`", "not `a` with `b`"],
        ),
        ([rule("one_of", "a", "b"), rule("one_of", "a", "b")], ["at least one of `a` and `b`"]),
    ],
)
def test_rules_that_say_one_thing_together_are_one_clause(
    entries: list[dict[str, Any]], clauses: list[str]
) -> None:
    assert told(*entries) == [("", *clauses)]


def test_what_holds_under_one_condition_stands_together() -> None:
    assert told(
        rule("required_if", "b", when="x"),
        rule("one_of", "a", "b"),
        rule("required_if", "a", when="x"),
        rule("forbidden_if", "c", when="x"),
        rule("required_if", "a", when="w"),
    ) == [
        ("", "at least one of `a` and `b`"),
        ("`w` is set", "`a` is required"),
        ("`x` is set", "`c` is not allowed", "`b` and `a` are required"),
    ]


def test_both_ends_of_a_range_are_one_clause() -> None:
    assert told(limited("n", "x", maximum=9), limited("n", "x", minimum=2)) == [
        ("`x` is set", "`n` has to be at least 2 and at most 9")
    ]


def test_a_rule_that_is_new_says_so_and_stays_by_itself() -> None:
    assert told(
        rule("required_if", "a", when="x"),
        rule("required_if", "b", when="x", since_after="v1.2.0"),
        rule("required_if", "c", when="x", changed_since="v1.3.0", documented=True),
    ) == [
        (
            "`x` is set",
            "`a` is required",
            "`b` is required (after v1.2.0)",
            "`c` is required (after v1.3.0, as documented)",
        )
    ]


def test_rules_of_blocks_are_told_for_each_of_them() -> None:
    inner = {"x-block": "single", "properties": {}, "allOf": [rule("conflicts", "a", "b")]}
    many = {
        "x-block": "list",
        "items": {"properties": {"deep": inner}, "allOf": [rule("conflicts", "c", "d")]},
    }
    found = [*rules({"properties": {"disk": many}})]
    assert [(it.block, it.clauses) for it in found] == [
        ("in each `disk`", ("not `c` with `d`",)),
        ("in `disk.deep`", ("not `a` with `b`",)),
    ]
