"""Named blobs, kept in the user's cache folder between runs.

A blob may decide what later runs believe, so that only what the user alone can have written is read, and only
as it was written: a hash stands before each. A cache that cannot be used is no failure: reading gives None,
writing does nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

VARIABLE = "PACKLINT_CACHE_DIR"
"""The environment variable that names another folder."""

LARGEST = 64 * 1024 * 1024
CHECKSUM = 32
"""Bytes of SHA-256, before the blob: what a disk has damaged is taken for nothing."""


def folder() -> Path:
    """Where blobs are kept: what `PACKLINT_CACHE_DIR` names, or the platform's place for caches."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("packlint", appauthor=False)


def read(name: str) -> bytes | None:
    """The blob of that name; None if there is none, or if others could have written it."""
    try:
        path = folder() / name
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123
            kept = file.read() if _is_own(os.fstat(file.fileno())) else b""
    except (OSError, RuntimeError, ValueError):  # RuntimeError: there is no home folder
        return None
    checksum, blob = kept[:CHECKSUM], kept[CHECKSUM:]
    return blob if hashlib.sha256(blob).digest() == checksum else None


def write(name: str, blob: bytes) -> None:
    """Keeps a blob; a reader sees the old one or the new one, never a part."""
    try:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place, prefix=f".{name}.")
    except (OSError, RuntimeError, ValueError):
        return
    try:
        with open(handle, "wb") as file:  # noqa: PTH123
            file.write(hashlib.sha256(blob).digest() + blob)
        os.replace(temporary, place / name)  # noqa: PTH105
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108


def _is_own(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        return False
    if os.name == "nt":  # access lists, not modes, guard the user's folders there
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
