"""Finding Packer, and saying why what is found is of no use."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from packlint.errors import PackerError
from packlint.packer.job import Job
from packlint.packer.run.program import Program, find, plugins

FAKE = Path(__file__).parent / "fakes" / "packer.py"
Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a program into a folder, the only one on PATH; without a text, the one that speaks as Packer."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def installed(text: str = "", name: str = "packer", mode: int = 0o755) -> Path:
        path = folder / name
        path.write_text(text or f'#!/bin/sh\nexec "{sys.executable}" -S "{FAKE}" "$@"\n')
        path.chmod(mode)
        return path

    return installed


def refusal(named: str | None, seconds: float = 30) -> str:
    with pytest.raises(PackerError) as caught:
        find(named, seconds)
    assert caught.value.code == 3
    assert caught.value.hint
    return str(caught.value)


def test_packer_is_found_on_path_and_asked_for_its_version(install: Install) -> None:
    path = install()
    assert find(None) == Program(path, "1.12.0")
    assert find("packer") == find(str(path)) == find(None)


def test_what_is_named_by_another_name_is_found_as_well(install: Install) -> None:
    path = install(name="packer-1.12")
    assert find("packer-1.12").path == path


def test_a_relative_path_is_made_absolute(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    path = install()
    monkeypatch.chdir(path.parent)
    assert find("./packer").path == path


def test_a_relative_folder_on_path_does_not_count(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(install().parent)
    monkeypatch.setenv("PATH", ".:")
    assert refusal(None) == "there is no program `packer` on PATH"


def test_a_prerelease_counts_as_what_it_comes_before(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_PRERELEASE", "dev")
    path = install()
    assert find(None) == Program(path, "1.12.0-dev")
    assert find(None).is_since("1.12.0")
    assert not find(None).is_since("1.12.1")


def test_there_is_none(install: Install, tmp_path: Path) -> None:
    assert refusal(None) == "there is no program `packer` on PATH"
    assert refusal(str(tmp_path / "none")) == f"there is no program `{tmp_path}/none`"
    assert refusal(str(tmp_path / "bin")) == f"`{tmp_path}/bin` is a directory"


def test_it_cannot_be_executed(install: Install) -> None:
    path = install(mode=0o644)
    if shutil.which("packer"):  # root may execute everything on some systems
        pytest.skip("every file can be executed here")
    assert refusal(None) == refusal(str(path)) == f"`{path}` is not executable"


def test_one_that_cannot_be_executed_hides_none_that_can(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = install()
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "packer").write_text("notes")
    monkeypatch.setenv("PATH", f"{tmp_path / 'first'}:{path.parent}")
    assert find(None).path == path


def test_it_is_no_program(install: Install) -> None:
    path = install("no program\n\0")
    assert refusal(None).startswith(f"`{path}` cannot be run: ")


def test_it_is_too_old(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install()
    monkeypatch.setenv("FAKE_VERSION", "1.5.6")
    said = refusal(None)
    assert said == "Packer 1.5.6 is too old: `packer validate` reads HCL2 templates since 1.6.0"
    monkeypatch.setenv("FAKE_VERSION", "1.6.0")
    assert find(None).version == "1.6.0"


def test_it_hangs(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    path = install()
    monkeypatch.setenv("FAKE", "hanging")
    assert refusal(None, 0.5) == f"`{path}` has not said its version in 0.5 seconds"


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("crashing", '`PATH version` ended with exit code 2: it says "panic: runtime error: index out of'),
        ("killed", "`PATH version` was ended by the signal SIGSEGV"),
        ("silent", "`PATH` does not answer as HashiCorp's Packer does: it says nothing"),
        ("noisy", "`PATH` does not answer as HashiCorp's Packer does: it says \"\ufffd\ufffd\\x00\\x1b[2J"),
    ],
)
def test_it_does_not_answer_as_packer_does(
    install: Install, monkeypatch: pytest.MonkeyPatch, way: str, said: str
) -> None:
    path = install()
    monkeypatch.setenv("FAKE", way)
    assert refusal(None).startswith(said.replace("PATH", str(path)))
    assert "\x1b" not in refusal(None)


def test_another_program_of_that_name_is_told_apart_and_writes_nothing_here(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = install('#!/bin/sh\n: > "$1.pwd"\necho "1 words"\n', "cracklib-packer")
    (real.parent / "packer").symlink_to(real)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert refusal(None) == f"`{real.parent}/packer` is the `packer` of cracklib, which packs word lists"
    assert not list((tmp_path / "work").iterdir())


def job(required: int = 1) -> Job:
    """As much of a job as matters: whether its template requires plugins."""
    configuration = SimpleNamespace(required_plugins=("plugin",) * required, legacy=False)
    return cast(
        "Job",
        SimpleNamespace(directory=".", target="a", images=(SimpleNamespace(configuration=configuration),)),
    )


TOLD = """\
docker github.com/hashicorp/docker "~> 1.0" \
/p/packer-plugin-docker_v1.0.9_x5.0_linux_amd64 /p/packer-plugin-docker_v1.0.10_x5.0_linux_amd64
happy github.com/azr/happycloud ">= 0.0.3"
"""


def test_plugins_are_told_with_the_version_that_packer_takes(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    monkeypatch.setenv("FAKE_PLUGINS", TOLD)
    assert plugins(find(None), job(), tmp_path) == {"github.com/hashicorp/docker": "1.0.10"}
    assert plugins(find(None), job(0), tmp_path) == {}
    monkeypatch.setenv("FAKE_VERSION", "1.7.10")
    assert plugins(find(None), job(), tmp_path) == {}


def test_who_does_not_tell_of_plugins_has_none(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    packer = find(None)
    monkeypatch.setenv("FAKE_PLUGINS", TOLD)
    monkeypatch.setenv("FAKE", "plugins-fails")
    assert plugins(packer, job(), tmp_path) == {}
    assert plugins(Program(tmp_path / "gone", "1.12.0"), job(), tmp_path) == {}
    assert plugins(packer, job(), tmp_path / "gone") == {}


def test_the_real_one_is_found() -> None:
    if shutil.which("packer") is None:
        pytest.skip("Packer is not installed")
    assert find(None).is_since("1.6.0")
