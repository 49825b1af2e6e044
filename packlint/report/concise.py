"""An outcome → a line for each finding, as compilers write them and as editors and `grep` read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packlint.report import PLAIN, Look
from packlint.report.carry import excuse, message, path_at_start, told
from packlint.report.tally import COLORS, Style, style_of, summary, table
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.diagnostic import Diagnostic
    from packlint.outcome import Outcome


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """`path:line:column: severity[rule] message`, and a summary after them.

    With statistics a table stands in place of the findings. No line begins with what a runner of continuous
    integration takes for a command. An outcome without a file and without a diagnostic gives no text.
    """
    if not outcome.documents and not outcome.diagnostics:
        return ""
    style = style_of(look)
    if look.statistics:
        lines = [table(outcome, style)]
    else:
        lines = [_line(diagnostic, style) for diagnostic in told(outcome, look)]
    return "\n".join(filter(None, [*lines, summary(outcome, style)])) + "\n"


def _line(diagnostic: Diagnostic, style: Style) -> str:
    line, column = diagnostic.range.first
    place = style(f"{path_at_start(diagnostic.range.document)}:{line}:{column}:", bold=True)
    kind = f"{diagnostic.severity.value}[{visible(diagnostic.rule)}]"
    suppression = diagnostic.suppression
    if suppression:
        return f"{place} excused {kind} {message(diagnostic)} (by {excuse(suppression)})"
    return f"{place} {style(kind, fg=COLORS[diagnostic.severity], bold=True)} {message(diagnostic)}"
