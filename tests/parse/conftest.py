"""Texts → what Lark's own parser makes of them by python-hcl2's grammar: the road that judges the others.

Tokens come from `scan.py` and nodes are made by `hcl.py`, as on the other roads; the tables, and what is done
by them, are Lark's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from lark import Lark, Tree
from lark.exceptions import UnexpectedToken

from packlint.document import Document, Range
from packlint.parse.derive import loaded
from packlint.parse.driver import KEYWORDS, UNCHANGED, UnexpectedTokenError
from packlint.parse.grammar import installed, tables
from packlint.parse.hcl import Builder
from packlint.parse.native import NativeParser
from packlint.parse.quick import Quick
from packlint.parse.token import LABEL, STRING, Token
from packlint.record import is_record


class _LarkBuilder(Builder):
    """The builder as a transformer of Lark's."""

    def string(self, children: list[Any]) -> Any:
        label = children[0].detail
        return label if isinstance(label, Token) else super().string(children)


for name in UNCHANGED:
    setattr(_LarkBuilder, name, lambda _, children: children[0])


class LarkParser:
    """Lark's parser in the place of `driver.Parser`."""

    def __init__(self, builder: Builder) -> None:
        grammar = installed()
        assert grammar is not None
        self._lark: Lark = loaded(grammar.decode(), transformer=builder)[0]

    def parse(self, tokens: Iterable[Token]) -> Any:
        interactive = self._lark.parse_interactive("")
        state = interactive.parser_state
        last = 0
        token = None
        try:
            for token in tokens:
                for piece in self._as_lark_has_it(token, state):
                    interactive.feed_token(piece)
                last = token.end_pos
            token = Token("$END", "", last, last)
            return interactive.feed_eof(token)
        except UnexpectedToken as error:
            values = [value.children if isinstance(value, Tree) else value for value in state.value_stack]
            raise UnexpectedTokenError(token, values) from error

    def _as_lark_has_it(self, token: Token, state: Any) -> Iterable[Token]:
        if token.type == LABEL:
            yield Token("DBLQUOTE", '"', token.start_pos, token.start_pos + 1, token)
            if len(token.value) > 2:
                yield Token("STRING_CHARS", token.value[1:-1], token.start_pos + 1, token.end_pos - 1)
            yield Token("DBLQUOTE", '"', token.end_pos - 1, token.end_pos, "end")
            return
        if token.type == STRING:
            token.type = "TEMPLATE_STRING"
        elif token.type == "NAME" and token.detail is None:
            keyword = KEYWORDS.get(token.value)
            if keyword in self._row(state):
                token.type = keyword
        yield token

    def _row(self, state: Any) -> Any:
        return state.parse_conf.parse_table.states[state.position]


class Oracle(NativeParser):
    """Reads documents by Lark's parser, and tells where our roads do not agree with it."""

    def __init__(self) -> None:
        super().__init__()
        self._builder = _LarkBuilder()
        self._parser = LarkParser(self._builder)  # type: ignore[assignment]
        self.slow = NativeParser()
        self.quick = Quick(tables())
        self.quickly = 0

    def difference(self, text: str) -> str:
        """A road that has other nodes, other comments or other problems; empty where all agree."""
        document = Document("t.pkr.hcl", text)
        parsed = self.parse(document)
        judged = shown((parsed.items, parsed.comments, parsed.problems))
        slow = self.slow.parse(document)
        if shown((slow.items, slow.comments, slow.problems)) != judged:
            return f"the slow road: {text!r}"
        quick = self.quick.read(document)
        if quick is None:
            return ""
        self.quickly += 1
        return "" if shown((*quick, [])) == judged else f"the quick road: {text!r}"


def shown(value: object) -> Any:
    """Records as nested tuples, with their places; documents left out."""
    if isinstance(value, Document):
        return None
    if isinstance(value, Range):
        return value.start, value.end
    if isinstance(value, list | tuple):
        return tuple(map(shown, value))
    if is_record(value):
        names = type(value).__match_args__
        return (type(value).__name__, *(shown(getattr(value, name)) for name in names))
    return type(value).__name__, value


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    return Oracle()
