"""A quote or the first line of a heredoc → the parts of the template behind it, given to the parser."""

from __future__ import annotations

import re

from packlint.parse.doubt import DoubtError
from packlint.parse.line import CHARACTERS
from packlint.parse.node import TEXT
from packlint.parse.stack import Heredoc, Stack
from packlint.parse.template import assembled, plain
from packlint.parse.token import STRING, Token
from packlint.pattern import pattern

_CHARACTERS = pattern(rf"(?>(?:{CHARACTERS})*)")
_SEQUENCE = pattern(r"\$\$\{|%%\{|([$%])\{")


def quote(value: Stack, start: int, end: int) -> None:
    """A string with escapes or sequences, up to its end or its first sequence."""
    found = _CHARACTERS.match(value.text, end)
    assert found is not None
    behind = found.end()
    if value.text.startswith('"', behind):
        value.at = behind + 1
        value.operand(
            TEXT, plain(Token(STRING, value.text[start : behind + 1], start, behind + 1), value.document)
        )
        return
    if value.ended:
        raise DoubtError
    value.push("DBLQUOTE", Token("DBLQUOTE", '"', start, end))
    value.enter('"')
    _sequence(value, end, behind)


def resume(value: Stack) -> None:
    """What follows a sequence, up to the end of the string or its next sequence."""
    at = value.at
    if value.frames[-1] == "<<":
        _lines(value, at)
        return
    found = _CHARACTERS.match(value.text, at)
    assert found is not None
    end = found.end()
    if value.text.startswith('"', end):
        _closed(value, at, end, end + 1)
    else:
        _sequence(value, at, end)


def heredoc(value: Stack, start: int, end: int) -> None:
    """The marker of a heredoc: its lines are one text, or go up to the first sequence."""
    text, begin = value.text, value.at
    marker = text[start:end].removeprefix("-")
    last = re.compile(rf"\n[^\S\n]*+{marker}(?![^\0-\x7f])[^\S\n]*+\n")
    opened = _until(last, text, begin - 1)
    opening = Token("DBLQUOTE", text[start - 2 : begin], start - 2, begin)
    sequence = _next_sequence(text, begin, opened.line)
    if sequence < 0:
        parts = [opening]
        if opened.line > begin:
            parts.append(Token("STRING_CHARS", text[begin : opened.line], begin, opened.line))
        parts.append(Token("DBLQUOTE", text[opened.line : opened.end], opened.line, opened.end, "end"))
        value.at = opened.end
        value.operand(TEXT, assembled(parts, value.document)[0])
        return
    if value.ended:
        raise DoubtError
    value.push("DBLQUOTE", opening)
    value.enter("<<")
    value.heredocs.append(opened)
    _sequence(value, begin, sequence)


def _until(last: re.Pattern[str], text: str, at: int) -> Heredoc:
    found = last.search(text, at)
    if found is None:
        raise DoubtError
    end = found.end()
    return Heredoc(last, found.start() + 1, end - 2 if text[end - 2] == "\r" else end - 1)


def _lines(value: Stack, at: int) -> None:
    opened = value.heredocs[-1]
    if opened.line < at:  # it was the last line of another heredoc, within the sequence
        opened = value.heredocs[-1] = _until(opened.last, value.text, at)
    sequence = _next_sequence(value.text, at, opened.line)
    if sequence < 0:
        value.heredocs.pop()
        _closed(value, at, opened.line, opened.end)
    else:
        _sequence(value, at, sequence)


def _next_sequence(text: str, at: int, end: int) -> int:
    """Where the next sequence begins, before `end`; -1 if there is none."""
    for found in _SEQUENCE.finditer(text, at, end):
        if found[1]:
            return found.start()
    return -1


def _closed(value: Stack, at: int, line: int, end: int) -> None:
    """The text from `at` on, and the quote or the line that ends it."""
    if line > at:
        value.push("STRING_CHARS", Token("STRING_CHARS", value.text[at:line], at, line))
    value.push("DBLQUOTE", Token("DBLQUOTE", value.text[line:end], line, end, "end"))
    value.frames.pop()
    value.at = end
    value.ended = True


def _sequence(value: Stack, at: int, start: int) -> None:
    """The text from `at` on, and the `${` behind it; directives are rare."""
    text = value.text
    if not text.startswith("${", start):
        raise DoubtError
    if start > at:
        value.push("STRING_CHARS", Token("STRING_CHARS", text[at:start], at, start))
    end = start + (3 if text.startswith("~", start + 2) else 2)
    value.push("INTERP_START", Token("INTERP_START", text[start:end], start, end))
    value.enter("${")
    value.at = end
