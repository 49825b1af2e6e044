"""Tokens and rules of one value → the stack of an LALR parser, and what is open there."""

from __future__ import annotations

import re

from packlint.document import Document
from packlint.parse.doubt import DoubtError
from packlint.parse.driver import Parser
from packlint.parse.problem import DEEPEST
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ITEM = "attribute"
"""The rule that a value ends with: what is below it on the stack is not read here."""

_DEEPEST = DEEPEST // 4


@record
class Heredoc:
    """An open heredoc: what finds its last line, where that begins, and where its marker ends."""

    last: re.Pattern[str]
    line: int
    end: int


class Stack:
    """The parser's states and values behind the `=`, and where the text is read on.

    `frames` holds the brackets, quotes and heredocs that are open; `ended` tells that an operand stands
    before, and `last` is the terminal or rule before. `deepest` and `operators` bound how deep it nests.
    """

    def __init__(self, document: Document, parser: Parser, states: list[int]) -> None:
        self.document, self.text = document, document.text
        self.rows, self.reduced = parser.rows, parser.reduced
        self.states = states.copy()
        self.values: list[Any] = [None] * (len(states) - 1)
        self.frames: list[str] = []
        self.heredocs: list[Heredoc] = []  # those of `frames`
        self.ended = False
        self.last = "EQ"
        self.at = self.deepest = self.operators = 0

    def push_whole(self, terminal: str, rule: str, value: object) -> None:
        """Gives the parser what a rule stands for, without its tokens; `terminal` is the first of them."""
        states = self.states
        if self.reduced(states, self.values, terminal, ITEM) is None:
            raise DoubtError
        after = self.rows[states[-1]].get(rule)
        if after is None:
            raise DoubtError
        states.append(after)
        self.values.append(value)
        self.last = rule
        self.ended = True

    def push(self, name: str, value: object) -> None:
        """Gives the parser a token."""
        states = self.states
        action = self.rows[states[-1]].get(name)
        if action.__class__ is not int:
            action = self.reduced(states, self.values, name, ITEM)
            if action is None:
                raise DoubtError
        states.append(action)
        self.values.append(value)
        self.last = name

    def operand(self, name: str, value: object) -> None:
        """Gives the parser an operand; two of them never stand side by side."""
        if self.ended:
            raise DoubtError
        self.push(name, value)
        self.ended = True

    def enter(self, frame: str) -> None:
        """Remembers what is to be closed."""
        self.frames.append(frame)
        self.ended = False
        if len(self.frames) > self.deepest:
            self.deepest = len(self.frames)
            if self.deepest > _DEEPEST:
                raise DoubtError
