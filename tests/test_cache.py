"""Blobs between runs: what others could have written or a disk has damaged is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from packlint import cache

posix = pytest.mark.skipif(sys.platform == "win32", reason="access lists guard files there")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_is_written_is_read(folder: Path) -> None:
    assert cache.read("a") is None
    for name in ("a", "b/c"):
        cache.write(name, b"one")
        cache.write(name, b"two")
        assert cache.read(name) == b"two"
    assert sorted(it.name for it in folder.rglob("*")) == ["a", "b", "c"]


@posix
def test_it_is_the_users_alone(folder: Path) -> None:
    cache.write("b/c", b"one")
    assert [(folder / it).stat().st_mode & 0o077 for it in ("b", "b/c")] == [0, 0]


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_others_can_write_is_none(folder: Path, mode: int) -> None:
    cache.write("a", b"one")
    (folder / "a").chmod(mode)
    assert cache.read("a") is None


@posix
def test_what_a_link_leads_to_is_none(folder: Path) -> None:
    cache.write("a", b"one")
    (folder / "b").symlink_to("a")
    os.mkfifo(folder / "c")
    (folder / "d").mkdir()
    assert [cache.read(name) for name in ("b", "c", "d")] == [None] * 3


@pytest.mark.parametrize("damaged", [b"", b"x", b"x" * 32, b"x" * 40])
def test_what_is_damaged_is_none(folder: Path, damaged: bytes) -> None:
    folder.mkdir()
    (folder / "a").write_bytes(damaged)
    assert cache.read("a") is None


def test_a_place_that_is_none_does_no_harm(folder: Path) -> None:
    folder.touch()
    cache.write("a", b"one")
    assert cache.read("a") is None
    cache.bound("", 1, 1, 1)
    cache.write("a\0", b"one")


def test_a_write_that_fails_leaves_nothing(folder: Path) -> None:
    (folder / "a").mkdir(parents=True)
    cache.write("a", b"one")
    assert [it.name for it in folder.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"XDG_CACHE_HOME": "/x"},
        {"XDG_CACHE_HOME": "/x/"},
        {"XDG_CACHE_HOME": " /x"},
        {"XDG_CACHE_HOME": "x"},
        {"XDG_CACHE_HOME": ""},
        {"HOME": "/h"},
        {"HOME": "/h/"},
        {"HOME": ""},
        {"HOME": "h"},
        {"ANDROID_DATA": "/data", "ANDROID_ROOT": "/system"},
    ],
    ids=str,
)
def test_the_place_is_that_of_the_platform(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    from platformdirs import user_cache_dir

    for name in (cache.VARIABLE, "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    plain = cache._plain()
    assert plain is None or os.path.realpath(plain) == os.path.realpath(
        user_cache_dir("packlint", appauthor=False)
    )
    assert os.path.realpath(cache.folder()) == os.path.realpath(user_cache_dir("packlint", appauthor=False))


@pytest.mark.skipif(os.name == "nt", reason="modes guard nothing there")
def test_a_folder_that_others_may_enter_is_none(folder: Path) -> None:
    cache.write("a", b"one")
    for mode in (0o755, 0o711, 0o770):
        folder.chmod(mode)  # as git makes those of a repository
        assert cache.read("a") is None
        cache.write("b", b"two")
        assert not (folder / "b").exists()


def test_only_what_is_ours_is_removed(folder: Path, tmp_path: Path) -> None:
    name = "answers/" + "0a" * 20
    cache.write(name, b"one")
    theirs = folder / "answers" / "thesis.txt"
    theirs.write_text("mine")
    for path in (folder / name, theirs):
        os.utime(path, (1, 1))
    cache.bound("answers", 2, 100, 1000)
    assert theirs.exists()
    assert not (folder / name).exists()


def test_nothing_is_removed_behind_a_link(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    theirs = elsewhere / ("0a" * 20)
    theirs.write_text("mine")
    os.utime(theirs, (1, 1))
    folder.mkdir(mode=0o700)
    (folder / "answers").symlink_to(elsewhere)
    cache.write("answers/" + "0b" * 20, b"one")
    cache.bound("answers", 2, 100, 1000)
    assert [*elsewhere.iterdir()] == [theirs]
