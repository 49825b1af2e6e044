"""The keys, strings, numbers and words of a JSON document → nodes with exact ranges."""

from __future__ import annotations

import re

from packlint import syntax
from packlint.document import Document, Range
from packlint.json_text import decoded
from packlint.parse import json_message as message
from packlint.parse.json_scan import NUMBER, STRING, Token
from packlint.parse.number import number
from packlint.parse.problem import Problem
from packlint.record import field, record

CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

FIRST, ITEM, COLON, VALUE, NEXT = range(5)
"""What an object or array waits for: its first item or end, an item, a colon, a value, a comma or its end."""

_AT_ONCE = 10_000
_BLANKS = r"[ \t\r\n]*+"
_SCALAR = (
    rf"(?:(?P<string>{STRING})|(?P<number>{NUMBER})|(?P<word>(?:true|false|null)(?![\w.-])))"
    rf"(?>(?:{_BLANKS},)?)"
)
_ELEMENT = re.compile(_BLANKS + _SCALAR)
_MEMBER = re.compile(rf"{_BLANKS}(?P<key>{STRING}){_BLANKS}:{_BLANKS}{_SCALAR}")


@record(frozen=False)
class Frame:
    """An object or array that is not yet closed; `key` waits for its value, `comma` is the last one's place.

    A key that is itself damaged has None for its text.
    """

    bracket: str
    start: int
    state: int = FIRST
    items: list[syntax.ObjectItem] = field(default_factory=list)
    values: list[syntax.Expression] = field(default_factory=list)
    key: syntax.Text | None = None
    key_place: tuple[int, int] = (0, 0)
    comma: int = 0


def read_ahead(frame: Frame, document: Document, at: int) -> tuple[int, int]:
    """Takes the items that follow at an offset while they are sound and scalar.

    Gives how many they are and where the last ends. They are most of a document, and are read in a fraction
    of the time that their tokens would take.
    """
    match = (_MEMBER if frame.bracket == "{" else _ELEMENT).match
    count = 0
    while frame.state <= ITEM and count < _AT_ONCE:
        found = match(document.text, at)
        if found is None:
            break
        kind = str(found.lastgroup)
        start, end = found.span(kind)
        node, problem = value(document, Token(kind, start, end))
        if node is None or problem is not None:
            break
        if frame.bracket == "[":
            frame.values.append(node)
        else:
            named = key(document, Token("string", *found.span("key")))
            frame.items.append(syntax.ObjectItem(named, node))
        at = found.end()
        count += 1
        if at > end:
            frame.state, frame.comma = ITEM, at - 1
        else:
            frame.state = NEXT
    return count, at


def key(document: Document, token: Token) -> syntax.Text:
    """The key of an object's item; its range has the quotes."""
    text = document.text[token.start : token.end]
    if token.kind == "string":
        text = decoded(text[1:-1])
    elif token.kind == "quoted":
        text = text[1:-1]
    return syntax.Text(Range(document, token.start, token.end), text)


def value(document: Document, token: Token) -> tuple[syntax.Expression | None, Problem | None]:
    """The node of a token, as far as it has one, and what is wrong with it."""
    start, end = token.start, token.end
    text = document.text[start:end]
    place = Range(document, start, end)
    if token.kind in ("string", "quoted"):
        if end - start == 2:
            return syntax.Template(place, ()), None
        meant = decoded(text[1:-1]) if token.kind == "string" else text[1:-1]
        return syntax.Template(place, (syntax.Text(Range(document, start + 1, end - 1), meant),)), None
    if token.kind == "number":
        return _number(text, place)
    if token.kind == "word":
        if text in CONSTANTS:
            return syntax.Literal(place, CONSTANTS[text]), None
        return None, message.bad_word(start, end, text)
    return None, None


def _number(text: str, place: Range) -> tuple[syntax.Literal, Problem | None]:
    value = number(text)
    problem = message.huge_number(place.start, place.end) if value is None else None
    return syntax.Literal(place, 0 if value is None else value), problem
