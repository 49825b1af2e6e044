"""One mistake is one finding, whatever follows from it; and its hint speaks the syntax of the file."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.pipeline import run
from packlint.settings import Settings


def found(folder: Path, text: str, name: str = "template.pkr.hcl") -> list[tuple[str, str]]:
    """Rules and hints of everything that is found in a template."""
    (folder / name).write_text(cleandoc(text) + "\n", encoding="utf-8")
    return [(d.rule, d.hint or "") for d in run([folder], Settings(), folder).diagnostics]


MACHINE = """
packer {
  required_plugins {
    virtualbox = {
      source  = "github.com/hashicorp/virtualbox"
      version = "~> 1.0"
    }
  }
}
source "virtualbox-iso" "vm" {
  iso_url      = "https://example.com/debian.iso"
  iso_checksum = "none"
  ssh_username = "packer"
}
build {
  sources = ["virtualbox-iso.vm"]
%s
}
"""


@pytest.mark.parametrize(
    ("step", "rule"),
    [
        ('provisoner "shell" {\n    inline = ["true"]\n  }', "unsupported-block"),
        ('provisioner "shell" "x" {\n    inline = ["true"]\n  }', "wrong-block-labels"),
        ("provisioner = {}", "unknown-argument"),
    ],
)
def test_a_misnamed_step_is_not_missing(step: str, rule: str, tmp_path: Path) -> None:
    assert [rule for rule, _ in found(tmp_path, MACHINE % f"  {step}")] == [rule]


def test_a_misnamed_step_in_json_is_not_missing(tmp_path: Path) -> None:
    text = """
        {"packer": {"required_plugins": {"virtualbox": {
           "source": "github.com/hashicorp/virtualbox", "version": "~> 1.0"
         }}},
         "source": {"virtualbox-iso": {"vm": {
           "iso_url": "https://example.com/debian.iso", "iso_checksum": "none", "ssh_username": "packer"
         }}},
         "build": {"sources": ["virtualbox-iso.vm"], "provisioners": [{"shell": {"inline": ["true"]}}]}}
        """
    assert [rule for rule, _ in found(tmp_path, text, "t.pkr.json")] == ["unknown-argument"]


@pytest.mark.parametrize(
    ("declaration", "rule"),
    [
        ('varaible "user" {}\nsource "null" "n" {}', "unsupported-block"),
        ('variable "user" {}\nsorce "null" "n" {}', "unsupported-block"),
        ('variable "user" {}\nsource "null.n" {}', "wrong-block-labels"),
        ('variable "user" "name" {}\nsource "null" "n" {}', "wrong-block-labels"),
        ('variables = { user = "a" }\nsource "null" "n" {}', "unknown-argument"),
    ],
)
def test_what_is_declared_with_a_slip_is_not_missing(declaration: str, rule: str, tmp_path: Path) -> None:
    text = declaration + '\nbuild {\n  name    = var.user\n  sources = ["null.n"]\n}'
    assert [rule for rule, _ in found(tmp_path, text)] == [rule]


NULL = '\nsource "null" "n" {\n  communicator = "none"\n}\nbuild {\n  sources = ["null.n"]\n}\n'


@pytest.mark.parametrize(
    ("text", "rule", "hint"),
    [
        ("locals {\n  a = 1\n  a = 2\n}", "syntax-error", "keep one"),
        ("variables {\n  a = 1\n  a = 2\n}", "syntax-error", "keep one"),
        ('local "y" {\n  value = 1\n}', "unknown-argument", "`expression`"),
        ('local "y" {\n  expresion = 1\n}', "unknown-argument", "`expression`"),
        ('local "y" {\n  expression {}\n}', "unsupported-block", "write `expression = …`"),
        (
            'variable "a" {\n  validation {\n    condition = var.a > 0\n    message = "It is wrong."\n  }\n}',
            *("unknown-argument", "`error_message`"),
        ),
        (
            'packer {\n  required_plugins {\n    a = { sorce = "a.b/c/d", version = "1" }\n  }\n}',
            *("unknown-argument", "did you mean `source`?"),
        ),
        ('variable "a" {\n  default = var.nope\n}', "non-constant-argument", "local"),
        ('variable "a" {\n  description = "${var.nope}"\n}', "non-constant-argument", "write the value"),
    ],
)
def test_one_mistake_is_one_finding(text: str, rule: str, hint: str, tmp_path: Path) -> None:
    ((only, said),) = found(tmp_path, text + NULL)
    assert only == rule
    assert hint in said


def test_two_mistakes_are_two_findings(tmp_path: Path) -> None:
    text = 'local "y" {\n  nullable = false\n}\nlocals {\n  a = 1\n}\nlocals {\n  a = var.nope\n}' + NULL
    assert sorted(rule for rule, _ in found(tmp_path, text)) == [
        *("duplicate-declaration", "missing-required-argument", "undeclared-variable"),
        "unknown-argument",
    ]


def test_an_argument_that_is_to_be_made_by_dynamic(tmp_path: Path) -> None:
    text = """
        source "null" "n" {
          communicator = "none"
        }
        build {
          dynamic "sources" {
            for_each = ["null.n"]
            content {}
          }
        }
        """
    assert found(tmp_path, text) == [("unsupported-block", "write `sources = …`")]


JSON_ROOT = '{"source": {"null": {"n": {"communicator": "none"}}}, "build": {"sources": ["null.n"]}, %s}'


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ('"locals": {"a": "${var.b}"}', 'declare it: `"variable": {"b": {}}`'),
        ('"variable": {"a": {"default": "${upper(1)}"}}', '`"locals": { … }`'),
        ('"variable": {"a": {"validation": {"condition": "${var.a > 0}"}}}', 'add `"error_message": …`'),
        ('"packer": {"required_plugins": {"a": {"source": "a.b/c/a"}}}', 'add `"version": …`, as'),
        ('"region": "a"', "`.pkrvars.json` files"),
        ('"variable": {"region": {}}, "region": "a"', "ends in `.auto.pkrvars.json`"),
        ('"variable": {"a": {"name": "a"}}', '`"variable": {"NAME": { … }}`'),
    ],
)
def test_hints_speak_the_syntax_of_the_file(more: str, hint: str, tmp_path: Path) -> None:
    ((_, said),) = found(tmp_path, JSON_ROOT % more, "t.pkr.json")
    assert hint in said


def test_an_unknown_source_is_declared_as_the_file_is_written(tmp_path: Path) -> None:
    text = '{"source": {"null": {"n": {"communicator": "none"}}}, "build": {"sources": ["qemu.vm"]}}'
    assert found(tmp_path, text, "t.pkr.json") == [
        ("unknown-source-reference", 'declare it: `"source": {"qemu": {"vm": {}}}`')
    ]
