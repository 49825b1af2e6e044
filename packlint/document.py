"""A file's text → places in it: offsets are the truth, lines and columns are derived from them."""

from __future__ import annotations

from _bisect import bisect_right

from packlint.named import NamedTuple
from packlint.record import field, record


class Position(NamedTuple):
    """A place in a document: `line` and `column` count from 1, the column in code points."""

    line: int
    column: int


@record
class Document:
    """The text of one file; `path` is relative to the checked root and has forward slashes.

    `undecoded` holds the offsets of the bytes that are not UTF-8; U+FFFD stands in place of each. `marked`
    tells that the file begins with a byte-order mark, which is no part of the text.
    """

    path: str
    text: str
    undecoded: tuple[int, ...] = field(default=(), repr=False, compare=False)
    marked: bool = field(default=False, repr=False, compare=False)
    line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        object.__setattr__(self, "line_starts", tuple(starts))

    @property
    def is_json(self) -> bool:
        """Whether it is JSON by its name."""
        return self.path.endswith(".json")

    def position(self, offset: int) -> Position:
        """The line and column of an offset (0-based, in code points)."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both counted from 1."""
        return self.line_starts[line - 1] + column - 1

    @property
    def line_count(self) -> int:
        """How many lines the document has; text after the last line break counts as one, even when empty."""
        return len(self.line_starts)


@record(guarded=False)
class Range:
    """The half-open stretch `[start, end)` of a document, in code points."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """What stands there."""
        return self.document.text[self.start : self.end]

    @property
    def first(self) -> Position:
        """Where the range begins."""
        return self.document.position(self.start)

    @property
    def last(self) -> Position:
        """Where the range ends: the place after its last character."""
        return self.document.position(self.end)

    @property
    def order(self) -> tuple[str, int, int]:
        """A sort key: path, start, end."""
        return (self.document.path, self.start, self.end)

    def contains(self, other: Range) -> bool:
        """Whether `other` lies within this range of the same file."""
        same = self.document.path == other.document.path
        return same and self.start <= other.start and other.end <= self.end

    def to(self, other: Range) -> Range:
        """The range from the start of this one to the end of `other`, both of one document."""
        return Range(self.document, self.start, other.end)
