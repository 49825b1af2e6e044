"""What does not fit a schema → problems, each at its place."""

from __future__ import annotations

from typing import Any

import pytest

from packlint.components import Component


def told(component: Component) -> list[tuple[str, str, str]]:
    """Faults with the keyword and the text that they stand at."""
    return [(it.fault, it.keyword, it.range.text) for it in component.problems]


@pytest.mark.parametrize(
    ("body", "fault", "keyword", "text"),
    [
        ('text = ["a"]', "type", "type", '["a"]'),
        ("bogus = 1", "unknown", "additionalProperties", "bogus"),
        ("bogus {\n}", "unknown", "additionalProperties", "bogus"),
        ('choice = "blue"', "value", "enum", '"blue"'),
        ("count = 10", "value", "maximum", "10"),
        ("count = -1", "value", "minimum", "-1"),
        ('wait = "5 min"', "value", "format", '"5 min"'),
        ("tags {\n}", "shape", "", "tags"),
        ("boot = {}", "shape", "", "boot"),
        ("disk {\n}", "missing", "required", "disk"),
        ("disk {\nsize = 1\nbogus = 2\n}", "unknown", "additionalProperties", "bogus"),
        ("disk {\nsize = 1\n}\ndisk {\nsize = [2]\n}", "type", "type", "[2]"),
        ('names = ["a", ["b"]]', "type", "type", '["b"]'),
        ('tags = { a = "b", c = ["d"] }', "type", "type", '["d"]'),
        ('names = (["a", ["b"]])', "type", "type", '["b"]'),
        ('names = concat(["a"], [["b"]])', "type", "type", 'concat(["a"], [["b"]])'),
        ('codes = [1, "2"]', "convertible", "", '"2"'),
    ],
)
def test_a_problem_stands_where_it_is(body: str, fault: str, keyword: str, text: str, probed: Any) -> None:
    assert told(probed(body)) == [(fault, keyword, text)]


def test_a_block_that_stands_twice(probed: Any) -> None:
    (problem,) = probed("boot {\n}\nboot {\n}").problems
    assert (problem.fault, problem.range.first.line) == ("repeated", 4)


def test_a_rule_stands_at_the_first_of_its_arguments(probed: Any) -> None:
    (problem,) = probed('count = 1\nnames = ["a"]\ntext = "b"').problems
    assert (problem.fault, problem.keyword, problem.names) == ("rule", "conflicts", ("text", "names"))
    assert problem.range.text == 'text = "b"'


@pytest.mark.parametrize(
    "body", ['text = ""', "names = []", "text = null", 'choice = ""', "count = 0", 'wait = ""']
)
def test_an_empty_value_is_as_good_as_none(body: str, probed: Any) -> None:
    assert told(probed(body)) == []
    assert told(probed('{"choice": "", "count": 0, "wait": ""}')) == []


def test_a_rule_is_undecided_by_an_unknown(probed: Any) -> None:
    assert told(probed('text = "a"\nnames = var.some', 'variable "some" {}\n')) == []
    assert told(probed('text = "a"\nnames = [var.some]', 'variable "some" {}\n'))[0][:2] == (
        "rule",
        "conflicts",
    )


MISSING = {"required": ["text"]}


def test_what_is_missing_stands_at_the_header(probed: Any) -> None:
    component = probed("count = 1", asked=MISSING)
    (problem,) = component.problems
    assert (problem.fault, problem.names, problem.range) == ("missing", ("text",), component.header_range)


def test_a_null_is_an_argument_that_is_missing(probed: Any) -> None:
    assert [fault for fault, _, _ in told(probed("text = null", asked=MISSING))] == ["missing"]


def test_nothing_is_missing_where_more_may_come(conformed: Any, probed: Any) -> None:
    provisioner = 'build {\nsources = ["null.a"]\nprovisioner "file" {\nsource = "f"\n'
    assert [it.fault for it in conformed(provisioner + "}\n}\n")[0].problems] == ["missing"]
    more = 'override = {\na = { destination = "d" }\n}\nbogus = 1\n'
    assert [it.fault for it in conformed(provisioner + more + "}\n}\n")[0].problems] == ["unknown"]


def test_a_source_that_no_build_uses_lacks_nothing(conformed: Any) -> None:
    text = 'source "amazon-ebs" "a" {\nbogus = 1\n}\n'
    (component,) = conformed(text)
    assert [it.fault for it in component.problems] == ["unknown"] and not component.runs
    (component,) = conformed(text + 'build {\nsources = ["source.amazon-ebs.a"]\n}\n')
    assert {it.fault for it in component.problems} == {"unknown", "missing", "rule"}


def test_what_a_build_adds_to_a_source_is_judged(conformed: Any) -> None:
    text = 'source "file" "a" {\n}\nbuild {\nsource "file.a" {\ntarget = "t"\nbogus = 1\n}\n}\n'
    (component,) = conformed(text)
    assert [(it.fault, it.path) for it in component.problems] == [("unknown", ("bogus",))]


def required(since: str, version: str | None) -> str:
    plugin = f'version = "{version}"' if version else ""
    return f"# since {since}\npacker {{\nrequired_plugins {{\ndocker = {{\nsource = " + (
        f'"github.com/hashicorp/docker"\n{plugin}\n}}\n}}\n}}\n'
    )


DOCKER = 'source "docker" "a" {\ncommit = true\n}\nbuild {\nsources = ["source.docker.a"]\n}\n'


@pytest.mark.parametrize(
    ("head", "faults"),
    [
        ("", []),
        (required("v1.0.9", "1.0.8"), []),
        (required("v1.0.9", ">= 1.0.8"), [("rule", True)]),
        (required("v1.0.9", ">= 1.1.0"), [("rule", False)]),
    ],
)
def test_a_demand_of_newer_versions(head: str, faults: list[tuple[str, bool]], conformed: Any) -> None:
    """That there is `build` or `image` is asked since after v1.0.9 of the plugin, when `build` came."""
    (component,) = conformed(head + DOCKER)
    assert [(it.fault, it.older) for it in component.problems if "image" in it.names] == faults


def test_names_that_only_json_has(conformed: Any) -> None:
    body = '"type": "oracle-oci", "defined_tags": {"a": {"b": "c"}}'
    (component,) = conformed('{"builders": [{' + body + "}]}", "t.json")
    assert [it for it in component.problems if it.fault == "unknown"] == []
    text = 'source "oracle-oci" "a" {\ndefined_tags = {}\n}\n'
    assert [it.fault for it in conformed(text)[0].problems] == ["unknown"]
