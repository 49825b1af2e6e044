"""An outcome → a summary in Markdown, for the page of a job at GitHub or a comment at GitLab."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from packlint.diagnostic import Diagnostic, Fix
from packlint.document import Range
from packlint.named import NamedTuple
from packlint.outcome import Outcome
from packlint.quantity import count
from packlint.report import PLAIN, Look
from packlint.report.address import page_of
from packlint.report.carry import excuse, hints
from packlint.report.frame import SHOWN_PLACES, shortened
from packlint.report.literal import code, sentence, text
from packlint.report.prose import prose
from packlint.report.tally import by_rule, by_severity, fixes, style_of, summary
from packlint.visible import visible

LARGEST = 1_000_000
"""Bytes of a report: GitHub takes 1 MiB for the summary of a step, GitLab a million characters."""

ROOM = 1000
"""Bytes that are kept for headings and for what is said about what was left out."""

Addresses = dict[str, str | None]
"""The address of each rule's page, None for one without."""


class _Fitting(NamedTuple):
    """The lines that there is room for, and how many there is none for."""

    lines: tuple[str, ...]
    left_out: int


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """A headline, a table of the findings, one of the rules, and the details by file, folded away.

    Nothing that comes from a template is read as Markdown or HTML there, and nobody is called by it; its code
    is not shown. The report stays within the limits of both platforms: what does not fit is left out, the
    mildest findings first, and counted.
    """
    addresses: Addresses = {rule.name(): page_of(rule) for rule in outcome.rules}
    headline, *more = (sentence(prose(line)) for line in summary(outcome, style_of(PLAIN)).splitlines())
    parts = [f"## {headline}", *more]
    links = "\n".join(
        f"[{name}]: {address}"
        for name in sorted({it.rule for it in (*outcome.diagnostics, *outcome.suppressed)})
        if (address := addresses.get(name))
    )
    worst = sorted(outcome.diagnostics, key=lambda it: -it.severity.rank)
    if worst:
        parts += _findings(worst, addresses, LARGEST // 2)
        parts += ["### By rule", *_by_rule(outcome, addresses)]
    if look.suppressed and outcome.suppressed:
        parts += ["### Excused", *_excused(outcome.suppressed, addresses, LARGEST // 4)]
    if worst:
        taken = _size("\n\n".join((*parts, links))) + ROOM
        parts += ["### By file", *_details(worst, addresses, LARGEST - taken)]
    return "\n\n".join(filter(None, (*parts, links))) + "\n"


def _findings(worst: Sequence[Diagnostic], addresses: Addresses, room: int) -> Iterator[str]:
    rows = (
        _row(
            it.severity.value,
            _place(it.range),
            sentence(prose(it.message)),
            _rule(it.rule, addresses),
            _mended(it.fix),
        )
        for it in worst
    )
    yield from _table(("", "Where", "What", "Rule", "Fix"), _fitting(rows, len(worst), room))


def _excused(suppressed: Sequence[Diagnostic], addresses: Addresses, room: int) -> Iterator[str]:
    rows = (
        _row(
            _place(it.range),
            sentence(prose(it.message)),
            _rule(it.rule, addresses),
            text(excuse(it.suppression)) if it.suppression else "",
        )
        for it in suppressed
    )
    yield from _table(("Where", "What", "Rule", "Excused by"), _fitting(rows, len(suppressed), room))


def _by_rule(outcome: Outcome, addresses: Addresses) -> Iterator[str]:
    """The rules with findings, the most severe and then the most frequent first."""
    summaries = {rule.name(): rule.summary() for rule in outcome.rules}
    rules = by_rule(outcome.diagnostics)
    rows = (
        _row(
            _rule(name, addresses),
            str(len(found)),
            _counted(found),
            str(sum(fixes(found)) or ""),
            sentence(prose(summaries.get(name, ""))),
        )
        for name, found in rules
    )
    yield from _table(("Rule", "Findings", "", "Fixes", "About"), _fitting(rows, len(rules), LARGEST // 8))


def _details(worst: Sequence[Diagnostic], addresses: Addresses, room: int) -> Iterator[str]:
    """A list for each file, folded; where there is no room for all, the mildest findings are left out."""
    lines = ("\n".join(_entry(it, addresses)) for it in worst)
    entries = _fitting(lines, len(worst), room, _frame_size(worst))
    told = zip(worst, entries.lines, strict=False)
    in_order = sorted(told, key=lambda pair: pair[0].order)
    for path, pairs in groupby(in_order, key=lambda pair: pair[0].range.document.path):
        of = list(pairs)
        head = f"<code>{text(shortened(path))}</code>: {_counted([it for it, _ in of])}"
        yield f"<details><summary>{head}</summary>"
        yield "\n".join(entry for _, entry in of)
        yield "</details>"
    if entries.left_out:
        yield f"There is no room here for {count(entries.left_out, 'more finding')}."


def _frame_size(worst: Sequence[Diagnostic]) -> int:
    """Bytes that what is around the entries of a file takes, for all files."""
    paths = {it.range.document.path for it in worst}
    return sum(_size(text(shortened(path))) + 120 for path in paths)


def _entry(it: Diagnostic, addresses: Addresses) -> Iterator[str]:
    line, column = it.range.first
    where = f"**{it.severity.value}** in line {line}, column {column}"
    yield f"- {where}: {sentence(prose(it.message))} ({_rule(it.rule, addresses)})"
    for place in it.related[:SHOWN_PLACES]:
        yield f"  - {_place(place.range)}: {sentence(prose(place.message))}"
    if (more := len(it.related) - SHOWN_PLACES) > 0:
        yield f"  - and {count(more, 'more place')}"
    for hint in hints(it):
        yield f"  - hint: {sentence(prose(hint))}"
    if it.fix:
        yield f"  - {_mended(it.fix)} fix: {sentence(prose(it.fix.message))}"


def _table(head: Sequence[str], rows: _Fitting) -> Iterator[str]:
    yield "\n".join((_row(*head), _row(*("---" for _ in head)), *rows.lines))
    if rows.left_out:
        yield f"There is no room here for {rows.left_out} more."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _fitting(lines: Iterable[str], number: int, room: int, taken: int = 0) -> _Fitting:
    """As many of a number of lines as there is room for; the others are not made."""
    kept: list[str] = []
    for line in lines:
        taken += _size(line) + 1
        if taken > room:
            break
        kept.append(line)
    return _Fitting(tuple(kept), number - len(kept))


def _size(written: str) -> int:
    return len(written.encode())


def _place(place: Range) -> str:
    return code(f"{shortened(visible(place.document.path))}:{place.first.line}")


def _rule(name: str, addresses: Addresses) -> str:
    """A rule by its name, which is a link where its address is listed at the end."""
    return f"[{name}]" if addresses.get(name) else code(name)


def _mended(fix: Fix | None) -> str:
    return "" if fix is None else "safe" if fix.safe else "unsafe"


def _counted(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each severity: `2 errors, 1 note`."""
    return ", ".join(told for _, told in by_severity(it.severity for it in diagnostics))
