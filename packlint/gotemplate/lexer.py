"""A text → the actions `{{…}}` of Go's text/template in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from packlint.named import NamedTuple
from packlint.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

SPACE = " \t\r\n"
"""What Go's lexer counts as blank, and what trim markers take away."""

CONTROL = frozenset(
    {"if", "else", "end", "range", "with", "template", "block", "define", "break", "continue"}
)
"""Keywords of actions that decide about the text around them."""

_WORD = pattern(
    r"""
    (?P<text>"(?>(?:[^"\\\n]|\\[^\n])*)"|`[^`]*+`)
    |(?P<name>[^\W\d]\w*+)
    |(?P<field>[.$]\w*+)
    |(?P<other>'(?>(?:[^'\\\n]|\\[^\n])+)'|[+-]?\.?[0-9][\w.+-]*+|:=|[=|(),])
    """,
    re.VERBOSE,
)
_SHORT = 4096
_MARKS = {"text": '""', "name": "", "field": "?", "other": "?"}
_BLANK = pattern(rf"[{SPACE}]*+")
_ESCAPE = pattern(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\\"])|(.))", re.DOTALL
)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Word(NamedTuple):
    """A word within an action: a string constant, an identifier, `.Field` or `$variable`, or anything else.

    `value` is what a string constant means, else what is written; `start` and `end` are offsets in the text.
    """

    kind: Literal["text", "name", "field", "other"]
    value: str
    start: int
    end: int


class Action(NamedTuple):
    """One `{{…}}`; without words it is a comment. A trim marker takes the blanks away on its side.

    `shape` has the names it consists of, with `""` for a string constant and `?` for any other word.
    """

    start: int
    end: int
    words: tuple[Word, ...]
    shape: tuple[str, ...]
    trims_before: bool
    trims_after: bool


class Fault(NamedTuple):
    """What Go cannot parse: an action from its `{{` to the character at `at`, if any, where Go gives up."""

    start: int
    at: int


class Malformed(Exception):  # noqa: N818 - it never leaves this module
    """The text is no template of Go; without a `fault` some versions of Go may take it for one."""

    def __init__(self, fault: Fault | None = None) -> None:
        super().__init__()
        self.fault = fault


def fault(text: str) -> Fault | None:
    """The first action that no version of Go parses; None where there is none."""
    return _lexed(text).fault


def actions(text: str) -> tuple[Action, ...] | None:
    """The actions of a text in order; None where Go would not parse it (text/template/parse, `lex.go`)."""
    return _lexed(text).actions


class _Lexed(NamedTuple):
    actions: tuple[Action, ...] | None
    fault: Fault | None


def _lexed(text: str) -> _Lexed:
    return _kept(text) if len(text) <= _SHORT else _read(text)


@lru_cache(maxsize=512)
def _kept(text: str) -> _Lexed:
    """A short text is asked for by several who look at a template."""
    return _read(text)


def _read(text: str) -> _Lexed:
    try:
        return _Lexed(tuple(_actions(text)), None)
    except Malformed as malformed:
        return _Lexed(None, malformed.fault)


def _actions(text: str) -> Iterator[Action]:
    at = text.find("{{")
    while at >= 0:
        trims_before = text[at + 2 : at + 3] == "-" and text[at + 3 : at + 4] in (*SPACE,)
        inside = at + 3 if trims_before else at + 2
        if text.startswith("/*", inside + trims_before):
            words: tuple[Word, ...] = ()
            last = text.find("*/", inside + trims_before + 2)
            closing = len(text) if last < 0 else last + 2
        else:
            words, closing = _words(text, at, inside)
        trims_after = text[closing : closing + 1] in (*SPACE,) and text.startswith("-}}", closing + 1)
        end = closing + (4 if trims_after else 2)
        if text[end - 2 : end] != "}}" or end - 2 < closing:
            raise Malformed(Fault(at, closing))
        shape = tuple([_MARKS[word.kind] or word.value for word in words])
        yield Action(at, end, words, shape, trims_before, trims_after)
        at = text.find("{{", end)


def _words(text: str, start: int, at: int) -> tuple[tuple[Word, ...], int]:
    """The words from there to the end of an action, and where `}}` or a trim marker's blank begins."""
    words: list[Word] = []
    while True:
        blank = _BLANK.match(text, at)
        after = blank.end() if blank else at
        if text.startswith("}}", after):
            closing = after
        elif after > at and text.startswith("-}}", after):
            closing = after - 1
        else:
            word = _WORD.match(text, after)
            if word is None:
                raise Malformed(Fault(start, after))
            words.append(_word(word))
            at = word.end()
            continue
        if not words:
            raise Malformed(Fault(start, after))
        return tuple(words), closing


def _word(match: re.Match[str]) -> Word:
    kind, written = match.lastgroup, match[0]
    if kind == "text":
        return Word("text", _constant(written), match.start(), match.end())
    if kind in ("name", "field"):
        return Word("name" if kind == "name" else "field", written, match.start(), match.end())
    return Word("other", written, match.start(), match.end())


def _constant(written: str) -> str:
    """What a string constant means (strconv, `Unquote`)."""
    inner = written[1:-1]
    return inner.replace("\r", "") if written[0] == "`" else _ESCAPE.sub(_character, inner)


def _character(escape: re.Match[str]) -> str:
    byte, short, long, octal, letter, wrong = escape.groups()
    if wrong is not None:
        raise Malformed
    if letter is not None:
        return _LETTERS.get(letter, letter)
    code = int(octal, 8) if octal else int(byte or short or long, 16)
    # A byte beyond ASCII is a part of a character, and no surrogate is one.
    if ((byte or octal) and code > 127) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        raise Malformed
    return chr(code)
