"""A run with findings → the texts after their fixes, each of them proven, and the run as it is then."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from packlint.diagnostic import Diagnostic, Fix
from packlint.document import Document
from packlint.errors import PacklintError
from packlint.files import Files, Unsaved, reason
from packlint.fix import applies, fix
from packlint.outcome import Outcome
from packlint.prove import NO_PLACE, objections
from packlint.record import field, record

MOST_RUNS = 50
"""How often a request is checked at most, the first time included: fixing takes so many times as long."""

LAYOUT = frozenset({"not-canonical-format"})
"""Rules whose fixes come last, for they touch whole files, and whose findings other fixes may cause."""

BOM = "\ufeff"

Said = tuple[str, str, str]
"""What a finding is known by while places move: its rule, its path and its message."""


@record
class Changed:
    """A file before and after: its documents, and its bytes; `path` is the file itself, links followed.

    With `bom` the bytes begin with a mark that the documents do not have.
    """

    path: Path
    old: Document
    new: Document
    before: bytes
    after: bytes
    bom: bool = False


@record
class Mended:
    """What came of fixing.

    `changes` are sorted by the names of the files. `applied` are the findings that were fixed, `refused`
    those that could have been, with the reason why not, and `unsafe` is how many fixes were not asked for.
    `barred` are the files that were to be changed and must not be, with the reasons. `first` and `outcome`
    are the runs before and after.
    """

    changes: tuple[Changed, ...]
    applied: tuple[Diagnostic, ...]
    refused: tuple[tuple[Diagnostic, str], ...]
    unsafe: int
    barred: tuple[tuple[str, str], ...]
    first: Outcome
    outcome: Outcome


def mend(
    run: Callable[[Sequence[Unsaved]], Outcome],
    first: Outcome,
    *,
    unsafe: bool = False,
    asked: Callable[[Diagnostic], bool] = lambda diagnostic: True,
    barrier: Callable[[Path], str | None] = lambda path: None,
) -> Mended:
    """Fix what can be fixed, in memory.

    `run` checks what `first` did, with texts in the place of files; both have to show all findings of the
    templates that are read, since a fix may cause one in a file that nobody named. Only findings that are
    `asked` for are fixed. `barrier` says why a file must not be changed, if so.

    Safe fixes come first, then others if they are wanted, then the layout. All of a kind that do not touch
    the same text are applied and proven together, which takes one run. Where something speaks against them,
    only half as many are tried in the folder that it speaks of, down to one by one. The whole ends after
    `MOST_RUNS` runs, whatever is left.
    """
    mending = _Mending(run, first, unsafe, asked, barrier)
    while mending.step():
        pass
    return mending.result()


@record(frozen=False)
class _Original:
    """A file as it was found."""

    path: Path
    document: Document
    data: bytes
    bom: bool

    def encoded(self, document: Document) -> bytes:
        """The bytes of a later text of the file, with the mark that the document does not have."""
        return ((BOM if self.bom else "") + document.text).encode()


@record(frozen=False)
class _Mending:
    """The state between two rounds: the texts so far, and the run that shows what they are worth."""

    run: Callable[[Sequence[Unsaved]], Outcome]
    first: Outcome
    unsafe: bool
    asked: Callable[[Diagnostic], bool]
    barrier: Callable[[Path], str | None]
    texts: dict[str, Document] = field(default_factory=dict)
    originals: dict[str, _Original] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    applied: list[Diagnostic] = field(default_factory=list)
    refused: list[tuple[Diagnostic, str]] = field(default_factory=list)
    barred: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    runs: int = 1
    outcome: Outcome = field(init=False)
    untidy: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.outcome = self.first
        self.untidy = frozenset(it.range.document.path for it in self.first.diagnostics if it.rule in LAYOUT)

    def again(self, documents: Sequence[Document]) -> Outcome:
        """Run with the texts so far and some more."""
        self.runs += 1
        texts = self.texts | {document.path: document for document in documents}
        originals = ((self.originals[name], document) for name, document in texts.items())
        return self.run([Unsaved(it.encoded(document), it.path) for it, document in originals])

    def step(self) -> bool:
        """Try some fixes; False where there are no more."""
        for kind in (self.is_safe, self.is_unsafe, self.is_layout):
            if candidates := [*self.candidates(kind)]:
                break
        else:
            return False
        if self.runs >= MOST_RUNS:
            # Each round mends something, halves a limit or refuses a fix, but there may be many.
            self.refused += ((it, f"the request was checked {MOST_RUNS} times by then") for it in candidates)
            return False
        chosen = [*self.within_limits(candidates)]
        documents, left = fix(_fix(it) for it in chosen)
        waiting = {id(it) for it in left}
        chosen = [it for it in chosen if id(it.fix) not in waiting]
        try:
            after = self.again(documents)
        except PacklintError as error:
            self.blame(chosen, {None: str(error)})
            return True
        reasons: dict[str | None, str] = {}
        later = frozenset() if kind == self.is_layout else LAYOUT
        for it in objections(chosen, self.outcome, after, later):
            reasons.setdefault(posixpath.dirname(it.path), it.reason)
        if reasons:
            self.blame(chosen, reasons)
        else:
            self.accept(chosen, documents, after)
        return True

    def candidates(self, kind: Callable[[Diagnostic], bool]) -> Iterator[Diagnostic]:
        """The findings of a kind that have a fix which may still be applied."""
        skipped = Counter(_said(it) for it, _ in self.refused)
        for it in self.outcome.diagnostics:
            if it.fix is None or not kind(it):
                continue
            if skipped[_said(it)] > 0:
                skipped[_said(it)] -= 1
            elif why := self.hindrance(it.fix):
                self.refused.append((it, why))
            else:
                yield it

    def is_safe(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is asked for and mended by a safe fix."""
        fix_ = diagnostic.fix
        return fix_ is not None and fix_.safe and diagnostic.rule not in LAYOUT and self.asked(diagnostic)

    def is_unsafe(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is mended by a fix that is not safe, and these are wanted."""
        fix_ = diagnostic.fix
        wanted = self.unsafe and fix_ is not None and not fix_.safe
        return wanted and diagnostic.rule not in LAYOUT and self.asked(diagnostic)

    def is_layout(self, diagnostic: Diagnostic) -> bool:
        """Whether the layout of a file is asked for, or was in order before other fixes."""
        path = diagnostic.range.document.path
        spoiled = path in self.texts and path not in self.untidy
        return diagnostic.rule in LAYOUT and (spoiled or self.asked(diagnostic))

    def hindrance(self, wanted: Fix) -> str | None:
        """Why a fix cannot be applied, if so."""
        documents = {edit.range.document.path: edit.range.document for edit in wanted.edits}
        for name, document in documents.items():
            if name not in self.originals and name not in self.closed:
                found = self.read(name, document)
                if isinstance(found, str):
                    self.closed[name] = found
                else:
                    self.originals[name] = found
            if name in self.closed:
                return f"`{name}` is not changed: {self.closed[name]}"
        return None if applies(wanted) else NO_PLACE

    def read(self, name: str, document: Document) -> _Original | str:
        """A file as it was found, or why it is not to be changed; `document` is what was read of it."""
        files = self.files_of(name)
        if files is None:
            return "it lies outside the checked root"
        try:
            path, data = files.locate(name), files.read(name)
            text = data.decode()
        except (OSError, ValueError) as error:
            return "it is not UTF-8" if isinstance(error, UnicodeError) else reason(error)
        if ".git" in path.relative_to(files.root).parts:
            return "it belongs to git"
        if why := self.barrier(path):
            self.barred[name] = why
            return why
        bom = text == BOM + document.text
        if not bom and text != document.text:
            return "it has changed meanwhile"
        return _Original(path, document, data, bom)

    def files_of(self, name: str) -> Files | None:
        """The reader of the checked root in which a file lies."""
        roots = {it.template.files.root: it.template.files for it in self.first.configurations}
        for files in roots.values():
            try:
                files.locate(name)
            except (OSError, ValueError):
                continue
            return files
        return None

    def within_limits(self, candidates: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
        """The first findings of each folder, as many as are tried there."""
        taken: Counter[str] = Counter()
        for it in candidates:
            taken[_home(it)] += 1
            if taken[_home(it)] <= self.limits.get(_home(it), len(candidates)):
                yield it

    def blame(self, chosen: Sequence[Diagnostic], reasons: dict[str | None, str]) -> None:
        """Try less where something speaks against fixes; a fix that is alone there is refused.

        `reasons` has one by folder. What lies in no folder that was changed may be the fault of any.
        """
        homes: dict[str, list[Diagnostic]] = {}
        for it in chosen:
            homes.setdefault(_home(it), []).append(it)
        blamed = {
            home: why
            for home, findings in homes.items()
            if (why := next((reasons[it] for it in reasons if it in _folders(findings)), None))
        }
        for home, why in (blamed or dict.fromkeys(homes, next(iter(reasons.values())))).items():
            findings = homes[home]
            if len(findings) > 1:
                self.limits[home] = len(findings) // 2
            else:
                self.refused.append((findings[0], why))
                self.limits.pop(home, None)

    def accept(self, chosen: Sequence[Diagnostic], documents: Sequence[Document], after: Outcome) -> None:
        """Keep what is proven, and try more at once where little was tried."""
        self.applied += chosen
        self.texts |= {document.path: document for document in documents}
        self.outcome = after
        self.limits = {home: 2 * limit for home, limit in self.limits.items()}

    def result(self) -> Mended:
        """What came of it all."""
        changes = []
        for name, document in sorted(self.texts.items()):
            it = self.originals[name]
            data = it.encoded(document)
            if data != it.data:
                changes.append(Changed(it.path, it.document, document, it.data, data, it.bom))
        shown = self.outcome.diagnostics
        unsafe = sum(it.fix is not None and not it.fix.safe and self.asked(it) for it in shown)
        return Mended(
            changes=tuple(changes),
            applied=tuple(self.applied),
            refused=tuple(self.refused),
            unsafe=0 if self.unsafe else unsafe,
            barred=tuple(sorted(self.barred.items())),
            first=self.first,
            outcome=self.outcome,
        )


def _fix(diagnostic: Diagnostic) -> Fix:
    assert diagnostic.fix is not None
    return diagnostic.fix


def _said(diagnostic: Diagnostic) -> Said:
    return diagnostic.rule, diagnostic.range.document.path, diagnostic.message


def _home(diagnostic: Diagnostic) -> str:
    """The folder that a finding stands in."""
    return posixpath.dirname(diagnostic.range.document.path)


def _folders(findings: Sequence[Diagnostic]) -> set[str]:
    """The folders of findings, and of the files that their fixes change."""
    paths = {edit.range.document.path for it in findings for edit in _fix(it).edits}
    return {posixpath.dirname(path) for path in paths} | {_home(it) for it in findings}
