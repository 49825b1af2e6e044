"""The schemas that ship: valid, up to date with the reference, and complete."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from packlint.schemas.compose import left_out, text

PROJECT = Path(__file__).resolve().parents[2]
SCHEMAS = PROJECT / "schemas"
REFERENCE = PROJECT.parent / "shared" / "reference"
KINDS = ("builder", "provisioner", "post-processor", "data-source")

needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference lies beside the project, and is not there"
)


@cache
def generator() -> ModuleType:
    spec = spec_from_file_location("generate_schemas", PROJECT / ".ci" / "generate_schemas.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shipped(place: str = "") -> list[Path]:
    return [path for kind in KINDS for path in sorted(SCHEMAS.glob(f"{place}{kind}/*.json"))]


EVERY = [*shipped(), *shipped("alternates/*/")]


@cache
def schema(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def index() -> Any:
    return schema(SCHEMAS / "index.json")


def named(path: Path) -> str:
    return path.relative_to(SCHEMAS).with_suffix("").as_posix()


def nodes(value: object) -> Iterator[Mapping[str, Any]]:
    """Every object within a value."""
    if isinstance(value, Mapping):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from nodes(inner)


def bodies(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schema of a component's body, and those of the bodies of its blocks."""
    yield body
    for inner in body["properties"].values():
        if "x-block" in inner:
            yield from bodies(inner["items"] if inner["x-block"] == "list" else inner)


def scopes(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The facts of a component, and those of its blocks."""
    yield facts
    for block in facts["blocks"].values():
        yield from scopes(block)


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_a_schema_is_valid_and_says_whose_it_is(path: Path) -> None:
    made = schema(path)
    Draft202012Validator.check_schema(made)
    about = made["x-component"]
    assert (about["kind"], about["type"]) == (path.parent.name, path.stem)
    assert made["title"] == f"{path.parent.name} {path.stem}"
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", about["date"]) and re.fullmatch(r"[0-9a-f]{12}", about["commit"])
    assert (about["plugin"] is None) == (about["repository"] == "hashicorp/packer")


def test_references_stay_within_the_schema_and_lead_somewhere() -> None:
    for path in EVERY:
        for node in nodes(schema(path)):
            assert node.get("$ref", "#/$defs/set") == "#/$defs/set", path
            assert "$ref" not in node or "set" in schema(path)["$defs"], path


def test_patterns_compile() -> None:
    found = {node["pattern"] for path in EVERY for node in nodes(schema(path)) if "pattern" in node}
    assert len(found) >= 15
    for pattern in found:
        re.compile(pattern)


def test_what_is_asked_for_exists() -> None:
    for path in EVERY:
        for body in bodies(schema(path)):
            assert {*body.get("required", ())} <= body["properties"].keys(), path
            for entry in body.get("allOf", ()):
                rule = entry["x-rule"]
                for name in (*rule["arguments"], *rule.get("when", ())):
                    inner = body
                    for part in name.split("."):
                        inner = inner["properties"][part]
                        inner = inner["items"] if inner.get("x-block") == "list" else inner


def test_replacements_exist() -> None:
    found = [(body, name) for path in EVERY for body in bodies(schema(path)) for name in body["properties"]]
    for body, name in found:
        inner = body
        for part in body["properties"][name].get("x-replaced-by", name).split("."):
            inner = inner["properties"][part]
            inner = inner["items"] if inner.get("x-block") == "list" else inner


def test_a_line_is_an_argument() -> None:
    lines = (SCHEMAS / "builder" / "qemu.json").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith('  "boot_wait"')]
    assert line.rstrip(",") == '  "boot_wait": {"type": "string", "format": "go-duration", "default": "10s"}'
    assert text(schema(SCHEMAS / "builder" / "qemu.json")).splitlines() == lines


@needs_reference
def test_the_files_are_not_stale() -> None:
    made = generator().made()
    assert generator().generated() == made.keys(), "run .ci/generate_schemas.py"
    for path, content in made.items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name}: run .ci/generate_schemas.py"


@needs_reference
def test_every_argument_and_block_of_the_facts_is_there() -> None:
    names = 0
    for place, facts in generator().components():
        found = [{*body["properties"]} for body in bodies(schema(SCHEMAS / place))]
        wanted = [{*scope["attributes"], *scope["blocks"]} for scope in scopes(facts)]
        assert Counter(map(frozenset, found)) == Counter(map(frozenset, wanted)), place
        names += 0 if place.startswith("alternates/") else sum(map(len, wanted))
    assert names == 14019  # as summary.md of the reference counts its fields


@needs_reference
def test_what_code_always_asks_for_is_required() -> None:
    """summary.md counts 157 + 163 + 2 fields; four more are asked for only since a release."""
    found = sum(len(body.get("required", ())) for path in shipped() for body in bodies(schema(path)))
    assert found == 157 + 163 + 2 - 4


@needs_reference
def test_every_rule_is_encoded_or_left_out_for_a_reason() -> None:
    rules, reasons, kinds = 0, Counter[str](), Counter[str]()
    for place, facts in generator().components():
        rules += len(facts.get("rules", ()))
        reasons.update(reason for _, reason in left_out(facts))
        for body in bodies(schema(SCHEMAS / place)):
            kinds.update(entry["x-rule"]["kind"] for entry in body.get("allOf", ()))
    assert reasons == {"or_env": 11, "or_default": 4, "default": 10, "contradiction": 4, "doubted": 3}
    assert (kinds.pop("required"), kinds.pop("enum")) == (4, 3)
    assert kinds.total() == rules - reasons.total()


def test_the_index_names_every_schema() -> None:
    named_there = [
        SCHEMAS / plugin["path"] / kind / f"{type_}.json"
        for plugin in index()["plugins"].values()
        for kind, types in plugin["components"].items()
        for type_ in types
    ]
    core = [SCHEMAS / kind / f"{type_}.json" for kind, types in index()["core"].items() for type_ in types]
    assert len({*named_there}) == len(named_there)
    assert {*named_there, *core} >= {*shipped()}
    for path in named_there:
        about = schema(path)["x-component"]
        plugin = index()["plugins"][about["plugin"]]
        assert [plugin[key] for key in ("repository", "version", "date")] == [
            about[key] for key in ("repository", "version", "date")
        ]


def test_what_is_in_no_plugin_is_an_older_repository_of_the_same_address() -> None:
    left = [
        path
        for path in shipped("alternates/*/")
        if schema(path)["x-component"]["repository"]
        != index()["plugins"][schema(path)["x-component"]["plugin"]]["repository"]
    ]
    assert sorted({schema(path)["x-component"]["repository"] for path in left}) == [
        "SwampDragons/packer-provisioner-comment",
        "mkaczanowski/packer-builder-arm",
        "solo-io/packer-builder-arm-image",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("github.com/hashicorp/vmware", "github.com/vmware/vmware"),
        ("github.com/hashicorp/vsphere", "github.com/vmware/vsphere"),
        ("github.com/hashicorp/exoscale", "github.com/exoscale/exoscale"),
        ("github.com/hashicorp/hcloud", "github.com/hetznercloud/hcloud"),
        ("github.com/hashicorp/parallels", "github.com/Parallels/parallels"),
        ("github.com/ddelnano/xenserver", "github.com/vatesfr/xenserver"),
    ],
)
def test_plugins_that_moved(old: str, new: str) -> None:
    assert index()["moved"][old] == new


def test_what_moved_is_known_where_it_is_now() -> None:
    assert {*index()["moved"].values(), *index()["also"].values()} <= index()["plugins"].keys()
    assert len(index()["moved"]) == 11


@pytest.mark.parametrize(
    "address",
    ["mpoore/salt", "raynaluzier/artifactory", "pelotech/kubevirt", "schubergphilis/utm"],
)
def test_forks_with_a_life_of_their_own_did_not_move(address: str) -> None:
    assert f"github.com/{address}" not in index()["moved"]
    assert index()["plugins"][f"github.com/{address}"]["path"] == f"alternates/{address.partition('/')[0]}"


@pytest.mark.parametrize(
    ("address", "last"),
    [
        ("github.com/hashicorp/amazon", "v1.9.5"),
        ("github.com/vmware/vsphere", "v1.9.5"),
        ("github.com/hashicorp/proxmox", "v1.8.7"),
        ("github.com/exoscale/exoscale", "v1.7.4"),
        ("github.com/rgl/windows-update", None),
    ],
)
def test_the_last_packer_that_brought_a_plugin(address: str, last: str | None) -> None:
    assert index()["plugins"][address].get("bundled_until") == last


def test_what_became_of_types() -> None:
    assert index()["renamed"]["builder"]["virtualbox"] == "virtualbox-iso"
    assert index()["retired"]["post-processor"]["atlas"] == "v1.2.5"
    assert "vsphere-host" in index()["unread"]["data-source"]
    assert index()["also"] == {"github.com/mkaczanowski/builder-arm": "github.com/mkaczanowski/arm"}
