"""The stages together: what a file shows of its template, what a broken file costs, what a crash costs."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from packlint import reading
from packlint.errors import UsageError
from packlint.files import Unsaved
from packlint.inputs import Inputs
from packlint.outcome import Outcome
from packlint.pipeline import run, understand
from packlint.settings import Settings

VALID = """
source "null" "here" {
  communicator = "none"
}

build {
  sources = ["source.null.here"]
}
"""


def with_name(name: str) -> str:
    """The valid template, whose build has a name: an expression that may use what is declared beside it."""
    return VALID.replace("build {", f"build {{\n  name    = {name}")


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
    real = reading.lower

    def lower(template: object, files: object) -> object:
        if getattr(template, "path", "") == "a":
            raise RuntimeError("too low")
        return real(template, files)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "lower", lower)
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
        source_pkr_hcl='source "null" "here" {\n  ssh_host = var.gone\n  communicator = "none"\n}',
        variables_pkr_hcl='variable "here" {}',
    )
    assert found(run([tmp_path / "build.pkr.hcl"], Settings())) == [
        "build.pkr.hcl:3 unknown-source-reference"
    ]
    assert found(run([tmp_path / "source.pkr.hcl"], Settings())) == ["source.pkr.hcl:2 undeclared-variable"]
    assert found(run([tmp_path / "variables.pkr.hcl"], Settings())) == []


def test_a_file_shows_what_others_say_of_it(tmp_path: Path) -> None:
    write(tmp_path, a_pkr_hcl='variable "x" {}\n' + with_name("var.x"), b_pkr_hcl='variable "x" {}')
    for name in ("a.pkr.hcl", "b.pkr.hcl"):
        assert found(run([tmp_path / name], Settings())) == ["b.pkr.hcl:1 duplicate-declaration"]


BASE = 'source "qemu" "base" {\n  vm_name = "b"\n}\nbuild {\n  sources = ["qemu.base"]\n}'
CHILD = 'source "qemu" "child" {\n  iso_url = "output-base/b"\n}'


def test_what_is_missed_is_looked_for_in_the_whole_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, base__a_pkr_hcl=BASE)
    named = tmp_path / "base" / "a.pkr.hcl"
    settings = Settings(select=frozenset({"missing-provisioners"}))
    assert found(run([named], settings)) == ["base/a.pkr.hcl:4 missing-provisioners"]
    write(tmp_path, child__a_pkr_hcl=CHILD)
    for path in (named, named.parent, tmp_path):
        assert found(run([path], settings)) == []
    assert run([named], settings).templates == 1


def test_neighbours_of_a_directory_are_looked_at_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    bare = VALID.replace("null.here", "null.x")
    write(tmp_path, web__a_pkr_hcl=bare, app__a_pkr_hcl=bare, broken__a_pkr_hcl="build {")
    assert found(run([tmp_path / "web"], Settings())) == ["web/a.pkr.hcl:6 unknown-source-reference"]
    both = run([tmp_path / "web", tmp_path / "app" / "a.pkr.hcl"], Settings())
    assert found(both) == [
        "app/a.pkr.hcl:6 unknown-source-reference",
        "web/a.pkr.hcl:6 unknown-source-reference",
    ]


def steps(name: str, *more: str) -> str:
    """A template that does three things to an image, and then more."""
    inner = "".join(
        f'  provisioner "shell" {{\n    inline = ["{step}"]\n  }}\n' for step in ("x", "y", "z", *more)
    )
    source = f'source "qemu" "{name}" {{\n  iso_url = "x.iso"\n}}\n'
    return f'{source}build {{\n  sources = ["qemu.{name}"]\n{inner}}}\n'


def test_what_is_found_of_a_template_does_not_depend_on_what_else_is_wrong(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, web__a_pkr_hcl=steps("web", "a"), app__a_pkr_hcl=steps("app", "b"))
    settings = Settings(select=frozenset({"unchained-duplicate-steps", "undeclared-variable"}))
    assert found(run([tmp_path], settings)) == ["web/a.pkr.hcl:6 unchained-duplicate-steps"]
    assert found(run([tmp_path / "web"], settings)) == []
    write(tmp_path, web__b_pkr_hcl="locals {\n  x = var.nope\n}")
    assert found(run([tmp_path / "web"], settings)) == ["web/b.pkr.hcl:2 undeclared-variable"]


def test_a_crash_is_shown_whatever_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a_pkr_hcl=VALID, b_pkr_hcl='variable "x" {}')

    def lower(template: object, files: object) -> object:
        raise RuntimeError("too low")

    monkeypatch.setattr(reading, "lower", lower)
    assert found(run([tmp_path / "b.pkr.hcl"], Settings())) == ["a.pkr.hcl:1 internal-error"]


def test_a_sensitive_reference_is_not_said(tmp_path: Path) -> None:
    secret = 'variable "password" {\n  default   = "hunter2"\n  sensitive = true\n}\n'
    write(tmp_path, a_pkr_hcl=secret + VALID.replace("source.null.here", "null.${var.password}"))
    for diagnostic in run([tmp_path], Settings()).diagnostics:
        assert "hunter2" not in f"{diagnostic.message}{diagnostic.hint}"


def test_a_part_in_a_directory_of_single_files_may_declare_for_them(tmp_path: Path) -> None:
    clash = 'variable "x" {}\n'
    write(
        tmp_path,
        a_pkr_hcl=clash + with_name("var.x"),
        b_pkr_hcl=clash + with_name('"${var.x}${var.common}${var.nowhere}"'),
        common_pkr_hcl='variable "common" {}',
    )
    assert found(run([tmp_path], Settings())) == [
        "b.pkr.hcl:1 directory-is-not-one-template",
        "b.pkr.hcl:8 undeclared-variable",
    ]


def test_parts_above_and_beside_a_template_may_declare_for_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(
        tmp_path,
        common__variables_pkr_hcl='variable "shared" {}',
        web__a_pkr_hcl=with_name('"${var.shared}${var.missing}"'),
        other__deep__variables_pkr_hcl='variable "missing" {}',
    )
    assert found(run([tmp_path / "web"], Settings())) == ["web/a.pkr.hcl:6 undeclared-variable"]


def test_json_beside_hcl_declares_what_is_not_missed(tmp_path: Path) -> None:
    write(tmp_path, a_pkr_hcl='build {\n  sources = ["null.here", "null.gone"]\n}')
    (tmp_path / "b.pkr.json").write_text(
        '{"source": {"null": {"here": {"communicator": "none"}}}}', encoding="utf-8"
    )
    assert found(run([tmp_path], Settings())) == ["a.pkr.hcl:2 unknown-source-reference"]


def test_a_variable_file_by_itself_is_read_for_its_syntax(tmp_path: Path) -> None:
    write(tmp_path, a_pkr_hcl=VALID, prod_pkrvars_hcl="x = ", sound_pkrvars_hcl="x = 1")
    for path in (tmp_path, tmp_path / "prod.pkrvars.hcl"):
        outcome = run([path], Settings())
        assert found(outcome) == ["prod.pkrvars.hcl:1 syntax-error"]
        assert outcome.templates == 1
    assert found(run([tmp_path / "sound.pkrvars.hcl"], Settings())) == []


def test_a_text_that_is_not_saved_is_checked_with_its_template(tmp_path: Path) -> None:
    write(
        tmp_path, a_pkr_hcl=VALID, v_pkr_hcl='variable "x" {}', broken_pkr_hcl="locals {\n  x = var.gone\n}"
    )
    text = VALID.replace("null.here", "null.${var.x}${var.y}").encode()
    assert found(run([Unsaved(text, tmp_path / "a.pkr.hcl")], Settings())) == [
        "a.pkr.hcl:7 undeclared-variable"
    ]
    gone = run([Unsaved(b"", tmp_path / "v.pkr.hcl")], Settings())
    assert found(gone) == []


def test_a_crash_over_a_variable_file_by_itself_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, prod_pkrvars_hcl="x = 1")

    def lower(template: object, files: object) -> object:
        raise RuntimeError("too low")

    monkeypatch.setattr(reading, "lower", lower)
    assert found(run([tmp_path], Settings())) == ["prod.pkrvars.hcl:1 internal-error"]


def test_the_numbers_are_those_of_what_was_asked_for(tmp_path: Path) -> None:
    write(tmp_path, a__x_pkr_hcl=VALID, a__y_pkr_hcl='variable "x" {}', b__x_pkr_hcl=VALID)
    outcome = run([tmp_path], Settings())
    assert (outcome.templates, outcome.documents) == (2, 3)
    outcome = run([tmp_path / "a"], Settings())
    assert (outcome.templates, outcome.documents) == (1, 2)


def test_select_and_ignore_hold_for_stages_and_rules(tmp_path: Path) -> None:
    write(tmp_path, a__x_pkr_hcl="build {", b__x_pkr_hcl=VALID.replace("null.here", "null.x"))
    everything = {"syntax-error", "unknown-source-reference"}
    other = run([tmp_path], Settings(select=frozenset({"missing-provisioners"})))
    assert {d.rule for d in other.diagnostics} == {"syntax-error"}, "what cannot be read is always said"
    for rule in everything:
        selected = run([tmp_path], Settings(select=frozenset({rule})))
        assert {d.rule for d in selected.diagnostics} == {rule, "syntax-error"}
        ignored = run([tmp_path], Settings(ignore=frozenset({rule})))
        assert {d.rule for d in ignored.diagnostics} == everything - {rule}


@pytest.mark.parametrize(
    "inputs", [Inputs(only=("qemu.*",)), Inputs(exclude=("*",)), Inputs(only=("null.there",))], ids=repr
)
def test_a_choice_that_leaves_no_build_is_the_fault_of_the_invocation(tmp_path: Path, inputs: Inputs) -> None:
    write(tmp_path, a__build_pkr_hcl=VALID)
    with pytest.raises(UsageError, match="no build is left"):
        run([tmp_path], Settings(), inputs=inputs)


def test_a_choice_that_leaves_a_build_somewhere_is_none(tmp_path: Path) -> None:
    write(tmp_path, a__build_pkr_hcl=VALID, b__build_pkr_hcl=VALID.replace("here", "there"))
    configurations, *_ = understand([tmp_path], Settings(), inputs=Inputs(only=("null.th*",)))
    uses = [use.key for it in configurations for build in it.builds for use in build.uses]
    assert uses == ["null.there"]


def test_where_there_is_no_build_there_is_none_to_choose(tmp_path: Path) -> None:
    write(tmp_path, a__part_pkr_hcl='variable "x" {}')
    assert found(run([tmp_path], Settings(), inputs=Inputs(only=("null.*",)))) == []
