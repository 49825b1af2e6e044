"""docs/how-to/policies.md, walked from the first policy to a red pre-commit as its reader does."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "policies.md"


def neighbour(path: Path) -> ModuleType:
    """Another module of tests, which pytest's way of importing keeps apart."""
    spec = spec_from_file_location(f"walked_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DOCUMENTS = neighbour(ROOT / "tests" / "test_docs.py")


def hooks() -> dict[str, str]:
    """The repository of the hooks on the page, as it says so itself."""
    (block,) = (
        it
        for it in DOCUMENTS.blocks(PAGE.read_text(encoding="utf-8"))
        if it.file == ".pre-commit-config.yaml"
    )
    (repository,) = yaml.safe_load(block.text)["repos"]
    return dict(repository)


@pytest.fixture
def published(clean_copy: Path, tmp_path: Path) -> dict[str, str]:
    """An environment in which this repository is the one that the page has the hooks from."""
    copy = tmp_path / "published"
    subprocess.run(["git", "clone", "--quiet", str(clean_copy), str(copy)], check=True)
    subprocess.run(["git", "tag", hooks()["rev"]], cwd=copy, check=True)
    packages = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return {
        **packages,
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{copy.as_posix()}.insteadOf",
        "GIT_CONFIG_VALUE_0": hooks()["repo"],
    }


@pytest.mark.skipif(sys.platform == "win32", reason="the page shows a POSIX shell")
def test_the_walk_ends_at_a_red_commit(published: dict[str, str], tmp_path: Path) -> None:
    DOCUMENTS.walk(PAGE, tmp_path, published)
    assert (tmp_path / "here" / "policies" / "approved-regions.policy.hcl").is_file()


def test_the_walk_is_whole() -> None:
    """What the page walks through, in this order: a page that leaves a step out proves nothing."""
    text = PAGE.read_text(encoding="utf-8")
    shown = [
        run
        for block in DOCUMENTS.blocks(text)
        if block.language == "console"
        for run in DOCUMENTS.runs(block)
    ]
    commands = [run.command for run in shown]
    steps = [
        "policy new approved-regions",
        "policy test",
        "check",
        "explain approved-regions",
        "pre-commit run",
    ]
    places = [next(i for i, it in enumerate(commands) if it.endswith(step)) for step in steps]
    assert places == sorted(places)
    (red,) = (run.output for run in shown if run.command.endswith("pre-commit run"))
    assert "Failed" in red
    assert "[approved-regions]" in red
