"""Nouns for everything told to the user: what a rule found, how bad it is, and how it may be mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import total_ordering

from packlint.document import Document, Range
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@total_ordering
class Severity(Enum):
    """How bad a finding is; the names are SARIF's levels."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for a note, 1 for a warning, 2 for an error."""
        return _RANKS[self.value]

    def __lt__(self, other: Severity) -> bool:
        return self.rank < other.rank

    def softened(self, steps: int = 1) -> Severity:
        """So many steps milder; a note stays a note."""
        return (Severity.NOTE, Severity.WARNING, Severity.ERROR)[max(0, self.rank - steps)]


_RANKS = {"note": 0, "warning": 1, "error": 2}


@record
class Related:
    """Another place that explains a finding, and what is to be seen there."""

    range: Range
    message: str


@record
class Edit:
    """The text that would stand in place of `range`."""

    range: Range
    replacement: str


@record
class Fix:
    """A change that mends a finding; a safe one keeps the meaning or changes only what is broken."""

    message: str
    edits: tuple[Edit, ...]
    safe: bool = True


@record
class Finding:
    """All that a rule may say; its name and severity come from the rule's metadata.

    `softened` lowers the severity by a step, or by that many, for a finding that is likely but excusable.
    """

    range: Range
    message: str
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    hint: str | None = None
    softened: int = 0


@record
class Suppression:
    """Who has excused a diagnostic: a waiver beside the code or in the settings, or a baseline.

    `reason` is what was written down for it, "" where nothing was; `range` is the waiver in the template
    or in the settings; a baseline has none.
    """

    kind: Literal["waiver", "settings", "baseline"]
    reason: str = ""
    range: Range | None = None


@record
class Diagnostic:
    """Something told to the user: a finding under the name and severity of its rule.

    One with a `suppression` does not count, and only those are told of it who ask.
    """

    rule: str
    severity: Severity
    message: str
    range: Range
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    hint: str | None = None
    suppression: Suppression | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The order in which diagnostics leave every stage: path, start, end, rule, message."""
        return (*self.range.order, self.rule, self.message)

    @classmethod
    def of(cls, rule: str, severity: Severity, finding: Finding) -> Diagnostic:
        """A finding under the name of its rule; `severity` is the rule's, before softening."""
        return cls(
            rule=rule,
            severity=severity.softened(finding.softened),
            message=finding.message,
            range=finding.range,
            related=finding.related,
            fix=finding.fix,
            hint=finding.hint,
        )


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted, and each said once although a file may belong to several templates."""
    by_order = {diagnostic.order: diagnostic for diagnostic in diagnostics}
    return tuple(by_order[order] for order in sorted(by_order))


def shown_in(diagnostics: Sequence[Diagnostic]) -> list[Document]:
    """The documents that a report may show something of: code, or what a fix would write."""
    places = [place for it in diagnostics for place in (it.range, *(also.range for also in it.related))]
    places += (edit.range for it in diagnostics if it.fix for edit in it.fix.edits)
    return list({place.document.path: place.document for place in places}.values())
