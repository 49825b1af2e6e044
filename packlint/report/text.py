"""An outcome → a report for people: what is wrong, where it stands in the code, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import click

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Range
from packlint.outcome import Outcome
from packlint.report import PLAIN, Look
from packlint.report.frame import Paint, frame, gutter, shortened, visible, wrapped
from packlint.report.mask import Mask

SHOWN_PLACES = 10
"""Related places of a finding that are shown; a thousand findings may have a thousand each."""

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """Every diagnostic with its code, and a summary; 80 columns wide where names and paths allow.

    Nothing of a template reaches the terminal as a control character, and no line begins with what a template
    holds: a runner of continuous integration takes such lines as commands. What is declared sensitive is
    masked in the code. An outcome without a file and
    without a diagnostic gives no text.
    """
    if not outcome.documents and not outcome.diagnostics:
        return ""
    style: Callable[..., str] = click.style if look.color else _plain
    mask = Mask(outcome.sensitive)
    blocks = ["\n".join(_block(diagnostic, style, mask)) for diagnostic in outcome.diagnostics]
    return "\n\n".join([*blocks, _summary(outcome, style)]) + "\n"


def _plain(text: str, **_: object) -> str:
    return text


def _block(diagnostic: Diagnostic, style: Callable[..., str], mask: Mask) -> Iterator[str]:
    severity = diagnostic.severity
    strong: Paint = partial(style, fg=COLORS[severity], bold=True)
    dim: Paint = partial(style, fg="blue")
    related = diagnostic.related[:SHOWN_PLACES]
    width = gutter((diagnostic.range, *(place.range for place in related)))
    margin = " " * width
    edge = f"{margin} | "
    head = f"{severity.value}[{visible(diagnostic.rule)}]"
    first, *rest = wrapped(shortened(diagnostic.message), f"{head}: ", edge)
    yield strong(head) + style(first[len(head) :], bold=True)
    yield from (dim(line[: len(edge)]) + style(line[len(edge) :], bold=True) for line in rest)

    yield dim(f"{margin}-->") + f" {_place(diagnostic.range)}"
    code = frame(diagnostic.range, width, "^", mask=mask, paint=strong, dim=dim)
    if code:
        yield dim(f"{margin} |")
    yield from code
    for place in related:
        yield dim(f"{margin}:::") + f" {_place(place.range)}"
        label = shortened(place.message)
        yield from frame(place.range, width, "-", mask=mask, paint=dim, dim=dim, label=label)
    if more := len(diagnostic.related) - len(related):
        yield dim(f"{margin}:::") + f" and {_count(more, 'more place')}"
    yield from _hint(diagnostic, f"{margin} = ", edge, dim)


def _hint(diagnostic: Diagnostic, lead: str, edge: str, dim: Paint) -> Iterator[str]:
    """The lines of the hint; only a traceback has line breaks of its own."""
    hint = diagnostic.hint or ""
    parts = hint.rstrip("\n").split("\n") if diagnostic.rule == "internal-error" else [hint]
    for number, part in enumerate(parts if hint else ()):
        for line in wrapped(shortened(part), edge if number else f"{lead}hint: ", edge):
            yield dim(line[: len(edge)]) + line[len(edge) :]


def _place(place: Range) -> str:
    line, column = place.first
    return f"{visible(place.document.path)}:{line}:{column}"


def _summary(outcome: Outcome, style: Callable[..., str]) -> str:
    read = f"{_count(outcome.documents, 'file')} ({_count(outcome.templates, 'template')})"
    if not outcome.diagnostics:
        return style(f"No findings in {read}", fg="green")
    counts = [
        style(_count(number, severity.value), fg=COLORS[severity], bold=True)
        for severity in sorted(Severity, reverse=True)
        if (number := outcome.count(severity))
    ]
    listed = " and ".join(filter(None, [", ".join(counts[:-1]), counts[-1]]))
    hit = len({diagnostic.range.document.path for diagnostic in outcome.diagnostics})
    return f"Found {listed} in {hit} of {read}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
