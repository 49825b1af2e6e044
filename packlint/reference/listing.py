"""Components → a line for each: its name, the plugin that brings it and the version that is known."""

from __future__ import annotations

from collections.abc import Iterable

from packlint.reference.find import Entry
from packlint.visible import columns, visible


def listing(entries: Iterable[Entry], kind: str | None = None) -> str:
    """The lines, of one kind or all; the columns are the same in either case."""
    every = [*entries]
    lines = [tuple(map(visible, (entry.name, entry.origin, entry.release))) for entry in every]
    widths = [max((columns(line[at]) for line in lines), default=0) for at in range(2)]
    shown = (line for entry, line in zip(every, lines, strict=True) if kind in (None, entry.kind))
    return "".join(
        f"{_padded(line[0], widths[0])}  {_padded(line[1], widths[1])}  {line[2]}\n" for line in shown
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
