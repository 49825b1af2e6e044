"""Traps of the rules about Packer's blocks, and their verdicts beside those of a real Packer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.testing import findings

RULES = (
    *("unsupported-block", "unknown-argument", "wrong-block-labels", "missing-required-argument"),
    *("non-constant-argument", "repeated-block", "ignored-configuration", "argument-type-mismatch"),
)


def found(rule: str, files: str | dict[str, str]) -> tuple[Diagnostic, ...]:
    """What a rule finds, without syntax errors."""
    if isinstance(files, str):
        files = {"template.pkr.hcl": files}
    texts = {path: cleandoc(text) + "\n" for path, text in files.items()}
    return tuple(d for d in findings(rule, texts) if d.rule != "syntax-error")


def hint(rule: str, text: str) -> str:
    """The hint of the only finding, of this rule and of all others."""
    assert not [other for other in RULES if other != rule and found(other, text)]
    (only,) = found(rule, text)
    return only.hint or ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('sorce "null" "here" {}', "did you mean `source`?"),
        ('provisioner "shell" {}', "`provisioner` belongs in `build`"),
        ('provisoner "shell" {}', "did you mean `provisioner`, which belongs in `build`?"),
        ("validation {}", "`validation` belongs in `variable`"),
        ("required_plugins {}", "`required_plugins` belongs in `packer`"),
        ('resource "a" "b" {}', "Packer has no resources: it builds what a `source` block describes"),
        ('provider "aws" {}', "plugins are required in `required_plugins`, a block in `packer`"),
        ("terraform {}", "Packer's own settings stand in a `packer` block"),
        ("build {\n  variable {}\n}", "`variable` belongs at the root of a template"),
        ('build {\n  provisioners "shell" {}\n}', "did you mean `provisioner`?"),
        ('build {\n  post_processor "shell" {}\n}', "did you mean `post-processor`?"),
        ("nonsense {}", ""),
        ("build {\n  nonsense {}\n}", ""),
        ("variable {}\n", 'write `variable "NAME" { … }`'),
        ('variable "a" "b" {}\n', 'write `variable "a" { … }`'),
        ('source "null.here" {}\n', 'write `source "null" "here" { … }`'),
        ("source {}\n", 'write `source "TYPE" "NAME" { … }`'),
        ('build "all" {}\n', 'write `build { … }`, and `name = "…"` within it'),
        ('locals "all" {}\n', "write `locals { … }`"),
        ('build {\n  source "null" "here" {}\n}', 'write `source "null.here" { … }`'),
        ('build {\n  provisioner "shell" "up" {}\n}', '`provisioner "shell" { … }`, and `name = "…"` within'),
    ],
)
def test_hints_for_blocks(text: str, expected: str) -> None:
    rule = "wrong-block-labels" if "write" in expected or "within" in expected else "unsupported-block"
    said = hint(rule, text)
    assert expected in said and bool(said) == bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('region = "a"', "put it into the block that it belongs to"),
        ('variable "region" {}\nregion = "a"', "write this in a file that ends in `.auto.pkrvars.hcl`"),
        ('required_version = "1"', "`required_version` belongs in `packer`"),
        ('sources = ["null.a"]', "`sources` belongs in `build`"),
        ('variable "a" {\n  value = 1\n}', "did you mean `default`?"),
        ('variable "a" {\n  name = "a"\n}', '`variable "NAME" { … }`'),
        ('variable "a" {\n  senstive = true\n}', "did you mean `sensitive`?"),
        ('variable "a" {\n  ephemeral = true\n}', "Packer has no ephemeral values"),
        ('local "a" {\n  expresion = 1\n  expression = 1\n}', "did you mean `expression`?"),
        ("build {\n  count = 1\n}", "Packer has no `count`"),
        ("build {\n  inline = 1\n}", ""),
        ('build {\n  only = ["null.a"]\n}', "`only` belongs in `provisioner`"),
        ("locals = {}", "write `locals { … }`"),
        ("build {\n  provisioner = {}\n}", 'write `provisioner "TYPE" { … }`'),
    ],
)
def test_hints_for_arguments(text: str, expected: str) -> None:
    said = hint("unknown-argument", text)
    assert expected in said and bool(said) == bool(expected)


def test_a_bare_word_lacks_its_quotes() -> None:
    text = 'variable "a" {\n  description = region\n}'
    assert hint("non-constant-argument", text) == 'for the text, write `"region"`'


def test_no_value_is_spelled_out() -> None:
    text = 'variable "a" {\n  default = base64encode("hunter2")\n}'
    (only,) = found("non-constant-argument", text)
    assert "hunter2" not in f"{only.message} {only.hint}"


@pytest.mark.parametrize("rule", RULES)
def test_the_bodies_of_components_are_not_judged(rule: str) -> None:
    text = """
        source "x" "y" {
          validation {}
          locals "a" {}
          nonsense {
            provisioner {}
            dynamic "any" {
              for_each = [1]
              labels   = []
              content {
                anything = var.x
                packer "deep" {}
              }
            }
          }
        }
        data "x" "y" {
          count = 1
          filters {}
        }
        build {
          sources = ["source.x.y"]
          provisioner "x" {
            variable {}
            depends_on = []
          }
        }
        """
    assert not found(rule, text)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("broken", ["build {\n  sources = [,]\n", "build\n{\n", 'build "\n{\n', ""])
def test_the_places_of_a_broken_file_are_not_judged(rule: str, broken: str) -> None:
    """What seems to stand at the root may stand in a block whose beginning cannot be read."""
    text = """
        source "a" {
        }
        source "b" "c" {
        }
        locals {
        }
        provisioner "shell" {
        }
        nonsense = 1
        communicator "a" "b" {
        }
        hcp_packer_registry {
          nonsense = 1
        }
        hcp_packer_registry {
        }
        validation {
        }
        }
        """
    assert not found(rule, broken + cleandoc(text))


@pytest.mark.parametrize(
    "text",
    [
        'build {\n  provisioner "shell {\n    inline = ["true"]\n  }\n}',
        'packer {\n  required_plugins {\n  }\n\nvariable "a" {\n}\nsource "a" "b" {\n}\n',
        'build {\n  error-cleanup-provisioner "a" {}\n\nbuild {\n  error-cleanup-provisioner "b" {}\n}\n',
    ],
)
def test_one_slip_is_not_told_twice(text: str) -> None:
    assert not [d for rule in RULES for d in found(rule, text)]


def test_the_arguments_of_a_broken_file_are_judged() -> None:
    text = """
        broken = = 1
        variable "a" {
          default = var.b
        }
        """
    assert found("non-constant-argument", text)


def test_a_part_may_repeat_what_its_files_hold_each() -> None:
    registry = "hcp_packer_registry {}\n"
    assert not found("repeated-block", {"a.pkr.hcl": registry, "b.pkr.hcl": registry})
    assert found("repeated-block", {"a.pkr.hcl": registry + registry.replace("{", "{\n")})


def test_registries_of_templates_that_share_a_directory() -> None:
    text = (
        'hcp_packer_registry {}\nsource "null" "a" {}\nbuild {\n  sources = ["null.a"]\n}\nvariable "x" {}\n'
    )
    assert not found("repeated-block", {"a.pkr.hcl": text, "b.pkr.hcl": text})


def test_a_required_plugin_that_is_no_object_is_left_alone() -> None:
    text = """
        packer {
          required_plugins {
            a = "1.0"
            b = []
            c = { (d) = 1 }
          }
        }
        """
    assert not found("missing-required-argument", text)
    assert not found("unknown-argument", text)
    assert [d.range.text for d in found("non-constant-argument", text)] == ["d"]


@pytest.mark.parametrize("rule", RULES)
def test_the_work_grows_with_the_size_alone(rule: str) -> None:
    """Ten times the text takes about ten times the calls, not a hundred times."""

    def calls(count: int) -> int:
        items = "".join(f"    x{n} = true ? env(1) : var.a\n    y{n} {{}}\n" for n in range(count))
        text = (
            f'variable "a" {{\n  default = [{"true ? 1 : var.a, " * count}]\n  validation {{\n{items}  }}\n}}'
        )
        counted = 0

        def count_call(_frame: object, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event.endswith("call")

        sys.setprofile(count_call)
        try:
            findings(rule, {"template.pkr.hcl": text})
        finally:
            sys.setprofile(None)
        return counted

    calls(1)  # what is loaded once
    assert calls(500) < 15 * calls(50)


BASE = """
source "null" "here" {{
  communicator = "none"
}}
{0}
build {{
  sources = ["source.null.here"]
  {1}
}}
"""


def at_root(text: str) -> str:
    return BASE.format(text, "")


def in_build(text: str) -> str:
    return BASE.format("", text)


def in_variable(text: str) -> str:
    return at_root(f'variable "a" {{\n  default = 1\n{text}\n}}')


DYNAMIC = 'for_each = ["true"]\nlabels = ["shell-local"]\n'
CONTENT = "content {\ninline = [provisioner.value]\n}\n"
CONDITION = "condition = var.a > 0\n"
MESSAGE = 'error_message = "It must be more."\n'


def in_step(text: str) -> str:
    return in_build(f'provisioner "shell-local" {{\ninline = ["true"]\n{text}\n}}')


def by_dynamic(iterator: str, name: str) -> str:
    """A build with sources by `dynamic`, whose `name` is literal but for the iterator."""
    return in_build(
        f'dynamic "source" {{\nfor_each = ["a"]\nlabels = ["null.here"]\n{iterator}\n'
        f'content {{\nname = "x-${{{name}}}"\n}}\n}}'
    )


REFUSED = [
    *(
        ("argument-type-mismatch", "Unsuitable value type", in_variable(f"sensitive = {value}"))
        for value in ('"maybe"', '"TRUE"', "1", "[true]", "{}")
    ),
    *(
        ("argument-type-mismatch", "Unsuitable value type", in_variable(f"description = {value}"))
        for value in ('["a"]', "{ a = 1 }", "([])")
    ),
    *(
        ("argument-type-mismatch", "Invalid type specification", in_variable(f"type = {value}"))
        for value in ('"number"', '["number"]', "5")
    ),
    *(
        ("argument-type-mismatch", "Unsuitable value type", in_step(text))
        for text in (
            'only = "null.here"',
            'only = [["null.here"]]',
            'only = { a = "null.here" }',
            "except = 1",
        )
    ),
    *(
        ("argument-type-mismatch", "Unsuitable value type", in_step(text))
        for text in ('max_retries = "many"', "max_retries = [1]", 'name = ["a"]', "max_retries = true")
    ),
    ("argument-type-mismatch", "Unsuitable value type", in_build('name = ["a"]')),
    (
        *("argument-type-mismatch", "Unsuitable value type"),
        BASE.format("", "").replace('["source.null.here"]', '"source.null.here"'),
    ),
    ("non-constant-argument", "Unknown variable", by_dynamic("", "var.a")),
    ("non-constant-argument", "Unknown variable", by_dynamic("iterator = each", "source.value")),
    ("non-constant-argument", "Function calls not allowed", by_dynamic("", "upper(source.value)")),
    ("unsupported-block", "Unsupported block type", at_root('varaible "a" {}')),
    ("unsupported-block", "Unsupported block type", at_root('module "a" {}')),
    ("unsupported-block", "Unsupported block type", at_root('provisioner "shell" {}')),
    ("unsupported-block", "Unsupported block type", at_root("packer {\nvariable {}\n}")),
    ("unsupported-block", "Unsupported block type", in_variable("validate {}")),
    (
        *("unsupported-block", "Unsupported block type"),
        in_variable(f"validation {{\n{CONDITION}{MESSAGE}nonsense {{}}\n}}"),
    ),
    ("unsupported-block", 'Unexpected "a" block', at_root("locals {\na {}\n}")),
    ("unsupported-block", 'Unexpected "a" block', at_root("variables {\na {}\n}")),
    ("unsupported-block", "Unsupported block type", in_build("nonsense {}")),
    ("unsupported-block", "Unsupported block type", in_build("name {}")),
    ("unsupported-block", "Unsupported block type", in_build('post-processors {\nprovisioner "a" {}\n}')),
    ("unsupported-block", "Unsupported block type", at_root(f'dynamic "source" {{\n{DYNAMIC}{CONTENT}}}')),
    (
        *("unsupported-block", "Unsupported block type"),
        in_variable('dynamic "validation" {\nfor_each = [1]\ncontent {}\n}'),
    ),
    ("unsupported-block", 'Unexpected "dynamic" block', at_root('locals {\ndynamic "a" {}\n}')),
    (
        *("unsupported-block", "Unsupported block type"),
        in_build('dynamic "nonsense" {\nfor_each = [1]\ncontent {}\n}'),
    ),
    ("unknown-argument", "Unsupported argument", at_root('region = "a"')),
    ("unknown-argument", "Unsupported argument", at_root("packer {\nregion = 1\n}")),
    ("unknown-argument", "Unsupported argument", in_variable("nullable = true")),
    (
        *("unknown-argument", "Unsupported argument"),
        in_variable(f"validation {{\n{CONDITION}{MESSAGE}name = 1\n}}"),
    ),
    ("unknown-argument", "Unsupported argument", in_build('only = ["null.here"]')),
    ("unknown-argument", "Unsupported argument", in_build("provisioner = {}")),
    ("unknown-argument", "Unsupported argument", in_build('post-processors {\nname = "a"\n}')),
    (
        *("unknown-argument", "Unsupported argument"),
        in_build(f'dynamic "provisioner" {{\nname = "a"\n{DYNAMIC}{CONTENT}}}'),
    ),
    (
        *("unknown-argument", "Unsupported argument"),
        in_build('dynamic "post-processors" {\nfor_each = [1]\nlabels = []\ncontent {}\n}'),
    ),
    ("wrong-block-labels", "Missing name for variable", at_root("variable {}")),
    ("wrong-block-labels", "Extraneous label for variable", at_root('variable "a" "b" {}')),
    ("wrong-block-labels", "Invalid variable name", at_root('variable "a b" {\ndefault = 1\n}')),
    ("wrong-block-labels", "Invalid variable name", at_root('variable "2a" {\ndefault = 1\n}')),
    ("wrong-block-labels", "Invalid variable name", at_root('variable "-a" {\ndefault = 1\n}')),
    ("wrong-block-labels", "Invalid variable name", at_root('variable "" {\ndefault = 1\n}')),
    ("wrong-block-labels", "Missing name for source", at_root('source "null" {}')),
    ("wrong-block-labels", "Extraneous label for packer", at_root('packer "a" {}')),
    ("wrong-block-labels", "Extraneous label for build", at_root('build "a" {}')),
    ("wrong-block-labels", "Missing type for provisioner", in_build("provisioner {}")),
    ("wrong-block-labels", "Extraneous label for provisioner", in_build('provisioner "a" "b" {}')),
    ("wrong-block-labels", "Extraneous label for source", in_build('source "null" "here" {}')),
    ("wrong-block-labels", "Missing name for communicator", at_root('communicator "ssh" {}')),
    ("missing-required-argument", "Missing required argument", in_variable(f"validation {{\n{MESSAGE}}}")),
    ("missing-required-argument", "Missing required argument", in_variable(f"validation {{\n{CONDITION}}}")),
    (
        *("missing-required-argument", "Missing required argument"),
        in_build(f'dynamic "provisioner" {{\nfor_each = [1]\n{CONTENT}}}'),
    ),
    (
        *("missing-required-argument", "Missing required argument"),
        in_build(f'dynamic "provisioner" {{\nlabels = ["shell-local"]\n{CONTENT}}}'),
    ),
    (
        *("missing-required-argument", "Missing dynamic content block"),
        in_build(f'dynamic "provisioner" {{\n{DYNAMIC}}}'),
    ),
    (
        *("repeated-block", "Extraneous dynamic content block"),
        in_build(f'dynamic "provisioner" {{\n{DYNAMIC}{CONTENT}{CONTENT}}}'),
    ),
    ("non-constant-argument", "Variables not allowed", at_root('variable "b" {\ndefault = local.x\n}')),
    ("non-constant-argument", "Variables not allowed", at_root('variable "b" {\ndefault = env(var.x)\n}')),
    (
        "non-constant-argument",
        "Call to unknown function",
        at_root('variable "b" {\ndefault = timestamp()\n}'),
    ),
    ("non-constant-argument", "Call to unknown function", at_root("variables {\nb = [upper(1)]\n}")),
    ("non-constant-argument", "Function calls not allowed", in_variable('description = upper("a")')),
    ("non-constant-argument", "Variables not allowed", in_variable("description = words")),
    ("non-constant-argument", "Variables not allowed", in_variable("sensitive = var.a")),
    (
        *("non-constant-argument", "Function calls not allowed"),
        in_variable(f'validation {{\n{CONDITION}error_message = upper("it.")\n}}'),
    ),
    ("non-constant-argument", "Variables not allowed", at_root("packer {\nrequired_version = var.a\n}")),
    (
        *("non-constant-argument", "Variables not allowed"),
        in_build('source "null.here" {\nname = path.cwd\n}'),
    ),
]
"""What a rule finds, and how Packer 1.6.6 begins to complain of it."""

ACCEPTED = [
    *(in_variable(f"sensitive = {value}") for value in ('"true"', '"0"', "(false)")),
    *(in_variable(f"description = {value}") for value in ("5", "true", '"a"')),
    *(
        in_step(text)
        for text in ('max_retries = "3"', "only = [1]", "only = []", "name = 1", "override = {}")
    ),
    by_dynamic("", "source.value"),
    by_dynamic("iterator = each", "each.value"),
    at_root('variable "a-b" {\ndefault = 1\n}'),
    at_root('variable "_é" {\ndefault = 1\n}'),
    at_root('source "null" "any thing" {\ncommunicator = "none"\n}'),
    at_root("packer {}\npacker {}\nlocals {}\nvariables {}"),
    at_root('variable "b" {\ndefault = "${env("HOME")}-x"\n}'),
    at_root('variable "b" {\ndefault = [for x in ["a"] : "${x}!"]\n}'),
    at_root('variable "b" {\ndefault = true ? 1 : timestamp()\n}'),
    at_root('variable "b" {\ndefault = false ? var.nothing : { a = 1 }\n}'),
    at_root('variable "b" {\ntype = list(string)\ndefault = []\n}'),
    in_variable(f"validation {{\n{CONDITION}{MESSAGE}}}"),
    in_build(f'dynamic "provisioner" {{\n{DYNAMIC}{CONTENT}}}'),
    in_build(f'dynamic "provisioner" {{\niterator = it\n{DYNAMIC}content {{\ninline = [it.value]\n}}\n}}'),
    in_build('dynamic "post-processors" {\nfor_each = []\ncontent {\npost-processor "manifest" {}\n}\n}'),
    in_build('source "null.here" {\nname = "there"\n}'),
    in_build('name = "all"\ndescription = "words"'),
]

IGNORED = [
    at_root('communicator "ssh" "a" {\nanything = 1\nlocals {}\n}'),
    in_build('from "a" {\nanything = 1\n}'),
]
"""What Packer accepts and does not read."""


def in_json(root: str = "", build: str = "", variable: str = "") -> str:
    """A template in JSON, with more properties on the fourth line, the fifth and the sixth."""
    return (
        '{\n"source": {"null": {"here": {"communicator": "none"}}},\n'
        '"build": {"sources": ["source.null.here"]\n'
        f'{build and ","}{build}}},\n"variable": {{"a": {{"default": 1\n{variable and ","}{variable}}}}}\n'
        f"{root and ','}{root}}}\n"
    )


REFUSED_JSON = [
    ("argument-type-mismatch", "Unsuitable value type", in_json(variable='"description": ["a"]')),
    ("argument-type-mismatch", "Unsuitable value type", in_json(variable='"sensitive": "no"')),
    ("unknown-argument", "Extraneous JSON object property", in_json(root='"resource": {"a": {"b": {}}}')),
    ("unknown-argument", "Extraneous JSON object property", in_json(root='"region": "a"')),
    ("unknown-argument", "Extraneous JSON object property", in_json(build='"only": ["null.here"]')),
    ("unknown-argument", "Extraneous JSON object property", in_json(variable='"nullable": true')),
    (
        "unknown-argument",
        "Extraneous JSON object property",
        in_json(build='"post-processors": {"name": 1}'),
    ),
    ("wrong-block-labels", "Invalid variable name", in_json(root='"variable": {"a b": {"default": 1}}')),
    ("non-constant-argument", "Call to unknown function", in_json(root='"variables": {"b": "${upper(1)}"}')),
    ("non-constant-argument", "Variables not allowed", in_json(root='"variables": {"b": "${var.a}"}')),
    (
        *("missing-required-argument", "Missing required argument"),
        in_json(variable='"validation": {"error_message": "It must be more."}'),
    ),
]

ACCEPTED_JSON = [
    in_json(variable='"sensitive": "true", "type": "number"'),
    in_json(),
    in_json(root='"//": "words"'),
    in_json(variable='"description": "what ${is.not} evaluated"'),
    in_json(root='"variables": {"b": "${env(\\"HOME\\")}"}'),
    in_json(root='"variables": [{"b": 1}, {"c": 1}]'),
    in_json(build='"provisioner": [{"shell-local": {"inline": ["true"]}}]'),
    in_json(
        build='"dynamic": {"provisioner": {"for_each": [1], "labels": ["shell-local"], '
        '"content": {"inline": ["true"]}}}'
    ),
]


def packer(text: str, folder: Path, name: str = "template.pkr.hcl") -> subprocess.CompletedProcess[str]:
    """What `packer validate` says of a template; the test is skipped where there is no Packer."""
    program = shutil.which("packer")
    if program is None:
        pytest.skip("no packer on the path")
    (folder / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "HOME": str(folder), "CHECKPOINT_DISABLE": "1", "PACKER_NO_COLOR": "1"}
    return subprocess.run(
        [program, "validate", name],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("rule", "summary", "text"), REFUSED)
def test_what_is_an_error_is_refused_by_packer(rule: str, summary: str, text: str, tmp_path: Path) -> None:
    (only,) = findings(rule, {"template.pkr.hcl": text})
    assert only.severity.value == "error"
    done = packer(text, tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert f"Error: {summary}" in said
    place = re.search(r"on template\.pkr\.hcl line (\d+)", said)
    if place and summary != "Missing required argument":  # which Packer places where the block ends
        assert only.range.first.line == int(place[1])


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_packer_accepts_is_no_finding(text: str, tmp_path: Path) -> None:
    assert not [d for rule in RULES for d in findings(rule, {"template.pkr.hcl": text})]
    done = packer(text, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("rule", "summary", "text"), REFUSED_JSON)
def test_errors_in_json_are_refused_by_packer(rule: str, summary: str, text: str, tmp_path: Path) -> None:
    (only,) = findings(rule, {"template.pkr.json": text})
    done = packer(text, tmp_path, "template.pkr.json")
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert f"Error: {summary}" in said
    place = re.search(r"on template\.pkr\.json line (\d+)", said)
    assert place is None or only.range.first.line == int(place[1])


@pytest.mark.parametrize("text", ACCEPTED_JSON)
def test_what_packer_accepts_in_json_is_no_finding(text: str, tmp_path: Path) -> None:
    assert not [d for rule in RULES for d in findings(rule, {"template.pkr.json": text})]
    done = packer(text, tmp_path, "template.pkr.json")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rule", RULES)
def test_legacy_templates_have_another_grammar(rule: str) -> None:
    text = '{"builders": [{"type": "null"}], "push": {}, "variables": {"a": "{{ timestamp }}"}}'
    assert not found(rule, {"template.json": text})


@pytest.mark.parametrize("text", IGNORED)
def test_what_packer_ignores_is_a_warning(text: str, tmp_path: Path) -> None:
    (only,) = [d for rule in RULES for d in findings(rule, {"template.pkr.hcl": text})]
    assert (only.rule, only.severity.value) == ("ignored-configuration", "warning")
    assert packer(text, tmp_path).returncode == 0
