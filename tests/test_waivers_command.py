"""`packlint waivers`: the list, its days and ages, and what a hostile repository may put into it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from packlint.cli import cli
from packlint.ledger import Entry, to_text

TEMPLATE = """# packlint: ignore[unused-variable] until=2020-01-31 the pipeline reads it
variable "owner" {
  default = "platform"
}
variable "team" { # packlint: ignore[unused-variable] the pipeline reads it, too
  default = "images"
}
source "null" "a" { # packlint: ignore[weak-checksum]
  communicator = "none"
}
build {
  sources = ["null.a"]
}
"""


def waivers(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["waivers", str(folder), "--root", str(folder), *arguments])


def test_the_list_tells_what_each_is_good_for(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    result = waivers(tmp_path, "--format", "json")
    assert result.exit_code == 0
    listed = json.loads(result.stdout)["waivers"]
    keys = ("line", "rules", "scope", "reason", "until", "expired", "findings", "since")
    assert [tuple(it[key] for key in keys) for it in listed] == [
        (1, ["unused-variable"], "lines 1-4", "the pipeline reads it", "2020-01-31", True, 0, None),
        (5, ["unused-variable"], "lines 5-7", "the pipeline reads it, too", None, False, 1, None),
        (8, ["weak-checksum"], "lines 8-10", "", None, False, 0, None),
    ]
    assert {it["path"] for it in listed} == {"a.pkr.hcl"}


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_tells_since_when(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    who = {f"GIT_{it}_{key}": "you" for it in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_AUTHOR_DATE": "2024-05-06T12:00:00+00:00"}
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=environment, check=True)
    text = TEMPLATE.replace("the pipeline reads it, too", "for another reason")
    (tmp_path / "a.pkr.hcl").write_text(f"\n{text}", encoding="utf-8")
    listed = json.loads(waivers(tmp_path, "--format", "json").stdout)["waivers"]
    assert [(it["line"], it["since"]) for it in listed] == [(2, "2024-05-06"), (6, None), (9, "2024-05-06")]


def test_the_text_marks_what_ends(tmp_path: Path) -> None:
    days = (None, date(2030, 6, 14), date(2030, 6, 15), date(2030, 7, 15), date(2030, 7, 16))
    listed = [Entry("a", n, ("r",), "the file", "x", day, None) for n, day in enumerate(days, 1)]
    text = to_text(listed, date(2030, 6, 15), lambda text, **_: text)
    said = [line.split("?")[1].replace("x", "").strip(" -") for line in text.splitlines()[2:]]
    assert said == ["", "2030-06-14 (over)", "2030-06-15 (soon)", "2030-07-15 (soon)", "2030-07-16"]


def test_no_control_character_reaches_the_terminal(tmp_path: Path) -> None:
    text = "# packlint: ignore[unused-local\x1b[31m] \x1b]0;owned\x07 reason\na = 1\n"
    (tmp_path / "a.pkr.hcl").write_text(text, encoding="utf-8")
    result = waivers(tmp_path)
    assert result.exit_code == 0
    assert not {"\x1b", "\x07"} & set(result.output)


def test_where_nothing_is_waived_standard_output_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text('source "null" "a" {}\n', encoding="utf-8")
    result = waivers(tmp_path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no waivers found" in result.stderr


def test_the_waivers_of_settings_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text('source "null" "a" {}\n', encoding="utf-8")
    settings = '[[waive]]\nrules = ["unused-source"]\npaths = ["*.hcl"]\nreason = "kept"\n'
    (tmp_path / "packlint.toml").write_text(settings, encoding="utf-8")
    (listed,) = json.loads(waivers(tmp_path, "--format", "json").stdout)["waivers"]
    assert (listed["path"], listed["rules"], listed["reason"]) == ("packlint.toml", ["unused-source"], "kept")
