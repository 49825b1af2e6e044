"""The findings of a run, the lines that have changed, and the findings of before → those of the change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.identity import Identity, identities
from packlint.outcome import Outcome
from packlint.record import replace
from packlint.settings import UNREAD

ALWAYS = UNREAD | {"internal-error"}
"""Rules of which everything is told: what was not checked must not look checked."""

SIMILAR = 0.5
"""How much of the longer of two files the lines in both have to make up, for one to be the other renamed."""


Lines = Callable[[Document], frozenset[int]]
"""Tells which lines of a document have changed, counted from 1."""


def limited(outcome: Outcome, lines: Lines, before: Outcome | None) -> Outcome:
    """The outcome with nothing but what a change brought.

    That is what touches a changed line, with its own place or a related one, and what `before`, the run over
    the files as they were, did not find, wherever it stands; None is a run over nothing.
    """
    old = Counter(() if before is None else identities(before.diagnostics, before.syntax))
    kept: set[int] = set()
    unchanged: list[tuple[int, Identity]] = []
    for number, (diagnostic, identity) in enumerate(
        zip(outcome.diagnostics, identities(outcome.diagnostics, outcome.syntax), strict=True)
    ):
        if diagnostic.rule in ALWAYS or _touches(diagnostic, lines):
            kept.add(number)
        else:
            unchanged.append((number, identity))
    for number, identity in unchanged:
        if old[identity] <= 0:
            kept.add(number)
        old[identity] -= 1
    return replace(
        outcome,
        diagnostics=tuple(it for number, it in enumerate(outcome.diagnostics) if number in kept),
        suppressed=tuple(it for it in outcome.suppressed if _touches(it, lines)),
    )


def _touches(diagnostic: Diagnostic, lines: Lines) -> bool:
    places = (diagnostic.range, *(it.range for it in diagnostic.related))
    return any(_spans(place, lines(place.document)) for place in places)


def _spans(place: Range, lines: frozenset[int]) -> bool:
    """Whether one of the lines has a part of a place, which ends before its last line break."""
    if not lines:
        return False
    end = max(place.start, place.end - 1)
    first, last = place.first.line, place.document.position(end).line
    if last - first < len(lines):
        return any(line in lines for line in range(first, last + 1))
    return any(first <= line <= last for line in lines)


def renames(gone: Mapping[str, bytes], added: Mapping[str, bytes]) -> dict[str, str]:
    """The old name of each added file that is a file which is gone under a new name, the most alike first."""
    old = {name: Counter(text.split(b"\n")) for name, text in sorted(gone.items())}
    new = {name: Counter(text.split(b"\n")) for name, text in sorted(added.items())}
    pairs = [(_likeness(old[before], new[after]), before, after) for before in old for after in new]
    found: dict[str, str] = {}
    for likeness, before, after in sorted(pairs, key=lambda it: (-it[0], it[1:])):
        if likeness >= SIMILAR and after not in found and before not in found.values():
            found[after] = before
    return found


def _likeness(one: Counter[bytes], other: Counter[bytes]) -> float:
    return (one & other).total() / max(one.total(), other.total())


def changed_lines(old: str, new: str, *, converts: bool = False) -> frozenset[int]:
    """The lines of `new`, counted from 1, that are not in `old`; with `converts`, CRLF is as good as LF."""
    from packlint.align import align

    then, now = (
        [line.removesuffix("\r") if converts else line for line in text.removeprefix("\ufeff").split("\n")]
        for text in (old, new)
    )
    same = align(then, now)
    return frozenset(number + 1 for number in range(len(now)) if number not in same)
