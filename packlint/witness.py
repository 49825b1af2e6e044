"""What a run sees of the disk, and says → notes of it, by which a later run can tell what it would say.

Whoever looks at what is checked, or at what says how, looks through these functions: they do what those of
`os` do, and note what they tell. What is noted is not looked at again, so that a run has one view of the
disk. Nothing is noted before `start`. Notes are plain data, which one process can hand to another.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any, ClassVar, Self, TypeAlias

    Notes: TypeAlias = dict[str, dict[str, Any]]
    """What was found at paths, by what was asked of them, one of `QUESTIONS`."""

    AnyPath: TypeAlias = str | os.PathLike[str]

SHARED = "shared"
"""A question that stands for many, which several parts have asked: the path is the name of these notes."""

SHARES = 100
"""So many notes of one function are shared by the parts that need them."""

NAMES, OWN, KIND, DATED, REAL, BYTES = QUESTIONS = ("names", "own", "kind", "dated", "real", "bytes")
"""What is in a folder; what is there, and what links lead to; size and time; the real path; the contents."""

FILE, FOLDER, LINK, OTHER = "file", "folder", "link", "other"
"""What may be at a path; where that cannot be told, the number of the error stands for it."""

LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is read; a larger one is not a template that anybody wrote."""

LONGEST = 20
"""Bytes of the hash of a file's contents."""

DEEPEST = 25
"""Folders on the way to a path that are located one after the other, and remembered."""

OUTPUT, ERRORS = 1, 2
"""The numbers of standard output and of standard error."""


class _Book:
    """Where this process keeps its notes; None while nothing is noted."""

    notes: Notes | None = None
    before: ClassVar[Notes] = {}
    part: Notes | None = None
    shared: ClassVar[dict[str, Notes]] = {}
    said: ClassVar[list[tuple[int, bytes]]] = []
    reports: ClassVar[list[tuple[str, str]]] = []


def start(before: Notes | None = None) -> None:
    """Note from now on what is seen and said, and forget all that was noted.

    What stands in notes from `before` is so still, somebody has just seen: it is not looked at again.
    """
    give_up()
    _Book.notes, _Book.before = _no_notes(), before or {}


def _no_notes() -> Notes:
    return {question: {} for question in QUESTIONS}


class Part:
    """What is seen meanwhile, also of what was seen before; a part may have parts.

    `notes` are known at its end, and None where nothing is noted, or not all can be. Where a part `shares`
    them and they are many, one of them stands for all: `shared` tells which.
    """

    notes: Notes | None = None

    def __init__(self, shares: bool = False) -> None:
        self._shares = shares

    def __enter__(self) -> Self:
        self._around = _Book.part
        _Book.part = None if _Book.notes is None else _no_notes()
        return self

    def __exit__(self, *_: object) -> None:
        found, _Book.part = _Book.part, self._around
        if found and self._shares and SHARED not in found and sum(map(len, found.values())) > SHARES:
            name = digest(repr(found).encode(errors="surrogatepass")).hex()
            _Book.shared[name] = found
            found = {SHARED: {name: True}}
        self.notes = found
        seen_again(found)


def seen_again(notes: Notes | None) -> None:
    """Note for the part that there is now what was seen in an earlier one."""
    if notes is None or _Book.part is None:
        _Book.part = None
    else:
        for question, found in notes.items():
            _Book.part.setdefault(question, {}).update(found)


def shared() -> dict[str, Notes]:
    """The notes that parts share, by what stands for them; those since the last time."""
    found, _Book.shared = _Book.shared, {}
    return found


def is_part() -> bool:
    """Whether it is noted what is seen again."""
    return _Book.part is not None


def give_up() -> None:
    """Note nothing more, and forget all: the run depends on what cannot be noted."""
    _Book.notes = _Book.part = None
    _Book.said, _Book.reports, _Book.shared, _Book.before = [], [], {}, {}


def notes() -> Notes | None:
    """What was seen since `start`; None where that is not known in full."""
    return _Book.notes


def known() -> tuple[Notes, ...]:
    """All that need not be looked at."""
    return _Book.before, _Book.notes or {}


def said() -> tuple[list[tuple[str, str]], list[tuple[int, bytes]]]:
    """What was said since `start`: reports with their files, and what went to streams with their numbers."""
    return _Book.reports, _Book.said


def says(text: str, stream: int) -> None:
    """Note what was written to standard output, or to standard error."""
    if _Book.notes is not None:
        try:
            _Book.said.append((stream, text.encode()))
        except UnicodeEncodeError:
            give_up()


def reports(text: str, path: Path) -> None:
    """Note what was written to a file that was asked for."""
    if _Book.notes is not None:
        _Book.reports.append((os.fspath(path), text))


def handed() -> Notes | None:
    """What was seen since the last time, for another process to `add`."""
    found = notes()
    if found is not None:
        start(_Book.before)
    return found


def add(other: Notes | None) -> None:
    """Note what another process has seen, by what it has `handed`."""
    if other is None:
        give_up()
        return
    for question, found in other.items():
        for path, answer in found.items():
            _note(question, path, answer)


def _note(question: str, path: AnyPath, answer: object) -> None:
    """Keep what was found; if that was something else before, somebody is changing it."""
    known, path = _Book.notes, os.fspath(path)
    if known is not None:
        if known[question].setdefault(path, answer) != answer:
            give_up()
        elif _Book.part is not None:
            _Book.part[question][path] = answer


def real(path: AnyPath, folders: dict[str, str] | None = None) -> str:
    """As `os.path.realpath`; `folders` are those of which it is known already, and the one of this path."""
    found: str | None = _known(REAL, path)
    if found is None:
        found = os.path.realpath(path) if folders is None else _real_in(os.fspath(path), folders)
        _note(REAL, path, found)
    return found


def _real_in(path: str, folders: dict[str, str]) -> str:
    folder, _, name = path.rpartition("/")
    if os.sep != "/" or name in ("", ".", "..") or not folder.startswith("/"):
        return os.path.realpath(path)
    if folder not in folders:
        near = folder.count("/") < DEEPEST
        folders[folder] = _real_in(folder, folders) if near else os.path.realpath(folder)
    found = os.path.join(folders[folder], name)
    try:
        return os.path.realpath(path) if stat.S_ISLNK(os.lstat(found).st_mode) else found
    except OSError:  # nothing that leads elsewhere
        return found


def status(path: AnyPath) -> os.stat_result:
    """As `os.stat`; of what it tells, no more is noted than whether it is a file or a folder."""
    return _status(KIND, os.stat, path)


def own_status(path: AnyPath) -> os.stat_result:
    """As `os.lstat`; of what it tells, no more is noted than whether it is a file, a folder or a link."""
    return _status(OWN, os.lstat, path)


def dated_status(path: AnyPath) -> os.stat_result:
    """As `os.stat`; the size and the time of the last change are noted, too."""
    found = status(path)
    _note(DATED, path, (found.st_size, found.st_mtime_ns))
    return found


def exists(path: AnyPath) -> bool:
    """As `os.path.exists`."""
    return _kind_at(path, KIND) is not None


def is_folder(path: AnyPath) -> bool:
    """As `os.path.isdir`."""
    return _kind_at(path, KIND) == FOLDER


def is_file(path: AnyPath) -> bool:
    """As `os.path.isfile`."""
    return _kind_at(path, KIND) == FILE


def is_taken(path: AnyPath) -> bool:
    """As `os.path.lexists`."""
    return _kind_at(path, OWN) is not None


def is_link(path: AnyPath) -> bool:
    """As `os.path.islink`."""
    return _kind_at(path, OWN) == LINK


def noted(path: Path) -> Path:
    """The path, about which any of the last questions may be asked in some other way now."""
    exists(path)
    is_taken(path)
    return path


def names(path: AnyPath, most: int | None = None) -> dict[str, str]:
    """What is in a folder, by name, no link followed; of more than so many that and one more."""
    known: dict[str, str] | int | None = _known(NAMES, path)
    if isinstance(known, dict):
        return known
    try:
        found = names_in(path, most)
    except OSError as error:
        _note(NAMES, path, error.errno)
        raise
    if most is not None and len(found) > most:
        give_up()
    _note(NAMES, path, found)
    return found


def contents(path: AnyPath, data: bytes) -> None:
    """Note what a file holds; its name must not be that of a link."""
    if _Book.notes is not None:
        _note(BYTES, path, digest(data))


def unreadable(path: AnyPath, error: OSError) -> None:
    """Note that a file could not be read."""
    if error.errno is None:
        give_up()
    _note(BYTES, path, error.errno)


def _known(question: str, path: AnyPath) -> Any:
    if _Book.notes is None:
        return None
    path = os.fspath(path)
    found = _Book.notes[question].get(path)
    if found is None:
        found = _Book.before.get(question, {}).get(path)
        if found is not None:
            _note(question, path, found)
    elif _Book.part is not None:
        _Book.part[question][path] = found
    return found


def _kind_at(path: AnyPath, question: str) -> str | None:
    known: str | int | None = _known(question, path)
    if known is not None:
        return known if isinstance(known, str) else None
    try:
        return kind_of((status if question == KIND else own_status)(path).st_mode)
    except (OSError, ValueError):
        return None


def _status(question: str, ask: Callable[[AnyPath], os.stat_result], path: AnyPath) -> os.stat_result:
    try:
        found = ask(path)
    except OSError as error:
        _note(question, path, error.errno)
        raise
    if _Book.notes is not None:
        _note(question, path, kind_of(found.st_mode))
    return found


def kind_of(mode: int) -> str:
    """What has such a mode."""
    if stat.S_ISREG(mode):
        return FILE
    if stat.S_ISDIR(mode):
        return FOLDER
    return LINK if stat.S_ISLNK(mode) else OTHER


def names_in(path: AnyPath, most: int | None = None) -> dict[str, str]:
    """The same as `names`, of which nothing is noted."""
    found = {}
    with os.scandir(path) as entries:
        for it in entries:
            if it.is_file(follow_symlinks=False):
                found[it.name] = FILE
            elif it.is_dir(follow_symlinks=False):
                found[it.name] = FOLDER
            else:
                found[it.name] = LINK if it.is_symlink() else OTHER
            if most is not None and len(found) > most:
                break
    return found


def digest(data: bytes, size: int = LONGEST) -> bytes:
    """A hash by which nobody can make two contents be taken for one."""
    # Not by way of hashlib, whose import takes longer than all that is to be done with it.
    from _blake2 import blake2b

    return blake2b(data, digest_size=size).digest()
