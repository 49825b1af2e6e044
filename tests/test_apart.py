"""Templates that are looked at one by one, in one process or several: the outcome is that of all together."""

from __future__ import annotations

import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from packlint import bench, crew
from packlint.inputs import Inputs
from packlint.outcome import Outcome
from packlint.pipeline import MANY, run
from packlint.report import FORMATS, render
from packlint.settings import Settings

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

TEMPLATE = """
# packlint: ignore[unused-local] kept for later
locals {{ left = "{0}" }}
variable "password" {{
  type      = string
  sensitive = true
  default   = "hunter{0}hunter"
}}
variable "size" {{ default = 3 }}
source "qemu" "image{0}" {{
  iso_url          = "disk-{1}/base.qcow2"
  disk_image       = true
  output_directory = "disk-{0}"
  vm_name          = "base.qcow2"
  ssh_password     = var.password
}}
build {{
  sources = ["source.qemu.image{0}"]
  provisioner "shell" {{ inline = ["echo {2}", "apt-get install -y nginx"] }}
}}
"""

KEY = "ghp_" + "k3Yq9ZtB" * 4 + "wR7x"
"""What GitHub's tokens look like."""

FIELDS = ("diagnostics", "suppressed", "waivers", "sensitive", "documents", "templates", "failing", "rules")


def repository(place: Path, count: int = MANY * 3) -> Path:
    """Templates that start from one another, share steps, and have variable files, some of them broken."""
    (place / ".git").mkdir(parents=True)
    for number in range(count):
        folder = place / f"t{number:02}"
        folder.mkdir()
        text = TEMPLATE.format(number, number - 1, number % 3)
        (folder / "a.pkr.hcl").write_text(text[:-30] if number == 7 else text)
    with (place / "t05" / "a.pkr.hcl").open("a") as file:
        file.write(f"# {KEY}\n")
    (place / "t03" / "b.auto.pkrvars.hcl").write_text('password = "secret-of-t03"\nsizes = 3\n')
    (place / "common.pkrvars.hcl").write_text(f'password = "secret-of-all" # {KEY}\n')
    (place / "old.json").write_text('{"builders": [{"type": "null", "communicator": "none"}], "x": 1}')
    return place


def told(outcome: Outcome) -> dict[str, Any]:
    """All that a report can tell; waivers are compared by what they say."""
    found = {name: getattr(outcome, name) for name in FIELDS}
    found["waivers"] = [(it.range, it.reason, it.scope) for it in outcome.waivers]
    found["rules"] = [rule.name() for rule in outcome.rules]
    return found


def checked(place: Path, jobs: int | None, **more: Any) -> Outcome:
    return run([place], Settings(preset="all"), place, jobs=jobs, today="2026-01-01", **more)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_it_is_what_is_found_together(tmp_path: Path, jobs: int) -> None:
    place = repository(tmp_path / "r")
    together = checked(place, None)
    apart = checked(place, jobs)
    assert not apart.configurations and together.configurations
    assert told(apart) == told(together)
    rules = {it.rule for it in apart.diagnostics}
    assert {"unused-variable", "syntax-error", "undeclared-variable-in-var-file"} <= rules
    assert any(it.document.path == "common.pkrvars.hcl" for it in apart.sensitive)
    assert {it.document.path for it in apart.sensitive if it.text == KEY} == {
        "common.pkrvars.hcl",
        "t05/a.pkr.hcl",
    }


@pytest.mark.parametrize("name", [it for it in FORMATS if it != "html"])
def test_reports_are_the_same(tmp_path: Path, name: str) -> None:
    place = repository(tmp_path / "r")
    assert render(name, checked(place, 2)) == render(name, checked(place, None))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_corpus(jobs: int) -> None:
    assert told(checked(CORPUS, jobs)) == told(checked(CORPUS, None))


def test_what_is_dropped_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = repository(tmp_path / "r")
    together = told(checked(place, None))
    monkeypatch.setattr(bench, "MOST", 1)
    assert told(checked(place, 1)) == together


def test_few_templates_are_held_at_hand(tmp_path: Path) -> None:
    assert checked(repository(tmp_path / "r", MANY - 6), 2).configurations


def test_what_goes_for_several_is_seen_together(tmp_path: Path) -> None:
    place = repository(tmp_path / "r")
    assert checked(place, 2, inputs=Inputs(only=("*",))).configurations


def test_a_process_that_fails_is_told_by_a_check_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = repository(tmp_path / "r")
    expected = told(checked(place, None))

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(bench.Bench, "look", die)
    assert told(checked(place, 2)) == expected

    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(bench.Bench, "look", fail)
    assert told(checked(place, 2)) == expected


def test_no_process_is_left(tmp_path: Path) -> None:
    place = repository(tmp_path / "r")
    checked(place, 3)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_who_stops_waiting_leaves_no_process(tmp_path: Path) -> None:
    with crew.Crew(abs, 2) as hands:
        assert next(iter(hands.share([-1, -2, -3, -4]))) in (1, 2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_who_ignores_signals_is_not_waited_for() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with crew.Crew(abs, 2) as hands:
            assert next(iter(hands.share([-1]))) == 1
    finally:
        signal.signal(signal.SIGTERM, before)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_results_come_for_every_task() -> None:
    with crew.Crew(abs, 2) as hands:
        assert sorted(hands.share(range(-50, 0))) == [*range(1, 51)]


def test_a_crash_of_a_rule_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = repository(tmp_path / "r")
    rule = import_module("packlint.rules.structure.unused_variable").UnusedVariable

    def fail(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(rule, "check_project", fail)
    assert any(it.rule == "internal-error" for it in checked(place, 2).diagnostics)
    assert told(checked(place, 2)) == told(checked(place, None))


def test_a_directory_may_be_called_like_what_is_kept(tmp_path: Path) -> None:
    text = TEMPLATE.format(1, 0, 2)
    for name in ("b", "packlint.chain.shared._by_lineage", "parts"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.pkr.hcl").write_text(text)
    found = checked(tmp_path, None).diagnostics
    assert not any(it.rule == "internal-error" for it in found)
