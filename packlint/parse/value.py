"""The text of an argument's value → its expression, as the tables of the grammar have it.

Pieces go to the parser as they are found. What an operand without operators is made of is a node at once, and
stands for the terminal that it begins with.
"""

from __future__ import annotations

import re

from packlint.document import Document, Range
from packlint.parse import line, node, strings
from packlint.parse.chain import finished
from packlint.parse.doubt import DoubtError
from packlint.parse.driver import Parser
from packlint.parse.line import FINISH, NEWLINE, item_pattern, piece_pattern
from packlint.parse.node import CONSTANTS, KEYWORDS, TEXT
from packlint.parse.number import number
from packlint.parse.problem import DEEPEST
from packlint.parse.stack import ITEM, Stack
from packlint.parse.tables import Tables
from packlint.parse.token import NEWLINE as LINE_BREAK
from packlint.parse.token import Token
from packlint.pattern import pattern
from packlint.syntax import Call, Expression, Literal, Object, ObjectItem, Text

_Item = tuple[str, ObjectItem, str, str]
"""The terminal that an item begins with, the item, and its comma and the end of its line, where they are."""

_FOR = pattern(r"(?>(?:[ \t\r\n]++|\#[^\n]*+|//[^\n]*+)*)(?:for(?![A-Za-z0-9_-])|/\*)")
_BLANK = pattern(r"[ \t\r]*+(\n?+)[ \t\r\n]*+")
_MOST = 100_000  # pieces of a value; one of more is rare enough to be read slowly
_LINE_ENDS = (NEWLINE, FINISH)

ONE_LINE = "block"
"""The frame of a block on one line, which begins before its value."""

_OPENING = {"(": "LPAR", "[": "LSQB", "{": "LBRACE"}
_CLOSING = {")": "RPAR", "]": "RSQB", "}": "RBRACE", "~}": "RBRACE"}
_CLOSES = {
    **dict.fromkeys(("(",), (")",)),
    **dict.fromkeys(("[", "[for"), ("]",)),
    **dict.fromkeys(("object", "{for", ONE_LINE), ("}",)),
    "${": ("}", "~}"),
}
_BEGINS = frozenset("([{}-!")
"""What begins an item of an object, besides names and operands, or ends it."""


class Reader:
    """Reads the values of documents.

    Of a document, `comments` are those that were read, and `deep` tells that a value may nest too deeply.
    """

    def __init__(self, tables: Tables, parser: Parser) -> None:
        self.signs = tables.punctuation
        self.parser = parser
        self.piece = piece_pattern(tables.quick).match
        self.item = item_pattern(tables.quick).match
        self.objects = "object" in tables.quick
        self.base = parser.path("NAME", "EQ")
        self.begin(Document("", ""))

    def begin(self, document: Document) -> None:
        """Forgets the last document."""
        self.document = document
        self.comments: list[tuple[int, int]] = []
        self.deep = False
        self.may_have_for = "for" in document.text or "/*" in document.text

    def read(self, at: int, level: int) -> tuple[Expression, int]:
        """The expression from an offset on, and where the next line begins; `level` is that of its block."""
        value = Value(self)
        return self._read(value, at, level), value.at

    def read_one(self, at: int, level: int) -> tuple[Expression, int, int]:
        """The expression of a block on one line, where its `}` is, and where the next line begins."""
        value = Value(self)
        value.enter(ONE_LINE)
        found = self._read(value, at, level)
        return found, value.at - 1, self._next_line(value.at)

    def _read(self, value: Value, at: int, level: int) -> Expression:
        found = value.read(at)
        if level + 2 * value.deepest + value.operators > DEEPEST - 5:
            self.deep = True
        return found

    def _next_line(self, at: int) -> int:
        """Behind the `}` of a block on one line stands nothing but a comment."""
        while found := self.piece(self.document.text, at):
            at = found.end()
            if found.lastindex in (NEWLINE, FINISH):
                return at
            if found.lastindex != line.REMARK:
                break
            self.comments.append(node.remark(self.document.text, *found.span(line.REMARK)))
        raise DoubtError


class Value(Stack):
    """One value while it is read."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.document, reader.parser, reader.base)
        self.reader = reader
        self.closed = False

    def read(self, at: int) -> Expression:
        """Reads to the end of the first line that ends outside of brackets."""
        match, text, frames = self.reader.piece, self.text, self.frames
        self.at = at
        count = len(self.values)
        for _ in range(_MOST):
            if self.closed:
                break
            found = match(text, self.at)
            if found is None:
                raise DoubtError
            kind = found.lastindex or 0
            self.at = found.end()
            if kind in _LINE_ENDS:
                if not frames:
                    break
                self.newline(kind)
            else:
                start, end = found.span(kind)
                _TAKES[kind](self, start, end)
        else:
            raise DoubtError
        if not self.ended or self.reduced(self.states, self.values, "$END", ITEM) is not None:
            raise DoubtError
        if len(self.values) != count + 1:
            raise DoubtError
        return finished(self.values[count], self.document)

    def newline(self, kind: int) -> None:
        """Within brackets a line break counts in objects alone, between their items."""
        if kind == FINISH or self.frames[-1] == ONE_LINE:
            raise DoubtError
        if self.frames[-1] == "object" and self.last != LINE_BREAK:
            if not self.ended and self.last not in ("COMMA", "LBRACE"):
                raise DoubtError
            self.push(LINE_BREAK, None)
            self.ended = False
            self._push_items(*self._simple_items(self.at))

    def _simple_items(self, at: int) -> tuple[list[_Item], int]:
        """The simple items of an object from an offset on, and where the last of them ends."""
        document, text, match = self.document, self.text, self.reader.item
        items: list[_Item] = []
        while found := match(text, at):
            start, end = found.span(line.KEY)
            key: Expression
            if start >= 0:
                name = text[start:end]
                if name in KEYWORDS:
                    break
                terminal, key = "NAME", Text(Range(document, start, end), name)
            else:
                terminal, key = TEXT, node.string(document, *found.span(line.QUOTED_KEY))
            item = ObjectItem(key, _simple(document, found))
            items.append((terminal, item, found[line.COMMA], found[line.LINE_END]))
            at = found.end()
        return items, at

    def _push_items(self, items: list[_Item], at: int) -> None:
        """Gives the parser simple items, and reads on behind them."""
        for terminal, item, comma, line_end in items:
            self.push_whole(terminal, "object_elem", item)
            if comma:
                self.push("COMMA", None)
                self.ended = False
            if line_end:
                self.push(LINE_BREAK, None)
                self.ended = False
        self.at = at

    def string(self, start: int, end: int) -> None:
        """A quoted string of plain text."""
        self.operand(TEXT, node.string(self.document, start, end))

    def listed(self, start: int, end: int) -> None:
        """A list of strings and references."""
        if self.ended:  # an index
            self.at = start + 1
            self.sign(start, self.at)
        else:
            self.push_whole("LSQB", "tuple", node.listed(self.document, start, end))

    def bare_call(self, start: int, end: int) -> None:
        """A call without arguments."""
        text = self.text[start:end]
        if self.ended or self.last == "DOT" or text in KEYWORDS:
            raise DoubtError
        place = Range(self.document, start, end + 2)
        self.push_whole(
            "NAME", "function_call", Call(place, text, Range(self.document, start, end), (), False)
        )

    def wrap(self, start: int, end: int) -> None:
        """A quoted string that is nothing but a reference in `${…}`."""
        self.operand(TEXT, node.wrap(self.document, start, end))

    def mixed(self, start: int, end: int) -> None:
        """A quoted string of text, common escapes and references."""
        self.operand(TEXT, node.mixed(self.document, start, end))

    def number(self, start: int, end: int) -> None:
        """A number; behind a dot it is a step."""
        text = self.text[start:end]
        name = "INT_LITERAL" if text.isdigit() else "FLOAT_LITERAL"
        if self.last == "DOT":
            self.operand(name, Token(name, text, start, end))
            return
        value = number(text)
        if value is None:
            raise DoubtError
        self.operand(name, Literal(Range(self.document, start, end), value))

    def remark(self, start: int, end: int) -> None:
        """A comment is no part of the value."""
        self.reader.comments.append(node.remark(self.text, start, end))

    def word(self, start: int, end: int) -> None:
        """A reference, a constant, a keyword, or a name that is no operand."""
        text = self.text[start:end]
        if text in KEYWORDS and self._keyword(text, start, end):
            return
        if self.ended:
            raise DoubtError
        self.push("NAME", None)
        if "expr_term" in self.rows[self.states[-2]]:
            self.values[-1] = node.referred(self.document, start, end)
        else:  # behind a dot, or the variable of a `for`
            text = text.partition(".")[0]
            self.at = end = start + len(text)
            self.values[-1] = Token("NAME", text, start, end)
        self.ended = True

    def call(self, start: int, end: int) -> None:
        """A name with a parenthesis behind it."""
        text = self.text[start:end]
        if text in ("in", "if") and self._keyword(text, start, end):
            self.at = end
            return
        if text == "for" or self.last == "DOT":
            raise DoubtError
        self.operand("NAME", Token("NAME", text, start, end))
        self.push("LPAR", Token("LPAR", "(", self.at - 1, self.at))
        self.enter("(")

    def _keyword(self, text: str, start: int, end: int) -> bool:
        """Whether the word is no name where it stands; if so, it is taken."""
        name = text.upper()
        if text in ("in", "if"):
            within = self.frames and self.frames[-1] in ("{for", "[for")
            if not within or not (self.ended or self.last == "ELLIPSIS"):
                return False
        elif text == "for" and self.ended:  # an item of an object, with nothing between it and the last one
            raise DoubtError
        elif name not in self.rows[self.states[-1]]:
            if text == "for":
                raise DoubtError
            return False
        if text in CONSTANTS and self.last != "DOT":
            self.operand(name, Literal(Range(self.document, start, end), CONSTANTS[text]))
        else:
            self.push(name, Token(name, text, start, end))
            self.ended = text in CONSTANTS
        return True

    def sign(self, start: int, end: int) -> None:
        """Brackets, operators, and what separates."""
        sign = self.text[start:end]
        if self.last == LINE_BREAK and sign not in _BEGINS:
            raise DoubtError
        if sign == ",":
            self.push("COMMA", None)
            self.ended = False
        elif sign in _CLOSING:
            self._close(sign, start, end)
        elif sign in _OPENING:
            self._open(sign, start, end)
        elif sign == "=":
            self.push("EQ", None)
            self.ended = False
        else:
            self._operator(sign, start, end)

    def _open(self, sign: str, start: int, end: int) -> None:
        if self.ended:
            if sign != "[":
                raise DoubtError
            self.operators += 2  # an index, and the steps behind it
        frame = "object" if sign == "{" else sign
        token = Token(_OPENING[sign], sign, start, end, frame)
        if sign != "(" and self.reader.may_have_for and (found := _FOR.match(self.text, end)):
            if self.text[found.end() - 1] == "*":
                raise DoubtError
            frame = sign + "for"
            token.detail = "for" if sign == "{" else sign
        if frame == "object":
            self._object(token, start, end)
            return
        self.push(token.type, token)
        self.enter(frame)

    def _object(self, token: Token, start: int, end: int) -> None:
        """An object: as a whole, if its items are simple."""
        found = _BLANK.match(self.text, end)
        assert found is not None
        items, at = self._simple_items(found.end())
        if self.reader.objects and self.text.startswith("}", at):
            self.at = at + 1
            place = Range(self.document, start, self.at)
            self.push_whole("LBRACE", "object", Object(place, tuple(item for _, item, _, _ in items)))
            self.deepest = max(self.deepest, len(self.frames) + 1)
            return
        self.push(token.type, token)
        self.enter("object")
        if found[1]:
            self.push(LINE_BREAK, None)
        self._push_items(items, at)

    def _close(self, sign: str, start: int, end: int) -> None:
        frame = self.frames.pop() if self.frames else ""
        if sign not in _CLOSES.get(frame, ()):
            raise DoubtError
        if frame == ONE_LINE:
            self.closed = True
            return
        name = _CLOSING[sign]
        self.push(name, Token(name, sign, start, end))
        self.ended = True
        if frame == "${":
            strings.resume(self)

    def _operator(self, sign: str, start: int, end: int) -> None:
        name = self.reader.signs.get(sign)
        detail = None
        if sign in ("-", "!") and not self.ended:
            if self.last == "NOT":  # several of them are one token
                raise DoubtError
            name, detail = "NOT", [start]
        elif sign == "!":
            raise DoubtError
        if name is None:
            raise DoubtError
        self.operators += 1
        self.push(name, Token(name, sign, start, end, detail))
        self.ended = False


def _simple(document: Document, found: re.Match[str]) -> Expression:
    """The value of a simple item."""
    for group, make in _SIMPLE.items():
        if found[group] is not None:
            return make(document, *found.span(group))
    raise DoubtError


_SIMPLE = {
    line.STRING_ITEM: node.string,
    line.WRAP_ITEM: node.wrap,
    line.WORD_ITEM: node.word,
    line.INTEGER_ITEM: node.integer,
    line.MIXED_ITEM: node.mixed,
}
_TAKES = {
    line.LIST: Value.listed,
    line.BARE_CALL: Value.bare_call,
    line.SIGN: Value.sign,
    line.WORD: Value.word,
    line.STRING: Value.string,
    line.CALL: Value.call,
    line.WRAP: Value.wrap,
    line.MIXED: Value.mixed,
    line.QUOTE: strings.quote,
    line.NUMBER: Value.number,
    line.REMARK: Value.remark,
    line.HEREDOC: strings.heredoc,
}
