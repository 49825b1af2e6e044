"""A word that names nothing → the candidate that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_WORD = 100
MOST_CANDIDATES = 200
"""Comparing words takes time; beyond these nobody is helped by a guess."""

SHORTEST_BEGINNING = 4

MOST_GUESSES = 20
"""For how many wrong names of a template the one that was meant is looked for."""


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, or None where none is like it.

    Letter case, the difference between `-` and `_` and the order of the candidates do not count.
    """
    if len(word) > LONGEST_WORD:
        return None
    wanted = _folded(word)
    by_folded = {_folded(candidate): candidate for candidate in sorted(candidates, reverse=True)}
    if len(by_folded) > MOST_CANDIDATES:
        by_folded = {folded: it for folded, it in by_folded.items() if folded[:2] == wanted[:2]}
    if len(by_folded) > MOST_CANDIDATES:
        return None
    by_folded = {folded: it for folded, it in by_folded.items() if len(folded) <= LONGEST_WORD}
    if not by_folded:
        return None
    import difflib

    near = difflib.get_close_matches(wanted, sorted(by_folded), n=1, cutoff=0.7)
    return by_folded[near[0]] if near and by_folded[near[0]] != word else None


def unabbreviated(word: str, candidates: Iterable[str]) -> str | None:
    """The only candidate that begins with `word`, as in `dest` for `destination`; None for a short word."""
    longer = [candidate for candidate in candidates if candidate.startswith(word)]
    return longer[0] if len(longer) == 1 and len(word) >= SHORTEST_BEGINNING else None


class Guesses:
    """What the wrong names of a template were probably meant to be, one lot of candidates for all of them.

    Only the first `MOST_GUESSES` different words are compared: a template with more was not misspelled.
    """

    def __init__(self, candidates: Iterable[str]) -> None:
        self._candidates = frozenset(candidates)
        self._found: dict[str, str | None] = {}

    def near(self, word: str) -> str | None:
        """The candidate most like `word`; None where none is, or the guesses are used up."""
        if word not in self._found and len(self._found) < MOST_GUESSES:
            self._found[word] = suggest(word, self._candidates)
        return self._found.get(word)


def _folded(word: str) -> str:
    return word.lower().replace("_", "-")
