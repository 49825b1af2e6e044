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
  iso_url          = "https://example.com/debian.iso"
  iso_checksum     = "sha256:6d2a4bdb3a7d5b8f0b6f0f2f9a1c7c1a5ad0f3a2c9be24f7d1c5e8b9a0347f12"
  ssh_username     = "packer"
  ssh_timeout      = "30m"
  shutdown_command = "sudo shutdown -P now"
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
           "iso_url": "https://example.com/debian.iso",
           "iso_checksum": "sha256:6d2a4bdb3a7d5b8f0b6f0f2f9a1c7c1a5ad0f3a2c9be24f7d1c5e8b9a0347f12",
           "ssh_username": "packer", "ssh_timeout": "30m", "shutdown_command": "sudo shutdown -P now"
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


NULL = """
source "null" "n" {
  communicator = "none"
}
build {
  name    = "%s"
  sources = ["null.n"]
}
"""
"""The rest of a template, with a name that may use what is declared before."""


@pytest.mark.parametrize(
    ("text", "used", "rule", "hint"),
    [
        ("locals {\n  a = 1\n  a = 2\n}", "", "syntax-error", "keep one"),
        ("variables {\n  a = 1\n  a = 2\n}", "", "syntax-error", "keep one"),
        ('local "y" {\n  value = 1\n}', "${local.y}", "unknown-argument", "`expression`"),
        ('local "y" {\n  expresion = 1\n}', "${local.y}", "unknown-argument", "`expression`"),
        ('local "y" {\n  expression {}\n}', "${local.y}", "unsupported-block", "write `expression = …`"),
        (
            'variable "a" {\n  validation {\n    condition = var.a > 0\n    message = "It is wrong."\n  }\n}',
            *("${var.a}", "unknown-argument", "`error_message`"),
        ),
        (
            'packer {\n  required_plugins {\n    a = { sorce = "a.b/c/d", version = "1" }\n  }\n}',
            *("", "unknown-argument", "did you mean `source`?"),
        ),
        ('variable "a" {\n  default = var.nope\n}', "${var.a}", "non-constant-argument", "local"),
        (
            'variable "a" {\n  description = "${var.nope}"\n}',
            "${var.a}",
            "non-constant-argument",
            "write the value",
        ),
    ],
)
def test_one_mistake_is_one_finding(text: str, used: str, rule: str, hint: str, tmp_path: Path) -> None:
    ((only, said),) = found(tmp_path, text + NULL % used)
    assert only == rule
    assert hint in said


def test_two_mistakes_are_two_findings(tmp_path: Path) -> None:
    text = 'local "y" {\n  nullable = false\n}\nlocals {\n  a = 1\n}\nlocals {\n  a = var.nope\n}'
    assert sorted(rule for rule, _ in found(tmp_path, text + NULL % "${local.y}${local.a}")) == [
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


JSON_ROOT = """
    {"source": {"null": {"n": {"communicator": "none"}}}, "build": {"name": "%s", "sources": ["null.n"]}, %s}
    """


@pytest.mark.parametrize(
    ("more", "used", "hint"),
    [
        ('"locals": {"a": "${var.b}"}', "${local.a}", 'declare it: `"variable": {"b": {}}`'),
        ('"variable": {"a": {"default": "${upper(1)}"}}', "${var.a}", '`"locals": { … }`'),
        (
            '"variable": {"a": {"validation": {"condition": "${var.a > 0}"}}}',
            "${var.a}",
            'add `"error_message": …`',
        ),
        ('"packer": {"required_plugins": {"a": {"source": "a.b/c/a"}}}', "", 'add `"version": …`, as'),
        ('"region": "a"', "", "`.pkrvars.json` files"),
        ('"variable": {"region": {}}, "region": "a"', "${var.region}", "ends in `.auto.pkrvars.json`"),
        ('"variable": {"a": {"name": "a"}}', "${var.a}", '`"variable": {"NAME": { … }}`'),
    ],
)
def test_hints_speak_the_syntax_of_the_file(more: str, used: str, hint: str, tmp_path: Path) -> None:
    ((_, said),) = found(tmp_path, JSON_ROOT % (used, more), "t.pkr.json")
    assert hint in said


def test_an_unknown_source_is_declared_as_the_file_is_written(tmp_path: Path) -> None:
    text = '{"source": {"null": {"n": {"communicator": "none"}}}, "build": {"sources": ["qemu.vm"]}}'
    assert found(tmp_path, text, "t.pkr.json") == [
        ("unknown-source-reference", 'declare it: `"source": {"qemu": {"vm": {}}}`')
    ]
