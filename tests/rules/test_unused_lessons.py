"""What is declared and not used, and versions that are not pinned: the traps of real templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from packlint.diagnostic import Severity
from packlint.inputs import Inputs
from packlint.pipeline import run
from packlint.plugins import load_rules
from packlint.settings import Settings
from packlint.testing import findings

BUILD = 'source "null" "here" {\n  communicator = "none"\n}\nbuild {\n  sources = ["source.null.here"]\n}\n'
"""A template that uses nothing of what another file declares."""

USER = 'variable "user" {\n  default = "packer"\n}\n'


def named(rule: str, files: Mapping[str, str]) -> list[tuple[str, Severity]]:
    """The path and severity of each finding."""
    return [(it.range.document.path, it.severity) for it in findings(rule, files)]


def in_root(rule: str, root: Path) -> list[tuple[str, str]]:
    """The path and message of each finding below a folder."""
    found = run([root], Settings(select=frozenset({rule})), root).diagnostics
    return [(it.range.document.path, it.message) for it in found]


# Lesson 1: directories with a template in each file.


def test_each_template_of_a_directory_answers_for_its_own_variables() -> None:
    used = BUILD.replace("build {", "build {\n  name = var.user")
    assert named("unused-variable", {"a.pkr.hcl": USER + BUILD, "b.pkr.hcl": USER + used}) == [
        ("a.pkr.hcl", Severity.WARNING)
    ]


def test_what_a_file_beside_it_needs_is_used() -> None:
    shared = 'locals {\n  greeting = "hello ${var.user}"\n}\n'
    files = {"a.pkr.hcl": USER + BUILD, "b.pkr.hcl": BUILD, "shared.pkr.hcl": shared}
    assert named("unused-variable", files) == []
    assert [path for path, _ in named("unused-variable", files | {"shared.pkr.hcl": ""})] == ["a.pkr.hcl"]


def test_what_a_part_above_needs_is_used() -> None:
    part = 'build {\n  name = var.user\n  sources = ["source.qemu.${var.distro}"]\n}\n'
    template = USER + BUILD + 'source "qemu" "debian" {}\n'
    files = {"images/build.pkr.hcl": part, "images/debian/debian.pkr.hcl": template}
    assert named("unused-variable", files) == []
    assert named("unused-source", files) == []


@pytest.mark.parametrize("rule", ["unused-variable", "unused-local", "unused-source", "unused-data-source"])
def test_a_part_of_other_templates_declares_for_them(rule: str) -> None:
    part = 'locals {\n  a = 1\n}\ndata "null" "b" {\n  input = "c"\n}\nsource "null" "d" {}\n'
    assert named(rule, {"common/common.pkr.hcl": USER + part}) == []


@pytest.mark.parametrize("rule", ["unused-variable", "unused-local", "unused-source", "unused-data-source"])
def test_silence_where_something_cannot_be_read(rule: str) -> None:
    unread = 'locals {\n  a = 1\n}\ndata "null" "b" {\n  input = "c"\n}\nsource "null" "d" {}\nbiuld {\n}\n'
    assert named(rule, {"a.pkr.hcl": USER + BUILD + unread}) == []
    assert len(named(rule, {"a.pkr.hcl": USER + BUILD + unread.replace("biuld {\n}\n", "")})) == 1


# Variables that are kept for others.


def test_a_linked_file_is_used_where_one_of_its_templates_uses_it(tmp_path: Path) -> None:
    for name, text in (("a", BUILD.replace("build {", "build {\n  name = var.user")), ("b", BUILD)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "build.pkr.hcl").write_text(text)
    (tmp_path / "a/variables.pkr.hcl").write_text(USER)
    (tmp_path / "b/variables.pkr.hcl").symlink_to("../a/variables.pkr.hcl")
    assert in_root("unused-variable", tmp_path) == []
    (tmp_path / "a/build.pkr.hcl").write_text(BUILD)
    assert in_root("unused-variable", tmp_path) == [
        ("a/variables.pkr.hcl", "nothing uses variable `user`"),
    ]


def test_an_identical_copy_that_is_used_makes_a_note_without_a_fix() -> None:
    used = BUILD.replace("build {", "build {\n  name = var.user")
    files = {
        "a/variables.pkr.hcl": USER,
        "a/build.pkr.hcl": used,
        "b/variables.pkr.hcl": USER,
        "b/build.pkr.hcl": BUILD,
    }
    (found,) = findings("unused-variable", files)
    assert (found.range.document.path, found.severity, found.fix) == (
        "b/variables.pkr.hcl",
        Severity.NOTE,
        None,
    )
    assert "`a/variables.pkr.hcl`" in found.message
    files["b/variables.pkr.hcl"] += "\n"
    assert named("unused-variable", files) == [("b/variables.pkr.hcl", Severity.WARNING)]


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("image.auto.pkrvars.hcl", Severity.NOTE),
        ("production.pkrvars.hcl", Severity.NOTE),
        ("production.pkrvars.json", Severity.NOTE),
        ("../common.pkrvars.hcl", Severity.NOTE),
        ("../vars/debian/12.pkrvars.hcl", Severity.NOTE),
        ("../other/image.auto.pkrvars.hcl", Severity.WARNING),
    ],
)
def test_a_variable_that_a_file_sets_is_kept(path: str, severity: Severity) -> None:
    place = path.removeprefix("../") if path.startswith("../") else f"image/{path}"
    value = '{"user": "me"}' if path.endswith(".json") else 'user = "me"\n'
    (found,) = findings("unused-variable", {"image/image.pkr.hcl": USER + BUILD, place: value})
    assert found.severity is severity
    assert (found.fix is None) == (severity is Severity.NOTE)


def test_a_line_that_is_switched_off_makes_a_note() -> None:
    text = USER + "locals {\n  size = 1\n}\n# user = var.user\n// size = local.size + 1\n" + BUILD
    assert named("unused-variable", {"a.pkr.hcl": text}) == [("a.pkr.hcl", Severity.NOTE)]
    assert named("unused-local", {"a.pkr.hcl": text}) == [("a.pkr.hcl", Severity.NOTE)]
    other = text.replace("var.user", "var.user_name")
    assert named("unused-variable", {"a.pkr.hcl": other}) == [("a.pkr.hcl", Severity.WARNING)]


# What is a use, and what is none.


@pytest.mark.parametrize(
    "use",
    [
        'name = "${var.user}"',
        "name = var.user",
        'name = var["user"]',
        "name = jsonencode(var)",
        'name = join("", [for it in ["a"] : "${it}${var.user}"])',
        "name = <<-EOT\n    %{ if true }${var.user}%{ endif }\n  EOT",
        'dynamic "provisioner" {\n    for_each = [var.user]\n    labels = ["shell"]\n    content {}\n  }',
        "description = false ? var.user : null",
    ],
)
def test_every_expression_may_use_a_variable(use: str) -> None:
    text = BUILD.replace("build {", "build {\n  " + use)
    assert named("unused-variable", {"a.pkr.hcl": USER + text}) == []


@pytest.mark.parametrize(
    "no_use",
    [
        'name = "var.user"',
        'name = "$${var.user}"',
        'name = join("", [for var in [{ user = "a" }] : var.user])',
        'dynamic "provisioner" {\n    for_each = ["a"]\n    iterator = var\n    labels = ["shell"]\n'
        "    content {\n      inline = [var.user]\n    }\n  }",
    ],
)
def test_a_name_that_means_something_else_is_no_use(no_use: str) -> None:
    text = BUILD.replace("build {", "build {\n  " + no_use)
    assert named("unused-variable", {"a.pkr.hcl": USER + text}) == [("a.pkr.hcl", Severity.WARNING)]


@pytest.mark.parametrize("slip", ["user", "vars.user", "local.user", '"{$var.user}"', '"${user}"', "var.usr"])
def test_a_slip_in_a_reference_is_told_there_alone(slip: str, tmp_path: Path) -> None:
    text = BUILD.replace("build {", "build {\n  name = " + slip)
    (tmp_path / "a.pkr.hcl").write_text(USER + text, encoding="utf-8")
    (told,) = run([tmp_path], Settings(), tmp_path).diagnostics
    assert told.rule != "unused-variable"
    assert told.range.first.line == 8


def test_a_slip_in_what_packer_declares_is_no_use_of_a_variable() -> None:
    text = BUILD.replace("build {", "build {\n  name = path.user")
    assert named("unused-variable", {"a.pkr.hcl": USER + text}) == [("a.pkr.hcl", Severity.WARNING)]


LEGACY = """{
  "variables": {"user": "packer"},
  "builders": [{"type": "null", "ssh_host": "web", "ssh_password": "%s"}],
  "post-processors": [{"type": "vagrant", "vagrantfile_template": "%s"}]
}
"""


def test_a_legacy_template_uses_variables_in_its_strings() -> None:
    assert named("unused-variable", {"a.json": LEGACY % ("{{user `user`}}", "")}) == []
    assert named("unused-variable", {"a.json": LEGACY % ('{{user \\"user\\"}}', "")}) == []
    assert named("unused-variable", {"a.json": LEGACY % ("", "")}) == [("a.json", Severity.WARNING)]


def test_a_file_that_a_component_renders_uses_variables() -> None:
    template = {"a.json": LEGACY % ("", "Vagrantfile.in")}
    assert named("unused-variable", template) == []  # nobody knows what is in it
    used = template | {"Vagrantfile.in": "config.ssh.username = '{{user `user`}}'\n"}
    assert named("unused-variable", used) == []
    assert len(named("unused-variable", template | {"Vagrantfile.in": "config.vm.box = 'x'\n"})) == 1


def test_a_variable_of_a_legacy_template_that_is_only_used_is_no_finding() -> None:
    files = {"a.json": (LEGACY % ("{{user `password`}}", "")).replace('{"user": "packer"}', "{}")}
    assert named("unused-variable", files) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("locals {\n  a = 1\n  b = 2 # old\n}\n%s", "locals {\n  a = 1\n}\n%s"),
        ("locals {\n  b = 2\n\n  a = 1\n}\n%s", "locals {\n  a = 1\n}\n%s"),
        ("locals { b = 2 }\nlocals { a = 1 }\n%s", "locals { }\nlocals { a = 1 }\n%s"),
        ('locals {\n  a = 1\n}\n%s\nlocal "b" {\n  expression = 2\n}\n', "locals {\n  a = 1\n}\n%s"),
        ("locals {\r\n  a = 1\r\n  b = [\r\n    2\r\n  ]\r\n}\r\n%s", "locals {\r\n  a = 1\r\n}\r\n%s"),
    ],
)
def test_what_is_removed_leaves_no_hole(before: str, after: str) -> None:
    rest = BUILD.replace("build {", "build {\n  name = local.a")
    (found,) = findings("unused-local", {"a.pkr.hcl": before % rest})
    assert found.fix is not None
    (edit,) = found.fix.edits
    text = edit.range.document.text
    assert text[: edit.range.start] + edit.replacement + text[edit.range.end :] == after % rest


# Lesson 3: which sources a build has may be a variable's affair.

TWO = 'source "null" "a" {\n}\nsource "null" "b" {\n}\n'


@pytest.mark.parametrize(
    "build",
    [
        'variable "s" {\n  default = ["null.a"]\n}\nbuild {\n  sources = var.s\n}\n',
        'variable "s" {\n  default = "a"\n}\nbuild {\n  sources = ["null.${var.s}"]\n}\n',
        'locals {\n  s = ["null.a"]\n}\nbuild {\n  sources = local.s\n}\n',
        'variable "s" {\n  default = ["null.a"]\n}\nbuild {\n  dynamic "source" {\n    for_each = var.s\n'
        "    labels = [source.value]\n    content {}\n  }\n}\n",
        'build {\n  sources = ["null.a"]\n}\nbuild {\n  source "source.null.b" {\n  }\n}\n',
    ],
)
def test_silence_about_sources_where_another_run_may_choose_others(build: str) -> None:
    assert named("unused-source", {"a.pkr.hcl": TWO + build}) == []


def test_a_choice_of_builds_leaves_no_source_unused(tmp_path: Path) -> None:
    nested = 'build {\n  sources = ["null.a"]\n  source "sources.null.b" {\n    name = "c"\n  }\n}\n'
    (tmp_path / "a.pkr.hcl").write_text(TWO + nested)
    settings = Settings(select=frozenset({"unused-source"}))
    assert run([tmp_path], settings, tmp_path, inputs=Inputs(only=("null.a",))).diagnostics == ()


def test_a_choice_of_builds_leaves_no_plugin_unused(tmp_path: Path) -> None:
    build = BUILD.replace("build {", 'build {\n  post-processor "amazon-import" {\n  }')
    (tmp_path / "a.pkr.hcl").write_text(required("~> 1.2") + build)
    settings, choice = (
        Settings(select=frozenset({"unused-required-plugin"})),
        Inputs(exclude=("amazon-import",)),
    )
    assert run([tmp_path], settings, tmp_path, inputs=choice).diagnostics == ()


def test_a_dynamic_block_of_steps_does_not_choose_sources() -> None:
    build = (
        'variable "s" {\n  default = []\n}\nbuild {\n  sources = ["null.a"]\n  dynamic "provisioner" {\n'
        '    for_each = var.s\n    labels = ["shell"]\n    content {}\n  }\n}\n'
    )
    assert named("unused-source", {"a.pkr.hcl": TWO + build}) == [("a.pkr.hcl", Severity.WARNING)]


# Plugins.


def required(version: str, source: str = "github.com/hashicorp/amazon", name: str = "amazon") -> str:
    """A `packer` block with one required plugin."""
    entry = f'{{\n      source  = "{source}"\n      version = "{version}"\n    }}'
    return f"packer {{\n  required_plugins {{\n    {name} = {entry}\n  }}\n}}\n"


UNBOUNDED = (">= 1.0", "> 1.0.0", "!= 1.2.0", "~> 1", "~>1", ">= 1.0, != 1.2.0", "> 1, > 2")
BOUNDED = ("1.2.3", "= 1.2", "~> 1.2", "~> 1.2.3", ">= 1.0, < 2", ">= 1.0, <= 3.1", "< 2", "~> 1.2, >= 1.2.8")


@pytest.mark.parametrize("version", UNBOUNDED)
def test_a_version_without_an_upper_bound(version: str) -> None:
    """As go-version's `constraintPessimistic` has it, `~>` with one number bounds nothing."""
    assert len(findings("plugin-version-unpinned", {"a.pkr.hcl": required(version)})) == 1


@pytest.mark.parametrize("version", [*BOUNDED, "latest", "", "> 2, < 1"])
def test_a_version_with_an_upper_bound_or_none_at_all(version: str) -> None:
    assert findings("plugin-version-unpinned", {"a.pkr.hcl": required(version)}) == ()


@pytest.mark.parametrize(
    ("version", "fixed", "safe"),
    [
        (">= 1.2.8", ">= 1.2.8, < 2.0.0", True),
        (">= 1.2", "~> 1.2", True),
        ("~> 1", "~> 1.0", True),
        ("> 1.0.0, != 1.3.1", "> 1.0.0, != 1.3.1, < 2.0.0", True),
        (">= 90.1", "~> 90.1", False),  # nobody knows what was released since
    ],
)
def test_the_bound_keeps_to_the_major_version(version: str, fixed: str, safe: bool) -> None:
    (found,) = findings("plugin-version-unpinned", {"a.pkr.hcl": required(version)})
    assert found.fix is not None
    assert (found.fix.edits[0].replacement, found.fix.safe) == (f'"{fixed}"', safe)


def test_which_of_two_major_versions_is_for_people_to_say() -> None:
    text = required(">= 0.0.1")
    (found,) = findings("plugin-version-unpinned", {"a.pkr.hcl": text})
    assert found.fix is not None
    assert found.fix.edits[0].replacement.startswith('"~> 1.')
    assert not found.fix.safe


@pytest.mark.parametrize(
    ("level", "flagged", "left"),
    [
        ("minor", [*UNBOUNDED, "~> 1.2", ">= 1.0, < 2"], ["1.2.3", "~> 1.2.3", ">= 1.2.3, < 1.3"]),
        ("exact", [*UNBOUNDED, "~> 1.2", "~> 1.2.3"], ["1.2.3", "= 1.2"]),
    ],
)
def test_levels(level: str, flagged: list[str], left: list[str], tmp_path: Path) -> None:
    (rule,) = (it for it in load_rules() if it.name() == "plugin-version-unpinned")
    entries = "".join(
        f'    p{number} = {{\n      source  = "github.com/a/p{number}"\n      version = "{version}"\n    }}\n'
        for number, version in enumerate([*flagged, *left])
    )
    (tmp_path / "a.pkr.hcl").write_text(f"packer {{\n  required_plugins {{\n{entries}  }}\n}}\n")
    configurations = run([tmp_path], Settings(select=frozenset()), tmp_path).configurations
    strict = rule(rule.Options(level=level))
    found = [
        plugin.version
        for configuration in configurations
        for plugin in configuration.required_plugins
        if [*strict.check_required_plugin(plugin, configuration)]
    ]
    assert found == flagged


def test_the_plugin_of_a_repository_in_its_own_examples_is_a_note() -> None:
    module = "module github.com/hashicorp/packer-plugin-amazon\n\ngo 1.21\n"
    files = {"go.mod": module, "example/a.pkr.hcl": required(">= 1.2"), "b.pkr.hcl": required(">= 1.2")}
    assert {severity for _, severity in named("plugin-version-unpinned", files)} == {Severity.NOTE}
    files["go.mod"] = "module example.com/other\n"
    assert {severity for _, severity in named("plugin-version-unpinned", files)} == {Severity.WARNING}


def test_lesson_11_a_plugin_is_not_unused_because_of_unknown_components() -> None:
    unknown = BUILD.replace("build {", 'build {\n  provisioner "strange" {}')
    text = required("~> 1.2")
    assert named("unused-required-plugin", {"a.pkr.hcl": text + unknown}) == []
    assert named("unused-required-plugin", {"a.pkr.hcl": text + BUILD}) == [("a.pkr.hcl", Severity.NOTE)]
    data = 'data "amazon-ami" "base" {\n}\n'
    assert named("unused-required-plugin", {"a.pkr.hcl": text + data + BUILD}) == []


@pytest.mark.parametrize(
    "source",
    ["/github.com/a/b", "github.com/a/b?ref=1", "github.com/a/b#v1", "git@github.com:a/b", "b", "a/b.c/d--e"],
)
def test_sources_that_packer_does_not_parse(source: str) -> None:
    files = {"a.pkr.hcl": required("~> 1.2", source, "b")}
    assert named("invalid-required-plugin", files) == [("a.pkr.hcl", Severity.ERROR)]


def test_a_prerelease_is_refused_by_newer_packers_only() -> None:
    text = required(">= 1.0.0-beta1")
    assert len(named("invalid-required-plugin", {"a.pkr.hcl": text})) == 1
    old = text.replace("packer {", 'packer {\n  required_version = "~> 1.9.0"')
    assert named("invalid-required-plugin", {"a.pkr.hcl": old}) == []


def test_the_version_of_packer_that_a_fix_asks_for_has_all_that_is_used() -> None:
    text = required("~> 1.2") + BUILD.replace("build {", 'build {\n  name = endswith("a", "b") ? "a" : "b"')
    (found,) = findings("required-version-missing", {"a.pkr.hcl": text})
    assert found.fix is not None
    assert '">= 1.13.0"' in found.fix.edits[0].replacement


def test_one_mistake_in_an_entry_makes_one_finding(tmp_path: Path) -> None:
    text = required(">= 1.0.0-beta1") + required("~> 1.2", "github.com/a/packer-plugin-b", "b")
    text += required("~> 1.2", "github.com/a/d", "my_d")
    (tmp_path / "a.pkr.hcl").write_text(text)
    found = run([tmp_path], Settings(), tmp_path).diagnostics
    assert [it.rule for it in found] == ["invalid-required-plugin"] * 3
