"""The text of a document → items and problems: scan, check, parse, and save what is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from packlint.document import Document
from packlint.parse import message, salvage, wellformed
from packlint.parse.depth import deepest
from packlint.parse.grammar import UnexpectedTokenError, load
from packlint.parse.hcl import Builder
from packlint.parse.problem import Problem
from packlint.parse.scan import Scan
from packlint.parse.token import NEWLINE, Token
from packlint.syntax import Attribute, Block, Expression

Items = tuple[Attribute | Block, ...]


@dataclass(slots=True)
class Parsed:
    """What a document says, as far as it could be read."""

    items: Items = ()
    comments: list[tuple[int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class NativeParser:
    """Parses documents one after another; not for use by several threads."""

    def __init__(self) -> None:
        self._builder = Builder()
        self._parser = load(self._builder)

    def parse(self, document: Document) -> Parsed:
        """Reports the first error, and arguments that are set twice; saves the items around an error."""
        text = document.text
        scan = self._parser.scanner.scan(text)
        verdict = wellformed.check(scan.tokens)
        items, stop = self._items(document, scan, verdict)
        problems = [*verdict.repeated, *self._builder.problems]
        if stop is not None:
            problems.append(stop)
            items, comments = self._saved(document, scan, verdict, stop)
        else:
            comments = scan.comments
        deep = deepest(items)
        if deep is not None:
            items, problems = (), [*problems, deep]
        return Parsed(items, comments, problems)

    def template(
        self, document: Document, text: str, places: Sequence[int]
    ) -> tuple[Expression | None, list[Problem]]:
        """A text that is a template as a whole; `places` has its offsets, and its end, in the document."""
        return self._embedded(document, self._parser.scanner.scan_template(text), places)

    def expression(
        self, document: Document, text: str, places: Sequence[int]
    ) -> tuple[Expression | None, list[Problem]]:
        """A text that is an expression as a whole; `places` has its offsets, and its end, in the document."""
        return self._embedded(document, self._parser.scanner.scan(text), places)

    def _embedded(
        self, document: Document, scan: Scan, places: Sequence[int]
    ) -> tuple[Expression | None, list[Problem]]:
        """Parsed as the value of an argument; None where there is a problem."""
        scan.place(places)
        start, end = places[0], places[-1]
        scan.tokens[:0] = [Token("NAME", "value", start, start), Token("EQ", "=", start, start)]
        scan.tokens.append(Token(NEWLINE, "\n", end, end))
        items, stop = self._items(document, scan, wellformed.check(scan.tokens))
        problems = [*self._builder.problems, *([stop] if stop is not None else [])]
        if problems or len(items) != 1 or not isinstance(items[0], Attribute):
            return None, problems
        deep = deepest(items)
        return (None, [deep]) if deep is not None else (items[0].expression, [])

    def _items(
        self, document: Document, scan: Scan, verdict: wellformed.Verdict
    ) -> tuple[Items, Problem | None]:
        """All items, or the error that comes first in the text."""
        self._builder.begin(document)
        stop = verdict.problem or scan.problem
        try:
            items = self._parser.parse(scan.tokens[: verdict.end])
        except UnexpectedTokenError as error:
            if error.token.type != "$END":
                return (), message.unexpected(scan.tokens, error.token)
            if stop is None:
                ended = message.cut_short(verdict.pending) if verdict.pending else None
                stop = ended or message.ended(scan.tokens, len(document.text))
            return (), stop
        return ((), stop) if stop is not None else (items, None)

    def _saved(
        self, document: Document, scan: Scan, verdict: wellformed.Verdict, stop: Problem
    ) -> tuple[Items, list[tuple[int, int]]]:
        """The items before the first error, and those behind it that are sound by themselves."""
        tokens = scan.tokens
        count = max((n for n in verdict.whole if tokens[n - 1].end_pos <= stop.start), default=0)
        self._builder.begin(document)
        try:
            items: Items = self._parser.parse(tokens[:count])
        except UnexpectedTokenError:  # a line looked like the last one of its item and is not
            items = ()
        comments = [comment for comment in scan.comments if comment[1] <= stop.start]
        if stop.hides_rest:
            return items, comments
        for start, end in salvage.stretches(document.text, stop.end):
            part = self._parser.scanner.scan(document.text[start:end])
            if part.problem is not None and part.problem.hides_rest:
                break
            part.shift(start)
            saved = self._items_or_none(document, part)
            if saved is not None:
                items += saved
                comments += part.comments
        return items, comments

    def _items_or_none(self, document: Document, scan: Scan) -> Items | None:
        verdict = wellformed.check(scan.tokens)
        items, stop = self._items(document, scan, verdict)
        return items if stop is None and not verdict.repeated and not self._builder.problems else None
