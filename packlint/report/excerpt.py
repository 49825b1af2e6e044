"""A range of a document → the lines around it, cut into what stands before, inside and after the range."""

from __future__ import annotations

from packlint.document import Document, Range
from packlint.named import NamedTuple
from packlint.report.frame import NEAR, first_text, text_end
from packlint.report.mask import Mask
from packlint.visible import cells

CONTEXT = 2
"""Lines that are shown above a range and below it."""

MOST_MARKED = 6
"""Lines of a range that are shown all; of more its first ones and its last one."""

CUT = "…"


class Line(NamedTuple):
    """A line as it may be shown: visible, secrets masked, tabs as blanks.

    `inside` is what the range spans of it, which may be nothing although the line is `marked`. A line
    without a number stands for those that are left out.
    """

    number: int | None
    before: str
    inside: str = ""
    after: str = ""
    marked: bool = False

    @property
    def blank(self) -> bool:
        """Whether there is nothing to see in it."""
        return not (self.marked or self.before.strip())


def excerpt(place: Range, mask: Mask, context: int = CONTEXT) -> list[Line]:
    """The lines of a range and so many on either side, none for an empty document.

    Of a long line only what is near the range is there, of a context line its beginning. Blank
    lines at both ends are left out.
    """
    document = place.document
    if not document.text:
        return []
    start = first_text(place)
    marked = Range(document, start, max(start, text_end(place)))
    first = document.position(start).line
    last = document.position(max(start, marked.end - 1)).line
    top, bottom = max(1, first - context), min(_lines(document, first), last + context)
    head = first + MOST_MARKED - 2 if last - first >= MOST_MARKED else bottom
    lines = [_line(number, marked, mask) for number in range(top, head + 1)]
    if head < bottom:
        lines.append(Line(None, CUT))
        lines += [_line(number, marked, mask) for number in range(last, bottom + 1)]
    while lines and lines[0].blank:
        del lines[0]
    while lines and lines[-1].blank:
        del lines[-1]
    return lines


def plain(document: Document, number: int, mask: Mask) -> Line:
    """A line of a document by its number, counted from 1, with nothing marked in it."""
    return _piece(document, number, document.line_starts[number - 1], None, mask)


def _lines(document: Document, needed: int) -> int:
    """How many lines there are to show; an empty one at the end is none, unless the range is in it."""
    count = document.line_count
    return max(needed, count - 1 if document.line_starts[-1] == len(document.text) else count)


def _line(number: int, marked: Range, mask: Mask) -> Line:
    document = marked.document
    first, last = (
        document.position(marked.start).line,
        document.position(max(marked.start, marked.end - 1)).line,
    )
    if not first <= number <= last:
        return plain(document, number, mask)
    start = document.line_starts[number - 1]
    return _piece(
        document, number, max(start, marked.start - NEAR if number == first else start), marked, mask
    )


def _piece(document: Document, number: int, low: int, marked: Range | None, mask: Mask) -> Line:
    """What there is to see of a line from an offset on: it may be megabytes long."""
    start = document.line_starts[number - 1]
    line_end = document.line_starts[number] if number < document.line_count else len(document.text)
    high = min(line_end, low + 3 * NEAR)
    text = document.text[low:high]
    if high == line_end:
        text = text.removesuffix("\n").removesuffix("\r")
    row = cells(mask.over(document, low, text))
    begin, end = CUT if low > start else "", CUT if high < line_end else ""
    if marked is None:
        return Line(number, (begin + "".join(row) + end).rstrip())
    bare = text.rstrip()
    from_ = max(marked.start - low, len(bare) - len(bare.lstrip()) if marked.start < start else 0)
    to = min(marked.end - low, len(bare if marked.end > line_end else text))
    from_ = min(from_, len(text))
    to = max(from_, to)
    return Line(
        number,
        begin + "".join(row[:from_]),
        "".join(row[from_:to]),
        ("".join(row[to:]) + end).rstrip(),
        marked=True,
    )
