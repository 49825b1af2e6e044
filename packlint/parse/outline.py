"""A text with syntax errors → its items and blocks, told by brackets, line beginnings and indentation.

The scanner goes on behind what it cannot mean, and puts a bracket where one must be missing: every bracket of
its tokens is closed. What it makes out is only a division into pieces; each is then read strictly.
"""

from __future__ import annotations

import re

from packlint.parse.frame import BODIES, CLOSES, Frame
from packlint.parse.lexical import near_marker
from packlint.parse.problem import Problem
from packlint.parse.scan import Run, Scanner
from packlint.parse.token import CLOSING, NEWLINE, OPENING, STRING, Token
from packlint.record import field, record

JUNK = "JUNK"
"""A token for what the scanner can make nothing of."""

_NAME = r"[^\W\d][\w-]*+"
_ITEM = re.compile(
    rf'(?P<blanks>[ \t]*+){_NAME}(?:[ \t]*+=(?![=>])|(?P<header>(?>(?:[ \t]++|"[^"\n]*+"|{_NAME})*)\{{))'
)
_NEXT = re.compile(r"(?>(?:[ \t]*+(?:\#[^\n]*+|//[^\n]*+)?\r?\n)*)(?P<blanks>[ \t]*+)(?P<first>[^\s]?)")
_WORD = re.compile(rf"[ \t]*+(?P<word>{_NAME})\r?\n")
_NO_HEREDOC = re.compile(rf"<<-?[ \t]*+['\"]?(?P<marker>{_NAME})[^\n]*\n")
_END = {"(": "RPAR", "[": "RSQB", "[for": "RSQB", '"': "DBLQUOTE", "<<": "DBLQUOTE"}
_HEADER = frozenset(("NAME", STRING, "DBLQUOTE", "STRING_CHARS"))
_MOST_SECOND_LOOKS = 8
_ODDEST = 1000
_MOST_JUNK = 10_000
_WIDEST = 200  # no line is indented further


@record(frozen=False)
class Piece:
    """A stretch of the text that is to be read on its own.

    `kind` is "item" for what begins with a name, "block" where it has a body, "stray" for a `}` that closes
    nothing, and "other". `inner` is where the body of a block begins and ends; an `odd` piece lacks a bracket
    or a quote.
    """

    kind: str
    start: int
    end: int
    pieces: list[Piece] = field(default_factory=list)
    inner: tuple[int, int] = (0, 0)
    odd: bool = False


def outline(scanner: Scanner, text: str) -> tuple[list[Piece], list[tuple[int, int]]]:
    """The pieces of a text, and its comments, in order.

    Indentation has a say where it explains the brackets better.
    """
    plain = _Outline(scanner, text, False)
    plain.run()
    if 0 < plain.oddities < _ODDEST:
        indented = _Outline(scanner, text, True)
        indented.run()
        if indented.oddities <= plain.oddities:
            plain = indented
    return _pieces(plain.tokens), plain.result.comments


class _Outline(Run):
    """`oddities` counts the brackets that are missing and those that are too many."""

    def __init__(self, scanner: Scanner, text: str, by_indentation: bool) -> None:
        super().__init__(scanner, text)
        self.by_indentation = by_indentation
        self.oddities = 0
        self.second_looks = 0
        self.junk = 0
        self.heredocs: list[int] = []  # of each open heredoc, the number of tokens before its text

    def run(self) -> None:  # type: ignore[override]
        self._line(0)
        super().run()
        self._pop(1)

    def _stop(self, problem: Problem | None = None, end: int = 0) -> None:
        assert problem is not None
        self.junk += 1
        if problem.hides_rest or problem.hides_all or self.junk > _MOST_JUNK:
            self.stopped = True
            self._emit(JUNK, self.at, len(self.text))
        else:
            self._emit(JUNK, self.at, max(self.at + 1, problem.end, end))

    def _bad_escape(self, start: int, end: int) -> bool:
        return False

    def _pop(self, depth: int) -> None:
        """Closes what was opened beyond a depth, where nothing in the text does."""
        at = self.tokens[-1].end_pos if self.tokens else 0
        while len(self.frames) > depth:
            name = _END.get(self.frames.pop().kind, "RBRACE")
            self.tokens.append(Token(name, "", at, at, "end" if name == "DBLQUOTE" else None))
            self._count()

    def _count(self) -> None:
        """What lacks very many brackets is no template: the rest of it is left."""
        self.oddities += 1
        if self.oddities == _ODDEST and not self.stopped:
            self.stopped = True
            self._emit(JUNK, self.at, len(self.text))

    def _body(self) -> int:
        """The number of the innermost frame that is a body."""
        depth = len(self.frames) - 1
        while self.frames[depth].kind not in BODIES:
            depth -= 1
        return depth

    def _indent(self, frame: Frame) -> int:
        """How far the line on which something was opened is indented."""
        if frame.indent < 0:
            line = self.text.rfind("\n", 0, frame.start) + 1
            found = _NEXT.match(self.text, line)
            frame.indent = len(found["blanks"]) if found else 0
        return frame.indent

    def _unclosed(self) -> None:
        if self.frames[-1].kind == '"':
            self._unclosed_string()
            return
        frame = self.frames[-1]
        near = near_marker(self.text, frame.end, frame.marker)
        self.second_looks += 1
        if near is None or self.second_looks > _MOST_SECOND_LOOKS:
            self.stopped = True
            self._emit(JUNK, self.at, len(self.text))
            return
        opening = max(n for n, token in enumerate(self.tokens) if token.start_pos <= frame.start)
        del self.tokens[opening + 1 :]
        end = self.text.find("\n", near[1])
        self._emit("STRING_CHARS", frame.end, end if end >= 0 else len(self.text))
        self._pop(len(self.frames) - 1)

    def _unclosed_string(self) -> None:
        """Ends the outermost string that is open, but for heredocs: the line is the end of it."""
        depth = first = len(self.frames) - 1
        while self.frames[depth].kind not in (*BODIES, "<<"):
            first = depth if self.frames[depth].kind == '"' else first
            depth -= 1
        self._pop(first)
        if self.text.startswith("\r", self.at):
            self.at += 1

    def _sign(self, start: int, end: int) -> None:
        """Takes what was to be a heredoc for one: its lines are no items."""
        found = _NO_HEREDOC.match(self.text, start)
        if found is None:
            super()._sign(start, end)
            return
        self.second_looks += 1
        near = near_marker(self.text, found.end(), found["marker"])
        self.stopped = near is None or self.second_looks > _MOST_SECOND_LOOKS
        self._emit(JUNK, start, near[1] if near and not self.stopped else len(self.text))

    def _close(self, name: str, start: int, end: int) -> None:
        depth = self._opening(CLOSES[name], start)
        if depth is None:
            stray = name == "RBRACE" and self.frames[-1].kind in BODIES
            self._emit(JUNK, start, end).detail = "stray" if stray else None
            self._count()
            return
        self._pop(depth + 1)
        self._emit(name, start, end)
        self.frames.pop()

    def _opening(self, bracket: str, start: int) -> int | None:
        """The number of the frame that a closing bracket belongs to."""
        depth, last = len(self.frames) - 1, self._body()
        while depth >= last and self.frames[depth].opener != bracket:
            depth -= 1
        if depth < last or depth == 0:
            return None
        if not self.by_indentation or bracket != "{":
            return depth
        nearby = max(0, start - _WIDEST)
        line = self.text.rfind("\n", nearby, start) + 1 or nearby
        indent = start - line
        if self.text[line:start].strip(" \t") or indent == self._indent(self.frames[depth]):
            return depth
        if indent > self._indent(self.frames[depth]):
            return None if self.frames[depth].kind == "block" else depth
        lower = depth
        while lower > 0 and (self.frames[lower].opener != "{" or indent != self._indent(self.frames[lower])):
            lower -= 1
        return lower or depth

    def _newline(self, start: int, end: int) -> None:
        count = len(self.tokens)
        super()._newline(start, end)
        if self.frames[-1].kind in BODIES and len(self.tokens) > count:
            self._missing_brace(end)
        self._line(end)

    def _missing_brace(self, at: int) -> None:
        """Opens a block where a line has only its type and labels, and the next is indented further."""
        tokens = self.tokens
        first = len(tokens) - 1
        while first > 0 and tokens[first - 1].type in _HEADER:
            first -= 1
        if first == len(tokens) - 1 or tokens[first].type != "NAME":
            return
        if first and tokens[first - 1].type not in (NEWLINE, "LBRACE", "RBRACE"):
            return
        start, end = tokens[first].start_pos, tokens[-2].end_pos
        found = _NEXT.match(self.text, at)
        assert found is not None
        indent = start - self.text.rfind("\n", 0, start) - 1
        swallowed = not tokens[-2].value and self.text.endswith("{", 0, end)
        deeper = len(found["blanks"]) > indent and _ITEM.match(self.text, found.start("blanks"))
        if swallowed or (found["first"] != "{" and deeper):
            tokens[-1:] = [Token("LBRACE", "", end, end, "block"), tokens[-1]]
            self.frames.append(Frame("block", start, end))
            self.oddities += 1

    def _line(self, at: int) -> None:
        """Closes what cannot be open where a line begins as an item does."""
        body = self._body()
        heredoc = max((n for n in range(body, len(self.frames)) if self.frames[n].kind == "<<"), default=0)
        found = _ITEM.match(self.text, at)
        if heredoc and self._ends_heredoc(self.frames[heredoc], at):
            self._pop(heredoc + 1)
            return
        if found is None:
            return
        indent = len(found["blanks"])
        if body < len(self.frames) - 1:
            in_object = self.frames[-1].kind == "object" and not found["header"]
            outside = self.by_indentation and indent <= self._indent(self.frames[body + 1])
            if in_object and not outside:
                return
            self._pop(heredoc + 1 if heredoc else body + 1)
            if heredoc:
                return
            self._newline_token(at)
        while self.by_indentation and body > 0 and indent <= self._indent(self.frames[body]):
            self._pop(body)
            self._newline_token(at)
            body -= 1

    def _ends_heredoc(self, frame: Frame, at: int) -> bool:
        found = _WORD.match(self.text, at)
        return found is not None and found["word"] == frame.marker

    def _newline_token(self, at: int) -> None:
        self.tokens.append(Token(NEWLINE, "\n", at, at))


def _pieces(tokens: list[Token]) -> list[Piece]:
    root: list[Piece] = []
    bodies, blocks = [root], list[Piece]()
    item: Piece | None = None
    depth = 0
    for index, token in enumerate(tokens):
        name = token.type
        opens = name in OPENING or (name == "DBLQUOTE" and token.detail != "end")
        if depth and item is not None:
            depth += opens - (name in CLOSING or (name == "DBLQUOTE" and not opens))
            item.end = token.end_pos
            item.odd = item.odd or not token.value
        elif name == NEWLINE:
            following = tokens[index + 1] if index + 1 < len(tokens) else token
            header = item is not None and item.kind == "item" and tokens[index - 1].type in ("NAME", STRING)
            if not (header and following.detail == "block"):
                item = None
        elif name == "RBRACE" and blocks:
            bodies.pop()
            item = blocks.pop()
            item.inner, item.end = (item.inner[0], token.start_pos), token.end_pos
            item.odd = item.odd or not token.value
        else:
            if item is None:
                named = name == "NAME" and _begins_item(tokens, index)
                kind = "stray" if token.detail == "stray" else "item" if named else "other"
                item = Piece(kind, token.start_pos, token.end_pos)
                bodies[-1].append(item)
            item.end = token.end_pos
            if item.kind == "stray":
                item = None
            elif name == "LBRACE" and token.detail == "block":
                item.kind = "block" if item.kind == "item" else "other"
                item.inner = (token.end_pos, token.end_pos)
                item.odd = not token.value
                bodies.append(item.pieces)
                blocks.append(item)
                item = None
            else:
                depth = int(opens)
    return root


def _begins_item(tokens: list[Token], index: int) -> bool:
    """Whether a name begins an argument, or a block with its brace on the same line or the next."""
    at = index + 1
    while at < len(tokens) and tokens[at].type in _HEADER:
        at += 1
    if at < len(tokens) and tokens[at].type == NEWLINE:
        if at == index + 2 and tokens[index + 1].type == STRING:
            return True  # an argument without its `=`
        at += 1
    if at == len(tokens):
        return False
    return tokens[at].detail == "block" or (at == index + 1 and tokens[at].type in ("EQ", "COLON"))
