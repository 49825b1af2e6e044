"""Two lists of lines → which of the new lines was which of the old ones, in time linear in their size."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

CLOSELY = 200
"""Lines; in a longer stretch without a line that occurs once, lines are taken for changed."""


def align(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For lines of `new` the line of `old` that each was; both count from 0, lines that are new are left out.

    Equal lines that occur once in both hold the two together, as in a patience diff; between these is looked
    closely only where little lies between.
    """
    anchors = _rising(_unique(old, new))
    pairs: dict[int, int] = {}
    start_old = start_new = 0
    for at_old, at_new in [*anchors, (len(old), len(new))]:
        _between(old, new, (start_old, at_old), (start_new, at_new), pairs)
        if at_new < len(new):
            pairs[at_new] = at_old
        start_old, start_new = at_old + 1, at_new + 1
    return pairs


def _unique(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of lines that occur once in both, in the order of the new ones."""
    here, there = Counter(new), Counter(old)
    places = {line: number for number, line in enumerate(old) if there[line] == 1}
    return [(places[line], number) for number, line in enumerate(new) if here[line] == 1 and line in places]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs that rise in both numbers; they come rising in the second."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (value, _) in enumerate(pairs):
        length = bisect_left(ends, value)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        last[length : length + 1] = [number]
    chosen = []
    number = last[-1] if last else -1
    while number >= 0:
        chosen.append(pairs[number])
        number = before[number]
    return chosen[::-1]


def _between(
    old: Sequence[str],
    new: Sequence[str],
    within_old: tuple[int, int],
    within_new: tuple[int, int],
    pairs: dict[int, int],
) -> None:
    """Pair the lines between two anchors: from both ends, and in a short middle as it fits best."""
    (low, high), (first, last) = within_old, within_new
    while low < high and first < last and old[low] == new[first]:
        pairs[first] = low
        low, first = low + 1, first + 1
    while low < high and first < last and old[high - 1] == new[last - 1]:
        high, last = high - 1, last - 1
        pairs[last] = high
    if low < high and first < last and max(high - low, last - first) <= CLOSELY:
        from difflib import SequenceMatcher

        matcher = SequenceMatcher(None, old[low:high], new[first:last], autojunk=False)
        for start_old, start_new, size in matcher.get_matching_blocks():
            pairs.update({first + start_new + step: low + start_old + step for step in range(size)})
