"""Tokens, and the tables of a grammar → what a builder makes of them, reduced rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from packlint.parse.tables import Tables
from packlint.parse.token import LABEL, STRING, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

UNCHANGED = frozenset(("identifier", "keyword", "literal_value", "string_part", "binary_operator"))
"""Rules that stand for the one thing that they are made of."""

_LINE_BREAKS = "__new_line_or_comment_plus_"  # Lark puts a number behind it
READY = UNCHANGED | {"expr_term", "template_string", "int_lit", "float_lit"}
READY |= {"new_line_or_comment", _LINE_BREAKS}
"""Rules that do so as well where operands come as finished nodes, and line breaks as nothing."""


KEYWORDS = {word: word.upper() for word in ("for", "else", "endif", "endfor", "null", "true", "false")}
"""Names that are keywords wherever the grammar has these; `in` and `if` are told apart by the scanner."""


Reduction: TypeAlias = (
    "tuple[int, str, tuple[tuple[int, bool], ...] | None, bool, Callable[[list[Any]], Any], bool]"
)
"""A rule to apply: its size and origin, which values it keeps, whether one of them is enough, what makes the
value, and whether it is a unit.

Kept are positions, with whether the value there is a list that is to be spliced in; None keeps all. A unit
takes one value and gives it back.
"""


class Rows(dict[int, dict[str, "Any"]]):
    """By state what to do: for a token, the state to go to or the rule to apply; for a rule, the state."""

    def __init__(self, tables: Tables, builder: object, unchanged: frozenset[str]) -> None:
        self._tables, self._builder, self._unchanged = tables, builder, unchanged
        self._reductions: dict[int, Reduction] = {}

    def __missing__(self, state: int) -> dict[str, Any]:
        row: dict[str, Any] = self._tables.row(state)
        for symbol, action in row.items():
            if action < 0:
                row[symbol] = self._reductions.get(action) or self._reduction(action)
        self[state] = row
        return row

    def _reduction(self, action: int) -> Reduction:
        origin, name, size, one, keeps = self._tables.rule(-1 - action)
        if name.startswith(_LINE_BREAKS):
            name = _LINE_BREAKS
        make = getattr(self._builder, name, _itself)
        one = one or name in UNCHANGED
        unit = size == 1 and (name in self._unchanged or (one and keeps is None))
        found = self._reductions[action] = size, origin, keeps, one, make, unit
        return found


def _itself(children: list[Any]) -> list[Any]:
    return children


class Parser:
    """The parser; `builder` has a method for each rule of the grammar that it wants to see reduced."""

    def __init__(self, tables: Tables, builder: object, unchanged: frozenset[str] = UNCHANGED) -> None:
        self.rows = Rows(tables, builder, unchanged)
        self.start, self.end = tables.start, tables.end
        self._passed: dict[tuple[int, str, str], tuple[int, Any]] = {}

    def path(self, *names: str) -> list[int]:
        """The states after some tokens, from the beginning on."""
        states = [self.start]
        values: list[Any] = []
        for name in names:
            action = self.reduced(states, values, name)
            states += [] if action is None else [action]
            values.append(None)
        return states

    def parse(self, tokens: Iterable[Token]) -> Any:
        """What the builder makes of the start rule; raises `UnexpectedTokenError` where it cannot go on."""
        rows = self.rows
        states = [self.start]
        values: list[Any] = []
        last = 0
        for token in tokens:
            name = token.type
            if name == "NAME":
                keyword = KEYWORDS.get(token.value)
                if keyword is not None and token.detail is None and keyword in rows[states[-1]]:
                    token.type = name = keyword
            elif name == STRING:
                token.type = name = "TEMPLATE_STRING"
            elif name == LABEL:
                self._resolved(states, values, token, "DBLQUOTE")
                states.append(rows[states[-1]]["string"])  # a label is a string, and nothing in it matters
                values.append(token)
                continue
            action = rows[states[-1]].get(name)
            if type(action) is not int:
                action = self._resolved(states, values, token, name)
            states.append(action)
            values.append(token)
            last = token.end_pos
        self._resolved(states, values, Token("$END", "", last, last), "$END")
        return values[-1]

    def _resolved(self, states: list[int], values: list[Any], token: Token, name: str) -> int:
        action = self.reduced(states, values, name)
        if action is None:
            raise UnexpectedTokenError(token, values)
        return action

    def reduced(self, states: list[int], values: list[Any], name: str, until: str = "") -> int | None:
        """Applies rules until a token can be shifted, or the end is reached; gives the state behind it.

        It is None where the token cannot stand, and where the rule of the name `until` would be next.
        """
        passed = self._passed
        action = self.rows[states[-1]].get(name)
        while action is not None and action.__class__ is not int:
            size, origin, keeps, expands_one, make, unit = action
            if unit:
                del states[-1]
            elif origin == until:
                return None
            else:
                children: list[Any] = []
                if size:
                    children = values[-size:]
                    del states[-size:], values[-size:]
                    if keeps is not None:
                        children = _kept(children, keeps)
                values.append(children[0] if expands_one and len(children) == 1 else make(children))
            key = (states[-1], origin, name)
            found = passed.get(key)
            if found is None:
                found = passed[key] = self._behind_units(*key)
            state, action = found
            states.append(state)
        return action

    def _behind_units(self, below: int, origin: str, name: str) -> tuple[int, Any]:
        """The state behind a rule and those that change no value, and what is to be done in it.

        A ladder of precedences has many of them.
        """
        while True:
            state = self.rows[below][origin]
            if state == self.end and name == "$END":
                return state, state
            action = self.rows[state].get(name)
            if action is None or action.__class__ is int:
                return state, action
            _, origin, _, _, _, unit = action
            if not unit:
                return state, action


def _kept(children: list[Any], keeps: tuple[tuple[int, bool], ...]) -> list[Any]:
    kept: list[Any] = []
    for position, spliced in keeps:
        if not spliced:
            kept.append(children[position])
        elif kept:
            kept += children[position]
        else:  # a list that grows to the right stays the same one
            kept = children[position]
    return kept


class UnexpectedTokenError(Exception):
    """A token that the grammar does not allow where it stands; `values` is what was read before it."""

    def __init__(self, token: Token, values: list[Any]) -> None:
        super().__init__(token.type)
        self.token = token
        self.values = values
