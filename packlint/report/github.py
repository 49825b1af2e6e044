"""An outcome → workflow commands of GitHub Actions, which become annotations beside the code.

The syntax is that of actions/toolkit (`packages/core/src/command.ts`), as actions/runner reads it
(`ActionCommand.cs`); which lines and columns go together is in its `ActionCommandManager.cs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from packlint.diagnostic import Severity
from packlint.report import PLAIN, Look
from packlint.report.carry import sentence
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.diagnostic import Diagnostic
    from packlint.document import Range
    from packlint.outcome import Outcome

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """A command a line, the most severe first: GitHub shows the first ten of each level of a step."""
    told = sorted(outcome.diagnostics, key=lambda diagnostic: -diagnostic.severity.rank)
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in told)


def _command(diagnostic: Diagnostic) -> str:
    properties = {
        "file": visible(diagnostic.range.document.path),
        **_extent(diagnostic.range),
        "title": f"packlint ({visible(diagnostic.rule)})",
    }
    written = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{COMMANDS[diagnostic.severity]} {written}::{_escaped(sentence(diagnostic))}"


def _extent(place: Range) -> dict[str, str]:
    """Lines, and columns where all is on one line: with several the runner drops them."""
    line, column = place.first
    end = place.document.position(max(place.start, place.end - 1))
    if end.line > line:
        return {"line": str(line), "endLine": str(end.line)}
    width = place.end - place.start
    return {"line": str(line), "endLine": str(line), "col": str(column), "endColumn": str(column + width)}


def _escaped(text: str, also: str = "") -> str:
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
