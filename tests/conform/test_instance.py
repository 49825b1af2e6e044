"""What HCL2 and the decoder of legacy templates make of values, by what Packer 1.6.6 says of the same ones.

`test_oracle.py` asks it; the cases here are single, and go beyond what it tells apart.
"""

from __future__ import annotations

from typing import Any

import pytest

from packlint.components import Component


def faults(component: Component) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.fault, problem.path) for problem in component.problems]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('text = "a"', None),
        ("text = 1", None),
        ("text = true", None),
        ('text = ["a"]', "type"),
        ("text = null", None),
        ("count = 3", None),
        ('count = "3"', "convertible"),
        ('count = "1e0"', "convertible"),
        ('count = "0x3"', "type"),
        ('count = "three"', "type"),
        ('count = ""', "type"),
        ("count = true", "type"),
        ("count = 2.5", "type"),
        ("ratio = 2.5", None),
        ('ratio = "2.5"', "convertible"),
        ("on = true", None),
        ('on = "true"', "convertible"),
        ('on = "1"', "convertible"),
        ('on = "True"', "type"),
        ('on = "yes"', "type"),
        ("on = 1", "type"),
        ('names = ["a", 1, true]', None),
        ('names = "a"', "type"),
        ("names = []", None),
        ("codes = [1]", None),
        ('codes = ["1"]', "convertible"),
        ('tags = { a = "b", c = 1 }', None),
        ('tags = ["a"]', "type"),
        ('tags = "a"', "type"),
        ("tags {\n}", "shape"),
        ("boot {\n}", None),
        ("boot = {}", "shape"),
        ("disk = []", "shape"),
        ("disk {\nsize = 1\n}\ndisk {\nsize = 2\n}", None),
        ("boot {\n}\nboot {\n}", "repeated"),
        ("bogus = 1", "unknown"),
        ("bogus {\n}", "unknown"),
        ("Text = 1", "unknown"),
    ],
)
def test_values_of_hcl(body: str, fault: str | None, probed: Any) -> None:
    assert [found for found, _ in faults(probed(body))] == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('{"text": 1}', None),
        ('{"text": true}', None),
        ('{"text": ["a"]}', "type"),
        ('{"text": null}', None),
        ('{"TEXT": "a"}', None),
        ('{"count": "3"}', None),
        ('{"count": "0x3"}', None),
        ('{"count": "1e0"}', "type"),
        ('{"count": "three"}', "type"),
        ('{"count": ""}', None),
        ('{"count": true}', None),
        ('{"count": 2.5}', None),
        ('{"count": [2]}', "type"),
        ('{"on": "True"}', None),
        ('{"on": "yes"}', "type"),
        ('{"on": 1}', None),
        ('{"names": "a"}', None),
        ('{"names": "a,b"}', None),
        ('{"names": 1}', None),
        ('{"names": [null]}', None),
        ('{"names": {}}', None),
        ('{"names": {"a": "b"}}', "type"),
        ('{"codes": "1,2"}', None),
        ('{"codes": "1,x"}', "type"),
        ('{"tags": [{"a": "b"}, {"c": "d"}]}', None),
        ('{"tags": ["a"]}', "type"),
        ('{"tags": [["a"]]}', "type"),
        ('{"tags": []}', None),
        ('{"tags": ""}', "type"),
        ('{"tags": {"a": null}}', None),
        ('{"tags": {"a": ["b"]}}', "type"),
        ('{"wait": 5}', None),
        ('{"wait": "5"}', "value"),
        ('{"disk": {"size": 1}}', None),
        ('{"disk": [{"size": 1}, {"size": "2"}]}', None),
        ('{"boot": {"order": "a"}}', None),
        ('{"bogus": 1}', "unknown"),
    ],
)
def test_values_of_legacy_templates(body: str, fault: str | None, probed: Any) -> None:
    assert [found for found, _ in faults(probed(body))] == ([fault] if fault else [])


@pytest.mark.parametrize(
    "body",
    [
        "count = var.unknown",
        'text = "${var.unknown}-x"\nnames = var.unknown',
        "names = [var.unknown]",
        "tags = { a = var.unknown }",
        "choice = var.unknown",
        'choice = "{{ isotime }}"',
        'count = "{{ .Count }}"',
        'tags = { "{{ .Name }}" = "a" }',
        "disk {\nsize = var.unknown\n}",
        'dynamic "disk" {\nfor_each = var.unknown\ncontent {\nbogus = 1\n}\n}',
    ],
)
def test_nothing_is_told_of_what_only_a_build_knows(body: str, probed: Any) -> None:
    assert faults(probed(body, 'variable "unknown" {}\n')) == []


def test_what_is_beside_an_unknown_is_judged(probed: Any) -> None:
    component = probed("names = [var.unknown, []]", 'variable "unknown" {}\n')
    assert faults(component) == [("type", ("names", 1))]


def test_a_sensitive_value_is_judged(probed: Any) -> None:
    secret = 'variable "secret" {\ndefault = "blue"\nsensitive = true\n}\n'
    (problem,) = probed("choice = var.secret", secret).problems
    assert problem.fault == "value" and problem.value is not None and problem.value.sensitive


def test_dynamic_blocks_are_judged_each(probed: Any) -> None:
    body = 'dynamic "disk" {\nfor_each = [1, "x"]\ncontent {\nsize = disk.value\n}\n}'
    assert faults(probed(body)) == [("type", ("disk", 1, "size"))]
    body = 'dynamic "boot" {\nfor_each = [1, 2]\ncontent {\n}\n}'
    assert faults(probed(body)) == [("repeated", ("boot",))]
