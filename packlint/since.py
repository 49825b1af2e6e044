"""What is to be checked and a revision → the lines changed since, and the texts of the files as they were."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from packlint.changed import changed_lines, limited, renames
from packlint.document import Document
from packlint.files import LARGEST, Files, Gone, Unsaved
from packlint.git import Entry, Repository
from packlint.outcome import Outcome
from packlint.request import JSON, TEMPLATES, VARIABLES, base, request

MOST_RENAMES = 2_500
"""Pairs of a file that is gone and one that is new that are compared; of more, none is taken for renamed."""

LARGE = 1024 * 1024
"""Bytes; a larger file that is no template is taken for empty, as it was then."""

Paths = Sequence[Path | Unsaved]


class Since:
    """What has changed since a revision, which is compared with the files as they lie on the disk.

    The changes are those since the newest commit that `revision` and HEAD have in common, as a pull request
    shows them, with what is not committed. Raises UsageError where git cannot tell.
    """

    def __init__(self, revision: str, paths: Paths, root: Path | None = None) -> None:
        requests = [request(path, root) for path in paths]
        roots = {it.root for it in requests}
        self.base = base(roots) or Path()
        self.texts: list[Unsaved] = []
        self.old: dict[Path, bytes] = {}
        self.known: set[Path] = set()
        self.converting: set[Path] = set()
        self._lines: dict[str, tuple[str, frozenset[int]]] = {}
        self._was: Outcome | None = None
        unsaved = {it.unsaved.path: it.unsaved.data for it in requests if it.unsaved and it.unsaved.path}
        for found in sorted(roots):
            _Comparison(self, Repository(found), found, unsaved).compare(revision)
        self.paths = [it for it in map(self._before, paths) if it is not None]

    def limit(self, outcome: Outcome, again: Callable[[Paths, Sequence[Unsaved]], Outcome]) -> Outcome:
        """The outcome with nothing but what the changes brought; `again` runs the same over other texts."""
        if not self.paths:
            return limited(outcome, self.lines, None)
        if not (self.texts and outcome.diagnostics):
            return limited(outcome, self.lines, outcome)  # nothing has changed, or there is nothing to tell
        if self._was is None:
            self._was = again(self.paths, self.texts)
        return limited(outcome, self.lines, self._was)

    def lines(self, document: Document) -> frozenset[int]:
        """The changed lines of a document: all of a file that the commit has not, and that git may ignore."""
        text, lines = self._lines.get(document.path, (None, frozenset[int]()))
        if text != document.text:
            lines = self._changed(self.base / document.path, document)
            self._lines[document.path] = (document.text, lines)
        return lines

    def _changed(self, path: Path, document: Document) -> frozenset[int]:
        if path in self.old:
            old = self.old[path].decode(errors="replace")
            return changed_lines(old, document.text, converts=path in self.converting)
        if path in self.known or not os.path.lexists(path):
            return frozenset()
        return frozenset(range(1, document.line_count + 1))

    def _before(self, path: Path | Unsaved) -> Path | Unsaved | None:
        """What stood for a path then; None where nothing did."""
        if not isinstance(path, Unsaved):
            return path
        if path.path is None:
            return None
        real = Path(os.path.realpath(path.path))
        texts = {Path(os.path.realpath(it.path)): it for it in self.texts if it.path is not None}
        if real in texts:
            return None if isinstance(texts[real], Gone) else texts[real]
        return path


class _Comparison:
    """Compares the files below one root with those of a commit."""

    def __init__(self, since: Since, repository: Repository, root: Path, unsaved: dict[Path, bytes]) -> None:
        self.since = since
        self.repository = repository
        self.root = root
        self.unsaved = unsaved
        self.files = Files(root, since.base)
        self.converts = repository.converts

    def compare(self, revision: str) -> None:
        """Tell `since` of every file that is not as it was."""
        was = self.repository.tree(self.repository.common(revision), self.root)
        was = {path: entry for path, entry in was.items() if entry.is_file}
        self.since.known |= was.keys()
        different = {path: entry for path, entry in was.items() if not self.is_same(path, entry)}
        added = self.added(was)
        contents = self.repository.contents(
            {entry.oid: LARGEST if _is_ours(path) else LARGE for path, entry in sorted(different.items())}
        )
        then = {path: contents.get(entry.oid, b"") for path, entry in different.items()}
        gone = {path: text for path, text in then.items() if not self.is_there(path)}
        renamed = self.renamed(gone, added)
        for path, text in then.items():
            if path not in renamed.values():
                self.differs(path, text)
        for path in added:
            if path in renamed:
                self.differs(path, gone[renamed[path]])
            else:
                self.since.texts.append(Gone(b"", path))

    def added(self, was: dict[Path, Entry]) -> dict[Path, bytes]:
        """The files that the commit has not, with what is in those that may be read."""
        names = {*self.repository.names(self.root), *self.unsaved}
        return {
            path: self.now(path) or b""
            for path in sorted(names)
            if path not in was and path.is_relative_to(self.root) and self.is_there(path)
        }

    def differs(self, path: Path, text: bytes) -> None:
        """A file had that text."""
        self.since.texts.append(Unsaved(self.checked_out(path, text), path))
        self.since.old[path] = text
        if self.converts:
            self.since.converting.add(path)

    def is_same(self, path: Path, entry: Entry) -> bool:
        """Whether a file is as it was, or is none that can be compared: a link, or too large."""
        if not self.is_there(path):
            return os.path.islink(path)  # noqa: PTH114 - Path.is_link raises for some names
        text = self.now(path)
        if text is None:
            return True
        texts = (text, text.replace(b"\r\n", b"\n")) if self.converts else (text,)
        return any(_oid(it, len(entry.oid)) == entry.oid for it in texts)

    def is_there(self, path: Path) -> bool:
        """Whether there is a regular file, and no link."""
        return path in self.unsaved or (os.path.isfile(path) and not os.path.islink(path))  # noqa: PTH113, PTH114

    def now(self, path: Path) -> bytes | None:
        """What a file holds, as far as it may be read."""
        if path in self.unsaved:
            return self.unsaved[path]
        try:
            return self.files.read(self.files.name(path))
        except (OSError, ValueError):
            return None

    def checked_out(self, path: Path, text: bytes) -> bytes:
        """What git would have made of a text: where it gives files CRLF, those of the file that is there."""
        now = self.now(path) if self.converts and b"\r" not in text else None
        return text.replace(b"\n", b"\r\n") if now is not None and b"\r\n" in now else text

    def renamed(self, gone: dict[Path, bytes], added: dict[Path, bytes]) -> dict[Path, Path]:
        """The old path of each template and variable file that has another one now."""
        old = {str(path): text for path, text in gone.items() if _is_ours(path)}
        new = {str(path): text for path, text in added.items() if _is_ours(path)}
        if len(old) * len(new) > MOST_RENAMES:
            return {}
        return {Path(after): Path(before) for after, before in renames(old, new).items()}


def _is_ours(path: Path) -> bool:
    return path.name.endswith((*TEMPLATES, *VARIABLES, JSON))


def _oid(text: bytes, digits: int) -> str:
    """The name that git has for a content."""
    kind = hashlib.sha256 if digits == 64 else hashlib.sha1
    return kind(b"blob %d\0" % len(text) + text, usedforsecurity=False).hexdigest()
