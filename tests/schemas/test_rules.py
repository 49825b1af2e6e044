"""Rules about several arguments, judged by a plain validator: what breaks them and what keeps them."""

from collections.abc import Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from packlint.schemas.compose import compose, left_out

PLUGIN = {
    "repo": "example/packer-plugin-example",
    "source": "github.com/example/example",
    "version_snapshot": "2026-01-02 (0123456789ab, latest tag v1.2.3)",
}
TEXT = {"type": "string", "required": False}
FLAG = {"type": "bool", "required": False}
COUNT = {"type": "number", "required": False, "integer": True}
LIST = {"type": "list(string)", "required": False}


def block(nesting: str, **attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {"nesting": nesting, "required": False, "attributes": attributes, "blocks": {}}


ARGUMENTS = {
    **dict.fromkeys(("a", "b", "c", "mode"), TEXT),
    "on": FLAG,
    "count": COUNT,
    "names": LIST,
    "usual": TEXT | {"default": "ssh"},
    "other": TEXT | {"default": "x"},
    "usually": FLAG | {"default": True},
    "five": COUNT | {"default": 5},
    "guessed": TEXT | {"default_computed": True},
    "told": TEXT | {"default_doc": "big"},
    "told_off": FLAG | {"default_doc": False},
    "sometimes": TEXT | {"default": "ssh", "default_when_conditional": ["none"]},
    "either": TEXT | {"enum": ["Linux", "Windows"], "enum_ignore_case": True},
    "from_env": TEXT | {"env": ["EXAMPLE"]},
}
BLOCKS = {
    "one": block("single", x=TEXT, y=TEXT, on=FLAG),
    "many": block("list", x=TEXT, y=TEXT, size=COUNT) | {"blocks": {"deep": block("single", x=TEXT, y=TEXT)}},
}


def facts(*rules: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "builder",
        "type": "example",
        "plugin": PLUGIN,
        "attributes": ARGUMENTS,
        "blocks": BLOCKS,
        "rules": rules,
    }


def keeps(rule: Mapping[str, Any], instance: object) -> bool:
    return bool(Draft202012Validator(compose(facts(rule))).is_valid(instance))


def when(*conditions: Mapping[str, Any], kind: str = "required_if", attr: str = "b") -> dict[str, Any]:
    return {"kind": kind, "attr": attr, "when": [*conditions]}


def has(attr: str) -> dict[str, Any]:
    return {"attr": attr, "set": True}


def lacks(attr: str) -> dict[str, Any]:
    return {"attr": attr, "set": False}


def is_in(attr: str, *values: object) -> dict[str, Any]:
    return {"attr": attr, "in": [*values]}


def is_none_of(attr: str, *values: object) -> dict[str, Any]:
    return {"attr": attr, "not_in": [*values]}


KINDS = {
    "one_of": (
        {"kind": "one_of", "attrs": ["a", "names", "on"]},
        [{}, {"a": ""}, {"names": []}, {"on": False}, {"c": "x"}],
        [{"a": "x"}, {"names": ["x"]}, {"on": True}, {"a": "x", "on": True}],
    ),
    "one_of, in some cases": (
        {"kind": "one_of", "attrs": ["a", "b"], "when": [has("c")]},
        [{"c": "x"}, {"c": "x", "a": ""}],
        [{}, {"c": ""}, {"c": "x", "b": "x"}],
    ),
    "exactly_one_of": (
        {"kind": "exactly_one_of", "attrs": ["a", "b"]},
        [{}, {"a": "x", "b": "x"}],
        [{"a": "x"}, {"a": "x", "b": ""}],
    ),
    "at_most_one_of": (
        {"kind": "at_most_one_of", "attrs": ["a", "b", "one"]},
        [{"a": "x", "b": "x"}, {"b": "x", "one": {"x": "x"}}, {"a": "x", "b": "x", "one": {"x": "x"}}],
        [{}, {"a": "x"}, {"one": {"x": "x"}}, {"a": "x", "one": {}}],
    ),
    "conflicts": (
        {"kind": "conflicts", "attrs": ["a", "on", "names"]},
        [{"a": "x", "on": True, "names": ["x"]}],
        [{}, {"a": "x", "on": True}, {"a": "x", "on": False, "names": ["x"]}],
    ),
    "required_if": (
        when(has("a")),
        [{"a": "x"}, {"a": "x", "b": ""}],
        [{}, {"a": "", "b": ""}, {"a": "x", "b": "y"}],
    ),
    "forbidden_if": (
        when(has("a"), kind="forbidden_if"),
        [{"a": "x", "b": "y"}],
        [{"a": "x", "b": ""}, {"b": "y"}, {"a": "x"}],
    ),
    "enum_if": (
        {**when(has("a"), kind="enum_if"), "values": ["y", "z"]},
        [{"a": "x", "b": "q"}],
        [{"a": "x", "b": "y"}, {"a": "x", "b": ""}, {"a": "x"}, {"b": "q"}],
    ),
    "range_if": (
        {**when(has("a"), kind="range_if", attr="count"), "minimum": 3, "maximum": 9},
        [{"a": "x", "count": 2}, {"a": "x", "count": 10}],
        [{"a": "x", "count": 3}, {"a": "x", "count": 0}, {"a": "x"}, {"count": 2}],
    ),
    "invalid_combination": (
        {"kind": "invalid_combination", "when": [has("a"), is_in("mode", "m")]},
        [{"a": "x", "mode": "m"}],
        [{"a": "x"}, {"a": "x", "mode": "n"}, {"mode": "m"}],
    ),
}

CONDITIONS = {
    "a value": (is_in("mode", "m", "n"), [{"mode": "m"}], [{}, {"mode": ""}, {"mode": "x"}]),
    "the zero value of a string": (is_in("mode", ""), [{}, {"mode": ""}], [{"mode": "m"}]),
    "the zero value of a bool": (is_in("on", False), [{}, {"on": False}], [{"on": True}]),
    "the zero value of a number": (is_in("count", 0, 1), [{}, {"count": 0}, {"count": 1}], [{"count": 2}]),
    "the default": (is_in("usual", "ssh"), [{}, {"usual": ""}, {"usual": "ssh"}], [{"usual": "winrm"}]),
    "not the default": (is_in("usual", "winrm"), [{"usual": "winrm"}], [{}, {"usual": ""}]),
    "empty where the default is not": (is_in("usual", ""), [], [{}, {"usual": ""}, {"usual": "ssh"}]),
    "zero where the default is not": (is_in("five", 0, 6), [{"five": 6}], [{}, {"five": 0}, {"five": 5}]),
    "a default that is computed": (is_in("guessed", "x", ""), [{"guessed": "x"}], [{}, {"guessed": ""}]),
    "a default that is only told": (is_in("told", "big"), [{"told": "big"}], [{}, {"told": "small"}]),
    "a falsy default that is told": (
        is_in("told_off", False),
        [{}, {"told_off": False}],
        [{"told_off": True}],
    ),
    "a default in some cases": (is_in("sometimes", "ssh"), [{"sometimes": "ssh"}], [{}]),
    "what the environment may say": (is_in("from_env", ""), [], [{}, {"from_env": "x"}]),
    "another value": (is_none_of("mode", "m"), [{}, {"mode": ""}, {"mode": "n"}], [{"mode": "m"}]),
    "another value than zero": (is_none_of("mode", ""), [{"mode": "n"}], [{}, {"mode": ""}]),
    "another than the default": (is_none_of("usual", "ssh"), [{"usual": "x"}], [{}, {"usual": ""}]),
    "another, and the default is": (is_none_of("usual", "x"), [{}, {"usual": "ssh"}], [{"usual": "x"}]),
    "another than what is told": (is_none_of("told", "big"), [{"told": "x"}], [{}, {"told": ""}]),
    "another in any case": (is_none_of("either", "Linux"), [{"either": "Windows"}], [{"either": "linux"}]),
    "given": (has("a"), [{"a": "x"}], [{}, {"a": ""}]),
    "a list that is given": (has("names"), [{"names": ["x"]}], [{}, {"names": []}]),
    "a block that is given": (has("one"), [{"one": {"x": "x"}}], [{}, {"one": {}}]),
    "given, with a default": (has("usually"), [{"usually": True}], [{}, {"usually": False}]),
    "not given": (lacks("a"), [{}, {"a": ""}], [{"a": "x"}]),
    "not true": (lacks("on"), [{}, {"on": False}], [{"on": True}]),
    "not given, with a default": (lacks("usually"), [{"usually": False}], [{}, {"usually": True}]),
    "not given, if told so": (lacks("told"), [], [{}, {"told": ""}, {"told": "x"}]),
    "in a block": (is_in("one.x", "m"), [{"one": {"x": "m"}}], [{}, {"one": {}}, {"one": {"x": "n"}}]),
    "in no block": (lacks("one.x"), [{}, {"one": {}}], [{"one": {"x": "m"}}]),
    "in some block": (has("many.x"), [{"many": [{}, {"x": "m"}]}], [{}, {"many": []}, {"many": [{}]}]),
    "in none of the blocks": (lacks("many.x"), [{}, {"many": [{}]}], [{"many": [{}, {"x": "m"}]}]),
}


@pytest.mark.parametrize(("rule", "breaks", "keeps_it"), KINDS.values(), ids=KINDS)
def test_a_kind_of_rule(rule: dict[str, Any], breaks: list[object], keeps_it: list[object]) -> None:
    assert [instance for instance in breaks if keeps(rule, instance)] == []
    assert [instance for instance in keeps_it if not keeps(rule, instance)] == []


@pytest.mark.parametrize(("condition", "holds", "does_not"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_condition(condition: dict[str, Any], holds: list[object], does_not: list[object]) -> None:
    """Where it holds, `c` is missing."""
    rule = when(condition, attr="c")
    assert [instance for instance in holds if keeps(rule, instance)] == []
    assert [instance for instance in does_not if not keeps(rule, instance)] == []


def test_all_conditions_have_to_hold() -> None:
    rule = when(has("a"), lacks("c"), is_in("usual", "ssh"))
    assert not keeps(rule, {"a": "x"})
    assert keeps(rule, {"a": "x", "c": "x"})
    assert keeps(rule, {"a": "x", "usual": "winrm"})


def test_two_conditions_on_one_argument() -> None:
    rule = when(is_none_of("mode", "x"), is_in("mode", "m"))
    assert not keeps(rule, {"mode": "m"})
    assert keeps(rule, {"mode": "n"})


def test_a_rule_within_a_block_is_judged_for_each() -> None:
    rule = when(has("many.x"), attr="many.y")
    made = compose(facts(rule))
    assert "allOf" not in made
    (entry,) = made["properties"]["many"]["items"]["allOf"]
    assert entry["x-rule"] == {"kind": "required_if", "arguments": ["y"], "when": ["x"]}
    assert not keeps(rule, {"many": [{"x": "m", "y": "n"}, {"x": "m"}]})
    assert keeps(rule, {"many": [{"x": "m", "y": "n"}, {}]})
    assert keeps(rule, {})


def test_a_rule_within_a_block_of_a_block() -> None:
    rule = {"kind": "conflicts", "attrs": ["many.deep.x", "many.deep.y"]}
    assert not keeps(rule, {"many": [{"deep": {"x": "m", "y": "n"}}]})
    assert keeps(rule, {"many": [{"deep": {"x": "m"}}, {"deep": {"y": "n"}}]})


def test_what_each_block_must_be_if_something_outside_is() -> None:
    rule = {**when(has("a"), is_in("many.y", "m"), kind="enum_if", attr="many.x"), "values": ["v"]}
    assert not keeps(rule, {"a": "x", "many": [{"y": "m", "x": "v"}, {"y": "m", "x": "w"}]})
    assert keeps(rule, {"a": "x", "many": [{"y": "m", "x": "v"}, {"y": "n", "x": "w"}]})
    assert keeps(rule, {"many": [{"y": "m", "x": "w"}]})


def test_each_block_asks_for_an_argument_if_something_outside_is() -> None:
    rule = when(has("a"), attr="many.deep.x")
    assert not keeps(rule, {"a": "x", "many": [{"deep": {"x": "m"}}, {}]})
    assert keeps(rule, {"a": "x", "many": []})


def test_one_of_with_something_in_a_block() -> None:
    rule = {"kind": "one_of", "attrs": ["a", "one.x"]}
    assert not keeps(rule, {"one": {"y": "m"}})
    assert keeps(rule, {"one": {"x": "m"}})
    assert keeps(rule, {"a": "x"})


def test_conditions_on_a_list_are_about_one_block_of_it() -> None:
    rule = when(has("many.x"), lacks("many.y"))
    assert not keeps(rule, {"many": [{"x": "m"}, {"y": "n"}]})
    assert keeps(rule, {"many": [{"x": "m", "y": "n"}, {}]})


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"kind": "one_of", "attrs": ["a", "b"], "or_env": True}, "or_env"),
        ({"kind": "one_of", "attrs": ["a", "b"], "or_default": True}, "or_default"),
        ({"kind": "one_of", "attrs": ["a", "b"], "doubted": True}, "doubted"),
        ({"kind": "one_of", "attrs": ["a", "from_env"]}, "environment variable"),
        (when(has("a"), attr="usual"), "default"),
        (when(has("a"), attr="told"), "default"),
        (when(has("a"), lacks("a")), "contradiction"),
    ],
)
def test_a_rule_that_nobody_can_be_held_to(rule: dict[str, Any], reason: str) -> None:
    assert [*left_out(facts(rule))] == [(rule, reason)]
    assert "allOf" not in compose(facts(rule))


def test_what_is_said_of_a_rule() -> None:
    rule = {
        "kind": "conflicts",
        "attrs": ["b", "one.x"],
        "when": [has("a"), is_in("a", "x")],
        "since_after": "v1.0.0",
        "src": "doc",
    }
    (entry,) = compose(facts(rule))["allOf"]
    assert entry["x-rule"] == {
        "kind": "conflicts",
        "arguments": ["b", "one.x"],
        "when": ["a"],
        "since_after": "v1.0.0",
        "documented": True,
    }


def test_a_combination_is_about_what_it_combines() -> None:
    rule = {"kind": "invalid_combination", "when": [has("b"), has("a")], "changed_since": "v2.0.0"}
    (entry,) = compose(facts(rule))["allOf"]
    assert entry["x-rule"] == {
        "kind": "invalid_combination",
        "arguments": ["b", "a"],
        "changed_since": "v2.0.0",
    }


def test_the_same_rule_is_told_once() -> None:
    rule = {"kind": "one_of", "attrs": ["a", "b"]}
    assert len(compose(facts(rule, rule))["allOf"]) == 1
