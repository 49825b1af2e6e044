"""The README's command lines, run as a new user runs them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def commands() -> list[str]:
    """The command lines of the README's first screen."""
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    return re.findall(r"```sh\n(.+)\n```", first_screen)


def test_the_first_screen_has_two_command_lines() -> None:
    first_screen = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert first_screen.count("\n") <= 60
    assert len(commands()) == 2
    assert "&& .venv/bin/pytest" in commands()[1]


def test_ci_runs_the_second_line() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"eval \"\$\(\"\$python\" - <<'P'\n(.+?)\nP\n", script, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", snippet], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == commands()[1]


@pytest.mark.skipif(shutil.which("python3") is None, reason="the README's line needs `python3`")
def test_the_first_line_sets_up_and_lints_the_examples(clean_copy: Path) -> None:
    done = subprocess.run(
        commands()[0], shell=True, cwd=clean_copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "guest-os-type-mismatch" in done.stdout
    assert re.search(r"^Found \d+ errors? and \d+ warnings?", done.stdout, re.MULTILINE)
