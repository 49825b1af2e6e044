"""A word that names nothing → the candidate that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_WORD = 100
MOST_CANDIDATES = 200
"""Comparing words takes time; beyond these nobody is helped by a guess."""


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, or None where none is like it.

    Letter case, the difference between `-` and `_` and the order of the candidates do not count.
    """
    import difflib

    if len(word) > LONGEST_WORD:
        return None
    wanted = _folded(word)
    by_folded = {_folded(candidate): candidate for candidate in sorted(candidates, reverse=True)}
    if len(by_folded) > MOST_CANDIDATES:
        by_folded = {folded: it for folded, it in by_folded.items() if folded[:2] == wanted[:2]}
    if len(by_folded) > MOST_CANDIDATES:
        return None
    by_folded = {folded: it for folded, it in by_folded.items() if len(folded) <= LONGEST_WORD}
    near = difflib.get_close_matches(wanted, sorted(by_folded), n=1, cutoff=0.7)
    return by_folded[near[0]] if near and by_folded[near[0]] != word else None


def _folded(word: str) -> str:
    return word.lower().replace("_", "-")
