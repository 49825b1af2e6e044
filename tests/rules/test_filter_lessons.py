"""Names in `only`, `except` and `override`, and builds without sources: what Packer does with them."""

from __future__ import annotations

import re
import shutil
import subprocess
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.inputs import Inputs
from packlint.pipeline import run
from packlint.settings import Settings
from packlint.testing import findings

PACKER = shutil.which("packer")
NAMES = ("filter-matches-no-source", "step-never-runs")

SOURCES = """
source "null" "a" {
  communicator = "none"
}
source "null" "b" {
  communicator = "none"
}
source "file" "a" {
  content = ""
  target  = "out"
}
"""


def template(steps: str, sources: str = '"null.a", "null.b"', head: str = "", inside: str = "") -> str:
    """A template of three declared sources with one build."""
    return f'{head}{SOURCES}build {{\n  name = "all"\n  sources = [{sources}]\n{inside}\n{steps}\n}}\n'


def step(filter_: str, said: str = "here") -> str:
    return f'provisioner "shell-local" {{\n  {filter_}\n  inline = ["echo {said}"]\n}}\n'


def found(rule: str, text: str, path: str = "template.pkr.hcl") -> tuple[Diagnostic, ...]:
    return findings(rule, {path: cleandoc(text) + "\n"})


def severities(rule: str, text: str) -> list[str]:
    return [it.severity.value for it in found(rule, text)]


WRONG = {
    "null": ("a type alone", '"null.a", "null.b"'),
    "a": ("a name without its type", '"null.a"'),
    "source.null.a": ("`source.` is no part", '"null.a"'),
    "sources.null.a": ("`sources.` is no part", '"null.a"'),
    "all.null.a": ("the name of the build is no part", '"null.a"'),
    "null.*": ("a pattern is taken as it is written", '"null.a", "null.b"'),
    "*.a": ("a pattern is taken as it is written", '"null.a"'),
    "all.null.?": ("a pattern is taken as it is written", '"null.a", "null.b"'),
}
"""Names that are none, what is wrong with each, and what is meant by it."""


@pytest.mark.parametrize("name", WRONG)
def test_each_form_is_told_by_its_mistake(name: str) -> None:
    why, meant = WRONG[name]
    for rule, filter_ in (("step-never-runs", "only"), ("filter-matches-no-source", "except")):
        (finding,) = found(rule, template(step(f'{filter_} = ["{name}"]')))
        assert finding.severity.value == "error"
        assert why in finding.message
        assert finding.hint == f"write {meant}"


@pytest.mark.skipif(PACKER is None, reason="packer is not installed")
@pytest.mark.parametrize("name", [*WRONG, "null.a"])
@pytest.mark.parametrize("filter_", ["only", "except"])
def test_packer_compares_names_exactly(name: str, filter_: str, tmp_path: Path) -> None:
    """A step in which something is found does what no filter (`except`) or none at all (`only`) would do."""
    text = template(step(f'{filter_} = ["{name}"]', "RUNS"))
    assert PACKER is not None
    (tmp_path / "t.pkr.hcl").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [PACKER, "build", "-color=false", "t.pkr.hcl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    on = set(re.findall(r"all\.(null\.[ab]): RUNS", ran.stdout))
    wrong = {it.rule for rule in NAMES for it in found(rule, text)}
    if name == "null.a":
        assert (on, wrong) == ({"null.a" if filter_ == "only" else "null.b"}, set())
    elif filter_ == "only":
        assert (on, wrong) == (set(), {"step-never-runs"})
    else:
        assert (on, wrong) == ({"null.a", "null.b"}, {"filter-matches-no-source"})


@pytest.mark.skipif(PACKER is None, reason="packer is not installed")
def test_packer_looks_overrides_up_by_the_local_name(tmp_path: Path) -> None:
    entries = {
        key: f'{{ inline = ["echo {said}"] }}'
        for key, said in (("null.a", "TYPE"), ("x", "LOCAL"), ("b", "OLD"))
    }
    override = "override = {\n" + "\n".join(f'"{key}" = {it}' for key, it in entries.items()) + "\n}"
    text = template(step(override, "PLAIN"), '"null.a"', inside='source "null.b" {\n name = "x"\n}')
    assert PACKER is not None
    (tmp_path / "t.pkr.hcl").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [PACKER, "build", "-color=false", "t.pkr.hcl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(re.findall(r"all\.(null\.\w): (PLAIN|TYPE|LOCAL|OLD)", ran.stdout)) == {
        ("null.a", "PLAIN"),
        ("null.x", "LOCAL"),
    }
    told = found("override-matches-no-source", text)
    assert sorted(it.message.split()[0] for it in told) == ['"b"', '"null.a"']


@pytest.mark.skipif(PACKER is None, reason="packer is not installed")
@pytest.mark.parametrize("other", ["[]", '["null.b"]'])
def test_packer_refuses_only_and_except_where_both_have_names(other: str, tmp_path: Path) -> None:
    text = template(step(f'only = ["null.a"]\n  except = {other}'))
    assert PACKER is not None
    (tmp_path / "t.pkr.hcl").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [PACKER, "validate", "t.pkr.hcl"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert bool(found("only-and-except", text)) is (ran.returncode != 0) is (other != "[]")


def test_lists_copied_across_sibling_templates_are_a_warning_a_step_without_source_an_error() -> None:
    some = template(step('only = ["null.a", "qemu.web"]'))
    assert severities("filter-matches-no-source", some) == ["warning"]
    assert severities("step-never-runs", some) == []
    none = template(step('only = ["qemu.web", "vmware-iso.web"]'))
    assert severities("filter-matches-no-source", none) == []
    assert severities("step-never-runs", none) == ["error"]


def test_an_exception_for_what_the_build_has_nothing_like_is_a_warning() -> None:
    assert severities("filter-matches-no-source", template(step('except = ["qemu.web"]'))) == ["warning"]
    assert severities("filter-matches-no-source", template(step('except = ["null.a", "null"]'))) == [
        "warning"
    ]


@pytest.mark.parametrize("filter_", ["only", "except"])
def test_a_source_of_another_build_may_be_named(filter_: str) -> None:
    text = template(step(f'{filter_} = ["null.a", "file.a"]'))
    assert severities("filter-matches-no-source", text) == []
    assert severities("step-never-runs", template(step('only = ["file.a"]'))) == ["warning"]
    assert severities("filter-matches-no-source", template(step('except = ["file.a"]'))) == []


def test_a_step_that_is_kept_from_every_source_may_have_been_turned_off() -> None:
    (finding,) = found("step-never-runs", template(step('except = ["null.a", "null.b"]')))
    assert (finding.severity.value, finding.fix) == ("warning", None)
    assert severities("filter-matches-no-source", template(step('except = ["null.a", "null.b"]'))) == []


def test_a_misspelled_name_gets_the_right_one_as_a_hint_and_no_fix() -> None:
    text = template(step('only = ["null.webb"]'), '"null.web"', 'source "null" "web" {}\n')
    (finding,) = found("step-never-runs", text)
    assert (finding.hint, finding.fix) == ('did you mean "null.web"?', None)


def test_the_name_of_a_source_with_a_local_name_is_none() -> None:
    text = template(step('only = ["null.b"]'), '"null.a"', inside='source "null.b" {\n name = "x"\n}')
    (finding,) = found("step-never-runs", text)
    assert "which calls it `null.x`" in finding.message
    assert finding.fix is not None
    assert [it.replacement for it in finding.fix.edits] == ['"null.x"']


@pytest.mark.parametrize(
    "filter_",
    [
        "only = var.unset",
        "only = var.empty",
        "except = var.unset",
        "only = [var.name]",
        'only = ["null.a", var.name]',
        "only = []",
        "only = null",
        "only = var.secret",
        'only = ["null"]\n  except = ["null"]',
    ],
)
def test_what_is_not_known_or_refused_is_left_alone(filter_: str) -> None:
    head = """
    variable "unset" {
      type = list(string)
    }
    variable "empty" {
      type    = list(string)
      default = []
    }
    variable "name" {
      type = string
    }
    variable "secret" {
      type      = list(string)
      default   = ["hunter2"]
      sensitive = true
    }
    """
    text = template(step(filter_), head=cleandoc(head))
    assert [it for rule in NAMES for it in found(rule, text)] == []


def test_a_list_from_a_default_is_told_mildly_and_once() -> None:
    head = 'variable "on" {\n  type = list(string)\n  default = ["null", "qemu.x", "a.b"]\n}\n'
    (finding,) = found("step-never-runs", template(step("only = var.on"), head=head))
    assert finding.severity.value == "warning"
    assert finding.message.endswith("with the default of `var.on`")
    assert finding.fix is None
    (finding,) = found("filter-matches-no-source", template(step("except = var.on"), head=head))
    assert finding.severity.value == "warning"
    assert finding.message.startswith('"null", "qemu.x" and "a.b" in `except` name no source')


@pytest.mark.parametrize(
    "inside",
    [
        "",
        'dynamic "source" {\n  for_each = var.many\n  labels = ["null.a"]\n  content {}\n}',
    ],
)
def test_a_build_whose_sources_are_not_known_is_left_alone(inside: str) -> None:
    head = 'variable "many" {\n  type = list(string)\n}\n'
    text = template(
        step('only = ["null"]\n  override = { "null.b" = {} }'), '"null.a", "null.b"', head, inside
    )
    unknown = text.replace('"null.a", "null.b"', "var.many[0]")
    rules = (*NAMES, "override-matches-no-source", "build-without-sources")
    told = {it.rule for rule in rules for it in found(rule, unknown if not inside else text)}
    assert told == set()


def test_a_wrong_name_of_a_source_in_the_build_is_told_once() -> None:
    text = template(step('only = ["null.a"]'), '"null.aa"')
    assert [it for rule in NAMES for it in found(rule, text)] == []


@pytest.mark.parametrize(
    ("only", "exclude"), [(("*null.a",), ()), ((), ("*null.a",)), (("*null.b",), ()), ((), ("*null.b",))]
)
def test_what_the_command_line_leaves_out_is_there_all_the_same(
    only: tuple[str, ...], exclude: tuple[str, ...], tmp_path: Path
) -> None:
    steps = step('only = ["null.a"]\n  override = { a = { inline = ["date"] } }') + step(
        'except = ["null.b"]'
    )
    steps += 'post-processor "manifest" {\n  only = ["null.b"]\n}\n'
    second = 'build {\n  name = "second"\n  sources = ["null.a", "null.b"]\n}\n'
    (tmp_path / "t.pkr.hcl").write_text(template(steps) + second, encoding="utf-8")
    chosen = frozenset({*NAMES, "override-matches-no-source", "build-without-sources", "unnamed-builds"})
    inputs = Inputs(only=only, exclude=exclude)
    assert run([tmp_path], Settings(select=chosen), tmp_path, inputs=inputs).diagnostics == ()


def test_a_template_of_which_no_build_is_chosen_has_one(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        text = f'source "null" "{name}" {{}}\nbuild {{\n  sources = ["null.{name}"]\n}}\n'
        (tmp_path / name / "t.pkr.hcl").write_text(text, encoding="utf-8")
    chosen = Settings(select=frozenset({"template-without-build"}))
    assert run([tmp_path], chosen, tmp_path, inputs=Inputs(only=("null.a",))).diagnostics == ()


def test_a_pattern_is_not_written_out_where_nothing_would_be_left() -> None:
    (finding,) = found("filter-matches-no-source", template(step('except = ["null.*"]')))
    assert (finding.hint, finding.fix) == ('write "null.a", "null.b"', None)


def test_a_name_of_several_sources_is_not_replaced() -> None:
    (finding,) = found("step-never-runs", template(step('only = ["a"]'), '"null.a", "file.a"'))
    assert (finding.hint, finding.fix) == ('write "null.a", "file.a"', None)


def test_error_cleanup_and_steps_of_chains_are_steps() -> None:
    cleanup = step('only = ["null"]').replace("provisioner", "error-cleanup-provisioner")
    chain = 'post-processors {\n  post-processor "manifest" {\n    only = ["a"]\n  }\n}\n'
    told = [it.message.split(" never")[0] for it in found("step-never-runs", template(cleanup + chain))]
    assert told == ["error-cleanup-provisioner `shell-local`", "post-processor `manifest`"]


def test_a_legacy_template_is_refused_by_packer_and_told_once() -> None:
    text = """
    {
      "builders": [{"type": "null", "name": "a"}, {"type": "null", "name": "b"}],
      "provisioners": [
        {"type": "shell-local", "inline": ["date"], "only": ["null.a"]},
        {"type": "shell-local", "inline": ["date"], "only": ["a"], "except": ["b"]},
        {"type": "shell-local", "inline": ["date"], "override": {"null.a": {}}}
      ]
    }
    """
    rules = (*NAMES, "only-and-except", "override-matches-no-source")
    assert [it for rule in rules for it in found(rule, text, "web.json")] == []
    assert len(found("invalid-legacy-template", text, "web.json")) == 3


def test_json_is_fixed_as_hcl_is() -> None:
    text = """
    {
      "source": {"null": {"a": {}, "b": {}}},
      "build": {
        "sources": ["null.a", "null.b"],
        "provisioner": [{"shell-local": {"only": ["null.*"], "inline": ["date"]}}]
      }
    }
    """
    (finding,) = found("step-never-runs", text, "t.pkr.json")
    assert finding.fix is not None
    ((edit,), safe) = finding.fix.edits, finding.fix.safe
    assert (edit.range.text, edit.replacement, safe) == ('"null.*"', '"null.a", "null.b"', False)


@pytest.mark.parametrize(
    ("key", "severity", "replacement", "safe"),
    [
        ('"null.a"', "error", '"a"', True),
        ('"source.null.a"', "error", '"a"', True),
        ('"null"', "error", None, None),
        ('"file"', "error", '"c"', False),
        ("file", "error", "c", False),
        ("qemu", "warning", None, None),
    ],
)
def test_overrides_are_fixed_where_one_source_has_the_name(
    key: str, severity: str, replacement: str | None, safe: bool | None
) -> None:
    inside = 'source "file.a" {\n  name = "c"\n}'
    (finding,) = found(
        "override-matches-no-source", template(step(f"override = {{ {key} = {{}} }}"), inside=inside)
    )
    fix = finding.fix
    assert finding.severity.value == severity
    assert (fix and fix.edits[0].replacement, fix and fix.safe) == (replacement, safe)


def test_an_override_of_sources_that_share_the_name_is_not_made_one_of_them_all() -> None:
    text = template(step('override = { "null.a" = {} }'), '"null.a", "file.a"')
    (finding,) = found("override-matches-no-source", text)
    assert (finding.hint, finding.fix) == ("write `a`", None)


def test_an_override_for_a_source_of_another_build_is_left_alone() -> None:
    assert found("override-matches-no-source", template(step("override = { b = {} }"), '"null.a"')) == ()


def test_a_build_of_a_file_with_a_syntax_error_may_have_sources() -> None:
    assert found("build-without-sources", 'build {\n  sources = ["null.a"\n}\n')[0].rule == "syntax-error"
    assert len(found("build-without-sources", 'build {\n  source = ["null.a"]\n}\n')) == 0


def test_a_library_whose_files_others_link_is_no_template(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "apart" / "web").mkdir(parents=True)
    (tmp_path / "lib" / "s.pkr.hcl").write_text('source "null" "a" {}\n', encoding="utf-8")
    build = tmp_path / "apart" / "web" / "b.pkr.hcl"
    build.write_text('build {\n  sources = ["null.a"]\n}\n', encoding="utf-8")
    chosen = Settings(select=frozenset({"template-without-build"}))
    (tmp_path / "apart" / "web" / "s.pkr.hcl").symlink_to(tmp_path / "lib" / "s.pkr.hcl")
    assert run([tmp_path], chosen, tmp_path).diagnostics == ()
    (tmp_path / "apart" / "web" / "s.pkr.hcl").unlink()
    build.write_text('build {\n  sources = ["null.b"]\n}\n', encoding="utf-8")
    assert [it.severity.value for it in run([tmp_path], chosen, tmp_path).diagnostics] == ["note"]


def test_steps_that_share_one_computed_list_are_told_each() -> None:
    many = ", ".join(f'"qemu.x{number}"' for number in range(600))
    head = f"locals {{\n  on = [{many}]\n}}\n"
    steps = "".join(step("only = local.on") for _ in range(900))
    assert len(found("step-never-runs", template(steps, head=head))) == 900
