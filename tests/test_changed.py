"""`--changed-since`: findings in changed lines, and what a change brings elsewhere, in real repositories."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from packlint.changed import renames
from packlint.cli import cli
from packlint.files import Files, Gone, Unsaved
from packlint.outcome import Outcome
from packlint.pipeline import run
from packlint.settings import Settings
from packlint.since import Since

SETTINGS = Settings(preset="strict", ignore=frozenset({"required-version-missing", "not-canonical-format"}))
Repo = Callable[..., Path]

VARIABLES = """
variable "used" {
  default = "x"
}

variable "never" {
  default = "x"
}
"""
BUILD = """
source "null" "base" {
  communicator = "none"
  nonsense     = 1
}

build {
  name    = "b"
  sources = ["source.null.base"]
  provisioner "shell-local" {
    inline = ["echo ${var.used}"]
  }
}
"""


def git(top: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgSign=false")
    subprocess.run(["git", *identity, *arguments], cwd=top, check=True, capture_output=True)


def write(top: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        path = top / name
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, newline="")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Commits files, then changes some, which it does not commit unless that is asked for."""

    def make(files: dict[str, str | None], changes: dict[str, str | None], commit: str = "") -> Path:
        top = tmp_path / "repo"
        top.mkdir()
        git(top, "init", "--quiet", "--initial-branch=main", ".")
        write(top, files)
        git(top, "add", "--all")
        git(top, "commit", "--quiet", "--message", "one", "--allow-empty")
        git(top, "tag", "before")
        write(top, changes)
        if commit:
            git(top, "add", "--all")
        if commit == "commit":
            git(top, "commit", "--quiet", "--message", "two")
        return top

    return make


def found(top: Path, paths: Sequence[Path | Unsaved] = ()) -> list[tuple[str, int, str]]:
    """What is left of the findings: file, line and rule."""
    asked = paths or [top]
    since = Since("before", asked)

    def again(paths: Sequence[Path | Unsaved], texts: Sequence[Unsaved]) -> Outcome:
        return run(paths, SETTINGS, texts=texts)

    outcome = run(asked, SETTINGS, finish=lambda outcome, _: since.limit(outcome, again))
    return [(it.range.document.path, it.range.first.line, it.rule) for it in outcome.diagnostics]


BOTH: dict[str, str | None] = {"build.pkr.hcl": BUILD, "variables.pkr.hcl": VARIABLES}


def test_nothing_changed_and_nothing_is_told(repo: Repo) -> None:
    top = repo(BOTH, {})
    assert run([top], SETTINGS).diagnostics
    assert found(top) == []


@pytest.mark.parametrize("commit", ["", "stage", "commit"])
def test_a_finding_in_a_changed_line_is_told_however_far_the_change_has_come(repo: Repo, commit: str) -> None:
    changed = BUILD.replace('"none"\n', '"none"\n  more_nonsense = 2\n')
    top = repo(BOTH, {"build.pkr.hcl": changed}, commit)
    assert found(top) == [("build.pkr.hcl", 4, "unknown-argument")]


def test_what_a_change_brings_in_a_file_that_is_as_it_was_is_told(repo: Repo) -> None:
    top = repo(BOTH, {"build.pkr.hcl": BUILD.replace("${var.used}", "x")})
    assert found(top) == [("variables.pkr.hcl", 2, "unused-variable")]


def test_what_the_removal_of_a_line_brings_is_told(repo: Repo) -> None:
    top = repo(BOTH, {"variables.pkr.hcl": VARIABLES.replace('variable "used" {\n  default = "x"\n}\n', "")})
    assert found(top) == [("build.pkr.hcl", 11, "undeclared-variable")]


def test_what_the_removal_of_a_file_brings_is_told(repo: Repo) -> None:
    top = repo(BOTH, {"variables.pkr.hcl": None})
    assert found(top) == [("build.pkr.hcl", 11, "undeclared-variable")]


def test_what_the_removal_of_a_script_in_a_directory_of_its_own_brings_is_told(repo: Repo) -> None:
    build = BUILD.replace('inline = ["echo ${var.used}"]', 'script = "scripts/deep/run.sh"')
    top = repo(
        {"build.pkr.hcl": build, "scripts/deep/run.sh": "true\n", "other.txt": ""},
        {"scripts/deep/run.sh": None},
    )
    (top / "scripts/deep").rmdir()
    (top / "scripts").rmdir()
    assert found(top) == [("build.pkr.hcl", 11, "missing-local-file")]


def test_lines_that_move_are_not_changed(repo: Repo) -> None:
    top = repo(BOTH, {"build.pkr.hcl": "\n# a comment\n\n" + BUILD})
    assert found(top) == []


STEP = '  provisioner "shell-local" {\n    inline   = ["echo ${var.used}"]\n    nonsense = 1\n  }\n'


def test_a_copy_is_new_and_what_it_was_copied_from_is_not(repo: Repo) -> None:
    head = BUILD[: BUILD.index("  provisioner")].replace("  nonsense     = 1\n", "")
    top = repo({**BOTH, "build.pkr.hcl": f"{head}{STEP}}}\n"}, {"build.pkr.hcl": f"{head}{STEP * 2}}}\n"})
    (new,) = [it for it in found(top) if it[2] == "unknown-argument"]
    shown = subprocess.run(
        ["git", "diff", "--unified=0", "before"], cwd=top, check=True, capture_output=True, text=True
    ).stdout
    first = int(shown.partition("+")[2].partition("@@ ")[2].partition(" @@")[0].split("+")[1].split(",")[0])
    assert first <= new[1] < first + 4


def test_a_file_that_git_does_not_know_is_new_as_a_whole(repo: Repo) -> None:
    top = repo(BOTH, {"more.pkr.hcl": 'variable "also_never" {\n}\n'})
    assert found(top) == [("more.pkr.hcl", 1, "unused-variable")]


def test_a_file_that_git_ignores_is_new_as_a_whole(repo: Repo) -> None:
    top = repo({**BOTH, ".gitignore": "mine.pkr.hcl\n"}, {"mine.pkr.hcl": 'variable "mine" {\n}\n'})
    assert found(top, [top / "mine.pkr.hcl"]) == [("mine.pkr.hcl", 1, "unused-variable")]


def test_a_file_under_a_new_name_is_compared_with_the_old_one(repo: Repo) -> None:
    renamed = VARIABLES + 'variable "also_never" {\n}\n'
    top = repo(BOTH, {"variables.pkr.hcl": None, "inputs.pkr.hcl": renamed}, "commit")
    assert found(top) == [("inputs.pkr.hcl", 9, "unused-variable")]


def test_a_finding_elsewhere_that_a_new_file_excuses_is_gone(repo: Repo) -> None:
    top = repo(
        {"build.pkr.hcl": BUILD},
        {"variables.pkr.hcl": 'variable "used" {\n  type = string\n  default = "x"\n}\n'},
    )
    assert found(top) == []


def test_standard_input_is_compared_with_the_commit(repo: Repo) -> None:
    top = repo(BOTH, {})
    text = BUILD.replace('"none"\n', '"none"\n  more_nonsense = 2\n').encode()
    named = Unsaved(text, top / "build.pkr.hcl")
    assert found(top, [named]) == [("build.pkr.hcl", 4, "unknown-argument")]


def test_a_file_that_is_named_and_new_is_told_as_a_whole(repo: Repo) -> None:
    top = repo(BOTH, {"more.pkr.hcl": 'variable "also_never" {\n}\n'})
    assert found(top, [top / "more.pkr.hcl"]) == [("more.pkr.hcl", 1, "unused-variable")]


def test_what_cannot_be_read_is_told_though_it_was_so_before(repo: Repo) -> None:
    top = repo({"a.pkr.hcl": "source {{{\n"}, {"b.pkr.hcl": "locals {\n}\n"})
    assert {rule for _, _, rule in found(top)} == {"syntax-error"}


def test_line_breaks_of_a_checkout_are_no_change(repo: Repo) -> None:
    top = repo(BOTH, {"build.pkr.hcl": BUILD.replace("\n", "\r\n")})
    assert ("build.pkr.hcl", 4, "unknown-argument") in found(top)
    git(top, "config", "core.autocrlf", "true")
    assert found(top) == []


def test_links_of_a_repository_lead_nowhere_else(repo: Repo, tmp_path: Path) -> None:
    top = repo(BOTH, {})
    (tmp_path / "secret.pkr.hcl").write_text('variable "secret" {\n}\n')
    try:
        (top / "link.pkr.hcl").symlink_to(tmp_path / "secret.pkr.hcl")
    except OSError:
        pytest.skip("symbolic links need a privilege on Windows")
    assert [rule for _, _, rule in found(top)] == ["unreadable-file"]


def test_the_command_tells_what_is_new_and_fails_by_that_alone(repo: Repo) -> None:
    top = repo(BOTH, {"variables.pkr.hcl": VARIABLES + "# a comment\n"})
    done = CliRunner().invoke(cli, ["check", "--changed-since", "before", str(top)])
    assert done.exit_code == 0, done.output
    write(top, {"variables.pkr.hcl": VARIABLES + 'variable "also_never" {\n}\n'})
    done = CliRunner().invoke(cli, ["check", "--changed-since", "before", str(top)])
    assert done.exit_code == 1, done.output


def test_files_with_much_in_common_are_one_renamed() -> None:
    gone = {"a": b"1\n2\n3\n4", "b": b"5\n6"}
    assert renames(gone, {"x": b"1\n2\n3\n9", "y": b"7\n8"}) == {"x": "a"}
    assert renames(gone, {"x": b"1\n2\n3\n9", "y": b"1\n2\n3\n4"}) == {"y": "a"}
    assert renames({}, {"x": b""}) == {}


def test_a_file_that_is_gone_is_not_there(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "only/c.txt"):
        write(tmp_path, {name: name})
    texts = [
        Gone(b"", tmp_path / "a.txt"),
        Unsaved(b"new", tmp_path / "deep/er/n.txt"),
        Unsaved(b"also", tmp_path / "b.txt"),
    ]
    files = Files(tmp_path, unsaved=texts)
    assert files.entries(".") == (("b.txt", False), ("deep", True), ("only", True))
    assert files.entries("deep/er") == (("n.txt", False),)
    assert sorted(files.below(".", 100)) == ["b.txt", "deep/er/n.txt", "only/c.txt"]
    assert not files.exists("a.txt")
    assert files.text("a.txt") is None
    assert files.exists("deep") and files.is_directory("deep") and files.is_directory("deep/er")
    assert files.text("deep/er/n.txt") == "new"
    assert files.text("b.txt") == "also"
