"""Paths as the user names them → the templates to be checked, and which of their findings are to be shown."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from fnmatch import translate
from pathlib import Path

from packlint import witness
from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.files import Files, Unsaved, reason
from packlint.ignore import Ignores, ignored, read_ignores
from packlint.model import Template
from packlint.pattern import pattern
from packlint.record import record
from packlint.request import (
    AUTO_VARIABLES,
    JSON,
    TEMPLATES,
    VARIABLES,
    Request,
    base,
    request,
)
from packlint.settings import VENDORED, Choose, Settings

NOTHING_SAID = Settings()

_VENDORED = pattern("|".join(map(translate, VENDORED)))


@record
class Discovery:
    """What was found: templates by path, and diagnostics for directories that could not be read.

    Names are relative to `base`, the checked root, or what holds all `roots`. `named` holds the files named
    by the user, `folders` the directories and `checked` the files of the templates found in those; `context`
    holds the ignored files, which are read only because Packer would read them.
    """

    templates: tuple[Template, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    named: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()
    context: frozenset[str] = frozenset()
    base: Path = Path()
    roots: frozenset[Path] = frozenset()

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

    def has(self, path: str) -> bool:
        """Whether the user asked for a file, by itself or by a directory."""
        found = path in self.checked or any(_within(path, folder) for folder in self.folders)
        return path in self.named or (found and path not in self.context)


def discover(
    paths: Sequence[Path | Unsaved],
    choose: Choose,
    root: Path | None = None,
    texts: Sequence[Unsaved] = (),
) -> Discovery:
    """Find the templates that the paths ask for; raises UsageError for a path that cannot be checked.

    A directory is searched; a file stands for the template of its directory, or is one itself, and so does a
    text that is not saved. `texts` stand in the place of files that are there, whatever is asked for. The
    order of the paths and the working directory do not matter.
    """
    requests = {request(path, root) for path in paths}
    common = base({asked.root for asked in requests})
    search = _Search(choose)
    for asked in sorted(requests, key=lambda it: it.order):
        if not (choose(asked.directory, asked.root).force_exclude and search.leaves_out(asked)):
            own = () if asked.unsaved is None else (asked.unsaved,)
            search.follow(asked, Files(asked.root, common, (*texts, *own)))
    return search.result(common, frozenset(asked.root for asked in requests))


class _Search:
    """Collects what the requests lead to."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.templates: dict[str, Template] = {}
        self.single: dict[str, Template] = {}
        self.diagnostics: dict[str, Diagnostic] = {}
        self.named: set[str] = set()
        self.folders: set[str] = set()
        self.checked: set[str] = set()
        self.ignored: set[str] = set()

    def leaves_out(self, asked: Request) -> bool:
        """Whether a search for what is asked for would have left it out."""
        path = asked.directory / (asked.file or "")
        settings = self.choose(asked.directory, asked.root)
        return any(map(_vendored, asked.name.split("/"))) or settings.excludes(path, asked.file is None)

    def follow(self, asked: Request, files: Files) -> None:
        """Find what one request asks for."""
        if asked.file is None:
            self.folders.add(files.name(asked.directory))
            self.walk(asked, files)
            return
        path = asked.directory / asked.file
        place = _place(path, files) or files.name(path)
        self.named.add(place)
        if asked.alone:
            self.templates[place] = Template(place, (place,), files)
            return
        if asked.file.endswith((*TEMPLATES, *VARIABLES)):
            names, _ = self.list(asked.directory, files)
            self.add(asked.directory, _sorted({*names, asked.file} if asked.unsaved else names), files)
        self.add_file(path, files, named=not self.choose(asked.directory, asked.root).force_exclude)

    def walk(self, asked: Request, files: Files) -> None:
        """Search a directory and what is below and neither ignored nor excluded; no links are followed."""
        waiting = [(asked.directory, asked.name, _ignores_above(asked, files))]
        seen: set[tuple[int, int]] = set()
        while waiting:
            directory, name, ignores = waiting.pop()
            names, folders = self.list(directory, files)
            if ".gitignore" in names:
                ignores = (*ignores, *read_ignores(files, directory / ".gitignore", name))
            self.take(directory, name, names, files, ignores)
            inner = {it: _join(name, it) for it in reversed(folders) if not _vendored(it)}
            entered = [it for it in inner if not ignored(f"{inner[it]}/", ignores)]
            settings = self.choose(directory, asked.root) if entered else NOTHING_SAID
            for folder in entered:
                path = directory / folder
                # A junction or a mount may lead back to where the search has been.
                if not settings.excludes(path, directory=True) and _fresh(path, seen):
                    waiting.append((path, inner[folder], ignores))

    def take(self, directory: Path, name: str, names: list[str], files: Files, ignores: Ignores) -> None:
        """Take the templates of a directory, without those of which everything is ignored."""
        ours = [file for file in names if file.endswith((*TEMPLATES, *VARIABLES, JSON))]
        settings = self.choose(directory, files.root) if ours else NOTHING_SAID
        left = {
            file
            for file in ours
            if ignored(_join(name, file), ignores)
            or (settings.excluded and settings.excludes(directory / file))
        }
        if any(file.endswith(TEMPLATES) and file not in left for file in ours):
            self.add(directory, names, files)
            for file in ours:
                if file.endswith((*TEMPLATES, *AUTO_VARIABLES)):
                    path = directory / file
                    known = self.ignored if file in left else self.checked
                    known.add(_place(path, files) or files.name(path))
        for file in ours:
            if file not in left:
                self.add_file(directory / file, files)

    def add(self, directory: Path, names: list[str], files: Files) -> None:
        """Add the template of a directory, if it holds one that is not yet known."""
        path = files.name(directory)
        if path in self.templates or not any(file.endswith(TEMPLATES) for file in names):
            return
        loaded = [file for suffix in (*TEMPLATES, *AUTO_VARIABLES) for file in names if file.endswith(suffix)]
        places = {file: _place(directory / file, files) for file in loaded}
        found = {place: file for file, place in places.items() if place is not None}
        self.templates[path] = Template(
            path=path,
            documents=tuple(place for place, file in found.items() if file.endswith(TEMPLATES)),
            files=files,
            var_files=tuple(place for place, file in found.items() if file.endswith(AUTO_VARIABLES)),
            unread=tuple(files.name(directory / file) for file in loaded if places[file] is None),
        )

    def add_file(self, path: Path, files: Files, named: bool = False) -> None:
        """Add a file that is a template by itself, or one with variables, which Packer is given by name.

        A legacy template is told by its content, unless it is named.
        """
        place = _place(path, files)
        if path.name.endswith(TEMPLATES) or not (place or named):
            return
        if place is None:
            name = files.name(path)
            self.single[name] = Template(name, (), files, unread=(name,))
        elif path.name.endswith(VARIABLES):
            self.single[place] = Template(place, (), files, var_files=(place,))
        elif named or _is_legacy(place, files):
            self.single[place] = Template(place, (place,), files)
        if place in self.single and not named:
            self.checked.add(place)

    def list(self, directory: Path, files: Files) -> tuple[list[str], list[str]]:
        """The names of the files and of the directories in a directory, in the order of Packer's ReadDir."""
        names: list[str] = []
        folders: list[str] = []
        try:
            for inner, kind in witness.names(directory).items():
                (folders if kind == witness.FOLDER else names).append(inner)
        except OSError as error:
            name = files.name(directory)
            if not (isinstance(error, FileNotFoundError) and files.is_directory(name)):
                self.say(_unreadable(name, error))
        here, below = files.amended(directory, names, folders)
        return _sorted(here), _sorted(below)

    def say(self, diagnostic: Diagnostic) -> None:
        """Keep what is to be said of a path."""
        self.diagnostics[diagnostic.range.document.path] = diagnostic

    def result(self, base: Path | None, roots: frozenset[Path]) -> Discovery:
        """All that was found, in order."""
        loaded = {name for template in self.templates.values() for name in template.var_files}
        single = {path: template for path, template in self.single.items() if path not in loaded}
        return Discovery(
            templates=tuple(template for _, template in sorted((self.templates | single).items())),
            diagnostics=tuple(self.diagnostics[path] for path in sorted(self.diagnostics)),
            named=frozenset(self.named),
            folders=frozenset(self.folders),
            checked=frozenset(self.checked),
            context=frozenset(self.ignored - self.checked),
            base=base or Path(),
            roots=roots,
        )


def _place(path: Path, files: Files) -> str | None:
    """The name of a file, that of the real one behind a link; None where that lies outside the root."""
    # Not the methods of Path, some of which raise where a name is too long or a directory is closed.
    if not witness.is_link(path):
        return files.name(path)
    real = Path(witness.real(path))
    if not real.is_relative_to(files.root):
        return None
    same = witness.exists(real) and _kind(real.name) == _kind(path.name)
    return files.name(real if same else path)


def _kind(name: str) -> str:
    """What a file is read as by its name."""
    return next((suffix for suffix in (*TEMPLATES, *VARIABLES, JSON) if name.endswith(suffix)), TEMPLATES[0])


def _is_legacy(name: str, files: Files) -> bool:
    from packlint.legacy import is_legacy

    try:
        return is_legacy(files.read(name))
    except (OSError, ValueError):  # nobody asked for it, so nobody is told
        return False


def _sorted(names: Iterable[str]) -> list[str]:
    """In the order of Packer's ReadDir: by the bytes of the names."""
    return sorted(names, key=os.fsencode)


def _ignores_above(asked: Request, files: Files) -> Ignores:
    """The patterns from the root down to a named directory, save those that ignore it: it was asked for."""
    parts = asked.name.split("/") if asked.name else []
    folders = ["/".join(parts[:depth]) for depth in range(len(parts) + 1)]
    above = [*read_ignores(files, asked.root / ".git/info/exclude", "")]
    for folder in folders[:-1]:
        above += read_ignores(files, asked.root / folder / ".gitignore", folder)
    return tuple(
        (folder, patterns)
        for folder, patterns in above
        if not any(
            ignored(f"{below}/", ((folder, patterns),)) for below in folders if len(below) > len(folder)
        )
    )


def _vendored(folder: str) -> bool:
    return _VENDORED.match(folder) is not None


def _fresh(folder: Path, seen: set[tuple[int, int]]) -> bool:
    try:
        status = witness.status(folder)
    except OSError:
        return True
    known = (status.st_dev, status.st_ino) in seen
    seen.add((status.st_dev, status.st_ino))
    return not known


def _within(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _unreadable(name: str, error: OSError) -> Diagnostic:
    return Diagnostic(
        rule="unreadable-file",
        severity=Severity.ERROR,
        message=f"the directory `{name}` cannot be read: {reason(error)}",
        range=Range(Document(name, ""), 0, 0),
        hint="make it readable, or check other directories",
    )
