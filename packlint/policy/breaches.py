"""A block and a policy's schema → where the block is not as the schema says, with words for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.document import Range
from packlint.evaluate.budget import Budget
from packlint.named import NamedTuple
from packlint.policy.schema import BodyJudge
from packlint.policy.subjects import Subject, plain
from packlint.policy.words import Path, words
from packlint.value import Known, Unknown, Value

MOST_SAID = 8
"""Things that are said of one place."""


class Breaches(NamedTuple):
    """`words` say what is wrong at each place; `doubt` is why not all is known, empty where it is."""

    words: Mapping[Range, str]
    doubt: str = ""


def breaches(
    schema: BodyJudge, subject: Subject, total: Budget, place: Range | None, *, doubts: bool
) -> Breaches:
    """What is certainly wrong with a block, all at one place if there is one, else each where it is.

    With `doubts` also why more may be wrong. Raises TooLarge where that takes more than `total`.
    """
    body = plain(subject)
    said: dict[Range, dict[str, None]] = {}
    for violation in schema.violations(body, total):
        where = place or subject.at_path(violation.path)
        secret = any(it.sensitive for it in _along(subject.value, violation.path))
        clause = words(violation, body, secret)
        said.setdefault(where, {})[clause] = None
    found = {where: _joined([*clauses]) for where, clauses in said.items()}
    reason = ""
    if doubts and not found:
        reason = next((_reason(subject.value, path) for path in schema.doubts(body, total)), "")
    return Breaches(found, reason)


def _joined(clauses: list[str]) -> str:
    clauses = [*filter(None, clauses)]
    more = len(clauses) - MOST_SAID
    return "; ".join([*clauses[:MOST_SAID], *([f"and {more} more"] if more > 0 else [])])


def _along(value: Value, path: Path) -> Iterator[Value]:
    """A value, and what each part of a path leads to, as far as that is seen."""
    here: Value | None = value
    for part in (*path, None):
        if here is None:
            return
        yield here
        data = here.data if isinstance(here, Known) else None
        if isinstance(data, tuple):
            here = data[part] if isinstance(part, int) and part < len(data) else None
        else:
            here = data.get(str(part)) if isinstance(data, Mapping) else None


def _reason(value: Value, path: Path) -> str:
    """Why it is not known what a path leads to."""
    *_, last = _along(value, path)
    return last.because if isinstance(last, Unknown) else "not all of it is seen"
