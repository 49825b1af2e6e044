"""Notes of what a run has seen → whether all of it is still so, or what of it is not."""

from __future__ import annotations

import errno
import os
import stat

from packlint.witness import (
    BYTES,
    DATED,
    FOLDER,
    KIND,
    LARGEST,
    LINK,
    NAMES,
    OWN,
    REAL,
    digest,
    kind_of,
    names_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from packlint.witness import Notes

UNLINKED = "unlinked"
"""A question of its own: whether there is no link."""


def changed(notes: Notes, *known: Notes) -> Iterator[tuple[str, str]]:
    """The questions, with their paths, that have other answers now; what is `known` already is not asked."""
    # Contents come last: what was noted before tells that a file is opened, and no device, nor one elsewhere.
    others: set[str] = set()
    led: bool = False
    plain: set[str] = set()
    for question in (NAMES, OWN, KIND, UNLINKED, REAL, DATED, BYTES):
        ask, answers = _ASK[question], {path: it for of in known for path, it in of.get(question, {}).items()}
        for path, answer in notes.get(question, {}).items():
            try:
                if path in answers:
                    same = answers[path] == answer
                elif question == BYTES and (led or path in others):
                    same = False
                elif question == REAL and path == answer and _is_plain(path, plain):
                    same = True
                else:
                    same = ask(path) == answer
            except OSError as error:
                same = error.errno == answer
            if not same:
                others.add(path)
                led = led or question == REAL
                yield question, path


def _is_plain(path: str, known: set[str]) -> bool:
    """Whether no link is on the way to an absolute path; `known` are paths of which that was found."""
    met = []
    while path not in known and path.startswith("/") and path != "/":
        if not _unlinked(path):
            return False
        met.append(path)
        path = path.rpartition("/")[0] or "/"
    known.update(met)
    return path.startswith("/")


def _kind(path: str) -> str:
    return kind_of(os.stat(path).st_mode)


def _own(path: str) -> str:
    return kind_of(os.lstat(path).st_mode)


def _unlinked(path: str) -> bool:
    try:
        return not stat.S_ISLNK(os.lstat(path).st_mode)
    except OSError:
        return True


def _dated(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


def _bytes(path: str) -> bytes | None:
    file = os.open(path, _FLAGS)
    try:
        size = os.fstat(file).st_size
        return digest(os.read(file, size + 1)) if size <= LARGEST else None
    finally:
        os.close(file)


_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)

_ASK: dict[str, Any] = {
    NAMES: names_in,
    OWN: _own,
    KIND: _kind,
    UNLINKED: _unlinked,
    REAL: os.path.realpath,
    DATED: _dated,
    BYTES: _bytes,
}


def thinned(notes: Notes, here: str) -> Notes:
    """Notes that say as much and are sooner looked through; relative paths start from `here`.

    What is in a folder says already what each name in it is, and that there are no others.
    """
    folders = {path: found for path, found in notes[NAMES].items() if isinstance(found, dict)}
    kept = {**notes, UNLINKED: {}, REAL: {}}
    entered = {}
    for question in (OWN, KIND):
        kept[question] = {}
        for path, answer in notes[question].items():
            folder, _, name = path.rpartition("/")
            if folder in folders and folders[folder].get(name, errno.ENOENT) == answer != LINK:
                entered[f"{folder}/."] = FOLDER
            else:
                kept[question][path] = answer
    # The names in a folder may be read where nothing in it can be reached.
    kept[KIND] |= entered
    unlinked: dict[str, bool] = {}
    for path, found in notes[REAL].items():
        prefixes = [] if path in unlinked and path == found else list(_prefixes(path, here))
        if prefixes and prefixes[-1] != found:
            kept[REAL][path] = found
        else:
            unlinked |= dict.fromkeys(prefixes, True)
    for path in unlinked:
        folder, _, name = path.rpartition("/")
        if folder not in folders or folders[folder].get(name) == LINK:
            kept[UNLINKED][path] = True
    return kept


def _prefixes(path: str, here: str) -> Iterator[str]:
    """The paths that are looked at on the way to a path, if there is no link; the path itself is last."""
    prefix = "/"
    for name in (path if path.startswith("/") else f"{here}/{path}").split("/"):
        if name == "..":
            prefix = prefix.rpartition("/")[0] or "/"
        elif name not in ("", "."):
            prefix = f"{prefix}/{name}" if prefix != "/" else f"/{name}"
        yield prefix
