"""Templates that are made to hurt: what is looked at grows no faster than what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from packlint.catalog import Catalog
from packlint.components import Component
from packlint.duration import is_duration
from packlint.errors import CatalogError
from packlint.pipeline import run
from packlint.settings import Settings
from packlint.version import Constraints, Version

MANY = 200_000


@pytest.mark.parametrize("text", ["1" * MANY, "." + "1" * MANY, "1h" * MANY + "1", "1." * MANY])
def test_a_long_text_that_is_no_duration_is_told_at_once(text: str) -> None:
    assert not is_duration(text)


def test_a_pattern_is_not_tried_on_a_text_of_any_length(conformed: Any) -> None:
    # Its `^.+:iso\\/.+$` takes time that grows with the square of such a text.
    def refused(text: str) -> bool:
        (component,) = conformed(
            f'source "proxmox-clone" "a" {{\nadditional_iso_files {{\niso_file = "{text}"\n}}\n}}\n'
        )
        return any(problem.keyword == "pattern" for problem in component.problems)

    assert refused("a:iso/\\n!")
    assert not refused(":iso/" * MANY + "\\n!")


def elements_at_fault(component: Component) -> int:
    return sum(problem.fault == "type" for problem in component.problems)


def test_all_elements_that_are_written_are_judged(conformed: Any) -> None:
    written = ", ".join(["{}"] * 500)
    (component,) = conformed(f'source "qemu" "a" {{\nboot_command = [{written}]\n}}\n')
    assert elements_at_fault(component) == 500


def test_of_a_huge_value_that_many_refer_to_only_the_first_elements_are_judged(conformed: Any) -> None:
    shared = "locals {\nall = [" + ", ".join(["{}"] * 500) + "]\n}\n"
    component, other = conformed(
        shared + "".join(f'source "qemu" "{name}" {{\nboot_command = local.all\n}}\n' for name in "ab")
    )
    assert 0 < elements_at_fault(component) == elements_at_fault(other) < 200


@pytest.mark.parametrize("value", ['{ password = ["x"] }', '["x", { password = "x" }]'])
def test_nothing_is_told_of_what_a_secret_holds(value: str, conformed: Any) -> None:
    (component,) = conformed(
        f'variable "secret" {{\nsensitive = true\ndefault = {value}\n}}\n'
        'source "amazon-ebs" "a" {\ntags = var.secret\nami_users = var.secret\nregion = var.secret\n}\n'
    )
    paths = {problem.path for problem in component.problems if problem.fault in ("type", "value")}
    assert ("region",) in paths
    assert all(len(path) == 1 for path in paths)


@pytest.mark.parametrize("bound", ["!= 1.0.{}", ">= 0.{}", "< 2.{}"])
def test_thousands_of_constraints_are_gone_through_once(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = ", ".join(map(bound.format, range(5_000)))
    constraints = Constraints.parse(text)
    milestone = Version.parse("1.3.0")
    assert constraints is not None and milestone is not None
    asked = constraints.reach(milestone)
    monkeypatch.setattr(Constraints, "_found", None)
    assert Constraints.parse(text) is constraints
    assert all(constraints.reach(milestone) == asked for _ in range(5_000))


def test_the_entry_of_a_component_is_not_searched_for_among_thousands(conformed: Any) -> None:
    lines = "".join(f'p{number} = {{\nsource = "github.com/hashicorp/qemu"\n}}\n' for number in range(2_000))
    sources = "".join(f'source "p{number}" "a" {{\n}}\n' for number in range(2_000))
    components = conformed(f"packer {{\nrequired_plugins {{\n{lines}}}\n}}\n{sources}")
    assert {component.name for component in components} == {"qemu"}
    assert all(component.entry.name == component.type for component in components)


def test_a_large_source_is_not_judged_again_for_thousands_of_builds(conformed: Any) -> None:
    arguments = "".join(f"a{number} = 1\n" for number in range(2_000))
    use = 'build {\nsource "source.qemu.a" {\nboot_wait = "1"\n}\n}\n'
    components = conformed(f'source "qemu" "a" {{\n{arguments}}}\n{use * 300}')
    assert 1 < len(components) < 100
    assert all(component.runs for component in components)


EVERYTHING = {"n": {}, "l": {}, "o": {}}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"l": {"type": "array", "items": True}}},
        {"properties": {"l": {"prefixItems": [{"type": "number"}], "items": False}}},
        {"properties": {"o": {"type": "object", "properties": {"k": True}}}},
        {"properties": {"n": {"type": ["string", "null"]}}},
        {"properties": {"o": {"additionalProperties": {"type": ["string", "null"]}}}},
        {"properties": {"n": False}},
        {"properties": {"n": {"type": "string"}}, "required": ["never", "n"]},
        {"properties": {"n": {"enum": [[1], {"a": 1}]}, "l": {"contains": {"const": "z"}}, "o": {}}},
        {"properties": EVERYTHING, "patternProperties": {"^m": {}}, "minProperties": 9},
        {"properties": {}, "dependentRequired": {"n": ["z"]}, "unevaluatedProperties": False},
        {
            "properties": EVERYTHING,
            "allOf": [{"x-rule": {"kind": "conflicts", "arguments": ["n"]}, "not": {"required": ["n"]}}],
        },
        {
            "properties": EVERYTHING,
            "allOf": [
                {
                    "x-rule": {"kind": "exactly_one_of", "arguments": ["n", "l"]},
                    "oneOf": [{"required": ["n"]}, {"required": ["l"]}],
                }
            ],
        },
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["a.pkr.hcl", "a.json"])
def test_a_schema_of_a_users_is_refused_or_judges(schema: dict[str, Any], name: str, tmp_path: Path) -> None:
    kind = tmp_path / "schemas" / "provisioner"
    kind.mkdir(parents=True)
    (kind / "acme.json").write_text(json.dumps({"type": "object", **schema}), encoding="utf-8")
    arguments = {"n": 1, "l": ["a", 2], "o": {"k": "v"}}
    steps = [{"type": "acme", **arguments}, {"type": "acme"}]
    builder = {"type": "null", "communicator": "none"}
    texts = {
        "a.json": json.dumps({"builders": [builder], "provisioners": steps}),
        "a.pkr.hcl": 'source "null" "a" {\n communicator = "none"\n}\nbuild {\n sources = ["null.a"]\n'
        ' provisioner "acme" {\n n = 1\n l = ["a", 2]\n o = { k = "v" }\n }\n provisioner "acme" {\n }\n}\n',
    }
    template = tmp_path / "template"
    template.mkdir()
    (template / name).write_text(texts[name], encoding="utf-8")
    settings = Settings(schemas=(tmp_path / "schemas",))
    try:
        Catalog((tmp_path / "schemas",)).schema("provisioner", "acme", None)
    except CatalogError:
        with pytest.raises(CatalogError, match=r"acme\.json"):
            run([template], settings, template)
        return
    found = {diagnostic.rule for diagnostic in run([template], settings, template).diagnostics}
    assert "internal-error" not in found
    # JSON does not tell which arguments of an unknown component are blocks, so that more may be there.
    assert found - {"missing-provisioners"} or name == "a.json"
