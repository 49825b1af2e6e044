"""A work tree of git → commits, the files of one, and who wrote a line when; nothing of the repository runs.

Only commands are used that read objects, names and the index: they run no filter of `.gitattributes`, no
external diff or textconv and no hook, and what else a configuration may name is switched off.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Timer

from packlint import witness
from packlint.align import align
from packlint.errors import UsageError
from packlint.files import LARGEST, Files
from packlint.record import record

SECONDS = 60
"""After which a command of git is ended."""

MOST = 256 * 1024 * 1024
"""Bytes of one answer; a tree that contains itself over and over is small on the disk."""

_SWITCHED_OFF = (
    *("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.sshCommand=false", "core.gitProxy=false"),
    *(
        "protocol.allow=never",
        "credential.helper=",
        "submodule.recurse=false",
        "safe.bareRepository=explicit",
    ),
    *("diff.external=", "log.showSignature=false", "gpg.program=false", "blame.ignoreRevsFile="),
    *("gc.auto=0", "maintenance.auto=false", "core.quotePath=false"),
)
"""What a configuration may say to have something run, or the answers changed."""

_KEPT = frozenset(
    {
        *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT"),
        *("GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH"),
    }
)
"""Variables of the user's own; all others of git's may come from a hook or another work tree."""

_OURS = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}

_TRUST = "dubious ownership"
"""What git says of a repository that belongs to somebody else."""


class GitError(Exception):
    """A command of git failed; the text is what it said."""


@record
class Entry:
    """A file in a commit: its kind, as `100644`, and the name of its content."""

    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file: no link and no submodule."""
        return self.mode.startswith("100")


class Repository:
    """The work tree that a directory belongs to; raises UsageError where there is none that can be used."""

    def __init__(self, directory: Path) -> None:
        self._git = find_git(directory)
        try:
            top = self._text(directory, "rev-parse", "--show-toplevel").removesuffix("\n")
        except GitError as error:
            raise _no_repository(directory, str(error)) from None
        self.top = Path(os.path.realpath(top))
        # A configuration may name any directory as the work tree.
        inside = Path(os.path.realpath(directory)).is_relative_to(self.top)
        if not (inside and os.path.lexists(self.top / ".git")):
            raise UsageError(
                f"the repository of `{directory}` has its work tree elsewhere",
                "unset `core.worktree` in its configuration",
            )

    def common(self, revision: str) -> str:
        """The newest commit that `revision` and HEAD have in common; raises UsageError if there is none."""
        if revision.startswith("-") or not revision.isprintable() or not revision.strip():
            raise UsageError("the revision has no name that git can have", "name a branch, a tag or a commit")
        try:
            name = f"{revision}^{{commit}}"
            commit = self._text(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
        except GitError:
            otherwise = "name a branch, a tag or a commit; a remote branch may have to be fetched first"
            raise self._unknown(f"there is no revision `{revision}`", otherwise) from None
        try:
            return self._text(self.top, "merge-base", commit.strip(), "HEAD").strip()
        except GitError:
            otherwise = "name a revision that has to do with HEAD"
            raise self._unknown(f"`{revision}` and HEAD have no commit in common", otherwise) from None

    def _unknown(self, message: str, otherwise: str) -> UsageError:
        deeper = "the clone is shallow: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout, "
        return UsageError(message, f"{deeper}brings its history" if self.is_shallow else otherwise)

    @property
    def is_shallow(self) -> bool:
        """Whether a part of the history is not there."""
        try:
            return self._text(self.top, "rev-parse", "--is-shallow-repository").strip() == "true"
        except GitError:
            return False

    @property
    def converts(self) -> bool:
        """Whether git gives text files CRLF when it checks them out."""
        try:
            return self._text(self.top, "config", "--get", "core.autocrlf").strip().lower() == "true"
        except GitError:
            return False

    def tree(self, commit: str, below: Path) -> dict[Path, Entry]:
        """The files of a commit below a directory of the work tree."""
        found = self._asked("ls-tree", "-r", "-z", "--full-tree", commit, *self._limit(below))
        entries: dict[Path, Entry] = {}
        for line in filter(None, found.split(b"\0")):
            about, _, name = line.partition(b"\t")
            path = self._path(name)
            if path is not None:
                mode, _, oid = about.decode("ascii").split(" ")
                entries[path] = Entry(mode, oid)
        return entries

    def names(self, below: Path) -> Iterator[Path]:
        """The files below a directory that git tracks, or would: the ignored ones are left out."""
        found = self._asked(
            "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *self._limit(below)
        )
        paths = (self._path(name) for name in found.split(b"\0") if name)
        return (path for path in paths if path is not None)

    def contents(self, most: Mapping[str, int]) -> dict[str, bytes]:
        """What files contain by the names of their contents, each of which may have at most so many bytes.

        Those that have more are left out. Raises UsageError where one is missing.
        """
        wanted = sorted(most)
        given = "".join(f"{oid}\n" for oid in wanted).encode()
        try:
            sizes = self._run(self.top, ("cat-file", "--batch-check"), given)
        except GitError:  # newer versions say so, others call it missing
            raise _lacking() from None
        small: dict[str, int] = {}
        for line in sizes.decode("ascii", "replace").splitlines():
            oid, kind, *size = line.split(" ")
            if kind == "missing":
                raise _lacking()
            if kind == "blob" and int(size[0]) <= most[oid]:
                small[oid] = int(size[0])
        answer = self._asked("cat-file", "--batch", given="".join(f"{oid}\n" for oid in small).encode())
        contents: dict[str, bytes] = {}
        at = 0
        for oid, size_of in small.items():
            at = answer.index(b"\n", at) + 1
            contents[oid] = answer[at : at + size_of]
            at += size_of + 1
        return contents

    def blame(self, path: Path) -> Iterator[tuple[int, date]]:
        """The lines of a file as HEAD has it, counted from 1, and the day on which each was written.

        Of a line whose commit is beyond the history of a shallow clone the day is not known.
        """
        shallow = self.is_shallow
        name = path.relative_to(self.top).as_posix()
        told = self._asked("blame", "--no-textconv", "--porcelain", "HEAD", "--", name)
        days: dict[bytes, date | None] = {}
        facts: dict[bytes, bytes] = {}
        commit, line = b"", 0
        fresh = True
        for row in told.split(b"\n"):
            if row.startswith(b"\t"):
                if commit not in days:
                    days[commit] = None if shallow and b"boundary" in facts else _day(facts)
                if (day := days[commit]) is not None:
                    yield line, day
                fresh, facts = True, {}
            elif fresh and row:
                commit, _, place = row.split(b" ")[:3]
                line, fresh = int(place), False
            else:
                key, _, value = row.partition(b" ")
                facts[key] = value

    def head(self, path: Path) -> bytes | None:
        """The content of a file as HEAD has it."""
        entry = self.tree("HEAD", path).get(path)
        return self.contents({entry.oid: LARGEST}).get(entry.oid) if entry and entry.is_file else None

    def _limit(self, below: Path) -> list[str]:
        return [] if below == self.top else [below.relative_to(self.top).as_posix()]

    def _path(self, name: bytes) -> Path | None:
        """The path of a name in git, None for one that no checkout would make."""
        text = name.decode(errors="surrogateescape")
        parts = text.split("/")
        if any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
            return None
        if sys.platform == "win32" and ("\\" in text or ":" in text):
            return None
        return self.top.joinpath(*parts)

    def _asked(self, *arguments: str, given: bytes = b"") -> bytes:
        """The answer of a command that has no reason to fail; raises UsageError where it does."""
        try:
            return self._run(self.top, arguments, given)
        except GitError as error:
            said = str(error).strip().partition("\n")[0]
            raise UsageError(f"`git {arguments[0]}` failed: {said}", "run it by hand to see why") from None

    def _text(self, directory: Path, *arguments: str) -> str:
        return self._run(directory, arguments).decode(errors="surrogateescape")

    def _run(self, directory: Path, arguments: Sequence[str], given: bytes = b"") -> bytes:
        """What a command says on standard output; raises GitError with what it says on standard error."""
        options = [part for setting in _SWITCHED_OFF for part in ("-c", setting)]
        command = [str(self._git), "--no-pager", *options, *arguments]
        witness.give_up()
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as complaints:
            asked.write(given)
            asked.seek(0)
            with subprocess.Popen(
                command,
                cwd=directory,
                env=environment(os.environ),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=complaints,
            ) as process:
                timer = Timer(SECONDS, process.kill)
                timer.start()
                answer, late = b"", False
                try:
                    answer = process.stdout.read(MOST + 1) if process.stdout else b""
                    if len(answer) <= MOST:
                        process.wait()
                    late = not timer.is_alive()
                finally:
                    timer.cancel()
                    process.kill()
            if len(answer) > MOST:
                raise UsageError("the repository is larger than packlint looks into", "check a part of it")
            if late:
                raise UsageError(
                    f"`git {arguments[0]}` took longer than {SECONDS} seconds",
                    "check a part of the repository",
                )
            if process.returncode:
                complaints.seek(0)
                raise GitError(complaints.read(10_000).decode(errors="replace"))
        return answer


def find_git(directory: Path) -> Path:
    """The program, as PATH has it; raises UsageError where there is none.

    None counts that lies in the working directory because PATH is relative, or in the repository that is
    looked at, which may bring a program of that name.
    """
    real = Path(os.path.realpath(directory))
    outside = next((it for it in (real, *real.parents) if os.path.lexists(it / ".git")), real)
    name = "git.exe" if sys.platform == "win32" else "git"
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if not os.path.isabs(entry):  # noqa: PTH117
            continue
        program = Path(entry, name)
        checked = Path(os.path.realpath(program)).is_relative_to(outside) or program.is_relative_to(outside)
        if not checked and program.is_file() and os.access(program, os.X_OK):
            return program
    raise UsageError("there is no program `git`", "install git, or put its folder on PATH")


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The variables that git is run with."""
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.upper().startswith("GIT_")
        or name in _KEPT
        or name.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
    }
    return kept | _OURS


def blame_dates(root: Path, path: str) -> Mapping[int, date] | None:
    """The day on which each line of a file was written, by lines from 1; None where git cannot tell.

    `path` is relative to `root`. Lines that are not committed have no day.
    """
    try:
        files = Files(root)
        place = files.locate(path)
        now = _lines(files.read(path))
        repository = Repository(place.parent)
        committed = repository.head(place)
        if committed is None:
            return None
        days = dict(repository.blame(place))
        then = _lines(committed)
    except (OSError, ValueError, UsageError, GitError):
        return None
    return {line + 1: days[was + 1] for line, was in align(then, now).items() if was + 1 in days}


def _lines(text: bytes) -> list[str]:
    return [line.removesuffix("\r") for line in text.decode(errors="surrogateescape").split("\n")]


def _day(facts: Mapping[bytes, bytes]) -> date | None:
    """The author's day, in the author's time zone; None for a time that no calendar has."""
    try:
        zone = int(facts[b"author-tz"])
        hours, minutes = divmod(abs(zone), 100)
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone < 0 else 1)
        moment = datetime.fromtimestamp(int(facts[b"author-time"]), UTC)
        return moment.astimezone(timezone(offset)).date()
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _lacking() -> UsageError:
    return UsageError(
        "the clone lacks files of an earlier commit, and packlint does not fetch them",
        "clone without `--filter`, or run `git fetch --refetch` without it",
    )


def _no_repository(directory: Path, said: str) -> UsageError:
    if _TRUST in said:
        return UsageError(
            f"git does not trust the repository of `{directory}`: it belongs to somebody else",
            "if you do, `git config --global --add safe.directory DIR` with its folder says so",
        )
    return UsageError(
        f"`{directory}` is not in a repository of git",
        "check templates that are, or leave out what asks for their history",
    )
