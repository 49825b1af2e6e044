"""Where the time of a run goes."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from packlint.pipeline import run
from packlint.settings import Settings
from packlint.stopwatch import SLOWEST, Stopwatch

TEMPLATE = 'source "null" "a" {\n  communicator = "none"\n}\nbuild {\n  sources = ["source.null.b"]\n}\n'


def test_stages_and_rules_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE)
    ticks = count()
    watch = Stopwatch(lambda: next(ticks) / 1000)
    run([tmp_path], Settings(), tmp_path, watch=watch)
    assert [*watch.stages] == ["find", "load", "parse", "lower", "evaluate", "conform", "check"]
    assert watch.stages["parse"] == pytest.approx(0.001)
    assert "unknown-source-reference" in watch.rules
    stages, rules = watch.told().splitlines()
    assert stages.startswith("stages: find 1 ms, load 1 ms, parse 1 ms")
    assert rules.count(" ms") == len(watch.rules)


def test_no_more_than_the_slowest_rules_are_told() -> None:
    watch = Stopwatch(float)
    watch.time("check", int)
    watch.rules |= {f"rule-{number}": float(number) for number in range(SLOWEST * 2)}
    _, rules = watch.told().splitlines()
    assert rules.startswith("slowest rules: rule-19 19000 ms, rule-18")
    assert rules.count(" ms") == SLOWEST


def test_without_a_clock_nothing_is_told() -> None:
    watch = Stopwatch()
    assert watch.time("parse", int, "7") == 7
    assert not watch.stages and not watch.told()


def test_work_that_fails_counts() -> None:
    ticks = count()
    watch = Stopwatch(lambda: next(ticks))
    with pytest.raises(ValueError, match="x"):
        watch.time("parse", int, "x")
    assert watch.stages == {"parse": 1}


def test_reports_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE)
    command = [sys.executable, "-m", "packlint", "check", "--statistics", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "stages" not in done.stdout
    assert done.stderr.startswith("stages: find ")
