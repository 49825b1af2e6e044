"""Bytes → the file that holds them: as a whole or not at all, whenever the program is stopped."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from packlint.files import Files

PREFIX = ".packlint-"
"""What begins the name of a file that is not yet in its place."""


def write(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Put bytes in the place of a file, or where there is none, in one step; raises OSError where it cannot.

    They are written beside it and then take its name, with the mode and, where the system lets us, the owner
    and the attributes of the file that was there. Other hard links to that keep what it held. With
    `expected`, the file must hold exactly that until then, and no link may lead to it. `path` itself must not
    be a link.
    """
    import secrets

    # A short name that nobody can foresee, and the file must be new: a checked repository may hold some.
    beside = path.with_name(PREFIX + secrets.token_hex(8))
    old = _status(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(beside, flags, 0o666 if old is None else 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123
            file.write(data)
            file.flush()
            os.fsync(descriptor)  # else a loss of power may leave an empty file under the name
        if old is not None:
            _take_after(beside, path, old)
        if expected is not None and not _holds(path, expected):
            raise OSError("it has changed meanwhile")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def barrier(path: Path) -> str | None:
    """Why a file cannot be replaced, as far as that can be told before; None where it can.

    One without any right to write is left alone even where its directory would let it be replaced: somebody
    wants it to stay.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return error.strerror or str(error)
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        return "it is read-only"
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return "its directory is read-only"
    return None


def takes_no_file(error: OSError) -> bool:
    """Whether writing failed because the directory takes no new file."""
    return error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)


def _holds(path: Path, data: bytes) -> bool:
    return os.path.realpath(path) == str(path) and Files(path.parent).read(path.name) == data


def _status(path: Path) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return path.lstat()
    return None


def _take_after(beside: Path, path: Path, old: os.stat_result) -> None:
    """Give a new file the owner, the attributes and the mode of the old one."""
    new = beside.stat()
    if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(OSError):
            os.chown(beside, -1, old.st_gid)
        with suppress(OSError):
            os.chown(beside, old.st_uid, -1)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(path):
                with suppress(OSError):
                    os.setxattr(beside, name, os.getxattr(path, name))
    beside.chmod(stat.S_IMODE(old.st_mode))
