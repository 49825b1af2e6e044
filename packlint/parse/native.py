"""The text of a document → items and problems: scan, check, parse, and save what is whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packlint.document import Document
from packlint.parse import message, wellformed
from packlint.parse.depth import deepest
from packlint.parse.driver import Parser, UnexpectedTokenError
from packlint.parse.frame import Scan
from packlint.parse.grammar import tables
from packlint.parse.hcl import Builder
from packlint.parse.outline import outline
from packlint.parse.problem import Problem, bounded
from packlint.parse.salvage import Items, Reading, Salvage, again
from packlint.parse.scan import Scanner
from packlint.parse.token import NEWLINE, Token
from packlint.record import field, record
from packlint.syntax import Attribute, Block, Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@record(frozen=False)
class Parsed:
    """What a document says, as far as it could be read."""

    items: Items = ()
    comments: list[tuple[int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


_LINE_END = re.compile(r"[ \t]*+\r?\n")
_BRACKET = re.compile(r"[ \t]*+[)\]}]")


class NativeParser:
    """Parses documents one after another; not for use by several threads."""

    def __init__(self) -> None:
        self._builder = Builder()
        found = tables()
        self._parser = Parser(found, self._builder)
        self._scanner = Scanner(found.punctuation)

    def parse(self, document: Document) -> Parsed:
        """Reports each mistake once, as far as they can be told apart; saves what stands between them."""
        length = len(document.text)
        scan = self._scanner.scan(document.text)
        if scan.problem is not None and scan.problem.hides_all:
            return Parsed(problems=[scan.problem])
        reading, repeated = self._read(document, scan, length)
        if not reading.problems:
            return Parsed(reading.items, scan.comments, bounded(repeated))
        first = reading.problems[0]
        if first.hides_all:
            return Parsed((), [], [first])
        del scan  # a large file has a million tokens
        whole = {item.range.start: item for item in reading.items}
        pieces, comments = outline(self._scanner, document.text)
        salvage = Salvage(document, lambda start, end: self._piece(document, start, end), whole)
        items, problems = salvage.saved(pieces, first)
        return Parsed(items, comments, bounded([*problems, *again(items)]))

    def scan(self, text: str) -> Scan:
        """The tokens of a text, and what keeps it from having more."""
        return self._scanner.scan(text)

    def template(
        self, document: Document, text: str, places: Sequence[int]
    ) -> tuple[Expression | None, list[Problem]]:
        """A text that is a template as a whole; `places` has its offsets, and its end, in the document."""
        return self._embedded(document, self._scanner.scan_template(text), places)

    def expression(
        self, document: Document, text: str, places: Sequence[int]
    ) -> tuple[Expression | None, list[Problem]]:
        """A text that is an expression as a whole; `places` has its offsets, and its end, in the document."""
        return self._embedded(document, self._scanner.scan(text), places)

    def _embedded(
        self, document: Document, scan: Scan, places: Sequence[int]
    ) -> tuple[Expression | None, list[Problem]]:
        """Parsed as the value of an argument; None where there is a problem."""
        scan.place(places)
        start, end = places[0], places[-1]
        scan.tokens[:0] = [Token("NAME", "value", start, start), Token("EQ", "=", start, start)]
        scan.tokens.append(Token(NEWLINE, "\n", end, end))
        items, stop = self._items(document, scan, wellformed.check(scan.tokens), end)
        problems = [*self._builder.problems, *([stop] if stop is not None else [])]
        if problems or len(items) != 1 or not isinstance(items[0], Attribute):
            return None, problems
        deep = deepest(items)
        return (None, [deep]) if deep is not None else (items[0].expression, [])

    def _piece(self, document: Document, start: int, end: int) -> Reading:
        """A stretch of the document, with the line break behind it, read as if it were all of it.

        Where that ends before its last item does, the bracket behind it tells what is missing.
        """
        text = document.text
        found = _LINE_END.match(text, end)
        reading = self._stretch(document, start, found.end() if found else end)
        bracket = _BRACKET.match(text, end) if reading.problems and found is None else None
        if bracket is not None:
            further = self._stretch(document, start, bracket.end())
            if further.problems and further.problems[0].start >= end:
                return further
        return reading

    def _stretch(self, document: Document, start: int, end: int) -> Reading:
        scan = self._scanner.scan(document.text[start:end])
        scan.shift(start)
        return self._read(document, scan, end)[0]

    def _read(self, document: Document, scan: Scan, end: int) -> tuple[Reading, list[Problem]]:
        """Items and problems of a scan that ends at `end`, and the arguments that are repeated."""
        verdict = wellformed.check(scan.tokens)
        items, stop = self._items(document, scan, verdict, end)
        problems = self._builder.problems
        if stop is not None:
            problems = [*(problem for problem in problems if problem.start < stop.start), stop]
        else:
            deep = None if problems else deepest(items)
            problems = [deep] if deep is not None else problems
            items = () if problems else items
        problems.sort(key=lambda problem: problem.start)
        return Reading(items, problems), verdict.repeated

    def _items(
        self, document: Document, scan: Scan, verdict: wellformed.Verdict, end: int
    ) -> tuple[Items, Problem | None]:
        """All items, or those that end before the error that comes first in the text."""
        self._builder.begin(document)
        stop = verdict.problem or scan.problem
        if stop is not None and scan.problem is not None and scan.problem.start <= stop.start:
            stop = scan.problem
        try:
            items = self._parser.parse(scan.tokens[: verdict.end])
        except UnexpectedTokenError as error:
            items = _whole(error.values)
            if error.token.type != "$END":
                return items, message.unexpected(scan.tokens, error.token)
            if stop is None:
                ends = "file" if end == len(document.text) else "line"
                ended = message.cut_short(verdict.pending, ends) if verdict.pending else None
                stop = ended or message.ended(scan.tokens, end, ends)
        return items, stop


def _whole(values: list[Any]) -> Items:
    """The items that the parser has finished when it can go on no further."""
    whole: list[Attribute | Block] = []
    for value in values:
        if isinstance(value, Token):
            break
        for item in value if isinstance(value, list | tuple) else (value,):
            if isinstance(item, Attribute | Block):
                whole.append(item)
    return tuple(whole)
