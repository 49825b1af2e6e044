"""The stages together: what a file shows of its template, what a broken file costs, what a crash costs."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from packlint import pipeline
from packlint.outcome import Outcome
from packlint.pipeline import run
from packlint.settings import Settings

VALID = """
source "null" "here" {
  communicator = "none"
}

build {
  sources = ["source.null.here"]
}
"""


def write(root: Path, **files: str) -> None:
    """Files by path, `__` for a slash and `_` for a dot."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(cleandoc(text) + "\n", encoding="utf-8")


def found(outcome: Outcome) -> list[str]:
    return [f"{d.range.document.path}:{d.range.first.line} {d.rule}" for d in outcome.diagnostics]


def test_a_broken_file_costs_its_own_rules_about_absence_and_no_other_template(tmp_path: Path) -> None:
    write(
        tmp_path, a__broken_pkr_hcl='source "null" {\n', a__build_pkr_hcl=VALID.replace("null.here", "null.x")
    )
    write(tmp_path, b__build_pkr_hcl=VALID.replace("null.here", "null.x"))
    assert found(run([tmp_path], Settings())) == [
        "a/broken.pkr.hcl:1 syntax-error",
        "b/build.pkr.hcl:6 unknown-source-reference",
    ]


def test_a_stage_that_crashes_costs_one_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a__build_pkr_hcl=VALID, b__build_pkr_hcl=VALID.replace("null.here", "null.x"))
    real = pipeline.lower

    def lower(template: object, files: object) -> object:
        if getattr(template, "path", "") == "a":
            raise RuntimeError("too low")
        return real(template, files)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "lower", lower)
    outcome = run([tmp_path], Settings())
    assert found(outcome) == [
        "a/build.pkr.hcl:1 internal-error",
        "b/build.pkr.hcl:6 unknown-source-reference",
    ]
    assert outcome.diagnostics[0].message == "reading this template failed here: RuntimeError: too low"


def test_a_file_is_checked_with_its_whole_template_as_context(tmp_path: Path) -> None:
    write(
        tmp_path,
        build_pkr_hcl='build {\n  name    = var.here\n  sources = ["null.here", "null.gone"]\n}',
        source_pkr_hcl='source "null" "here" {\n  ssh_host = var.gone\n}',
        variables_pkr_hcl='variable "here" {}',
    )
    assert found(run([tmp_path / "build.pkr.hcl"], Settings())) == [
        "build.pkr.hcl:3 unknown-source-reference"
    ]
    assert found(run([tmp_path / "source.pkr.hcl"], Settings())) == ["source.pkr.hcl:2 undeclared-variable"]
    assert found(run([tmp_path / "variables.pkr.hcl"], Settings())) == []


def test_a_file_shows_what_others_say_of_it(tmp_path: Path) -> None:
    write(tmp_path, a_pkr_hcl='variable "x" {}\n' + VALID, b_pkr_hcl='variable "x" {}')
    for name in ("a.pkr.hcl", "b.pkr.hcl"):
        assert found(run([tmp_path / name], Settings())) == ["b.pkr.hcl:1 duplicate-declaration"]


BASE = 'source "qemu" "base" {\n  vm_name = "b"\n}\nbuild {\n  sources = ["qemu.base"]\n}'
CHILD = 'source "qemu" "child" {\n  iso_url = "output-base/b"\n}'


def test_what_is_missed_is_looked_for_in_the_whole_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, base__a_pkr_hcl=BASE)
    named = tmp_path / "base" / "a.pkr.hcl"
    assert found(run([named], Settings())) == ["base/a.pkr.hcl:4 missing-provisioners"]
    write(tmp_path, child__a_pkr_hcl=CHILD)
    for path in (named, named.parent, tmp_path):
        assert found(run([path], Settings())) == []
    assert run([named], Settings()).templates == 1


def test_parts_above_and_beside_a_template_may_declare_for_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(
        tmp_path,
        common__variables_pkr_hcl='variable "shared" {}',
        web__a_pkr_hcl=VALID + "locals {\n  a = var.shared\n  b = var.missing\n}",
        other__deep__variables_pkr_hcl='variable "missing" {}',
    )
    assert found(run([tmp_path / "web"], Settings())) == ["web/a.pkr.hcl:10 undeclared-variable"]


def test_json_beside_hcl_may_declare_what_is_missed(tmp_path: Path) -> None:
    write(tmp_path, a_pkr_hcl='build {\n  sources = ["null.here"]\n}')
    (tmp_path / "b.pkr.json").write_text('{"source": {"null": {"here": {}}}}', encoding="utf-8")
    assert found(run([tmp_path], Settings())) == []


def test_the_numbers_are_those_of_what_was_asked_for(tmp_path: Path) -> None:
    write(tmp_path, a__x_pkr_hcl=VALID, a__y_pkr_hcl='variable "x" {}', b__x_pkr_hcl=VALID)
    outcome = run([tmp_path], Settings())
    assert (outcome.templates, outcome.documents) == (2, 3)
    outcome = run([tmp_path / "a"], Settings())
    assert (outcome.templates, outcome.documents) == (1, 2)


def test_select_and_ignore_hold_for_stages_and_rules(tmp_path: Path) -> None:
    write(tmp_path, a__x_pkr_hcl="build {", b__x_pkr_hcl=VALID.replace("null.here", "null.x"))
    everything = {"syntax-error", "unknown-source-reference"}
    for rule in everything:
        selected = run([tmp_path], Settings(select=frozenset({rule})))
        assert {d.rule for d in selected.diagnostics} == {rule}
        ignored = run([tmp_path], Settings(ignore=frozenset({rule})))
        assert {d.rule for d in ignored.diagnostics} == everything - {rule}
