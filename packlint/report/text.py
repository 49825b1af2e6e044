"""An outcome → a report for people: what is wrong, where it stands in the code, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from packlint.quantity import count
from packlint.report import PLAIN, Look
from packlint.report.carry import excuse, hints, told
from packlint.report.frame import SHOWN_PLACES, Paint, frame, gutter, shortened, wrapped
from packlint.report.mask import Mask
from packlint.report.tally import COLORS, Style, style_of, summary, table
from packlint.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.diagnostic import Diagnostic
    from packlint.document import Range
    from packlint.outcome import Outcome


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """Every diagnostic with its code, and a summary; 80 columns wide where names and paths allow.

    Nothing of a template reaches the terminal as a control character, and no line begins with what a template
    holds: a runner of continuous integration takes such lines as commands. What is declared sensitive is
    masked in the code. With statistics a table stands in place of the diagnostics. An outcome without a file
    and without a diagnostic gives no text.
    """
    if not outcome.documents and not outcome.diagnostics:
        return ""
    style = style_of(look)
    if look.statistics:
        blocks = [table(outcome, style)]
    else:
        mask = Mask(outcome.sensitive)
        blocks = ["\n".join(_block(diagnostic, style, mask)) for diagnostic in told(outcome, look)]
    return "\n\n".join(filter(None, [*blocks, summary(outcome, style)])) + "\n"


def _block(diagnostic: Diagnostic, style: Style, mask: Mask) -> Iterator[str]:
    severity = diagnostic.severity
    strong: Paint = partial(style, fg=COLORS[severity], bold=True)
    dim: Paint = partial(style, fg="blue")
    related = diagnostic.related[:SHOWN_PLACES]
    width = gutter((diagnostic.range, *(place.range for place in related)))
    margin = " " * width
    edge = f"{margin} | "
    head = f"{severity.value}[{visible(diagnostic.rule)}]"
    if diagnostic.suppression:
        head, strong = f"excused {head}", dim
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
        yield dim(f"{margin}:::") + f" and {count(more, 'more place')}"
    for name, text in _notes(diagnostic):
        for line in wrapped(shortened(text), f"{margin} = {name}: " if name else edge, edge):
            yield dim(line[: len(edge)]) + line[len(edge) :]


def _notes(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    """What stands below the code, each under its name; only a traceback has further lines, without one."""
    for number, part in enumerate(hints(diagnostic)):
        yield "" if number else "hint", part
    if diagnostic.fix:
        yield "fix" if diagnostic.fix.safe else "unsafe fix", diagnostic.fix.message
    if diagnostic.suppression:
        yield "excused by", excuse(diagnostic.suppression)


def _place(place: Range) -> str:
    line, column = place.first
    return f"{visible(place.document.path)}:{line}:{column}"
