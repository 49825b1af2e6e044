"""The offsets of a simple operand → its node."""

from __future__ import annotations

from packlint.document import Document, Range
from packlint.parse import line
from packlint.parse.doubt import DoubtError
from packlint.parse.template import cooked
from packlint.pattern import pattern
from packlint.syntax import Expression, Literal, Step, Template, TemplateWrap, Text, Traversal, Tuple

TEXT = "TEMPLATE_STRING"
"""The terminal that stands for a string of any kind."""

CONSTANTS = {"true": True, "false": False, "null": None}
_NO_OPERANDS = frozenset(("in", "if", "for"))
KEYWORDS = frozenset((*_NO_OPERANDS, *CONSTANTS))
"""Words that may be more than names; behind a dot they are names."""

_PART = pattern(rf"\$\{{({line.REFERENCE})\}}|(?>(?:{line.CHARACTERS})+)")
_MEMBER = pattern(rf'"({line.TEXT})"|"({line.QUOTED})"|({line.REFERENCE})')


def string(document: Document, start: int, end: int) -> Template:
    """A quoted string without escapes and sequences, of which the offsets are those between its quotes."""
    place = Range(document, start - 1, end + 1)
    if start == end:
        return Template(place, ())
    return Template(place, (Text(Range(document, start, end), document.text[start:end]),))


def wrap(document: Document, start: int, end: int) -> TemplateWrap:
    """A quoted string that is nothing but a reference, at the offsets, within `${` and `}`."""
    return TemplateWrap(Range(document, start - 3, end + 2), word(document, start, end))


def word(document: Document, start: int, end: int) -> Expression:
    """A constant, or a name and the names behind its dots."""
    text = document.text[start:end]
    if text in CONSTANTS:
        return Literal(Range(document, start, end), CONSTANTS[text])
    return referred(document, start, end)


def referred(document: Document, start: int, end: int) -> Traversal:
    """A name and the names behind its dots, between which no blanks stand; steps from a keyword are rare."""
    text = document.text[start:end]
    place = Range(document, start, end)
    if "." not in text:
        return Traversal(place, text, place, ())
    root, *names = text.split(".")
    if root in KEYWORDS:
        raise DoubtError
    at = start + len(root)
    root_place = Range(document, start, at)
    steps = []
    for name in names:
        behind = at + 1 + len(name)
        steps.append(Step(Range(document, at, behind), name, True))
        at = behind
    return Traversal(place, root, root_place, tuple(steps))


def integer(document: Document, start: int, end: int) -> Literal:
    """A number of few digits."""
    return Literal(Range(document, start, end), int(document.text[start:end]))


def mixed(document: Document, start: int, end: int) -> Template | TemplateWrap:
    """A quoted string of text, common escapes and references within `${` and `}`; offsets as of `string`."""
    text = document.text
    parts: list[Expression] = []
    for found in _PART.finditer(text, start, end):
        if found[1] is not None:
            parts.append(word(document, *found.span(1)))
        else:
            parts.append(Text(Range(document, *found.span()), cooked(found[0])))
    place = Range(document, start - 1, end + 1)
    if len(parts) == 1 and not isinstance(parts[0], Text):
        return TemplateWrap(place, parts[0])
    return Template(place, tuple(parts))


def listed(document: Document, start: int, end: int) -> Tuple:
    """A list, from bracket to bracket, of references and of strings as `mixed` takes them."""
    items: list[Expression] = []
    for found in _MEMBER.finditer(document.text, start + 1, end):
        kind = found.lastindex or 0
        if kind == 3 and found[3] in _NO_OPERANDS:
            raise DoubtError
        items.append(_MEMBERS[kind](document, *found.span(kind)))
    return Tuple(Range(document, start, end), tuple(items))


def remark(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a comment stands; a carriage return belongs to the end of its line."""
    return start, end - 1 if text[end - 1] == "\r" else end


_MEMBERS = {1: string, 2: mixed, 3: word}
