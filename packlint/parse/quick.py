"""The text of a document without errors → its items: line by line where lines are simple.

This is the quick road. It takes the common forms of HCL, in ASCII, by patterns of which `proof.py` shows that
the tables of the grammar agree, and what else an argument is through the tables themselves. Where it is in
doubt, and where there is an error, it gives up: the scanner then reads the document from its beginning.
"""

from __future__ import annotations

import gc
import re

from packlint.document import Document, Range
from packlint.parse import line, node
from packlint.parse.depth import deepest
from packlint.parse.doubt import DoubtError
from packlint.parse.driver import READY, Parser
from packlint.parse.hcl import Builder
from packlint.parse.line import line_pattern
from packlint.parse.problem import DEEPEST, MOST
from packlint.parse.tables import Tables
from packlint.parse.value import Reader
from packlint.record import record
from packlint.syntax import Attribute, Block, Body, Expression, Label

Items = tuple[Attribute | Block, ...]
Line = re.Match[str]

_DEEPEST_BLOCK = DEEPEST // 4
NEEDED = frozenset(("lines", "text", "word"))
"""What has to be proved of the tables before any of it is quick."""


@record
class Header:
    """A block up to its `{`; its body begins at `inner`."""

    type: str
    type_range: Range
    labels: tuple[Label, ...]
    range: Range
    inner: int


class Quick:
    """Reads documents one after another."""

    def __init__(self, tables: Tables) -> None:
        self._usable = tables.quick >= NEEDED
        self._match = line_pattern(tables.quick).match
        self._builder = Builder()
        self._reader = Reader(tables, Parser(tables, self._builder, READY))

    def read(self, document: Document) -> tuple[Items, list[tuple[int, int]]] | None:
        """Items and comments; None where the document has to be read slowly."""
        text = document.text
        if not self._usable or ("\r" in text and text.count("\r") != text.count("\r\n")):
            return None
        self._builder.begin(document)
        reader = self._reader
        reader.begin(document)
        collecting = gc.isenabled()
        gc.disable()  # many objects are made, which hold each other in no circle
        try:
            items = self._body(document, reader)
        except DoubtError:
            return None
        finally:
            if collecting:
                gc.enable()
        if self._builder.problems or (reader.deep and deepest(items) is not None):
            return None
        return items, reader.comments

    def _body(self, document: Document, reader: Reader) -> Items:
        """Line by line; arguments with a simple value, of which there are most, are made here."""
        text, match, length = document.text, self._match, len(document.text)
        body = _Body(document, reader)
        pieces = _Pieces(text) if length > MOST else None
        at = 0
        while at < length:
            found = match(text, at)
            if found is None:
                raise DoubtError
            at = found.end()
            kind = found.lastindex or 0
            make = _SIMPLE.get(kind)
            if make is None:
                body.at = at
                _TAKES[kind](body, found)
                at = body.at
            else:
                start, end = found.span(1)
                name = text[start:end]
                if name in body.names:
                    raise DoubtError
                body.names.add(name)
                value = make(document, *found.span(kind))
                place = Range(document, start, value.range.end)
                body.items.append(Attribute(name, Range(document, start, end), value, place))
            if pieces is not None:
                pieces.count(found, at)
        if body.outer:
            raise DoubtError
        return tuple(body.items)


class _Body:
    """The innermost body as far as it is read; `outer` has the others, and the headers of their blocks."""

    __slots__ = ("at", "document", "items", "names", "outer", "reader", "text")

    def __init__(self, document: Document, reader: Reader) -> None:
        self.document, self.text, self.reader = document, document.text, reader
        self.at = 0
        self.items: list[Attribute | Block] = []
        self.names: set[str] = set()
        self.outer: list[tuple[Header, list[Attribute | Block], set[str]]] = []

    def argument(self, found: Line) -> None:
        value, self.at = self.reader.read(found.end(line.ARGUMENT), len(self.outer))
        start, end = found.span(1)
        name = self.text[start:end]
        if name in self.names:
            raise DoubtError
        self.names.add(name)
        self.items.append(_attribute(self.document, start, end, value))

    def block(self, found: Line) -> None:
        if len(self.outer) > _DEEPEST_BLOCK:
            raise DoubtError
        self.outer.append((_header(self.document, found), self.items, self.names))
        self.items, self.names = [], set()

    def close(self, found: Line) -> None:
        if not self.outer:
            raise DoubtError
        items = tuple(self.items)
        header, self.items, self.names = self.outer.pop()
        self.items.append(_block(header, items, found.start(line.CLOSE)))

    def empty_block(self, found: Line) -> None:
        header = _header(self.document, found)
        self.items.append(_block(header, (), self.text.index("}", header.inner)))

    def one_line_block(self, found: Line) -> None:
        header = _header(self.document, found)
        value, close, self.at = self.reader.read_one(found.end(line.ONE_LINE_BLOCK), len(self.outer))
        argument = _attribute(self.document, *found.span(line.INNER_NAME), value)
        self.items.append(_block(header, (argument,), close))

    def comment(self, found: Line) -> None:
        self.reader.comments.append(node.remark(self.text, *found.span(line.COMMENT)))

    def blank(self, found: Line) -> None:
        pass


class _Pieces:
    """Counts the words and signs of a long text: no fewer than it has, since there may be too many."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = 0
        self.first_look = len(text) // 50

    def count(self, line_found: Line, at: int) -> None:
        """Counts those of an item that ends at an offset; soon tells whether it is going to be too many."""
        kind, start = line_found.lastindex, line_found.start()
        if kind in (line.STRING_VALUE, line.INTEGER_VALUE):
            self.found += 4
        elif kind == line.WORD_VALUE:
            self.found += 4 + 2 * self.text.count(".", start, at)
        elif kind == line.BLOCK:
            self.found += 3 + len(line.LABEL.findall(self.text, *line_found.span(line.LABELS)))
        elif kind == line.CLOSE:
            self.found += 2
        else:
            self.found += at - start
        if self.found > MOST or (self.first_look and at > self.first_look):
            if self.found * len(self.text) > MOST * at:
                raise DoubtError
            self.first_look = 0


_SIMPLE = {
    line.STRING_VALUE: node.string,
    line.WRAP_VALUE: node.wrap,
    line.WORD_VALUE: node.word,
    line.INTEGER_VALUE: node.integer,
    line.LIST_VALUE: node.listed,
    line.MIXED_VALUE: node.mixed,
}
_TAKES = {
    line.ARGUMENT: _Body.argument,
    line.BLOCK: _Body.block,
    line.EMPTY_BLOCK: _Body.empty_block,
    line.ONE_LINE_BLOCK: _Body.one_line_block,
    line.CLOSE: _Body.close,
    line.COMMENT: _Body.comment,
    line.BLANK: _Body.blank,
}


def _attribute(document: Document, start: int, end: int, value: Expression) -> Attribute:
    place = Range(document, start, value.range.end)
    return Attribute(document.text[start:end], Range(document, start, end), value, place)


def _header(document: Document, found: Line) -> Header:
    """The type of a block, its labels, and where its body begins."""
    text = document.text
    start, end = found.span(1)
    name = place = Range(document, start, end)
    at, behind = found.span(line.LABELS)
    labels: list[Label] = []
    if at < behind:
        for label in line.LABEL.finditer(text, at, behind):
            begin, end = label.span()
            value = label[1] if text[begin] == '"' else label[0]
            labels.append(Label(value, Range(document, begin, end)))
        place = Range(document, start, end)
    return Header(text[start : name.end], name, tuple(labels), place, text.index("{", behind) + 1)


def _block(header: Header, items: Items, close: int) -> Block:
    """A block whose `}` is at an offset."""
    name = header.type_range
    document = name.document
    body = Body(items, Range(document, header.inner, close))
    place = Range(document, name.start, close + 1)
    return Block(header.type, name, header.labels, header.range, body, place)
