"""A range of a document → the lines that show it, at most 80 columns wide and free of control characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from packlint.visible import cells, columns, is_plain, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.document import Range
    from packlint.report.mask import Mask

WIDTH = 80
"""Columns of a report."""

NEAR = 2 * WIDTH
"""Characters on either side of a range that are looked at to fill a line of the report."""

CUT = "..."

LONGEST = 500
"""Characters of a message, a hint or a label; a name may be as long as a file."""

SHOWN_PLACES = 10
"""Related places of a finding that people are shown; a thousand findings may have a thousand each."""

Paint = Callable[[str], str]
"""Adds a style to a text, or nothing."""


def shortened(text: str) -> str:
    """The text, its middle left out if it is longer than any sentence of ours."""
    half = (LONGEST - len(CUT)) // 2
    return text if len(text) <= LONGEST else text[:half] + CUT + text[-half:]


def wrapped(text: str, first: str = "", rest: str = "", width: int = WIDTH) -> list[str]:
    """The text as lines of at most `width` columns where its words allow, each made visible.

    `first` and `rest` are put before the first line and before the others.
    """
    shown = visible(text)
    lines = [first]
    taken = columns(first)
    if taken + columns(shown) <= width:
        return [(first + shown).rstrip()]
    empty = True
    for word in shown.split(" "):
        wide = columns(word)
        if not empty and taken + 1 + wide > width:
            lines.append(rest)
            taken = columns(rest)
            empty = True
        lines[-1] += word if empty else f" {word}"
        taken += wide if empty else 1 + wide
        empty = False
    return [line.rstrip() for line in lines]


def frame(
    place: Range,
    gutter: int,
    mark: str,
    *,
    mask: Mask,
    paint: Paint,
    dim: Paint,
    label: str = "",
    width: int = WIDTH,
) -> list[str]:
    """The first line of a range with `mark` below exactly what it spans; nothing for an empty document.

    `gutter` is the width of the widest line number of the finding; `mask` hides secrets; `paint` styles the
    marks and the label beside or below them, `dim` the gutter. A range of several lines is marked to the end
    of the first one. No line has more than `width` columns, which are at least 40.
    """
    edge = f"{'':>{gutter}} |"
    if not place.document.text:
        return [
            dim(edge) + paint(line[len(edge) :])
            for line in wrapped(label, f"{edge} ", f"{edge} ", width)
            if label
        ]
    number, last, line, start, end = _extent(place, mask)
    note = f" to line {last}" if last > number else ""
    fitted = _fitted(line, start, end, width - gutter - 3 - len(note))
    before, inside, _ = fitted
    code = "".join(fitted).rstrip()
    marks = " " * columns(before) + mark * max(1, columns(inside)) + note
    if label and gutter + 3 + len(marks) + 1 + columns(visible(label)) <= width:
        marks, label = f"{marks} {visible(label)}", ""
    below = wrapped(label, f"{edge} ", f"{edge} ", width) if label else []
    return [
        dim(f"{number:>{gutter}} |") + (f" {code}" if code else ""),
        *(dim(edge) + paint(line) for line in (f" {marks}", *(line[len(edge) :] for line in below))),
    ]


def gutter(places: Iterable[Range]) -> int:
    """The width that the line numbers of these places need."""
    return max(len(str(place.document.position(first_text(place)).line)) for place in places)


def _extent(place: Range, mask: Mask) -> tuple[int, int, str, int, int]:
    """What is shown of a range: the numbers of its first line and its last, and a part of the first one.

    That is what stands near the range there, and the start and end of what is marked in it.
    """
    document = place.document
    start = first_text(place)
    number, column = document.position(start)
    last = document.position(max(start, text_end(place) - 1)).line
    line_end = document.line_starts[number] if number < document.line_count else len(document.text)
    # A line may be megabytes long and have a finding in each word: nothing copies or reads all of it.
    first = start - min(column - 1, NEAR)
    line = document.text[first : min(line_end, start + 2 * NEAR)].rstrip("\r\n")
    end = len(line.rstrip()) if last > number else min(place.end - first, len(line))
    shown = mask.over(document, first, line)
    return number, last, shown, start - first, max(start - first, end)


def first_text(place: Range) -> int:
    """The start of a range, blank lines at its beginning left out unless there is nothing else."""
    text = place.document.text
    start, end = place.start, min(place.end, len(place.document.text))
    while start < end and text[start].isspace():
        piece = text[start : min(start + NEAR, end)]
        start += len(piece) - len(piece.lstrip())
    return start if start < end and text.find("\n", place.start, start) >= 0 else place.start


def text_end(place: Range) -> int:
    """The end of a range without the blanks there; its start if there is nothing else."""
    end = place.end
    while end > place.start:
        start = max(place.start, end - NEAR)
        kept = len(place.document.text[start:end].rstrip())
        if kept:
            return start + kept
        end = start
    return end


def _fitted(line: str, start: int, end: int, room: int) -> tuple[str, str, str]:
    """What stands before, inside and after the columns `[start, end)`, cut to `room` columns around them."""
    end = min(end, start + NEAR)  # what is far away would be cut anyhow
    line = line[: end + NEAR]
    if len(line) < room and is_plain(line):
        return line[:start], line[start:end], line[end:]
    row = cells(line)
    before, inside, after = row[:start], row[start:end], row[end:]
    needed = _sum(inside) or 1
    if _sum(before) + needed + _sum(after) <= room:
        return "".join(before), "".join(inside), "".join(after)
    # At least a third of the room shows what leads up to the range, and up to a quarter what follows.
    follow = min(_sum(after), room // 4)
    if _sum(before) > room // 3 and _sum(before) + needed + follow > room:
        kept = max(room // 3, room - needed - follow)
        before = [CUT, *reversed(_taken(reversed(before), kept - len(CUT)))]
    left = room - _sum(before)
    if needed > left - (len(CUT) if after else 0):
        return "".join(before), "".join([*_taken(inside, left - len(CUT)), CUT]), ""
    left -= needed
    if _sum(after) > left:
        after = [*_taken(after, left - len(CUT)), CUT]
    return "".join(before), "".join(inside), "".join(after)


def _taken(row: Iterable[str], room: int) -> list[str]:
    """As many cells from the beginning as there is room for."""
    kept: list[str] = []
    for cell in row:
        room -= columns(cell)
        if room < 0:
            break
        kept.append(cell)
    return kept


def _sum(row: list[str]) -> int:
    return sum(map(columns, row))
