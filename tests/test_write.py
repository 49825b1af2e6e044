"""Files that are replaced: whole, with their rights, and never in the place of what nobody has read."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from packlint import write as module
from packlint.write import PREFIX, barrier, write

POSIX = pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")


def test_a_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    write(file, b"new\r\n\x00", expected=b"old")
    assert file.read_bytes() == b"new\r\n\x00"
    assert [it.name for it in tmp_path.iterdir()] == ["a"]


def test_a_new_file_has_the_rights_of_any(tmp_path: Path) -> None:
    write(tmp_path / "a", b"new")
    (tmp_path / "b").write_bytes(b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(mode)
    write(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    os.chown(file, 1234, 4321)
    write(file, b"new")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)


def test_other_hard_links_keep_what_they_have(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    os.link(tmp_path / "a", tmp_path / "b")
    write(tmp_path / "a", b"new")
    assert (tmp_path / "b").read_bytes() == b"old"


@pytest.mark.parametrize("now", [b"other", b"ol", b"older"])
def test_what_has_changed_meanwhile_stays(tmp_path: Path, now: bytes) -> None:
    (tmp_path / "a").write_bytes(now)
    with pytest.raises(OSError, match="changed meanwhile"):
        write(tmp_path / "a", b"new", expected=b"old")
    assert (tmp_path / "a").read_bytes() == now
    assert [it.name for it in tmp_path.iterdir()] == ["a"]


@POSIX
def test_a_link_that_took_the_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"old")
    (tmp_path / "a").symlink_to("other")
    with pytest.raises(OSError, match="changed meanwhile"):
        write(tmp_path / "a", b"new", expected=b"old")
    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "other").read_bytes() == b"old"


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(module.os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [it.name for it in tmp_path.iterdir()] == ["a"]


def test_a_file_that_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert barrier(tmp_path / "a") is None


def test_a_read_only_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "a").chmod(0o444)
    assert barrier(tmp_path / "a") == "it is read-only"
    (tmp_path / "a").chmod(0o644)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert barrier(tmp_path / "a") == "No such file or directory"


@POSIX
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_takes_no_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    tmp_path.chmod(0o555)
    try:
        assert barrier(tmp_path / "a") == "its directory is read-only"
    finally:
        tmp_path.chmod(0o755)


@POSIX
def test_whenever_it_is_killed_a_file_is_whole(tmp_path: Path) -> None:
    """Writes two contents in turn, each a file of its own, until it is killed; many times over."""
    old, new = b"o" * 300_000, b"n" * 300_001
    program = (
        "import itertools, pathlib, sys; from packlint.write import write; "
        "folder = pathlib.Path(sys.argv[1]); print('ready', flush=True)\n"
        "for data in itertools.cycle((b'n' * 300_001, b'o' * 300_000)):\n"
        "    for path in sorted(folder.glob('*.hcl')): write(path, data)\n"
    )
    for number in range(5):
        (tmp_path / f"{number}.hcl").write_bytes(old)
    seen: set[bytes] = set()
    for turn in range(25):
        child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.004 * turn % 0.05)
        child.kill()
        child.wait()
        child.stdout.close()
        for path in tmp_path.glob("*.hcl"):
            data = path.read_bytes()
            assert data in (old, new), f"{path} is half-written in turn {turn}"
            seen.add(data)
        stray = [it for it in tmp_path.iterdir() if it.suffix != ".hcl"]
        assert len(stray) <= 1
        for path in stray:
            assert path.name.startswith(PREFIX)
            path.unlink()
    assert seen == {old, new}, "no kill came while it wrote"
