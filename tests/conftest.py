"""What several test modules share: a clean copy of the project, and environments it is installed in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "*_cache", "__pycache__", "*.egg-info", "build", "dist", ".ci-*"
)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One cache for the whole run, so that the grammar is built once and the user's cache stays as it is."""
    os.environ["PACKLINT_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def clean_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a fresh clone would have it, in a git repository of its own."""
    copy = tmp_path_factory.mktemp("clone") / "packlint"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for command in (["init", "--quiet"], ["add", "--all"], [*identity, "commit", "--quiet", "-m", "copy"]):
        subprocess.run(["git", *command], cwd=copy, check=True)
    return copy


class Environment:
    """A new virtual environment."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")

    def run(self, program: str, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs one of the environment's programs; the exit code is the caller's business."""
        command = [str(self.scripts / program), *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    def install(self, *what: str) -> None:
        """Installs packages; says what pip said where that fails."""
        done = self.run("pip", "install", "--quiet", "--disable-pip-version-check", *what)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def new_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Environment]:
    """Makes virtual environments."""
    return lambda: Environment(tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="session")
def built(clean_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(clean_copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def installed(built: Path, new_environment: Callable[[], Environment]) -> Environment:
    """An environment with the wheel installed, and nothing of the source tree."""
    environment = new_environment()
    environment.install(*map(str, built.glob("*.whl")))
    return environment
