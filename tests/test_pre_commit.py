"""The hooks under the real pre-commit: what they are given, what they say, when they pass."""

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


HOOKS = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}
BY_FILE = ("packlint", "packlint-fix")
"""The hooks that are given the changed files."""


def test_every_hook_is_the_installed_program() -> None:
    assert HOOKS.keys() == {*BY_FILE, "packlint-all", "packlint-policies"}
    for hook in HOOKS.values():
        assert hook["entry"].startswith("packlint "), "`python -m` would import from the checked folder"
        assert hook["language"] == "python"
        assert hook["require_serial"], "a directory is one template, however many of its files are given"


@pytest.mark.parametrize(
    "path",
    [
        *("a.pkr.hcl", "images/web/b.pkr.hcl", "prod.auto.pkrvars.hcl", "c.pkrvars.hcl"),
        *("a.pkr.json", "images/d.auto.pkrvars.json", "e.pkrvars.json"),
    ],
)
@pytest.mark.parametrize("hook", BY_FILE)
def test_the_hook_is_given_templates(hook: str, path: str) -> None:
    assert re.search(HOOKS[hook]["files"], path)


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        *(("policies/tags.policy.hcl", True), ("packlint.toml", True), ("sub/.packlint.toml", True)),
        *(
            ("pyproject.toml", True),
            ("a.pkr.hcl", False),
            ("packlint.toml.md", False),
            ("xpackage.toml", False),
        ),
    ],
)
def test_tests_of_policies_run_where_a_policy_has_changed(path: str, runs: bool) -> None:
    assert bool(re.search(HOOKS["packlint-policies"]["files"], path)) is runs


@pytest.mark.parametrize(
    "path",
    [
        *("main.tf", "a.hcl", "a.pkr.hcl.tmpl", "pkr.hcl.md", "job.nomad.hcl", "xpkr.hcl", "package.json"),
        *("user-data.pkrtpl.hcl", "ks.pkrtpl"),  # what a template loads is none, and cannot be checked alone
    ],
)
@pytest.mark.parametrize("hook", BY_FILE)
def test_the_hook_is_given_nothing_else(hook: str, path: str) -> None:
    assert not re.search(HOOKS[hook]["files"], path)


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """pre-commit's own cache is kept out of the user's."""
    return {**os.environ, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}


def run(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """pre-commit on the files of a folder that git knows."""
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def configured(folder: Path, clean_copy: Path, *hooks: str) -> Path:
    """A repository that has these hooks of the commit of the clean copy; each is its lines of YAML."""
    git(folder, "init", "--quiet")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=clean_copy, check=True, capture_output=True, text=True
    )
    listed = "".join(f"  - {hook}\n" for hook in hooks)
    config = f"repos:\n- repo: '{clean_copy.as_posix()}'\n  rev: {head.stdout.strip()}\n  hooks:\n{listed}"
    (folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    return folder


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
    """The line of the page that hands every JSON file to the hook."""
    page = (ROOT / "docs/how-to/pre-commit.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ +(files: .+)$", page, re.M)
    return str(line)


def test_every_json_may_be_handed_to_the_hook(
    clean_copy: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    configured(tmp_path, clean_copy, f"id: packlint\n    {legacy_override()}")
    legacy = '{"builders": [{"type": "null", "communicator": "none"},]}'
    for name, text in {"old.json": legacy, "package.json": '{"name": 1,}', "a.pkr.hcl": GOOD}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "add", "--all")
    done = run(tmp_path, environment, "run", "--all-files")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "old.json:1:" in done.stdout
    assert "package.json" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="paths are not that long there")
def test_more_files_than_a_command_line_takes_are_all_checked(
    clean_copy: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    configured(tmp_path, clean_copy, "id: packlint")
    for number in range(12):
        folder = tmp_path / f"image {number} {'x' * 200}"
        folder.mkdir()
        for part in range(60):
            # pre-commit hands over at most some 130,000 characters at a time
            (folder / f"{'y' * 180}{part}.pkr.hcl").write_text("", encoding="utf-8")
        (folder / "main.pkr.hcl").write_text(BAD, encoding="utf-8")
    git(tmp_path, "add", "--all")
    done = run(tmp_path, environment, "run", "--all-files", "packlint")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.count("Found ") > 1, "one call took all of them: nothing is tried"
    found = re.findall(r"^ *--> (image \d+ )x+/main\.pkr\.hcl:7:14", done.stdout, re.M)
    assert sorted(found) == sorted(f"image {number} " for number in range(12)), "each once"


def test_only_a_script_changed(clean_copy: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    configured(tmp_path, clean_copy, "id: packlint", "id: packlint-all")
    step = '  provisioner "shell-local" {\n    script = "setup.sh"\n  }\n}\n'
    uses = GOOD.removesuffix("}\n") + step
    (tmp_path / "a.pkr.hcl").write_text(uses, encoding="utf-8")
    (tmp_path / "setup.sh").write_text("#!/bin/sh\ntrue\n", encoding="utf-8")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "clean")
    (tmp_path / "setup.sh").rename(tmp_path / "install.sh")
    git(tmp_path, "add", "--all")
    done = run(tmp_path, environment, "run")
    assert done.returncode == 1, done.stdout + done.stderr
    by_file, _, whole = done.stdout.partition("whole repository")
    assert "Skipped" in by_file
    assert "missing-local-file" in whole


LOOSE = GOOD.replace("communicator =", "communicator     =")


def test_the_fix_fails_once_and_then_passes(
    clean_copy: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    configured(tmp_path, clean_copy, "id: packlint-fix\n    args: [--select, not-canonical-format]")
    (tmp_path / "image web").mkdir()
    template = tmp_path / "image web" / "a.pkr.hcl"
    template.write_text(LOOSE, encoding="utf-8")
    git(tmp_path, "add", "--all")
    first = run(tmp_path, environment, "run", "--all-files")
    assert first.returncode == 1, first.stdout + first.stderr
    assert "files were modified by this hook" in first.stdout
    assert template.read_text(encoding="utf-8") == GOOD
    git(tmp_path, "add", "--all")
    second = run(tmp_path, environment, "run", "--all-files")
    assert second.returncode == 0, second.stdout + second.stderr
