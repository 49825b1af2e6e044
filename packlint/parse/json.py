"""The text of a JSON document → its value as nodes with exact ranges, and what is wrong with it."""

from __future__ import annotations

import re

from packlint import syntax
from packlint.document import Document, Range
from packlint.parse import json_message as message
from packlint.parse.json_node import COLON, CONSTANTS, FIRST, ITEM, NEXT, VALUE, Frame, key, read_ahead, value
from packlint.parse.json_scan import Scanner, Token, suspect
from packlint.parse.problem import DEEPEST, MOST, TOLD, Problem, too_deep, too_many
from packlint.record import record

_DEEPEST = DEEPEST - 2  # a string adds two levels: a template and its text
_NATIVE = re.compile(r'[^\W\d][\w-]*[ \t]*(?:["{=]|[^\W\d])')


@record(frozen=False)
class Parsed:
    """The value, as far as it could be made out; None where there is none.

    `whole` tells that no problem hides a part of it: a comma too many, say, hides nothing.
    """

    value: syntax.Expression | None
    problems: list[Problem]
    whole: bool


def read(document: Document) -> Parsed:
    """The value of a document. After an error it holds what is sound around the error. Never raises."""
    return _Reader(document).read()


class _Reader:
    """Reads token by token, without recursion.

    A slip that can mean only one thing is told, mended and passed; at anything else the reader skips to the
    next item or the end of what it is in, and tells nothing more.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._frames: list[Frame] = []
        self._root: syntax.Expression | None = None
        self._done = False
        self._problems: list[Problem] = []
        self._told: int | None = None  # how many problems count, once the reader has lost its way
        self._whole = True
        self._number = 0  # of the token
        self._guess = -9  # the number of the token at which the reader last guessed what was meant
        self._before = 0  # where the token before ends
        self._skipped: int | None = None  # brackets open while skipping

    def read(self) -> Parsed:
        problems = self._problems
        scanner = Scanner(self._text, problems)
        while len(problems) <= TOLD:  # where more are wrong reading ends
            if self._frames and self._skipped is None and self._frames[-1].state <= ITEM:
                scanner.at = self._ahead(scanner.at)
            token = scanner.next()
            self._number += 1
            if self._number > MOST:
                return Parsed(None, [too_many(token.start)], whole=False)
            if token.kind == "broken":
                self._guess = self._number
            if token.kind == "end":
                self._end(token)
                break
            if self._skipped is not None:
                self._skip(token)
            elif not self._take(token):
                break
            self._before = token.end
        else:
            self._whole = False
        whole = self._whole and self._done and self._told is None
        while self._frames:
            self._close(self._before)
        return Parsed(self._root, self._problems[: self._told], whole)

    def _ahead(self, at: int) -> int:
        frame = self._frames[-1]
        count, end = read_ahead(frame, self._document, at)
        if count:
            self._number += count * (4 if frame.bracket == "{" else 2)  # key, colon, value, comma
            self._before = end
        return end

    # what a token does

    def _take(self, token: Token) -> bool:
        """False ends the reading."""
        kind = token.kind
        if not self._frames:
            return self._outside(token)
        frame = self._frames[-1]
        if kind in ("{", "["):
            return self._bracket(frame, token)
        if frame.state == NEXT and token.start == self._before and self._goes_on_as_string(token):
            self._inner_quote(frame)
        elif kind == "broken" and self._ends_word(token):
            self._problems[-2:] = [message.no_opening_quote(self._problems[-2].start, token.start)]
        elif kind in ("}", "]"):
            self._closing(frame, token)
        elif kind == ",":
            self._comma(frame, token)
        elif kind == ":":
            self._colon(frame, token)
        elif kind == "other":
            self._other(frame, token)
        else:
            self._scalar(frame, token)
        return True

    def _outside(self, token: Token) -> bool:
        """Before or behind the root value."""
        start, end = token.start, token.end
        found = self._shown(token)
        if token.kind == "other" and start == 0 and self._text[0] == "\ufeff":
            self._tell(message.byte_order_mark())
        elif self._done:
            if token.kind in ("}", "]"):
                self._tell(message.no_opening(start, found), lost=True)
            else:
                self._tell(message.second_value(start, end, found), lost=True)
            return False
        elif token.kind in ("{", "["):
            self._frames.append(Frame(token.kind, start))
        elif token.kind == "word" and self._text[start:end] not in CONSTANTS and self._is_native(start):
            self._problems[:] = [message.native_syntax(start, end)]
            return False
        elif token.kind in ("string", "broken", "quoted", "number", "word", "bad"):
            self._add(self._value(token))
        else:
            self._tell(message.bad_start(start, end, found))
            return False
        return True

    def _is_native(self, start: int) -> bool:
        return _NATIVE.match(self._text, start) is not None

    def _bracket(self, frame: Frame, token: Token) -> bool:
        """An object or array begins. False where it would nest too deeply."""
        if frame.bracket == "{" and frame.state in (FIRST, ITEM, NEXT):
            outer = self._frames[-2] if len(self._frames) > 1 else None
            if frame.state != ITEM or token.kind == "[" or outer is None or outer.bracket == "{":
                self._astray(frame, token)
                self._skipped = 1
                return True
            found = f"this {self._shown(token)}"
            unclosed = message.unclosed(frame.bracket, frame.start, found, token.start, token.end)
            self._tell(unclosed, lost=True)
            self._close(frame.comma)
        elif frame.state == NEXT:
            self._tell(message.missing_comma(self._before, self._shown(token)), guess=True)
        elif frame.state == COLON:
            self._tell(message.missing_colon(self._before), guess=True)
        if len(self._frames) >= _DEEPEST:
            self._tell(too_deep(token.start, token.end))
            return False
        self._frames.append(Frame(token.kind, token.start))
        return True

    def _closing(self, frame: Frame, token: Token) -> None:
        """An object or array ends."""
        if message.CLOSES[frame.bracket] != token.kind:
            self._mismatch(frame, token)
            return
        if frame.state == ITEM:
            self._tell(message.trailing_comma(frame.comma, frame.bracket, frame.start))
        elif frame.state in (COLON, VALUE):
            self._no_value(frame)
        self._close(token.end)

    def _mismatch(self, frame: Frame, token: Token) -> None:
        outer = [message.CLOSES[frame.bracket] for frame in self._frames]
        if token.kind not in outer:
            self._tell(message.wrong_bracket(token.start, frame.bracket, frame.start))
            self._close(token.end)
            return
        found = self._shown(token)
        self._tell(
            message.unclosed(frame.bracket, frame.start, f"this {found}", token.start, token.end), lost=True
        )
        while message.CLOSES[self._frames[-1].bracket] != token.kind:
            self._close(self._before)
        self._close(token.end)

    def _comma(self, frame: Frame, token: Token) -> None:
        if frame.state in (FIRST, ITEM):
            self._tell(message.extra_comma(token.start))
            return
        if frame.state in (COLON, VALUE):
            self._no_value(frame)
        frame.state, frame.comma = ITEM, token.start

    def _colon(self, frame: Frame, token: Token) -> None:
        if frame.state == COLON:
            frame.state = VALUE
        elif frame.bracket == "[" and frame.state == NEXT and self._goes_on_as_object(frame):
            self._frames[-1].state = VALUE
        else:
            self._astray(frame, token)

    def _no_value(self, frame: Frame) -> None:
        self._tell(message.no_value(*frame.key_place, frame.start))
        self._whole = False

    def _goes_on_as_object(self, array: Frame) -> bool:
        """Whether the last string of an array is a key of the object around it: the array was not closed."""
        outer = self._frames[-2] if len(self._frames) > 1 else None
        last = array.values[-1] if len(array.values) > 1 else None
        if outer is None or outer.bracket != "{" or not isinstance(last, syntax.Template):
            return False
        if last.range.end != self._before:
            return False
        if self._guess == self._number - 1:  # the comma that seemed to be missing before the string
            self._problems.pop()
            self._guess = -9
        array.values.pop()
        place = (last.range.start, last.range.end)
        self._tell(message.unclosed("[", array.start, "this key", *place), lost=True)
        self._close(array.values[-1].range.end)
        self._key(outer, Token("string", *place))
        return True

    def _other(self, frame: Frame, token: Token) -> None:
        text = self._text[token.start : token.end]
        if frame.state == COLON and text in ("=", "=>"):
            self._tell(message.not_a_colon(token.start, token.end, self._shown(token)))
            frame.state = VALUE
        elif frame.state == NEXT and text == ";":
            self._tell(message.separator(token.start, token.end, self._shown(token)))
            frame.state, frame.comma = ITEM, token.start
        else:
            self._astray(frame, token)

    def _goes_on_as_string(self, token: Token) -> bool:
        """Whether the string that ends right before a token was probably to hold a quote."""
        return self._text[self._before - 1] == '"' and token.kind in ("word", "number", "bad", "other")

    def _ends_word(self, token: Token) -> bool:
        """Whether a quote without another ends a word that is no value: one is missing before the word."""
        told = self._problems[-2].end if len(self._problems) > 1 else -1
        return told == self._before == token.start and token.end == token.start + 1

    def _inner_quote(self, frame: Frame) -> None:
        """Leaves out what was read of the string."""
        at = self._before - 1
        start = self._text.rfind("\n", 0, at) + 1
        self._tell(message.inner_quote(at, self._text[start:at]), lost=True)
        self._skipped = 0
        if frame.values and frame.values[-1].range.end == self._before:
            frame.values.pop()
        if frame.items and frame.items[-1].value.range.end == self._before:
            frame.items.pop()

    def _scalar(self, frame: Frame, token: Token) -> None:
        """A string, a number, a word, or what was meant as one."""
        is_key = token.kind in ("string", "broken", "quoted", "word")
        if frame.bracket == "{" and frame.state in (FIRST, ITEM, NEXT):
            if not is_key:
                self._astray(frame, token)
                return
            if frame.state == NEXT:
                self._tell(message.missing_comma(self._before, "the next key"), guess=True)
            elif token.kind == "word":
                name = self._text[token.start : token.end]
                self._tell(message.unquoted_key(token.start, token.end, name), guess=True)
            self._key(frame, token)
            return
        if frame.state == COLON:
            if self._guess == self._number - 1:  # what was taken for a key is none
                self._astray(frame, token)
                return
            self._tell(message.missing_colon(self._before), guess=True)
        elif frame.state == NEXT:
            self._tell(message.missing_comma(self._before, self._shown(token)), guess=True)
        self._add(self._value(token))

    # nodes

    def _range(self, start: int, end: int) -> Range:
        return Range(self._document, start, end)

    def _key(self, frame: Frame, token: Token) -> None:
        frame.state, frame.key_place = COLON, (token.start, token.end)
        frame.key = None if token.kind == "broken" else key(self._document, token)

    def _value(self, token: Token) -> syntax.Expression | None:
        node, problem = value(self._document, token)
        if problem is not None:
            self._tell(problem)
        return node

    def _add(self, value: syntax.Expression | None) -> None:
        """A value that is complete goes into what is around it; a damaged one is left out."""
        if not self._frames:
            self._root, self._done = value, True
            return
        frame = self._frames[-1]
        frame.state = NEXT
        if value is None or (frame.bracket == "{" and frame.key is None):
            self._whole = False
        elif frame.bracket == "[":
            frame.values.append(value)
        elif frame.key is not None:
            frame.items.append(syntax.ObjectItem(frame.key, value))

    def _close(self, end: int) -> None:
        """The innermost object or array ends at an offset."""
        frame = self._frames.pop()
        place = self._range(frame.start, end)
        if frame.bracket == "{":
            self._add(syntax.Object(place, tuple(frame.items)))
        else:
            self._add(syntax.Tuple(place, tuple(frame.values)))

    # what is wrong

    def _shown(self, token: Token) -> str:
        return message.shown(token.kind, self._text[token.start : token.end])

    def _tell(self, problem: Problem, guess: bool = False, lost: bool = False) -> None:
        """Notes a problem, unless it is likely to follow from a guess at the token before."""
        if self._number - self._guess > 1:
            self._problems.append(problem)
        if guess:
            self._guess = self._number
        if lost and self._told is None:
            self._told = len(self._problems)

    def _astray(self, frame: Frame, token: Token) -> None:
        """A token with which nothing can be done."""
        start, end, found = token.start, token.end, self._shown(token)
        if frame.state == FIRST and frame.start + 1 == start and found in ("`{`", "`%`"):
            problem = message.other_language(frame.start, end, self._text[frame.start : end])
        elif token.kind == ":" and frame.bracket == "[":
            problem = message.key_in_array(start, end, frame.start)
        elif frame.state == NEXT:
            problem = message.no_comma(start, end, found, frame.bracket, frame.start)
        elif frame.state == COLON:
            problem = message.no_colon(start, end, found)
        elif frame.state == VALUE or frame.bracket == "[":
            problem = message.bad_start(start, end, found)
        else:
            problem = message.no_key(start, end, found, frame.start)
        self._tell(problem, lost=True)
        self._skipped = 0

    def _skip(self, token: Token) -> None:
        """Goes on at the next item, or the end, of the object or array that the reader lost its way in."""
        assert self._skipped is not None
        if token.kind in ("{", "["):
            self._skipped += 1
        elif token.kind in ("}", "]") and self._skipped:
            self._skipped -= 1
        elif not self._skipped and token.kind in ("}", "]", ","):
            self._skipped = None
            frame = self._frames[-1]
            frame.state = NEXT
            self._take(token)

    def _end(self, token: Token) -> None:
        """The file ends."""
        if self._frames and self._told is None:
            frame = self._frames[-1]
            opener, end = suspect(self._document) or (Token(frame.bracket, frame.start, 0), None)
            self._tell(message.never_closed(opener.kind, opener.start, end), lost=True)
        elif not self._frames and not self._done and not self._problems:
            self._tell(message.no_document(token.end))
