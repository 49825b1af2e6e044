"""The rows of a table → its lines, as wide as the screen where that is wide enough."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.inspect.show import Screen
from packlint.record import replace
from packlint.reference.rows import Row
from packlint.report.frame import wrapped
from packlint.visible import columns, visible

MARGIN = "  "
GAP = 2
STEP = 2
"""Columns that what a block holds is indented by."""

HEADINGS = ("name", "type", "required", "default")
WIDEST = (30, 12, 10, 14)
"""Columns that a cell may take without moving those after it."""

LEAST_NOTES = 24
"""Columns for notes; where there are fewer they stand below, and with them the defaults."""

LEGEND = "(…) as documented; all else is read in the code"


def table(rows: Sequence[Row], screen: Screen) -> list[str]:
    """A heading, and a line or more for each row."""
    if not rows:
        return []
    legend = ["", screen.style(MARGIN + LEGEND, dim=True)] if any(map(_is_documented, rows)) else []
    widths = _widths(rows)
    beside = screen.width - _taken(widths) >= LEAST_NOTES
    if not beside:
        rows = [replace(row, default="", notes=(*_default(row), *row.notes)) for row in rows]
        widths = _widths(rows)
    headings = [heading if width else "" for heading, width in zip(HEADINGS, widths, strict=True)]
    lines = [screen.style(_joined(headings, widths, "notes" if beside else ""), dim=True)]
    for row in rows:
        lines += _lines(row, widths, screen, beside=beside)
    return lines + legend


def _is_documented(row: Row) -> bool:
    return row.default.startswith("(")


def _default(row: Row) -> list[str]:
    return [f"default {row.default}"] if row.default else []


def _cells(row: Row) -> tuple[str, ...]:
    name = " " * (STEP * row.depth) + row.name
    return tuple(map(visible, (name, row.type, row.required, row.default)))


def _widths(rows: Sequence[Row]) -> list[int]:
    """Those of the columns, nothing for one without a cell."""
    by_column = [*zip(*map(_cells, rows), strict=True)]
    return [
        min(widest, max(map(columns, (heading, *cells)))) if any(cells) else 0
        for cells, heading, widest in zip(by_column, HEADINGS, WIDEST, strict=True)
    ]


def _taken(widths: Sequence[int]) -> int:
    """The column that notes begin in."""
    return len(MARGIN) + sum(width + GAP for width in widths if width)


def _joined(cells: Sequence[str], widths: Sequence[int], notes: str = "") -> str:
    """The cells in their columns; one that is too wide moves those after it until there is room again."""
    text, end = MARGIN, len(MARGIN)
    for cell, width in zip((*cells, notes), (*widths, 0), strict=True):
        if cell:
            text += " " * max(GAP if text.strip() else 0, end - columns(text)) + cell
        end += width + GAP if width else 0
    return text


def _lines(row: Row, widths: Sequence[int], screen: Screen, *, beside: bool) -> list[str]:
    head = _joined(_cells(row), widths)
    styled = _styled(head, row, screen)
    if not row.notes:
        return [styled]
    notes, column = "; ".join(row.notes), _taken(widths)
    start = max(column, columns(head) + GAP)
    if beside:
        first, *others = wrapped(notes, " " * start, " " * column, screen.width)
        if all(columns(line) <= screen.width for line in (first, *others)):
            return [styled + first[columns(head) :], *others]
    below = MARGIN + " " * (STEP * row.depth + 2 * STEP)
    return [styled, *wrapped(notes, below, below, screen.width)]


def _styled(head: str, row: Row, screen: Screen) -> str:
    """The cells, the name of a block in cyan, what is required bold, what is gone dim."""
    if row.gone:
        return screen.style(head, dim=True)
    name = visible(row.name)
    before, _, after = head.partition(name)
    bold = row.required == "yes"
    if row.is_block:
        name = screen.style(name, fg="cyan", bold=bold or None)
    elif bold:
        name = screen.style(name, bold=True)
    return before + name + after
