"""What is wrong at a place of the text → the diagnostic that says so."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.diagnostic import Diagnostic, Related, Severity
from packlint.document import Document, Range
from packlint.record import record, replace

RULE = "syntax-error"

DEEPEST = 100
"""Levels of blocks and expressions that may stand in one another: later stages recurse over the nodes."""


@record
class Problem:
    """A syntax error at the offsets `[start, end)`; `related` points at one other place that explains it.

    `hides_rest` tells that nothing behind it can be trusted: a heredoc or a comment is not closed;
    `hides_all` that the text is of another kind altogether, `at_end` that something is open where the text
    ends, and `foreign` that another language is mixed in.
    """

    start: int
    end: int
    message: str
    hint: str | None = None
    related: tuple[int, int, str] | None = None
    hides_rest: bool = False
    hides_all: bool = False
    at_end: bool = False
    foreign: bool = False

    def placed(self, places: Sequence[int]) -> Problem:
        """The same where `places` has each offset of the text in another one."""
        related = self.related and (places[self.related[0]], places[self.related[1]], self.related[2])
        return replace(self, start=places[self.start], end=places[self.end], related=related)

    def shifted(self, by: int) -> Problem:
        """The same where the text begins at an offset of another one."""
        related = self.related and (self.related[0] + by, self.related[1] + by, self.related[2])
        return replace(self, start=self.start + by, end=self.end + by, related=related)

    def diagnostic(self, document: Document) -> Diagnostic:
        """The same, as it is told to the user."""
        related: tuple[Related, ...] = ()
        if self.related is not None:
            start, end, message = self.related
            related = (Related(Range(document, start, end), message),)
        place = Range(document, self.start, self.end)
        return Diagnostic(RULE, Severity.ERROR, self.message, place, related, hint=self.hint)


MOST = 2_500_000
"""Words, signs, pieces of text and comments of a file that are read."""


def too_many(at: int) -> Problem:
    """The problem of a text of more than `MOST` pieces."""
    return Problem(at, at, f"the file has more than {MOST:,} words and signs", "split it", hides_all=True)


TOLD = 100
"""Errors that are told of one file."""


def bounded(problems: list[Problem]) -> list[Problem]:
    """The first of them by place, and a word about the rest."""
    problems.sort(key=lambda problem: problem.start)
    if len(problems) <= TOLD:
        return problems
    message = f"there are more syntax errors from here on than the {TOLD} that are shown"
    return [*problems[:TOLD], Problem(problems[TOLD].start, problems[TOLD].end, message)]


def too_deep(start: int, end: int) -> Problem:
    """The problem of a text that nests more deeply than anything a person would write."""
    return Problem(start, end, f"this is nested more than {DEEPEST} levels deep", hides_rest=True)
