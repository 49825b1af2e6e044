"""Pieces of a text → the same with the number of blanks that is to stand before each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from packlint.format.columns import columns
from packlint.format.pieces import BREAK, COMMENT, END, OPENING_MARKER, Piece
from packlint.format.spaces import CLOSING, NOTHING, parted
from packlint.parse.token import OPENING
from packlint.record import record

INDENT = 2


@record(frozen=False)
class Line:
    """The pieces of a line in three cells, of which the second and the third are aligned with their like.

    `assign` begins with the first equals sign, where all brackets behind it are closed on the line;
    `comment` is the comment at the end. Either may be empty. A heredoc is one line with its opening.
    """

    lead: Sequence[Piece]
    assign: Sequence[Piece] = ()
    comment: Sequence[Piece] = ()


def lay_out(text: str, pieces: Sequence[Piece]) -> None:
    """Sets the blanks of every piece but the end of the text (hashicorp/hcl, `hclwrite/format.go`)."""
    lines = [_celled(line) for line in _lines(text, pieces)]
    _indent(lines)
    for line in lines:
        _space(line.lead)
        _space(line.assign)

    def width(cell: Sequence[Piece]) -> int:
        return sum(piece.spaces + columns(text[piece.start : piece.end]) for piece in cell)

    _align(lines, lambda line: line.assign, lambda line: width(line.lead))
    _align(lines, lambda line: line.comment, lambda line: width(line.lead) + width(line.assign))


def _lines(text: str, pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """Cuts behind line breaks, and behind comments that include theirs; never within heredoc or string."""
    start = 0
    for at, piece in enumerate(pieces):
        if piece.kind == END:
            if at > start:
                yield pieces[start:at]
        elif piece.kind == BREAK or (piece.kind == COMMENT and text[piece.end - 1] == "\n"):
            yield pieces[start : at + 1]
            start = at + 1


def _celled(pieces: Sequence[Piece]) -> Line:
    comment: Sequence[Piece] = ()
    if len(pieces) > 1 and pieces[-1].kind == COMMENT:
        pieces, comment = pieces[:-1], pieces[-1:]
    equals = next((at for at, piece in enumerate(pieces) if at and piece.kind == "EQ"), None)
    if equals is None or _opened(pieces[equals:]):
        return Line(pieces, (), comment)
    return Line(pieces[:equals], pieces[equals:], comment)


def _opened(pieces: Sequence[Piece]) -> int:
    """How many more brackets open than close."""
    return sum((piece.kind in OPENING) - (piece.kind in CLOSING) for piece in pieces)


def _indent(lines: Sequence[Line]) -> None:
    """One step for each line that opens brackets, however many, until as many are closed again."""
    levels: list[int] = []
    for line in lines:
        if line.lead[0].kind == BREAK:
            continue
        opened = _opened(_before_heredoc(line.lead)) + _opened(line.assign)
        if opened < 0:
            _dedent(levels, -opened)
        line.lead[0].spaces = INDENT * len(levels)
        if opened > 0:
            levels.append(opened)


def _before_heredoc(lead: Sequence[Piece]) -> Sequence[Piece]:
    """HCL looks no further for brackets, unless the heredoc is assigned to something."""
    return next((lead[:at] for at, piece in enumerate(lead) if piece.kind == OPENING_MARKER), lead)


def _dedent(levels: list[int], closed: int) -> None:
    while closed > 0 and levels:
        if closed < levels[-1]:
            levels[-1] -= closed
            return
        closed -= levels.pop()


def _space(cell: Sequence[Piece]) -> None:
    before = NOTHING
    for piece, after in pairwise(cell):
        after.spaces = int(parted(before, piece.kind, after.kind))
        before = piece.kind


def _align(
    lines: Sequence[Line], cell: Callable[[Line], Sequence[Piece]], width: Callable[[Line], int]
) -> None:
    """Moves the cells of neighbouring lines, where each has one, behind the widest of what precedes them."""
    chain: list[tuple[Piece, int]] = []
    for line in (*lines, Line(())):
        moved = cell(line)
        if moved:
            chain.append((moved[0], width(line)))
        elif chain:
            widest = max(columns for _, columns in chain)
            for piece, taken in chain:
                piece.spaces = widest - taken + 1
            chain = []
