"""The one reader of files: paths below the checked root → bytes, names and answers; all else is refused.

Paths are strings with forward slashes, relative to `base`, which is the root itself unless a run checks
several roots at once.
"""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from packlint import witness
from packlint.record import record

LARGEST = witness.LARGEST
"""Bytes; a larger file is not read."""

MOST_ENTRIES = 10_000
"""Names in one directory that are listed."""


@record
class Unsaved:
    """A text that stands in a file's place, as an editor holds it; `path` is None for a text of no file.

    The file need not exist. More than `LARGEST` bytes are as good as a file of that size.
    """

    data: bytes
    path: Path | None = None


@record
class Gone(Unsaved):
    """No file stands at the path, as before it was made; `data` says nothing."""


class Files:
    """What may be read: regular files within `root`, also through links that stay inside.

    Each `unsaved` text is read instead of the file at its path; of two for one path the later. The
    directories above it are there, too.
    """

    def __init__(self, root: Path, base: Path | None = None, unsaved: Iterable[Unsaved] = ()) -> None:
        self.root = Path(witness.real(root))
        self.base = self.root if base is None else Path(witness.real(base))
        self._above = os.path.join(self.base, "")  # noqa: PTH118
        self._below = os.path.join(self.root, "")  # noqa: PTH118
        self._folders: dict[str, str] = {}
        self._there: dict[str, bool] = {}
        self._unsaved = {
            Path(witness.real(it.path)): None if isinstance(it, Gone) else it.data
            for it in unsaved
            if it.path is not None
        }
        self._within = self._directories()
        if self._unsaved:
            witness.give_up()

    def anew(self) -> Files:
        """A reader of the same files that has not looked for any yet."""
        other = Files(self.root, self.base)
        other._unsaved, other._within = self._unsaved, self._within
        return other

    def name(self, path: Path) -> str:
        """The path as reports show it; symbolic links are not followed."""
        text = os.fspath(path)
        if text.startswith(self._above) and ".." not in text:
            return text[len(self._above) :].replace(os.sep, "/")  # the same, and sooner
        return Path(os.path.relpath(path, self.base)).as_posix()

    def locate(self, name: str) -> Path:
        """The file behind a name, links followed; raises PermissionError where it lies outside the root."""
        found = witness.real(os.path.join(self.base, name), self._folders)  # noqa: PTH118
        path = Path(found)
        if not found.startswith(self._below) and path != self.root:
            raise PermissionError("it lies outside the checked root")
        return path

    def read(self, name: str) -> bytes:
        """The bytes of a regular file; raises OSError with a reason that can be shown."""
        path = self.locate(name)
        if path in self._unsaved:
            if (data := self._unsaved[path]) is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return _bounded(data)
        # Before it is opened: that may wait, on a pipe, or do something, with a device.
        _check(witness.status(path))
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123
                _check(os.fstat(file.fileno()))  # another file may have taken the name meanwhile
                data = _bounded(file.read(LARGEST + 1))
        except OSError as error:
            witness.unreadable(path, error)
            raise
        witness.contents(path, data)
        return data

    def text(self, name: str) -> str | None:
        """The text of a regular file, None where it cannot be read; U+FFFD stands for what is not UTF-8."""
        try:
            return self.read(name).decode(errors="replace")
        except (OSError, ValueError):
            return None

    def exists(self, name: str) -> bool:
        """Whether there is something of that name within the root, or was when it was first asked."""
        if name not in self._there or witness.is_part():
            try:
                path = self.locate(name)
                self._there[name] = self._is_there(path)
            except (OSError, ValueError):
                self._there[name] = False
        return self._there[name]

    def _is_there(self, path: Path) -> bool:
        if path in self._unsaved:
            return self._unsaved[path] is not None
        return self._holds(path) or witness.exists(path)

    def _holds(self, directory: Path) -> bool:
        """Whether unsaved texts stand in a directory or below, which need not exist itself."""
        return any(it is not None for it in self._within.get(directory, {}).values())

    def _directories(self) -> dict[Path, dict[str, bool | None]]:
        """What unsaved texts bring to each directory: True for a directory, None for what is gone."""
        found: dict[Path, dict[str, bool | None]] = {}
        for path, data in self._unsaved.items():
            found.setdefault(path.parent, {})[path.name] = None if data is None else False
            inner = path.parent
            while data is not None and inner != self.root and inner.is_relative_to(self.root):
                found.setdefault(inner.parent, {})[inner.name] = True
                inner = inner.parent
        return found

    def amended(
        self, directory: Path, names: Iterable[str], folders: Iterable[str]
    ) -> tuple[set[str], set[str]]:
        """The names of files and of directories in a directory as they are with the unsaved texts."""
        files, inner = set(names), set(folders)
        for name, is_directory in self._within.get(directory, {}).items():
            files.discard(name)
            inner.discard(name)
            if is_directory is not None:
                (inner if is_directory else files).add(name)
        return files, inner

    def entries(self, name: str) -> tuple[tuple[str, bool], ...]:
        """The names in a directory, sorted, each with whether it is a directory; nothing but files and those.

        Nothing for a directory that is not there. Raises OSError where it cannot be read, and where a link
        is in it: what that leads to may lie outside the root, or above it.
        """
        found: dict[str, bool] = {}
        directory = self.locate(name)
        try:
            for inner, kind in witness.names(directory, MOST_ENTRIES).items():
                if kind == witness.LINK:
                    raise OSError("it has a link in it")
                if kind != witness.OTHER:
                    found[inner] = kind == witness.FOLDER
                if len(found) > MOST_ENTRIES:
                    raise OSError("it has too many entries")
        except (FileNotFoundError, NotADirectoryError):
            pass
        if directory not in self._within:
            return tuple(sorted(found.items()))
        files, folders = self.amended(
            directory, (it for it in found if not found[it]), (it for it in found if found[it])
        )
        return tuple(sorted([(it, False) for it in files] + [(it, True) for it in folders]))

    def names(self, name: str) -> tuple[str, ...]:
        """The names of all that is in a directory, sorted: of links, too, wherever they lead.

        Nothing for a directory that is not there. Raises OSError where it cannot be read.
        """
        directory = self.locate(name)
        try:
            found = {*witness.names(directory, MOST_ENTRIES)}
        except (FileNotFoundError, NotADirectoryError):
            found = set()
        if len(found) > MOST_ENTRIES:
            raise OSError("it has too many entries")
        files, folders = self.amended(directory, found, ())
        return tuple(sorted(files | folders))

    def status(self, name: str) -> tuple[int, int]:
        """The size of a regular file in bytes, and when it was changed, in nanoseconds since the epoch.

        It may be larger than those that are read. The time of an unsaved text is 0. Raises OSError where
        there is no such file.
        """
        path = self.locate(name)
        if path in self._unsaved:
            if (data := self._unsaved[path]) is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return len(data), 0
        status = witness.dated_status(path)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is not a regular file")
        return status.st_size, status.st_mtime_ns

    def below(
        self, folder: str, most: int, enters: Callable[[str], bool] = lambda name: True
    ) -> Iterator[str]:
        """The files in and below a directory, by name; of more than about so many entries the first.

        Left out is what lies in a directory that cannot be read, or that `enters` says no to by its own name.
        """
        waiting = [posixpath.normpath(folder)]
        while waiting and most > 0:
            current = waiting.pop()
            try:
                entries = self.entries(current)
            except OSError:
                continue
            most -= len(entries)
            for name, is_directory in entries:
                path = name if current == "." else f"{current}/{name}"
                if not is_directory:
                    yield path
                elif enters(name):
                    waiting.append(path)

    def is_directory(self, name: str) -> bool:
        """Whether the name is a directory within the root."""
        try:
            path = self.locate(name)
            return self._holds(path) or witness.is_folder(path)
        except (OSError, ValueError):
            return False


def reason(error: OSError | ValueError) -> str:
    """Why something cannot be read or written, in the system's words, for the middle of a sentence."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is not a regular file")
    if status.st_size > LARGEST:
        witness.give_up()
        raise _too_large()


def _bounded(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise _too_large()
    return data


def _too_large() -> OSError:
    return OSError(errno.EFBIG, f"it is larger than {LARGEST // 1024 // 1024} MiB")
