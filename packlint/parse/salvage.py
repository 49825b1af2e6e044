"""The pieces of a text with syntax errors → the items that are whole, and an error for each mistake.

Blocks and arguments are read one by one, the body of a broken block too. What is broken is left out with the
block around it, unless that is a block whose items do not depend on one another: such a block is kept
without it, and not `complete`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from packlint.document import Document, Range
from packlint.parse import message
from packlint.parse.outline import Piece
from packlint.parse.problem import TOLD, Problem
from packlint.record import field, record, replace
from packlint.syntax import Attribute, Block, Body

Items = tuple[Attribute | Block, ...]

_NO_VALUE = re.compile(r"=[ \t]*+\r?\n")
_DEEPEST = 8  # bodies that are looked into
_INDEPENDENT = frozenset(("build", "locals", "variables", "packer", "required_plugins"))


@record(frozen=False)
class Reading:
    """What a text says: its items, or those before the first problem where there is one."""

    items: Items
    problems: list[Problem]


@record(frozen=False)
class _Mistake:
    piece: Piece
    problem: Problem
    odd: bool


@record(frozen=False)
class Salvage:
    """`read` reads a stretch of the document strictly; `whole` has by start the items before an error."""

    document: Document
    read: Callable[[int, int], Reading]
    whole: Mapping[int, Attribute | Block]
    mistakes: list[_Mistake] = field(default_factory=list)
    first: Problem | None = None
    told: int = 0  # how many mistakes came before the one that is called first

    def saved(self, pieces: list[Piece], first: Problem) -> tuple[Items, list[Problem]]:
        """The sound items, and all problems; `first` is the one at which the text as a whole cannot go on."""
        self.first = first
        items = self._body(pieces, 0)
        self._placed(first)
        problems = [mistake.problem for mistake in self.mistakes]
        # What follows in a file of another language is no mistake of its own.
        end = min((problem.start for problem in problems if problem.foreign), default=len(self.document.text))
        return items, [problem for problem in problems if problem.start <= end]

    def _body(self, pieces: list[Piece], level: int) -> Items:
        kept: list[tuple[Piece, Items]] = []
        broken = False
        for piece in pieces:
            if len(self.mistakes) > TOLD:
                break
            whose = self._without_value(piece, pieces[0]) if piece.kind == "stray" else None
            if whose is not None:
                while kept and kept[-1][0] is not whose:
                    kept.pop()
                continue
            items, sound = self._piece(piece, level, broken)
            if piece.kind == "stray" and level == 0:
                self._drop_block(kept, piece)
            elif piece.kind == "other" and kept and kept[-1][0].kind != "block":
                kept.pop()  # the argument may go on where it seems to end
            kept.append((piece, items))
            broken = not sound
        return tuple(item for _, items in kept for item in items)

    def _drop_block(self, kept: list[tuple[Piece, Items]], stray: Piece) -> None:
        """Drops a block that the `}` too many may have cut short, and what follows it."""
        indent = self._indent(stray)
        while kept:
            piece, _ = kept.pop()
            if piece.kind == "block" and self._indent(piece) <= indent:
                return

    def _indent(self, piece: Piece) -> int:
        return piece.start - self.document.line_starts[self.document.position(piece.start).line - 1]

    def _piece(self, piece: Piece, level: int, after_broken: bool) -> tuple[Items, bool]:
        known = self.whole.get(piece.start)
        if known is not None and known.range.end == piece.end:
            return (known,), True
        problems = self._known(piece)
        if not problems:
            reading = self.read(piece.start, piece.end)
            if not reading.problems:
                return reading.items, True
            problems = reading.problems
        if piece.kind == "block":
            return self._block(piece, level, problems[0]), False
        if piece.kind != "other" or not after_broken:
            odd = piece.odd or piece.kind == "stray"
            self.mistakes += [_Mistake(piece, problem, odd) for problem in problems]
        return (), False

    def _without_value(self, stray: Piece, first: Piece) -> Piece | None:
        """The argument whose `{` is missing behind its `=`, if a `}` too many was to end its value.

        `first` is the first piece of their body.
        """
        indent = self._indent(stray)
        for mistake in reversed(self.mistakes):
            piece, at = mistake.piece, mistake.problem.start
            if piece.start < first.start:
                break
            if _NO_VALUE.match(self.document.text, at) and self._indent(piece) == indent:
                return piece
        return None

    def _known(self, piece: Piece) -> list[Problem]:
        """The first error of the body around a piece, where it is the piece's own: that is not read again.

        It may be long. Behind another mistake the error is only what that one led to.
        """
        within = self.first is not None and piece.start <= self.first.start < piece.end
        return [self.first] if self.first and within and len(self.mistakes) == self.told else []

    def _block(self, piece: Piece, level: int, own: Problem) -> Items:
        """What can be kept of a block; `own` is its first error, and that of the piece within it."""
        before, outer = len(self.mistakes), (self.first, self.told)
        in_header = own.start < piece.inner[0] - 1
        if in_header:
            self.mistakes.append(_Mistake(piece, own, piece.odd))
        self.first, self.told = own, len(self.mistakes)
        items = self._body(piece.pieces, level + 1) if level < _DEEPEST else ()
        self.first, self.told = outer
        inside = self.mistakes[before:]
        if not inside:
            self.mistakes.append(_Mistake(piece, own, piece.odd))
        elif piece.odd and not any(mistake.odd for mistake in inside):
            at = piece.inner[0]
            self.mistakes.append(_Mistake(piece, message.unclosed_block(at - 1, at), True))
        return self._without(piece, items, in_header)

    def _without(self, piece: Piece, items: Items, in_header: bool) -> Items:
        """A broken block with the items that are sound, where they stand for themselves."""
        start, inner = piece.start, piece.inner[0]
        type_ = self.document.text[start : inner - 1].rstrip(" \t")
        if in_header or type_ not in _INDEPENDENT or not items:
            return ()
        name = Range(self.document, start, start + len(type_))
        body = Body(items, Range(self.document, *piece.inner))
        place = Range(self.document, start, piece.end)
        return (Block(type_, name, (), name, body, place, complete=False),)

    def _placed(self, first: Problem) -> None:
        """Puts the first error of the text in place of what it was for the piece, or of what led to it."""
        around = [
            m for m in self.mistakes if m.piece.start <= first.start <= max(m.piece.end, m.problem.start)
        ]
        odd = [m for m in self.mistakes if m.odd]
        before = [m for m in odd if m.piece.start <= first.start]
        cause = (around and around[-1]) or (before and before[-1]) or (odd and odd[0]) or None
        if cause is None:
            self.mistakes.insert(0, _Mistake(Piece("other", first.start, first.end), first, False))
            return
        if cause not in around and first.related is None and cause.problem.start != first.start:
            place = (cause.problem.start, cause.problem.end, cause.problem.message)
            first = replace(first, related=place)
        cause.problem = first
        start, keeps_odd = first.start, first.at_end
        self.mistakes = [
            m for m in self.mistakes if m is cause or m.problem.start >= start or (m.odd and keeps_odd)
        ]


def again(items: Items) -> list[Problem]:
    """The arguments of the same body that are set a second time."""
    problems = []
    names: dict[str, Attribute] = {}
    for item in items:
        if isinstance(item, Block):
            problems += again(item.body.items)
        elif (first := names.setdefault(item.name, item)) is not item:
            name, place = item.name_range, first.name_range
            problems.append(message.repeated(name.start, name.end, item.name, (place.start, place.end)))
    return problems
