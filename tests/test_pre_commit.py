"""The hook under the real pre-commit: what it is given, what it says, when it passes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]

GOOD = """
source "null" "here" {
  communicator = "none"
}

build {
  sources = ["source.null.here"]
}
"""

BAD = GOOD.replace("source.null.here", "source.null.there")


def hook() -> dict[str, str]:
    """The only hook that is offered."""
    (only,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return dict(only)


@pytest.mark.parametrize(
    "path",
    [
        *("a.pkr.hcl", "images/web/b.pkr.hcl", "prod.auto.pkrvars.hcl", "c.pkrvars.hcl"),
        *("a.pkr.json", "images/d.auto.pkrvars.json", "e.pkrvars.json"),
    ],
)
def test_the_hook_is_given_templates(path: str) -> None:
    assert re.search(hook()["files"], path)


@pytest.mark.parametrize(
    "path",
    ["main.tf", "a.hcl", "a.pkr.hcl.tmpl", "pkr.hcl.md", "job.nomad.hcl", "xpkr.hcl", "package.json"],
)
def test_the_hook_is_given_nothing_else(path: str) -> None:
    assert not re.search(hook()["files"], path)


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """pre-commit's own cache is kept out of the user's."""
    return {**os.environ, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}


@pytest.mark.parametrize(("template", "exit_code"), [(BAD, 1), (GOOD, 0)])
def test_pre_commit_runs_the_hook(
    template: str, exit_code: int, clean_copy: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "image web").mkdir()
    (tmp_path / "image web" / "build.pkr.hcl").write_text(template, encoding="utf-8")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "theirs.pkr.hcl").write_text(BAD, encoding="utf-8")
    git(tmp_path, "add", "--all")
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(clean_copy), "packlint", "--all-files"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == exit_code, done.stdout + done.stderr
    assert ("unknown-source-reference" in done.stdout) is bool(exit_code)
    assert "theirs.pkr.hcl" not in done.stdout


def legacy_override() -> str:
    """The line of the README that hands every JSON file to the hook."""
    (line,) = re.findall(r"^ +# (files: .+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M)
    return str(line)


def test_every_json_may_be_handed_to_the_hook(
    clean_copy: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    git(tmp_path, "init", "--quiet")
    legacy = '{"builders": [{"type": "null", "communicator": "none"},]}'
    for name, text in {"old.json": legacy, "package.json": '{"name": 1,}', "a.pkr.hcl": GOOD}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "add", "--all")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=clean_copy, check=True, capture_output=True, text=True
    )
    hooks = f"  hooks:\n  - id: packlint\n    {legacy_override()}\n"
    config = f"repos:\n- repo: '{clean_copy.as_posix()}'\n  rev: {head.stdout.strip()}\n{hooks}"
    (tmp_path / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "old.json:1:" in done.stdout
    assert "package.json" not in done.stdout
