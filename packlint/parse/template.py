"""The parts of a quoted string or heredoc → a template: escapes, strip markers, indentation, directives."""

from __future__ import annotations

import re

from packlint import syntax
from packlint.document import Document, Range
from packlint.parse.token import Token
from packlint.pattern import pattern
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from packlint.parse.problem import Problem

_ESCAPES = pattern(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|(\$\$|%%)(?=\{)")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}


@record(frozen=False)
class Sequence:
    """One `${…}` or `%{…}`: `keyword` is empty for an interpolation."""

    keyword: str
    opening: Token
    closing: Token
    expression: syntax.Expression | None = None
    names: tuple[str, ...] = ()


@record(frozen=False)
class _Piece:
    """Literal text of one token (in a heredoc: of one line) while it is being trimmed."""

    start: int
    end: int
    value: str


def _unescaped(match: re.Match[str]) -> str:
    short, long, letter, doubled = match.groups()
    if doubled:
        return str(doubled[0])
    if letter:
        return _LETTERS.get(letter, letter)
    from packlint.parse import lexical

    # A string with an error is read on for what else the file holds.
    return lexical.character(short or long) or "\ufffd"


def cooked(raw: str) -> str:
    """What the text between quotes means."""
    if "\\" in raw or "$${" in raw or "%%{" in raw:
        return _ESCAPES.sub(_unescaped, raw)
    return raw


def plain(token: Token, document: Document) -> syntax.Template:
    """A quoted string without sequences; an empty one has no parts."""
    start, end = token.start_pos, token.end_pos
    place = Range(document, start, end)
    if len(token.value) == 2:
        return syntax.Template(place, ())
    first, last = _quotes(place)
    text = syntax.Text(Range(document, start + first, end - last), cooked(token.value[1:-1]))
    return syntax.Template(place, (text,))


def _quotes(place: Range) -> tuple[int, int]:
    r"""How long the quotes of a string are in its document: within a string of JSON, `\"` or `\u0022`."""
    text, start, end = place.document.text, place.start, place.end
    if text[start] == '"':
        return 1, 1
    return 2 if text[start + 1] == '"' else 6, 2 if text[end - 1] == '"' else 6


def assembled(children: list[Any], document: Document) -> tuple[syntax.Expression, Problem | None]:
    """The node of a template from its opening, its parts and its end."""
    opening, closing = children[0], children[-1]
    heredoc = opening.value.startswith("<<")
    quoted = opening.value == '"'
    place = Range(document, opening.start_pos, closing.end_pos)
    parts = children[1:-1]
    if not heredoc and len(parts) == 1 and isinstance(parts[0], Sequence) and not parts[0].keyword:
        assert parts[0].expression is not None
        return syntax.TemplateWrap(place, parts[0].expression), None
    pieces = _pieces(parts, heredoc, quoted)
    if opening.value.startswith("<<-"):
        _unindent(pieces)
    return _nested(pieces, place, document, heredoc)


def _pieces(parts: list[Any], heredoc: bool, quoted: bool) -> list[_Piece | Sequence]:
    """Literal text by line where it has lines; strip markers reach no further than their own piece.

    Only what is quoted in HCL itself has escapes.
    """
    pieces: list[_Piece | Sequence] = []
    strip = False
    for part in parts:
        if isinstance(part, Sequence):
            if part.opening.value.endswith("~") and pieces and isinstance(pieces[-1], _Piece):
                pieces[-1].value = pieces[-1].value.rstrip()
            pieces.append(part)
            strip = part.closing.value.startswith("~")
            continue
        at = part.start_pos
        lines = (part.value,) if quoted else _lines(part.value)
        for line in lines:
            value = cooked(line) if quoted else line.replace("$${", "${").replace("%%{", "%{")
            end = at + len(line) if heredoc else part.end_pos
            pieces.append(_Piece(at, end, value.lstrip() if strip else value))
            strip = False
            at = end
    return pieces


def _lines(text: str) -> list[str]:
    """The lines of a text, with their ends."""
    *whole, last = text.split("\n")
    return [*(line + "\n" for line in whole), *([last] if last else ())]


def _unindent(pieces: list[_Piece | Sequence]) -> None:
    """Takes away the indentation that all lines share (hclsyntax, flushHeredocTemplateParts)."""
    least: int | None = None
    indented = []
    line_start = True
    for piece in pieces:
        if line_start:
            line_start = False
            spaces: int | None = 0
            if isinstance(piece, _Piece):
                rest = piece.value.lstrip()
                if not rest and piece.value.endswith("\n"):
                    spaces = None  # a blank line has no say, and keeps its blanks
                else:
                    spaces = len(piece.value) - len(rest)
                    indented.append(piece)
            if spaces is not None and (least is None or spaces < least):
                least = spaces
        if isinstance(piece, _Piece) and piece.value.endswith("\n"):
            line_start = True
    for piece in indented:
        piece.value = piece.value[least or 0 :]


@record(frozen=False)
class _Open:
    """A directive that waits for its end, with the parts of its branches."""

    head: Sequence | None
    parts: list[syntax.Expression]
    then: tuple[syntax.Expression, ...] | None = None


def _nested(
    pieces: list[_Piece | Sequence], place: Range, document: Document, heredoc: bool
) -> tuple[syntax.Expression, Problem | None]:
    stack = [_Open(None, [])]
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        if isinstance(piece, _Piece):
            run = [piece.value]
            start = piece.start
            while position + 1 < len(pieces) and isinstance(following := pieces[position + 1], _Piece):
                piece = following
                run.append(piece.value)
                position += 1
            stack[-1].parts.append(syntax.Text(Range(document, start, piece.end), "".join(run)))
        else:
            problem = _sequence(stack, piece, document)
            if problem is not None:
                return syntax.Template(place, (), heredoc), problem
        position += 1
    if stack[-1].head is not None:
        from packlint.parse import message

        head = stack[-1].head
        return syntax.Template(place, (), heredoc), message.unclosed_directive(
            head.opening.start_pos, head.closing.end_pos, head.keyword
        )
    return syntax.Template(place, tuple(stack[-1].parts), heredoc), None


def _sequence(stack: list[_Open], piece: Sequence, document: Document) -> Problem | None:
    keyword, top = piece.keyword, stack[-1]
    if not keyword:
        assert piece.expression is not None
        top.parts.append(piece.expression)
    elif keyword in ("if", "for"):
        stack.append(_Open(piece, []))
    elif top.head is None or top.head.keyword != ("for" if keyword == "endfor" else "if"):
        return _stray(piece)
    elif keyword == "else":
        if top.then is not None:
            return _stray(piece)
        top.then, top.parts = tuple(top.parts), []
    else:
        stack.pop()
        stack[-1].parts.append(_closed(top, top.head, piece, document))
    return None


def _stray(piece: Sequence) -> Problem:
    from packlint.parse import message

    return message.stray_directive(piece.opening.start_pos, piece.closing.end_pos, piece.keyword)


def _closed(top: _Open, head: Sequence, end: Sequence, document: Document) -> syntax.Expression:
    place = Range(document, head.opening.start_pos, end.closing.end_pos)
    assert head.expression is not None
    if head.keyword == "for":
        key = head.names[0] if len(head.names) > 1 else None
        return syntax.TemplateFor(place, key, head.names[-1], head.expression, tuple(top.parts))
    if top.then is None:
        return syntax.TemplateIf(place, head.expression, tuple(top.parts), ())
    return syntax.TemplateIf(place, head.expression, top.then, tuple(top.parts))
