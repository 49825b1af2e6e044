"""How far a long run is: told on a terminal, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from packlint.commands.paths import MANY

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

COMMAND = [sys.executable, "-m", "packlint", "check", "--no-settings"]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    for number in range(MANY):
        (tmp_path / f"t{number}").mkdir()
        (tmp_path / f"t{number}/a.pkr.hcl").write_text('source "null" "n" {\n  communicator = "none"\n}\n')
    return tmp_path


def on_a_terminal(folder: Path, **environment: str) -> str:
    """What a check of a folder writes to standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        COMMAND, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, **environment}
    ) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the terminal is gone with the last who had it
                break
            if not part:
                break
            told += part
        process.wait()
    os.close(ours)
    return told.decode()


def test_each_phase_is_told_on_one_line_that_is_gone_at_the_end(templates: Path) -> None:
    told = on_a_terminal(templates, TERM="xterm")
    assert f"\rchecking template 1 of {MANY}\x1b[K" in told
    numbers = [int(it) for it in re.findall(rf"\rchecking template (\d+) of {MANY}\x1b\[K", told)]
    assert numbers == sorted(numbers)
    assert len(numbers) > 1 and numbers[-1] <= MANY
    assert "\n" not in told
    assert told.endswith("\r\x1b[K")


def test_a_terminal_that_cannot_is_told_nothing(templates: Path) -> None:
    assert on_a_terminal(templates, TERM="dumb") == ""


def test_a_few_templates_are_not_worth_it(templates: Path) -> None:
    assert on_a_terminal(templates / "t0", TERM="xterm") == ""


def test_a_pipe_gets_nothing(templates: Path) -> None:
    done = subprocess.run(COMMAND, cwd=templates, capture_output=True, check=False)
    assert done.stderr == b""
