"""Tokens of the parser → the pieces that HCL's writer sees: its tokens, with line breaks and comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packlint.parse.token import NEWLINE, STRINGS, Token
from packlint.record import record

BREAK = "BREAK"
COMMENT = "COMMENT"
TEXT = "TEXT"
"""Literal text between quotes or in a heredoc."""

OPENING_QUOTE = "OPENING_QUOTE"
OPENING_MARKER = "OPENING_MARKER"
CLOSING_QUOTE = "CLOSING_QUOTE"
"""The end of a string, or of a heredoc."""

WHOLE_STRING = "WHOLE_STRING"
"""A string without sequences: outside it looks like its quotes."""

SEQUENCE_END = "SEQUENCE_END"
"""The brace that ends `${` or `%{`."""

END = "END"

_ASIDE = re.compile(r"(?P<newline>\r?\n)|(?:\#|//)[^\n]*\n?|/\*(?s:.*?)\*/")
_INNER = re.compile(r"::|[\[\]*.]|[^\s:\[\]*.]+")
_SIGNS = {"::": "COLONS", "[": "LSQB", "]": "RSQB", "*": "ASTERISK", ".": "DOT"}
_NUMBERS = frozenset(("INT_LITERAL", "FLOAT_LITERAL"))
_OPENS_BRACE = frozenset(("LBRACE", "INTERP_START", "DIRECTIVE_START"))


@record(frozen=False)
class Piece:
    """A token of HCL at its offsets; `spaces` tells how many blanks are to stand before it.

    `kind` is the terminal of the parser, or one of the names in this module; a name is "NAME", but "IN"
    where it reads `in`.
    """

    kind: str
    start: int
    end: int
    spaces: int = 0


def pieces(text: str, tokens: Iterable[Token]) -> Iterator[Piece]:
    """All that stands in a text but blanks, in order; the last piece is its end.

    The parser's scanner fuses tokens and leaves out what says nothing to the parser; hclwrite sees each for
    itself (hashicorp/hcl, `hclsyntax/scan_tokens.rl`).
    """
    at = 0
    braces: list[str] = []
    for token in tokens:
        if token.type == NEWLINE:
            continue
        if token.start_pos > at:
            yield from _asides(text, at, token.start_pos)
        at = token.end_pos
        if token.type in _OPENS_BRACE:
            braces.append(token.type)
        if token.type == "RBRACE":
            opened = braces.pop() if braces else "LBRACE"
            yield Piece("RBRACE" if opened == "LBRACE" else SEQUENCE_END, token.start_pos, at)
        else:
            yield from _parts(text, token)
    for aside in _asides(text, at, len(text)):
        at = aside.end
        yield aside
    yield Piece(END, len(text), len(text), len(text) - at)


def _asides(text: str, start: int, end: int) -> Iterator[Piece]:
    """Line breaks and comments; a comment up to the end of its line is followed by no piece for that."""
    for found in _ASIDE.finditer(text, start, end):
        yield Piece(BREAK if found["newline"] else COMMENT, found.start(), found.end())


def _parts(text: str, token: Token) -> Iterator[Piece]:
    start, end = token.start_pos, token.end_pos
    if token.type in ("NAME", "IN", "IF"):
        if "::" in token.value:
            yield from _inner(text, start, end)
        else:
            yield Piece("IN" if token.value == "in" else "NAME", start, end)
    elif token.type in STRINGS:
        yield Piece(_quoted(token), start, end)
    elif token.type in _NUMBERS:
        yield Piece("NUMBER", start, end)
    elif isinstance(token.detail, list):
        for at in token.detail:
            yield Piece("NOT" if text[at] == "!" else "MINUS", at, at + 1)
    elif token.type in ("FULL_SPLAT_START", "ATTR_SPLAT"):
        yield from _inner(text, start, end)
    else:
        yield Piece(token.type, start, end)


def _inner(text: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of a namespaced name, or of a splat."""
    for found in _INNER.finditer(text, start, end):
        yield Piece(_SIGNS.get(found[0], "NAME"), found.start(), found.end())


def _quoted(token: Token) -> str:
    if token.type == "STRING_CHARS":
        return TEXT
    if token.type != "DBLQUOTE":
        return WHOLE_STRING
    if token.detail == "end":
        return CLOSING_QUOTE
    return OPENING_MARKER if token.value.startswith("<<") else OPENING_QUOTE
