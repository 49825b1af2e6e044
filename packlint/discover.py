"""Paths as the user names them → the templates to be checked, and which of their findings are to be shown."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.errors import UsageError
from packlint.files import Files, reason
from packlint.ignore import Ignores, ignored, read_ignores
from packlint.model import Template
from packlint.settings import Settings

TEMPLATE = ".pkr.hcl"
VARIABLES = ".pkrvars.hcl"
AUTO_VARIABLES = ".auto.pkrvars.hcl"
UNREAD = (".pkr.json", ".auto.pkrvars.json")
SETTINGS_FILES = ("packlint.toml", ".packlint.toml")
_OUR_TABLE = re.compile(rb"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*packlint[ \t]*[].]", re.MULTILINE)
"""What makes a `pyproject.toml` ours; to parse a hostile one can take minutes."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found: templates by path, and diagnostics for directories that could not be read.

    Names are relative to the checked root. `named` holds the files named by the user, `folders` the
    directories and `checked` the files of the templates found in those; `context` holds the ignored files,
    which are read only because Packer would read them.
    """

    templates: tuple[Template, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    named: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()

    def shows(self, diagnostic: Diagnostic) -> bool:
        """Whether the user asked for it: by a directory, or by a file where it or a related place lies.

        A failure of packlint's own is always shown: what was not checked must not look checked.
        """
        path = diagnostic.range.document.path
        related = {place.range.document.path for place in diagnostic.related}
        if diagnostic.rule == "internal-error" or path in self.named or related & self.named:
            return True
        if path in self.context:
            return False
        asked = {path, *related}
        return bool(asked & self.checked) or any(
            _within(it, folder) for it in asked for folder in self.folders
        )


@dataclass(frozen=True, slots=True)
class _Request:
    """One path of the command line: a directory, links followed, and the file in it, if one is named."""

    root: Path
    directory: Path
    file: str | None

    @property
    def name(self) -> str:
        """The directory relative to the root; "" for the root itself."""
        name = self.directory.relative_to(self.root).as_posix()
        return "" if name == "." else name


def discover(paths: Sequence[Path], settings: Settings, root: Path | None = None) -> Discovery:
    """Find the templates that the paths ask for; raises UsageError for a path that cannot be checked.

    A directory is searched; a file stands for the template of its directory. The order of the paths and the
    working directory do not matter.
    """
    requests = {_request(path, root) for path in paths}
    base = _base({request.root for request in requests})
    search = _Search(settings)
    # Directories first, outermost root first: a template that is reached twice is found as the widest has it.
    for request in sorted(requests, key=lambda it: (it.file is not None, len(it.root.parts), str(it))):
        excluded = any(_excluded(part, settings) for part in request.name.split("/"))
        if not (settings.force_exclude and excluded):
            search.follow(request, Files(request.root, base))
    return search.result()


class _Search:
    """Collects what the requests lead to."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.templates: dict[Path, Template] = {}
        self.diagnostics: dict[str, Diagnostic] = {}
        self.named: set[str] = set()
        self.folders: set[str] = set()
        self.checked: set[str] = set()
        self.ignored: set[str] = set()

    def follow(self, request: _Request, files: Files) -> None:
        """Find what one request asks for."""
        if request.file is None:
            self.folders.add(files.name(request.directory))
            self.walk(request, files)
            return
        self.named.add(_place(request.directory / request.file, files) or request.file)
        if request.directory not in self.templates:
            names, _ = self.list(request.directory, files)
            self.add(request.directory, names, files)

    def walk(self, request: _Request, files: Files) -> None:
        """Search a directory and what is below and neither ignored nor excluded; no links are followed."""
        waiting = [(request.directory, request.name, _ignores_above(request, files))]
        seen: set[tuple[int, int]] = set()
        while waiting:
            directory, name, ignores = waiting.pop()
            names, folders = self.list(directory, files)
            if ".gitignore" in names:
                ignores = (*ignores, *read_ignores(files, directory / ".gitignore", name))
            self.take(directory, name, names, files, ignores)
            for folder in reversed(folders):
                inner = _join(name, folder)
                if _excluded(folder, self.settings) or ignored(f"{inner}/", ignores):
                    continue
                # A junction or a mount may lead back to where the search has been.
                if _fresh(directory / folder, seen):
                    waiting.append((directory / folder, inner, ignores))

    def take(self, directory: Path, name: str, names: list[str], files: Files, ignores: Ignores) -> None:
        """Take the template of a directory, unless all its files are ignored."""
        for file in (file for file in names if file.endswith(UNREAD)):
            if not ignored(_join(name, file), ignores):
                self.say(_json(files.name(directory / file)))
                self.checked.add(files.name(directory / file))
        ours = [file for file in names if file.endswith((TEMPLATE, AUTO_VARIABLES))]
        left = {file for file in ours if ignored(_join(name, file), ignores)}
        if any(file.endswith(TEMPLATE) and file not in left for file in ours):
            self.add(directory, names, files)
            for file in ours:
                (self.ignored if file in left else self.checked).add(_place(directory / file, files) or file)

    def add(self, directory: Path, names: list[str], files: Files) -> None:
        """Add the template of a directory, if it holds one that is not yet known."""
        documents: dict[str, None] = {}
        var_files: dict[str, None] = {}
        unread: dict[str, None] = {}
        for file in names:
            place = _place(directory / file, files)
            if file.endswith(UNREAD) or (place is None and file.endswith((TEMPLATE, AUTO_VARIABLES))):
                unread[files.name(directory / file)] = None
            elif place and file.endswith(TEMPLATE):
                documents[place] = None
            elif place and file.endswith(AUTO_VARIABLES):
                var_files[place] = None
        if documents and directory not in self.templates:
            self.templates[directory] = Template(
                path=files.name(directory),
                documents=tuple(documents),
                files=files,
                var_files=tuple(var_files),
                unread=tuple(unread),
            )

    def list(self, directory: Path, files: Files) -> tuple[list[str], list[str]]:
        """The names of the files and of the directories in a directory, in the order of Packer's ReadDir."""
        names: list[str] = []
        folders: list[str] = []
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    (folders if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
        except OSError as error:
            self.say(_unreadable(files.name(directory), error))
        return sorted(names), sorted(folders)

    def say(self, diagnostic: Diagnostic) -> None:
        """Keep what is to be said of a path."""
        self.diagnostics[diagnostic.range.document.path] = diagnostic

    def result(self) -> Discovery:
        """All that was found, in order."""
        return Discovery(
            templates=tuple(sorted(self.templates.values(), key=lambda template: template.path)),
            diagnostics=tuple(self.diagnostics[path] for path in sorted(self.diagnostics)),
            named=frozenset(self.named),
            folders=frozenset(self.folders),
            checked=frozenset(self.checked),
            context=frozenset(self.ignored - self.checked),
        )


def _request(path: Path, root: Path | None) -> _Request:
    """Which directory a path asks for, and under which root; raises UsageError where it asks for none."""
    try:
        os.lstat(path)
        directory, file = _asked(path)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"there is no file or directory `{path}`") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"`{path}` cannot be read: {reason(error)}") from None
    if root is None:
        return _Request(_root_of(directory), directory, file)
    if not os.path.isdir(root):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise UsageError(f"the root `{root}` is not a directory")
    root = Path(os.path.realpath(root))
    if not directory.is_relative_to(root):
        raise UsageError(f"`{path}` lies outside the root `{root}`", "choose a root that holds every path")
    return _Request(root, directory, file)


def _asked(path: Path) -> tuple[Path, str | None]:
    """A path as a directory, and the file in it; raises OSError where the working directory is gone."""
    if path.is_dir():
        return Path(os.path.realpath(path)), None
    if path.name.endswith((TEMPLATE, VARIABLES)):
        return Path(os.path.realpath(path.parent)), path.name
    known = path.suffix == ".json"
    raise UsageError(
        f"`{path}` is JSON, which packlint cannot read yet" if known else f"`{path}` is not a template",
        f"name a directory, or a file that ends in `{TEMPLATE}` or `{VARIABLES}`",
    )


def _root_of(directory: Path) -> Path:
    """The nearest ancestor with `.git`, else the nearest with settings, else the directory itself."""
    upward = (directory, *directory.parents)
    for folder in upward:
        if os.path.lexists(folder / ".git"):
            return folder
    return next((folder for folder in upward if _has_settings(folder)), directory)


def _has_settings(folder: Path) -> bool:
    if any(os.path.isfile(folder / name) for name in SETTINGS_FILES):  # noqa: PTH113
        return True
    try:
        return _OUR_TABLE.search(Files(folder).read("pyproject.toml")) is not None
    except (OSError, ValueError):
        return False


def _base(roots: set[Path]) -> Path | None:
    """The directory that names are relative to: the root, or the nearest one that holds all roots."""
    try:
        return Path(os.path.commonpath([str(root) for root in roots])) if roots else None
    except ValueError:
        raise UsageError("the paths lie on different drives", "check one drive at a time") from None


def _place(path: Path, files: Files) -> str | None:
    """The name of a file, that of the real one behind a link; None where that lies outside the root."""
    # Not the methods of Path, some of which raise where a name is too long or a directory is closed.
    if not os.path.islink(path):  # noqa: PTH114
        return files.name(path)
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(files.root):
        return None
    return files.name(real if os.path.exists(real) else path)  # noqa: PTH110


def _ignores_above(request: _Request, files: Files) -> Ignores:
    """The patterns from the root down to a named directory, save those that ignore it: it was asked for."""
    parts = request.name.split("/") if request.name else []
    folders = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
    above = [*read_ignores(files, request.root / ".git/info/exclude", "")]
    for folder in folders[:-1]:
        above += read_ignores(files, request.root / folder / ".gitignore", folder)
    return tuple(
        (folder, patterns)
        for folder, patterns in above
        if not any(
            ignored(f"{below}/", ((folder, patterns),)) for below in folders if len(below) > len(folder)
        )
    )


def _excluded(folder: str, settings: Settings) -> bool:
    return any(fnmatchcase(folder, pattern) for pattern in settings.exclude)


def _fresh(folder: Path, seen: set[tuple[int, int]]) -> bool:
    try:
        status = folder.stat()
    except OSError:
        return True
    known = (status.st_dev, status.st_ino) in seen
    seen.add((status.st_dev, status.st_ino))
    return not known


def _within(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _json(name: str) -> Diagnostic:
    return Diagnostic(
        rule="unreadable-file",
        severity=Severity.NOTE,
        message=f"`{name}` was left out: packlint does not read JSON yet",
        range=Range(Document(name, ""), 0, 0),
        hint="rules about what is missing stay silent where this file may declare it",
    )


def _unreadable(name: str, error: OSError) -> Diagnostic:
    return Diagnostic(
        rule="unreadable-file",
        severity=Severity.ERROR,
        message=f"the directory `{name}` cannot be read: {reason(error)}",
        range=Range(Document(name, ""), 0, 0),
        hint="make it readable, or check other directories",
    )
