"""A fix → the lines that it takes away and those that it puts there, as a small diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Literal

from packlint.diagnostic import Edit, Fix
from packlint.document import Document
from packlint.fix import change, written
from packlint.named import NamedTuple
from packlint.report.excerpt import CUT, plain
from packlint.report.frame import NEAR
from packlint.report.mask import Mask
from packlint.visible import cells

MOST_EDITS, MOST_LINES = 40, 30
"""What is shown of one fix."""

MOST_TEXT = 10_000
"""Characters that a fix may touch and write to be shown at all."""


class Row(NamedTuple):
    """A line of a diff: taken away, put there, or kept and shown for orientation.

    `number` is that in the old document, None for a new line. One of the kind `gap` has neither number nor
    text: the rows before and after it are not neighbours.
    """

    kind: Literal["old", "new", "kept", "gap"]
    number: int | None = None
    text: str = ""


class Patch(NamedTuple):
    """The rows of a fix in one file; `whole` tells that there are no more."""

    path: str
    rows: tuple[Row, ...]
    whole: bool = True


def patches(fix: Fix, mask: Mask) -> tuple[Patch, ...]:
    """What a fix does, file by file; nothing where that is too much to be read, or cannot be seen.

    What is written is shown as it is: whoever asks makes sure that it tells no secret. What stands there
    is masked.
    """
    size = sum(edit.range.end - edit.range.start + len(edit.replacement) for edit in fix.edits)
    if size > MOST_TEXT or len(fix.edits) > MOST_EDITS:
        return ()
    by_path: dict[str, list[Edit]] = {}
    for edit in sorted(fix.edits, key=lambda edit: (*edit.range.order, edit.replacement)):
        by_path.setdefault(edit.range.document.path, []).append(edit)
    found = []
    for path, edits in by_path.items():
        rows = tuple(islice(_rows(edits, mask), MOST_LINES + 1))
        if rows:
            found.append(Patch(path, rows[:MOST_LINES], len(rows) <= MOST_LINES))
    return tuple(found)


def _rows(edits: Iterable[Edit], mask: Mask) -> Iterator[Row]:
    groups = (rows for group in _groups(edits) if (rows := _group(group, mask)))
    for number, rows in enumerate(groups):
        yield from chain((Row("gap"),) if number else (), rows)


def _groups(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """Edits whose lines touch."""
    group: list[Edit] = []
    for edit in edits:
        if group and edit.range.first.line > group[-1].range.last.line + 1:
            yield group
            group = []
        if not group or edit.range.start >= group[-1].range.end:
            group.append(edit)
    if group:
        yield group


def _group(edits: list[Edit], mask: Mask) -> list[Row]:
    document = edits[0].range.document
    first, last = edits[0].range.first.line, edits[-1].range.last.line
    end = document.line_starts[last] if last < document.line_count else len(document.text)
    at = document.line_starts[first - 1]
    if edits[-1].range.end - at > MOST_TEXT or end - edits[-1].range.end > MOST_TEXT:
        return []  # in a line that nobody has laid out to be read
    old = _shown(document, at, end, mask)
    parts: list[str] = []
    for edit in edits:
        parts += _shown(document, at, edit.range.start, mask), written(change(edit), document.text)
        at = edit.range.end
    return _compared(document, (first, last), (old, "".join((*parts, _shown(document, at, end, mask)))), mask)


def _compared(document: Document, lines: tuple[int, int], texts: tuple[str, str], mask: Mask) -> list[Row]:
    """The lines that differ, with one that does not on either side."""
    first, last = lines
    old, new = (text.removesuffix("\n").split("\n") for text in texts)
    if texts[0].endswith("\n") and not texts[1]:
        new = []
    ahead = _same(old, new)
    behind = _same(old[ahead:][::-1], new[ahead:][::-1])
    gone, come = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    if not (gone or come):
        return []
    rows = [Row("old", first + ahead + number, _line(text)) for number, text in enumerate(gone)]
    rows += [Row("new", None, _line(text)) for text in come]
    above, below = first + ahead - 1, first + ahead + len(gone)
    if above >= 1:
        rows.insert(0, Row("kept", above, plain(document, above, mask).before))
    if below <= min(document.line_count, last + 1) and document.line_starts[below - 1] < len(document.text):
        rows.append(Row("kept", below, plain(document, below, mask).before))
    return rows


def _same(one: list[str], other: list[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)))


def _shown(document: Document, start: int, end: int, mask: Mask) -> str:
    """What stands between two offsets, masked line by line."""
    masked: list[str] = []
    for line in document.text[start:end].splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        masked.append(mask.over(document, start, bare) + line[len(bare) :])
        start += len(line)
    return "".join(masked)


def _line(text: str) -> str:
    shown = "".join(cells(text[: 3 * NEAR].removesuffix("\r")))
    return shown + CUT if len(text) > 3 * NEAR else shown
