"""The patterns in a policy → how long a text they may be matched with, or why with none."""

from __future__ import annotations

from collections.abc import Iterable

from packlint.document import Range
from packlint.errors import PolicyError
from packlint.evaluate.functions.pattern import translated
from packlint.evaluate.giving_up import Failed, NotKnown
from packlint.syntax import Expression, Template, walk

LENGTHS = (1000, 256, 100, 32)
"""Characters of a text that a pattern is tried with; one that takes too long with the shortest is refused."""

HINT = "use fewer repetitions, none of them within another, and only what Go's regular expressions have"


def longest(patterns: Iterable[str], written: Expression) -> int:
    """How long a text may be that patterns are matched with, so that none of them takes too long.

    Raises PolicyError, at its place in what is `written`, for one that may take too long with any.
    """
    found = LENGTHS[0]
    for pattern in dict.fromkeys(patterns):
        length, because = _longest(pattern)
        if length is None:
            place = _place(written, pattern)
            raise PolicyError(f"this pattern cannot be used: {because}", HINT, place)
        found = min(found, length)
    return found


def _longest(pattern: str) -> tuple[int | None, str]:
    because = ""
    for length in LENGTHS:
        try:
            translated(pattern, length)
        except NotKnown as error:
            because = error.unknown.because
        except Failed as failed:
            return None, failed.reason
        else:
            return length, ""
    return None, because


def _place(expression: Expression, text: str) -> Range:
    """Where a text is written in an expression; all of that where it is computed."""
    for node in walk(expression):
        if isinstance(node, Template) and node.literal == text:
            return node.range
    return expression.range
