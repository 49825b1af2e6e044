"""The text of LALR tables → what to do in a state, read line by line as states are met.

A small template meets a tenth of the states; the others stay text.
"""

from __future__ import annotations

_HEAD = 5


class Tables:
    """`quick` has the patterns that the tables bear out; `punctuation` the terminal of each sign."""

    def __init__(self, text: str) -> None:
        self._lines = lines = text.split("\n")
        made_of = lines[1].split(" ")
        self.made_of = dict(zip(made_of[::2], made_of[1::2], strict=True))
        self.quick = frozenset(lines[2].split(" "))
        signs = lines[3].split(" ")
        self.punctuation = dict(zip(signs[::2], signs[1::2], strict=True))
        self.start, self.end, rules, columns, self.states = map(int, lines[4].split(" "))
        self._columns = _HEAD + rules
        self._rows = self._columns + columns

    def row(self, state: int) -> dict[str, int]:
        """By symbol the state to go to, or the rule to apply as -1 - its number."""
        column, *actions = map(int, self._lines[self._rows + state].split(" "))
        symbols = self._lines[self._columns + column].split()
        if len(actions) == 1:
            return dict.fromkeys(symbols, actions[0])
        return dict(zip(symbols, actions, strict=True))

    def rule(self, number: int) -> tuple[str, str, int, bool, tuple[tuple[int, bool], ...] | None]:
        """Origin, name, size, whether one child stands for the rule, and what is kept of the children.

        That is their positions, and whether a child is a list that is to be spliced in; None is all of them.
        """
        origin, name, size, one, *keeps = self._lines[_HEAD + number].split(" ")
        kept = (
            tuple((int(keep.rstrip("*")), keep.endswith("*")) for keep in keeps) if keeps != ["all"] else None
        )
        return origin, name, int(size), one == "one", kept
