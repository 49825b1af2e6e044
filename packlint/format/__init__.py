"""The text of a file in native syntax → the same text as `packer fmt` lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from packlint.format.layout import lay_out
from packlint.format.pieces import Piece, pieces
from packlint.named import NamedTuple
from packlint.parse import tokens


class Respacing(NamedTuple):
    """`blanks`, which are spaces, in place of the blanks between two offsets of a text."""

    start: int
    end: int
    blanks: str


def respacings(text: str) -> tuple[Respacing, ...]:
    """What `packer fmt` changes, in order; nothing where the text cannot be cut into tokens.

    It adds and removes blanks within lines and touches nothing else: no line breaks, no comments, no text of
    strings and heredocs. Blanks behind the last line break stay, as spaces (hashicorp/hcl 2.24,
    `hclwrite.Format`). Packer formats no file with syntax errors.
    """
    cut = tokens(text)
    if cut is None:
        return ()
    found = [Piece("BEGINNING", 0, 0), *pieces(text, cut)]
    if any(text[before.end : piece.start].strip(" \t") for before, piece in pairwise(found)):
        return ()  # a bracket that closes none ends the tokens
    lay_out(text, found[1:])
    return tuple(_respacings(text, found))


def formatted(text: str) -> str:
    """The text with these changes."""
    at = 0
    parts: list[str] = []
    for change in respacings(text):
        parts += (text[at : change.start], change.blanks)
        at = change.end
    return "".join((*parts, text[at:]))


def _respacings(text: str, found: list[Piece]) -> Iterator[Respacing]:
    for before, piece in pairwise(found):
        blanks = " " * piece.spaces
        if text[before.end : piece.start] != blanks:
            yield Respacing(before.end, piece.start, blanks)
