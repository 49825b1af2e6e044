"""Named blobs, kept in the user's cache folder between runs.

A blob may decide what later runs believe, so that only what the user alone can have written is read, in a
folder that nobody else may enter, as none is that comes with a repository, and only as it was written: a hash
stands before each. A cache that cannot be used is no failure: reading gives None, writing does nothing.
"""

from __future__ import annotations

import os
import stat
import sys
import time

from packlint.witness import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

VARIABLE = "PACKLINT_CACHE_DIR"
"""The environment variable that names another folder."""

LARGEST = 64 * 1024 * 1024
CHECKSUM = 32
"""Bytes of the hash before the blob: what a disk has damaged is taken for nothing."""

UNFINISHED = "~"
"""What begins the names of files that are being written."""

_OURS = frozenset(f"0123456789abcdef{UNFINISHED}")
"""What the names of blobs are made of where there are many."""


SETTLED = 3 * 10**9
"""Nanoseconds after which what changes has another time, on every file system."""

Mark = tuple[int, int, int, int]
"""When a file was changed, by two clocks, its size and its number; zeros where there is none."""


def mark(path: str) -> Mark:
    """What is another one when a file, or what a folder lists, has changed."""
    try:
        return marked(os.stat(path))
    except (OSError, ValueError):
        return (0, 0, 0, 0)


def marked(status: os.stat_result) -> Mark:
    """The mark of what has this status."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def is_young(mark: Mark) -> bool:
    """Whether a file may change once more and have the same mark."""
    return max(mark[:2]) > time.time_ns() - SETTLED


def folder() -> str:
    """Where blobs are kept: what `PACKLINT_CACHE_DIR` names, or the platform's place for caches."""
    return os.environ.get(VARIABLE) or _plain() or _platforms()


def _plain() -> str | None:
    """The platform's place where it can be told without asking the library, whose import takes long."""
    if sys.platform != "linux" or hasattr(sys, "getandroidapilevel") or "ANDROID_DATA" in os.environ:
        return None
    home = os.environ.get("HOME")
    named = os.environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else "")
    return f"{named}/packlint" if named.startswith("/") and named == os.path.normpath(named) else None


def _platforms() -> str:
    from platformdirs import user_cache_dir

    return user_cache_dir("packlint", appauthor=False)


def read(name: str) -> bytes | None:
    """The blob of that name; None if there is none, or if others could have written it."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        path = os.path.join(_place(name), os.path.basename(name))
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            kept = file.read() if _is_own(os.fstat(file.fileno())) else b""
    except (OSError, RuntimeError, ValueError):  # RuntimeError: there is no home folder
        return None
    checksum, blob = kept[:CHECKSUM], kept[CHECKSUM:]
    return blob if digest(blob, CHECKSUM) == checksum else None


def write(name: str, blob: bytes) -> None:
    """Keeps a blob, perhaps in a folder of its own; a reader sees the old or the new, never a part."""
    try:
        with Unfinished(os.path.join(_place(name, makes=True), os.path.basename(name)), 0o600) as file:
            file.write(digest(blob, CHECKSUM))
            file.write(blob)
    except (OSError, RuntimeError, ValueError):
        return


class Unfinished:
    """A new file, which takes the place of what is at a path when all is written; raises OSError."""

    def __init__(self, path: str, mode: int) -> None:
        self._path, self._mode = path, mode

    def __enter__(self) -> BinaryIO:
        place, base = os.path.split(self._path)
        self._temporary = os.path.join(place, f"{UNFINISHED}{os.urandom(8).hex()}{base}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self._temporary, flags | getattr(os, "O_BINARY", 0), self._mode)
        self._file: BinaryIO = open(handle, "wb")
        return self._file

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._file.close()
            if kind is None:
                os.replace(self._temporary, self._path)
        finally:
            _remove(self._temporary)  # if it is still there


def bound(name: str, days: float, count: int, size: int) -> None:
    """Removes the oldest blobs of a folder: what is more than so many, so many bytes, or so old.

    Their names are hashes; what is called otherwise is somebody else's.
    """
    try:
        with os.scandir(_place(f"{name}/")) as entries:
            ours = (it for it in entries if set(it.name) <= _OURS and it.is_file(follow_symlinks=False))
            found = [(it.stat(follow_symlinks=False), it.path) for it in ours]
    except (OSError, RuntimeError, ValueError):
        return
    found.sort(key=lambda it: it[0].st_mtime_ns, reverse=True)
    oldest = time.time() - days * 24 * 60 * 60
    for number, (status, path) in enumerate(found, 1):
        size -= status.st_size
        if number > count or size < 0 or status.st_mtime < oldest:
            _remove(path)


def _place(name: str, makes: bool = False) -> str:
    """The folder of a blob; raises PermissionError for one that others may enter, or that is a link."""
    place = folder()
    inner = os.path.dirname(name)
    for path, look in ((place, os.stat), (os.path.join(place, inner), os.lstat))[: 1 + bool(inner)]:
        if makes:
            os.makedirs(path, mode=0o700, exist_ok=True)
        status = look(path)
        if not stat.S_ISDIR(status.st_mode) or (os.name != "nt" and not _is_private(status)):
            raise PermissionError(f"{path} is open to others")
    return os.path.join(place, inner)


def _is_private(status: os.stat_result) -> bool:
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _is_own(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        return False
    if os.name == "nt":  # access lists, not modes, guard the user's folders there
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
