"""The text of a JSON document → its tokens, one after another, and what is wrong within them."""

from __future__ import annotations

import re
from collections import Counter

from packlint.document import Document
from packlint.named import NamedTuple
from packlint.parse import json_message as message
from packlint.parse.problem import Problem

_INNER = r'[^"\\\x00-\x1f]*+'
STRING = rf'"{_INNER}(?>(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}){_INNER})*)"'
NUMBER = r"-?(?:0|[1-9][0-9]*+)(?>(?:\.[0-9]++)?)(?>(?:[eE][+-]?[0-9]++)?)(?![\w.+-])"
"""Patterns of what is sound."""

_TOKEN = re.compile(
    rf"""
    [ \t\r\n]*+
    (?: (?P<string> {STRING} )
    | (?P<mark> [{{}}\[\],:] )
    | (?P<number> {NUMBER} )
    | (?P<word> [^\W\d]\w*+ )
    | (?P<broken> " )
    | (?P<comment> (?://|\#)[^\n]*+ | /\*(?>(?:[^*]|\*(?!/))*)(?>(?:\*/)?) )
    | (?P<quoted> '[^'\n]*+' | `[^`]*+` | \u201c[^\u201c\u201d\n]*+\u201d )
    | (?P<amount> [-+.]?[0-9][\w.+-]*+ | [-+]Infinity\b )
    | (?P<end> \Z )
    | (?P<other> =>?|. )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_INDENTATION = re.compile(r"[ \t]*+")
_BROKEN = re.compile(r'"(?>(?:[^"\\\n]|\\[^\n])*)', re.DOTALL)
_CLOSES = re.compile(r'(?>(?:[^"\\]|\\.)*)"(?=[ \t]*+(?:[,:\]}\r\n]|\Z))', re.DOTALL)
_SUSPECT = re.compile(r'\\(?>(["\\/bfnrt]|u[0-9a-fA-F]{4})?)|[\x00-\x1f]')


class Token(NamedTuple):
    """`kind` is the mark itself or a word for it; `[start, end)` are offsets.

    The words are string, number, word, quoted (text in other quotes), broken (a damaged string), bad (any
    other damaged value), other and end.
    """

    kind: str
    start: int
    end: int


class Scanner:
    """Reads token by token from the offset `at`; what is wrong within one is added to `problems`."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self.at = 0
        self._text = text
        self._problems = problems
        self._commented = False

    def next(self) -> Token:
        """The next token, at last `end`; comments are left out, and the first is told about."""
        text = self._text
        while True:
            found = _TOKEN.match(text, self.at)
            assert found is not None
            kind = str(found.lastgroup)
            start, self.at = found.span(kind)
            if kind == "mark":
                return Token(text[start], start, self.at)
            if kind == "comment":
                if not self._commented:
                    self._problems.append(message.comment(start, self.at))
                self._commented = True
                continue
            if kind == "amount":
                self._problems.append(message.bad_number(text[start : self.at], start))
                kind = "bad"
            elif kind == "broken":
                self.at, problem = _mended(text, start)
                self._problems.append(problem)
            elif kind == "quoted":
                self._problems.append(message.wrong_quotes(start, self.at))
            return Token(kind, start, self.at)


def suspect(document: Document) -> tuple[Token, tuple[int, int]] | None:
    """The first bracket whose end is indented as that of another around it, and that end."""
    opened: list[tuple[Token, int]] = []
    around: Counter[int] = Counter()  # how many of them are on lines of each indentation
    line = own = 0
    scanner = Scanner(document.text, [])
    while (token := scanner.next()).kind != "end":
        if token.kind not in ("{", "[", "}", "]"):
            continue
        place = document.position(token.start)
        if place.line != line:
            line, own = place.line, _indentation(document, place.line)
        if token.kind in ("{", "["):
            opened.append((token, own))
            around[own] += 1
        elif opened:
            opener, indentation = opened.pop()
            around[indentation] -= 1
            begins_line = place.column == own + 1
            if begins_line and own < indentation and around[own]:
                return opener, (token.start, token.end)
    return None


def _indentation(document: Document, line: int) -> int:
    """Blanks at the start of a line."""
    start = document.line_starts[line - 1]
    found = _INDENTATION.match(document.text, start)
    return found.end() - start if found is not None else 0


def _mended(text: str, start: int) -> tuple[int, Problem]:
    """The end of a string that is not sound, as it was most likely meant, and what is wrong with it."""
    found = _BROKEN.match(text, start)
    assert found is not None
    end = found.end()
    if text[end : end + 1] == '"':
        for suspect in _SUSPECT.finditer(text, start, end):
            if suspect[0] == "\\" or suspect[0] < " ":
                return end + 1, message.bad_character(text, suspect.start())
    line_end = end - text.endswith("\r", start, end)
    closing = _CLOSES.match(text, end)
    if closing is not None:
        return closing.end(), message.broken_string(start, line_end)
    problem = message.unclosed_string(start, line_end, text.rfind('\\"', start, end))
    while end > start + 1 and text[end - 1] in ", \t\r":
        end -= 1
    return end, problem
