"""The waivers of a run → a list of them with their days, ages and uses, as text and JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from packlint.document import Range
from packlint.outcome import Outcome
from packlint.record import record
from packlint.visible import visible
from packlint.waiver import PathWaiver

SOON = 30
"""Days; a waiver that ends within them is marked."""

NONE = "-"

LONGEST = 200
"""Characters of a cell; all rows are as wide as the widest, and a waiver may name a megabyte of rules."""

CUT = "..."

_HEADINGS = ("place", "rules", "good for", "excuses", "until", "since", "reason")


@record
class Entry:
    """A waiver in the list.

    `scope` is what it is good for, in words. `findings` is how many it excuses, None where its rules have not
    looked at all of the file. `since` is the day on which its line was written, where that is known.
    """

    path: str
    line: int
    rules: tuple[str, ...]
    scope: str
    reason: str
    until: date | None
    findings: int | None
    since: date | None = None


def entries(
    outcome: Outcome,
    ran: Callable[[str], frozenset[str]],
    dates: Callable[[str], Mapping[int, date] | None],
) -> list[Entry]:
    """The waivers in the files of a run, by path and line; `dates` has the days of a file's lines."""
    uses = _uses(outcome)
    found: list[Entry] = []
    for path, group in groupby(outcome.waivers, key=lambda it: it.range.document.path):
        days = dates(path) or {}
        complete = ran(path)
        for it in group:
            count = uses[it.range.order]
            line = it.range.first.line
            judged = count or all(name.text in complete for name in it.names)
            found.append(
                Entry(
                    path,
                    line,
                    tuple(name.text for name in it.names),
                    "the file" if it.file else _lines(it.scope),
                    it.reason,
                    it.until,
                    count if judged else None,
                    days.get(line),
                )
            )
    return sorted(found, key=lambda it: (it.path, it.line))


def of_settings(waivers: Iterable[PathWaiver], outcome: Outcome) -> list[Entry]:
    """The waivers of settings files; one that excuses nothing may be for what was not looked at."""
    uses = _uses(outcome)
    found = [
        Entry(
            path=it.range.document.path,
            line=it.range.first.line,
            rules=tuple(sorted(it.rules)),
            scope=", ".join(it.paths),
            reason=it.reason,
            until=it.until,
            findings=uses[it.range.order] or None,
        )
        for it in waivers
    ]
    return sorted(found, key=lambda it: (it.path, it.line))


def _uses(outcome: Outcome) -> Counter[tuple[str, int, int] | None]:
    """How many findings each waiver excuses, by its place."""
    return Counter(
        (it.suppression.range.order if it.suppression.range else None)
        for it in outcome.suppressed
        if it.suppression is not None
    )


def to_text(listed: Sequence[Entry], today: date, style: Callable[..., str]) -> str:
    """A table for each file; `style` adds colors as `click.style` does, or nothing."""
    parts: list[str] = []
    for path, group in groupby(listed, key=lambda it: it.path):
        rows = [_HEADINGS, *(_cells(it, today) for it in group)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        lines[0] = style(lines[0], dim=True)
        parts.append("\n".join((style(visible(path), bold=True), *lines)) + "\n")
    return "\n".join(parts)


def to_json(listed: Sequence[Entry], today: date) -> str:
    """An object with the list of waivers."""
    return json.dumps({"version": 1, "waivers": [_object(it, today) for it in listed]}, indent=2) + "\n"


def _object(it: Entry, today: date) -> dict[str, Any]:
    return {
        "path": it.path,
        "line": it.line,
        "rules": list(it.rules),
        "scope": it.scope,
        "reason": it.reason,
        "until": it.until.isoformat() if it.until else None,
        "expired": _expired(it, today),
        "findings": it.findings,
        "since": it.since.isoformat() if it.since else None,
        "age": (today - it.since).days if it.since else None,
    }


def _cells(it: Entry, today: date) -> tuple[str, ...]:
    excuses = "?" if it.findings is None else str(it.findings) if it.findings else "nothing"
    cells = (
        f"line {it.line}",
        ", ".join(it.rules) or NONE,
        it.scope,
        excuses,
        _until(it, today),
        f"{it.since} ({_age((today - it.since).days)})" if it.since else NONE,
        it.reason or NONE,
    )
    return tuple(
        visible(cell if len(cell) <= LONGEST else cell[: LONGEST - len(CUT)] + CUT) for cell in cells
    )


def _until(it: Entry, today: date) -> str:
    if it.until is None:
        return NONE
    if _expired(it, today):
        return f"{it.until} (over)"
    return f"{it.until} (soon)" if (it.until - today).days <= SOON else str(it.until)


def _age(days: int) -> str:
    """Days in the largest unit of which there are two."""
    for name, length in (("years", 365), ("months", 30), ("weeks", 7)):
        if days >= 2 * length:
            return f"{days // length} {name}"
    return "1 day" if days == 1 else f"{max(days, 0)} days"


def _expired(it: Entry, today: date) -> bool:
    return it.until is not None and it.until < today


def _lines(scope: Range) -> str:
    first = scope.first.line
    last = scope.document.position(max(scope.start, min(scope.end, len(scope.document.text)) - 1)).line
    return f"line {first}" if first == last else f"lines {first}-{last}"
