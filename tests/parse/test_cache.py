"""The user's cache: what is trusted, what happens where it cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from packlint import cache

POSIX = pytest.mark.skipif(os.name == "nt", reason="modes and owners are POSIX's")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setenv(cache.VARIABLE, str(place))
    return place


def test_a_blob_is_read_as_it_was_written(folder: Path) -> None:
    assert cache.read("blob") is None
    cache.write("blob", b"one")
    cache.write("blob", b"two")
    assert cache.read("blob") == b"two"
    assert [path.name for path in folder.iterdir()] == ["blob"], "no temporary file stays behind"


def test_a_damaged_blob_is_not_read(folder: Path) -> None:
    cache.write("blob", b"some bytes")
    whole = (folder / "blob").read_bytes()
    flipped = [bytes(b ^ (0x10 * (at == i)) for i, b in enumerate(whole)) for at in range(len(whole))]
    for damaged in (*flipped, *(whole[:end] for end in range(len(whole))), whole + b"x"):
        (folder / "blob").write_bytes(damaged)
        assert cache.read("blob") is None
    (folder / "blob").write_bytes(whole)
    assert cache.read("blob") == b"some bytes"


@POSIX
def test_a_blob_that_others_may_write_is_not_read(folder: Path) -> None:
    cache.write("blob", b"mine")
    for mode in (0o620, 0o602):
        (folder / "blob").chmod(mode)
        assert cache.read("blob") is None
    (folder / "blob").chmod(0o600)
    assert cache.read("blob") == b"mine"


@POSIX
def test_a_blob_of_another_user_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write("blob", b"theirs")
    stranger = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: stranger)
    assert cache.read("blob") is None


@POSIX
def test_a_link_a_folder_and_a_pipe_are_not_read(folder: Path) -> None:
    cache.write("blob", b"mine")
    (folder / "link").symlink_to(folder / "blob")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    assert [cache.read(name) for name in ("link", "folder", "pipe")] == [None, None, None]


def test_a_folder_that_cannot_be_written_is_no_failure(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    cache.write("blob", b"lost")
    assert cache.read("blob") is None


def test_a_failing_write_leaves_the_old_blob(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write("blob", b"old")

    def fail(*_: object) -> None:
        raise OSError("no space is left")

    monkeypatch.setattr(os, "replace", fail)
    cache.write("blob", b"new")
    assert cache.read("blob") == b"old"
    assert [path.name for path in folder.iterdir()] == ["blob"]


def test_without_a_home_nothing_is_kept_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise RuntimeError("could not determine home directory")

    monkeypatch.setattr(cache, "folder", fail)
    cache.write("blob", b"lost")
    assert cache.read("blob") is None
