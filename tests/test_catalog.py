"""Which plugin brings a component, and which schema it has: packlint's own, or one of a user's folder."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from packlint import catalog
from packlint.catalog import SHIPPED, Catalog
from packlint.errors import CatalogError
from packlint.foreign import folders_of, foreign
from packlint.reference.find import entries

SIZE = {"properties": {"size": {"type": "integer"}}}


def put(folder: Path, name: str, schema: Any) -> Path:
    """A folder with one schema more; a text is written as it is."""
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema if isinstance(schema, str) else json.dumps(schema), encoding="utf-8")
    return folder


def of(plugin: str | None, schema: dict[str, Any] = SIZE) -> dict[str, Any]:
    return {"x-component": {"plugin": plugin}, **schema}


def test_a_component_of_packer_itself_needs_no_plugin() -> None:
    schema = SHIPPED.schema("provisioner", "shell-local", None)
    assert schema is not None
    assert "inline" in catalog.properties(schema)
    assert "shell-local" in catalog.core("provisioner")


def test_a_plugin_is_found_by_its_address_in_any_case() -> None:
    plugin = catalog.plugin("GitHub.com/HashiCorp/QEMU")
    assert plugin is not None
    assert plugin.source == "github.com/hashicorp/qemu"
    assert plugin.name == "qemu"
    assert plugin.offers("builder", "qemu")
    assert not plugin.offers("provisioner", "qemu")


def test_the_old_address_of_a_plugin_that_moved_leads_to_the_new_one() -> None:
    assert catalog.moved("github.com/hashicorp/vsphere") == "github.com/vmware/vsphere"
    plugin = catalog.plugin("github.com/hashicorp/vsphere")
    assert plugin is not None
    assert plugin.source == "github.com/vmware/vsphere"


def test_a_schema_is_own_where_it_is_the_very_one_that_was_read(tmp_path: Path) -> None:
    own = SHIPPED.schema("provisioner", "shell-local", None)
    assert own is not None
    assert catalog.is_own(own)
    assert not catalog.is_own({**own})
    brought = Catalog((put(tmp_path, "provisioner/shell-local", {**own}),))
    other = brought.schema("provisioner", "shell-local", None)
    assert other == own
    assert not catalog.is_own(other)


def test_forks_come_last_of_those_that_offer_a_component() -> None:
    for kind in catalog.KINDS:
        for type_ in SHIPPED.types(kind):
            found = catalog.offering(kind, type_)
            assert [*found] == sorted(found, key=lambda it: bool(it.folder))
            assert {it.source for it in found} == {
                it.source for it in catalog.plugins() if it.offers(kind, type_)
            }


def test_nothing_is_known_of_a_strangers_plugin() -> None:
    assert catalog.plugin("github.com/acme/acme") is None
    assert SHIPPED.schema("builder", "acme-box", None, "github.com/acme/acme") is None


def test_a_plugin_has_no_schema_for_what_another_brings() -> None:
    assert SHIPPED.schema("builder", "amazon-ebs", catalog.plugin("github.com/hashicorp/qemu")) is None


def test_a_fork_has_a_schema_of_its_own() -> None:
    current, older = catalog.offering("builder", "linode")
    assert (current.source, older.source) == ("github.com/linode/linode", "github.com/hashicorp/linode")
    schemas = [SHIPPED.schema("builder", "linode", plugin) for plugin in (current, older)]
    assert [schema and schema["x-component"]["plugin"] for schema in schemas] == [
        current.source,
        older.source,
    ]


def test_a_folder_adds_a_component(tmp_path: Path) -> None:
    known = Catalog((put(tmp_path, "builder/acme-box", of("github.com/acme/acme")),))
    assert "acme-box" in known.types("builder")
    assert "qemu" in known.types("builder")
    assert "acme-box" not in known.types("provisioner")
    assert known.schema("builder", "acme-box", None, "github.com/Acme/acme") is not None
    assert known.schema("builder", "acme-box", None, "github.com/other/acme") is None
    assert "acme-box" not in SHIPPED.types("builder")


@pytest.mark.parametrize("plugin", [None, "github.com/hashicorp/qemu"])
def test_a_folder_replaces_a_schema_of_packlint(tmp_path: Path, plugin: str | None) -> None:
    known = Catalog((put(tmp_path, "builder/qemu", of(plugin)),))
    schema = known.schema("builder", "qemu", catalog.plugin("github.com/hashicorp/qemu"))
    assert schema is not None
    assert {*catalog.properties(schema)} == {"size"}


def test_a_folder_replaces_a_schema_of_packer_itself(tmp_path: Path) -> None:
    known = Catalog((put(tmp_path, "builder/null", SIZE),))
    assert known.schema("builder", "null", None) == SIZE


def test_the_plugin_of_another_address_keeps_its_schema(tmp_path: Path) -> None:
    known = Catalog((put(tmp_path, "builder/qemu", of("github.com/acme/qemu")),))
    schema = known.schema("builder", "qemu", catalog.plugin("github.com/hashicorp/qemu"))
    assert schema is not None
    assert "accelerator" in catalog.properties(schema)


def test_of_several_folders_the_last_one_wins(tmp_path: Path) -> None:
    disk = {"properties": {"disk": {"type": "string"}}}
    first = put(tmp_path / "first", "builder/box", of("github.com/acme/acme"))
    second = put(tmp_path / "second", "builder/box", of("github.com/acme/acme", disk))
    third = put(tmp_path / "third", "builder/box", of("github.com/other/box"))
    known = Catalog((first, second, third))
    schema = known.schema("builder", "box", None, "github.com/acme/acme")
    assert schema is not None
    assert {*catalog.properties(schema)} == {"disk"}


def test_a_type_that_is_a_path_leads_nowhere(tmp_path: Path) -> None:
    put(tmp_path, "other", SIZE)
    known = Catalog((put(tmp_path / "own", "builder/box", SIZE),))
    assert known.schema("builder", "../../other", None) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"properties": {', "is not JSON: expecting property name"),
        ("[" * 100_000, "is not JSON: it is nested too deeply"),
        ('{"properties": {"a": {"type": "strin"}}}', "`properties/a/type` in it is not what JSON Schema has"),
        ('{"properties": {"a": {"$ref": "https://example.com/a.json"}}}', r"`\$ref` leads elsewhere"),
        ('{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {}}', "not draft 2020-12"),
        ("[]", "it is not an object"),
        ("{}", "it lacks `properties`"),
        ('{"properties": {"a": true}}', "`properties/a` in it is not what packlint has there"),
        ('{"properties": {"a": {"x-block": "list"}}}', "`properties/a` in it lacks `items`"),
        ('{"properties": {"a": {"x-env": "HOME"}}}', "`properties/a/x-env` in it is not what packlint has"),
        (
            '{"properties": {"d": {"x-block": "single", "properties": {"a": {"x-since": 1}}}}}',
            "`properties/d/properties/a/x-since` in it",
        ),
        (
            '{"properties": {}, "allOf": [{"x-rule": {"kind": "both", "arguments": ["a"]}}]}',
            "`allOf/0/x-rule/kind` in it",
        ),
        ('{"properties": {}, "x-component": {"plugin": 3}}', "`x-component/plugin` in it"),
    ],
)
def test_a_schema_that_is_of_no_use_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    known = Catalog((put(tmp_path, "builder/box", text),))
    with pytest.raises(CatalogError, match=message) as refused:
        known.schema("builder", "box", None)
    assert f"`{tmp_path / 'builder' / 'box.json'}`" in str(refused.value)
    assert refused.value.hint


def test_a_schema_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "builder/box", SIZE)
    (tmp_path / "builder" / "box.json").write_bytes(b'{"properties": {"\xff": {}}}')
    with pytest.raises(CatalogError, match="cannot be read"):
        foreign(tmp_path, "builder", "box")


def test_a_schema_that_is_too_large_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "builder/box", " " * (1024 * 1024) + "{}")
    with pytest.raises(CatalogError, match="is larger than 1 MiB"):
        foreign(tmp_path, "builder", "box")


def test_a_folder_without_schemas_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "qemu", SIZE)
    with pytest.raises(CatalogError, match="holds no schemas"):
        folders_of([tmp_path])
    with pytest.raises(CatalogError, match="is not a folder"):
        folders_of([tmp_path / "nowhere"])


def test_packlints_own_schemas_are_as_those_of_users_have_to_be() -> None:
    form = json.loads(files("packlint.schemas").joinpath("component.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(form)
    validator = jsonschema.Draft202012Validator(form)
    checked = 0
    for entry in entries(SHIPPED):
        assert not [*validator.iter_errors(entry.schema)], entry.name
        checked += 1
    assert checked > 250


@pytest.mark.parametrize("type_", ["x" * 10_000, "\0", "../builder/box", "..", "/box", "\udc80"])
def test_a_name_from_a_template_may_be_anything(type_: str, tmp_path: Path) -> None:
    put(tmp_path, "builder/box", SIZE)
    assert foreign(tmp_path, "builder", type_) is None
    assert SHIPPED.schema("builder", type_, None) is None


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "builder" / "box.json").mkdir(parents=True)
    (tmp_path / "builder" / "lost.json").symlink_to(tmp_path / "nowhere")
    for type_ in ("box", "lost"):
        with pytest.raises(CatalogError, match="is not a file"):
            foreign(tmp_path, "builder", type_)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({**SIZE, "$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"x-rule": {}}]}}}, "an `x-rule` in it"),
        ({"properties": {"a": {"type": "array", "items": False}}}, "`properties/a/items` in it"),
        ({"properties": {"a": {"type": "object", "properties": {"b": True}}}}, "`properties/a/properties/b`"),
        ('{"properties": {"a": {"maximum": ' + "9" * 5_000 + "}}}", "a number in it has too many digits"),
    ],
)
def test_a_schema_that_would_trip_the_rules_is_refused(schema: Any, why: str, tmp_path: Path) -> None:
    put(tmp_path, "builder/box", schema)
    with pytest.raises(CatalogError, match=re.escape(why)):
        foreign(tmp_path, "builder", "box")
