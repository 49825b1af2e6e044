"""Parts of a regular expression → how many ways lead through them, for a matcher that tries all of them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from packlint.named import NamedTuple


class Ways(NamedTuple):
    """How many choices there are at most, infinity among them, and the work for each of them.

    Their product bounds the time that the part takes from one place of a text on; parts in sequence multiply
    their choices.
    """

    choices: float
    work: float


ATOM = Ways(1, 1)


def sequence(parts: Iterable[Ways]) -> Ways:
    """One part after the other."""
    choices, work = 1.0, 1.0
    for part in parts:
        choices *= part.choices
        work += part.work
    return Ways(choices, work)


def either(branches: Iterable[Ways]) -> Ways:
    """Alternatives."""
    given = tuple(branches)
    return Ways(sum(branch.choices for branch in given), 1 + max(branch.work for branch in given))


def repeated(part: Ways, least: int, most: int | None, length: int) -> Ways:
    """A part so many times in a text of a length; no round but the required ones is empty."""
    longest = least + length + 1
    most = longest if most is None else max(least, min(most, longest))
    counts = most - least + 1
    if part.choices == 1:
        # Going on for `most` rounds is done once; each way out of it costs only what follows.
        return Ways(counts, 1 + most * part.work / counts)
    try:
        return Ways(counts * part.choices**most, 1 + most * part.work)
    except OverflowError:
        return Ways(math.inf, 1)
