"""The arguments of a check → what it said the last time, where nothing has changed that it depends on.

This comes before all other imports: an answer is given in less time than they take. A run that cannot be
answered is witnessed, and what it says is kept for the next time.
"""

from __future__ import annotations

import marshal
import os
import sys
import time

from packlint import cache, recall, witness
from packlint.cache import SETTLED
from packlint.witness import ERRORS, OUTPUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from packlint.witness import Notes

    Kept: TypeAlias = tuple[Notes, list[tuple[str, str]], list[tuple[int, bytes]], int]
    """What was seen, the reports with their paths, what went to each stream, and the exit code."""

    Mark: TypeAlias = tuple[str, int, int, int, int]
    """A path, and the mark of what is there."""

SWITCH, VARIABLE = "--no-cache", "PACKLINT_NO_CACHE"
"""The option and the variable of the environment that ask for a run in full."""

NO = ("", "0", "f", "false", "n", "no", "off")
"""What that variable may be with nothing asked for, as for other options that are switches."""

FOLDER = "answers"
"""Where answers lie in the cache."""

MOST, DAYS, LARGEST, LARGEST_OF_ALL = 200, 2, 8 * 1024 * 1024, 64 * 1024 * 1024
"""How many answers are kept, how long, since each is good for one day, and how many bytes."""

WITHOUT_MEANING = frozenset({"_", "OLDPWD", "SHLVL"})
"""Variables of the environment that nothing can depend on and every shell sets anew."""


class _Run:
    """The run of this process."""

    name: str | None = None
    """That of its answer, if that may be kept."""


def answered(arguments: Sequence[str]) -> int | None:
    """Say again what such a run has said, and give its exit code; None where the run has to be done."""
    _Run.name = None
    if arguments[:1] != ["check"] or SWITCH in arguments or os.environ.get(VARIABLE, "").lower() not in NO:
        return None
    try:
        name = _name(arguments)
    except (OSError, ValueError, AttributeError):  # no folder, no streams, or packlint is in an archive
        return None
    if name is None:
        return None
    kept = _kept(cache.read(name))
    before = None
    if kept is not None:
        notes, reports, texts, code = kept
        others = {*recall.changed(notes)}
        if not others and (not reports or _written(reports)) and _told(texts):
            return code
        before = _without(notes, others)
    _Run.name = name
    witness.start(before)
    return None


def unanswered() -> str | None:
    """What tells this run, if it is witnessed, from those with other arguments or another environment."""
    return _Run.name and _Run.name.rpartition("/")[2]


def keep(code: int) -> None:
    """Keep the answer of a run that has come to its end, if all is known that it depends on."""
    notes, said, name = witness.notes(), witness.said(), _Run.name
    witness.give_up()
    if notes is None or name is None or has_strangers():
        return
    try:
        blob = marshal.dumps((recall.thinned(notes, os.getcwd()), *said, code))
    except (OSError, ValueError):  # OSError: the working directory is gone
        return
    if len(blob) <= LARGEST:
        cache.write(name, blob)
        cache.bound(FOLDER, DAYS, MOST, LARGEST_OF_ALL)


def _kept(blob: bytes | None) -> Kept | None:
    try:
        notes, reports, texts, code = marshal.loads(blob or b"")
        return notes, reports, texts, int(code)
    except (EOFError, ValueError, TypeError, MemoryError):
        return None


def _without(notes: Notes, others: set[tuple[str, str]]) -> Notes:
    """The notes that still hold."""
    return {asked: {it: of[it] for it in of if (asked, it) not in others} for asked, of in notes.items()}


def _told(texts: list[tuple[int, bytes]]) -> bool:
    """Write texts to their streams; whether that went well: if not, the run finds the same, and says so."""
    try:
        for stream, text in texts:
            left = memoryview(text)
            while left:
                left = left[os.write(stream, left) :]
    except OSError:
        return False
    return True


def _written(reports: list[tuple[str, str]]) -> bool:
    """Put reports in their files as `deliver` does; whether that went well."""
    from pathlib import Path

    from packlint.deliver import check_target
    from packlint.deliver import put as put_report
    from packlint.errors import PacklintError

    try:
        for path, _ in reports:
            check_target(Path(path))
        for path, text in reports:
            put_report(Path(path), text)
    except PacklintError:
        return False
    return True


def _name(arguments: Sequence[str]) -> str | None:
    """The name of the answer, made of all that a run depends on but files; None where that is in motion."""
    code = [*map(_mark, (*sys.path, *_named_beside())), *_code()]
    if max(changed for _, _, changed, *_ in code) > time.time_ns() - SETTLED:
        return None
    key = (
        [*arguments],
        [os.access(it.partition("=")[2] or it, os.R_OK) for it in arguments],
        os.getcwd(),
        sorted(it for it in os.environ.items() if it[0] not in WITHOUT_MEANING),
        (_stream(OUTPUT), _stream(ERRORS)),
        time.localtime()[:3],
        (sys.version, sys.executable, sys.path, repr(sys.flags), sys.warnoptions, __file__),
        code,
    )
    # Later versions of the format tell apart what is equal.
    return f"{FOLDER}/{witness.digest(marshal.dumps(key, 2)).hex()}"


def _stream(number: int) -> tuple[str, str, tuple[int, ...]]:
    """What a report may depend on of where it goes; raises where that is not the program's own."""
    stream = sys.stdout if number == OUTPUT else sys.stderr
    if stream.fileno() != number:
        raise ValueError("a stream of somebody else")
    return stream.encoding, stream.errors or "", (*os.get_terminal_size(number),) if stream.isatty() else ()


def _code() -> list[Mark]:
    """What is another one when packlint's code is: the list of what is installed, or else every file."""
    home = os.path.dirname(os.path.dirname(__file__))
    for name in os.listdir(home):
        if name.startswith("packlint-") and name.endswith(".dist-info"):
            return [_mark(os.path.join(home, name, "RECORD"))]
    found, waiting = [], _ours()
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for it in entries:
                if not it.is_dir(follow_symlinks=False):
                    found.append((it.path, *cache.marked(it.stat())))
                elif it.name != "__pycache__":
                    waiting.append(it.path)
    return found


def _named_beside() -> Iterator[str]:
    """Where a package that is no installed one says what it brings: its folder need not change for that."""
    for folder in sys.path:
        if os.path.isdir(folder) and not folder.endswith("-packages"):
            for name in os.listdir(folder):
                if name.endswith((".egg-info", ".dist-info")):
                    yield os.path.join(folder, name, "entry_points.txt")


def _ours() -> list[str]:
    """The folders of packlint's code: a checkout has the rules and the schemas beside the package."""
    package = os.path.dirname(__file__)
    beside = (os.path.join(os.path.dirname(package), it) for it in ("rules", "schemas"))
    return [package, *filter(os.path.isdir, beside)]


def _mark(path: str) -> Mark:
    return (path, *cache.mark(path))


def has_strangers() -> bool:
    """Whether modules are neither packlint's own nor installed, and may change without a trace."""
    return any(_elsewhere())


def _elsewhere() -> Iterator[str]:
    installed = (sys.prefix, sys.base_prefix, sys.exec_prefix, *(it for it in sys.path if "-packages" in it))
    homes = tuple(os.path.join(it, "") for it in (*_ours(), *installed))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and name != "__main__" and not file.startswith(homes):
            yield file
