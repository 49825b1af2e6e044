"""`packlint schema list` and `packlint schema show`: what people read, grep and pipe."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from packlint.catalog import SHIPPED, Catalog
from packlint.cli import cli
from packlint.inspect.show import Screen
from packlint.reference.find import entries, find
from packlint.reference.page import page
from packlint.visible import columns

SET = {"$ref": "#/$defs/set"}

BOX: dict[str, Any] = {
    "x-component": {
        "kind": "builder",
        "type": "acme-box",
        "plugin": "github.com/acme/acme",
        "repository": "acme/packer-plugin-acme",
        "version": "v1.4.2",
        "date": "2025-03-01",
        "first_version": "v1.1.0",
    },
    "type": "object",
    "properties": {
        "format": {"type": "string", "enum": ["raw", "qcow2"], "default": "raw"},
        "size": {"type": "integer", "minimum": 1, "x-default-documented": 8},
        "name": {"type": "string"},
        "quota": {"type": "number", "deprecated": True, "x-replaced-by": "size"},
        "packer_debug": {"type": "boolean", "x-internal": True},
        "token": {"type": "string", "x-documented-required": True, "x-env": ["ACME_TOKEN"]},
        "wait": {"type": "string", "format": "go-duration", "x-since": "v1.2.0"},
        "disk": {
            "type": "array",
            "x-block": "list",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "fast": {"type": "boolean"}},
                "required": ["path"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["name"],
    "additionalProperties": False,
    "allOf": [
        {
            "x-rule": {"kind": "conflicts", "arguments": ["size", "wait"]},
            "not": {"required": ["size", "wait"]},
        },
        {
            "x-rule": {
                "kind": "required_if",
                "arguments": ["size"],
                "when": ["format"],
                "since_after": "v1.3.0",
            },
            "if": {"properties": {"format": {"enum": ["raw", None, ""]}}},
            "then": {"required": ["size"], "properties": {"size": SET}},
        },
    ],
    "$defs": {"set": {"not": {"enum": ["", 0, False, None, [], {}]}}},
    "x-removed": {"speed": "v1.0.3"},
    "x-outputs": {"id": "string"},
}

PAGE = """\
builder acme-box
  plugin   github.com/acme/acme
  source   acme/packer-plugin-acme
  read at  v1.4.2 of 2025-03-01
  since    v1.1.0

  packer {
    required_plugins {
      acme = {
        source  = "github.com/acme/acme"
        version = "~> 1.4"
      }
    }
  }

Arguments
  name    type    required    default  notes
  name    string  yes
  token   string  documented           else from $ACME_TOKEN
  disk    blocks
    path  string  yes
    fast  bool
  format  string              "raw"    one of "raw", "qcow2"
  size    number              (8)      integer, at least 1
  wait    string                       duration; since v1.2.0
  quota   number                       deprecated: use `size`

  (…) as documented; all else is read in the code

Rules
  not `size` with `wait`
  when `format` is "raw" (the default):
    `size` is required (after v1.3.0)

Removed
  speed  last in v1.0.3

Outputs
  id  string
"""


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["schema", *map(str, arguments)])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with the schema of one component."""
    folder = tmp_path / "own"
    (folder / "builder").mkdir(parents=True)
    (folder / "builder" / "acme-box.json").write_text(json.dumps(BOX), encoding="utf-8")
    return folder


def test_a_page_has_all_there_is_to_know(own: Path) -> None:
    done = invoke("show", "builder/acme-box", "--schemas", own)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == PAGE


NARROW = """\
Arguments
  name    type    required
  name    string  yes
  token   string  documented
      else from $ACME_TOKEN
  disk    blocks
    path  string  yes
    fast  bool
  format  string
      default "raw"; one of "raw",
      "qcow2"
"""


def test_a_page_on_a_narrow_terminal_has_the_notes_below(own: Path) -> None:
    assert NARROW in page(find("acme-box", Catalog((own,))), Screen(40, lambda text, **_: text))


def test_colors_change_no_word(own: Path) -> None:
    done = invoke("show", "acme-box", "--schemas", own, "--color", "always")
    assert "\x1b[1mname\x1b[0m" in done.stdout
    assert re.sub(r"\x1b\[\d+m", "", done.stdout) == PAGE


def test_what_a_schema_says_cannot_steer_the_terminal(own: Path) -> None:
    path = own / "builder" / "acme-box.json"
    path.write_text(json.dumps({"properties": {"a\x1b[31m": {"enum": ["\x9b2J"]}}}), encoding="utf-8")
    done = invoke("show", "acme-box", "--schemas", own)
    assert not {"\x1b", "\x9b"} & {*done.stdout}


@pytest.mark.parametrize("name", ["builder/qemu", "provisioner/shell", "data-source/amazon-ami"])
def test_json_is_the_schema_to_the_byte(name: str) -> None:
    done = invoke("show", name, "--format", "json")
    assert done.stdout_bytes == files("packlint.schemas").joinpath(f"{name}.json").read_bytes()


def test_json_of_ones_own_schema_says_the_same(own: Path) -> None:
    assert json.loads(invoke("show", "acme-box", "--schemas", own, "--format", "json").stdout) == BOX


def test_the_list_has_a_line_for_each_component() -> None:
    lines = invoke("list").stdout.splitlines()
    assert len(lines) == len([*entries(SHIPPED)]) > 250
    assert all(re.fullmatch(r"[a-z-]+/\S+ +(github\.com/\S+|Packer itself) +\S+", line) for line in lines)
    assert any(re.match(r"builder/qemu +github\.com/hashicorp/qemu +v\d", line) for line in lines)
    assert any(re.match(r"provisioner/shell +Packer itself +v\d", line) for line in lines)
    assert len({line.index(re.split(" +", line)[1]) for line in lines}) == 1, "one column"


def test_the_list_of_one_kind_is_a_part_of_the_whole() -> None:
    every, some = invoke("list").stdout.splitlines(), invoke("list", "data-source").stdout.splitlines()
    assert some == [line for line in every if line.startswith("data-source/")]
    assert some


def test_the_list_has_ones_own_components(own: Path) -> None:
    lines = invoke("list", "builder", "--schemas", own).stdout.splitlines()
    (line,) = (line for line in lines if "acme" in line)
    assert line.split() == ["builder/acme-box", "github.com/acme/acme", "v1.4.2"]


def test_the_list_checks_ones_own_schemas(own: Path) -> None:
    (own / "builder" / "acme-disk.json").write_text("{", encoding="utf-8")
    done = invoke("list", "--schemas", own)
    assert done.exit_code == 2
    assert "acme-disk.json` is not JSON" in done.stderr


@pytest.mark.parametrize(
    ("name", "kind", "type_"),
    [
        ("builder/qemu", "builder", "qemu"),
        ("qemu", "builder", "qemu"),
        ("source/qemu", "builder", "qemu"),
        ("data/amazon-ami", "data-source", "amazon-ami"),
        ("github.com/hashicorp/linode/builder/linode", "builder", "linode"),
        ("GitHub.com/linode/linode/builder/linode", "builder", "linode"),
    ],
)
def test_what_people_call_a_component(name: str, kind: str, type_: str) -> None:
    entry = find(name, SHIPPED)
    assert (entry.kind, entry.type) == (kind, type_)
    if "." in name:
        assert entry.origin.lower() == name.lower().removesuffix("/builder/linode")


def test_the_page_of_a_component_names_the_plugins_that_have_another_of_its_name() -> None:
    assert "  also     github.com/hashicorp/linode/builder/linode\n" in invoke("show", "linode").stdout


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("builder/qemmu", "there is no builder `qemmu`", "did you mean `qemu`?"),
        ("qemmu", "there is no component `qemmu`", "did you mean `qemu`?"),
        ("zzz", "there is no component `zzz`", "`packlint schema list` lists the components"),
        ("", "there is no component ``", "`packlint schema list`"),
        ("bulder/qemu", "there is no kind `bulder`", "did you mean `builder`?"),
        ("provisioner/qemu", "there is no provisioner `qemu`", "did you mean `builder/qemu`?"),
        ("file", "there are 2 components `file`", "name one of `builder/file` or `provisioner/file`"),
        ("post-processor/atlas", "there is no post-processor `atlas` any more", "v1.2.5"),
        ("virtualbox", "the builder `virtualbox` is called `virtualbox-iso` now", "`builder/virtualbox-iso`"),
        ("data/vsphere-host", "packlint has no schema of data-source `vsphere-host`", "documentation"),
        (
            "github.com/acme/x/builder/qemu",
            "there is no builder `qemu` of `github.com/acme/x`",
            "did you mean `github.com/hashicorp/qemu/builder/qemu`?",
        ),
    ],
)
def test_what_names_no_component(name: str, message: str, hint: str) -> None:
    done = invoke("show", name)
    assert done.exit_code == 2
    assert message in done.stderr
    assert hint in done.stderr
    assert not done.stdout


def test_an_unknown_kind_is_none_to_list() -> None:
    done = invoke("list", "builders")
    assert done.exit_code == 2
    assert "there is no kind `builders`" in done.stderr
    assert "did you mean `builder`?" in done.stderr


def test_the_group_alone_says_what_there_is() -> None:
    done = invoke()
    assert done.exit_code == 2
    assert "Show the arguments of a COMPONENT" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize("arguments", [["list"], ["show", "builder/amazon-ebs"]])
def test_a_reader_that_goes_away_is_no_failure(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "packlint", "schema", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""


def test_every_page_has_all_arguments_and_keeps_to_its_width() -> None:
    for entry in entries(SHIPPED):
        text = page(entry, Screen(100, lambda text, **_: text))
        assert all(columns(line) <= 100 and line == line.rstrip() for line in text.splitlines()), entry.name
        told = {*re.findall(r"^  (\S+)  +\S", text, re.MULTILINE)}
        for argument, schema in entry.schema["properties"].items():
            assert (argument in told) is not schema.get("x-internal", False), (entry.name, argument)
