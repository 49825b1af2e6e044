"""What diagnostics and paths say → texts as formats of machines carry them: whole, and obeyed by nobody.

A report may be printed on a terminal, or in the log of a runner that takes commands from lines. Formats whose
texts have an escape of their own keep every character by it; the others have it spelt out as in `visible`.
"""

from __future__ import annotations

from packlint.report.frame import shortened
from packlint.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.diagnostic import Diagnostic, Suppression
    from packlint.document import Document
    from packlint.outcome import Outcome
    from packlint.report import Look

INTERNAL = "internal-error"
"""The rule under which packlint tells of its own failures; their hint may be a traceback of several lines."""

BY = {"waiver": "a waiver", "settings": "the settings", "baseline": "the baseline"}
"""Who may excuse a finding, in words."""


def tool_version() -> str:
    """The version of packlint that is installed."""
    from importlib.metadata import version

    return version("packlint")


def json_text(data: object) -> str:
    """The data as JSON in ASCII with a line break at the end; `##[`, a runner's command, is nowhere in it.

    What an iterator gives becomes an array, and is text before the next is asked for.
    """
    from packlint.report.indented import pieces

    # A number sign can only be in a string of JSON, and no escape ends in one.
    return "".join([*(piece.replace("##", "#\\u0023") for piece in pieces(data)), "\n"])


def utf8(text: str) -> str:
    r"""The text with an escape, `\udcff`, for each lone surrogate: a byte of a path that is not UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def path_at_start(document: Document) -> str:
    """The visible path for the start of a line: led by `./` where a runner could take it for a command."""
    path = visible(document.path)
    return path if path[:1].isalnum() or path[:1] in ("", ".", "_") else f"./{path}"


def told(outcome: Outcome, look: Look) -> list[Diagnostic]:
    """The diagnostics that are shown, in order, with those that are excused where they are wanted."""
    if not look.suppressed:
        return [*outcome.diagnostics]
    return sorted((*outcome.diagnostics, *outcome.suppressed), key=lambda it: it.order)


def message(diagnostic: Diagnostic) -> str:
    """What is the matter, in one line."""
    return visible(shortened(diagnostic.message))


def hints(diagnostic: Diagnostic) -> list[str]:
    """What is to be done, as lines; only a traceback has several."""
    hint = diagnostic.hint or ""
    if not hint:
        return []
    parts = hint.rstrip("\n").split("\n") if diagnostic.rule == INTERNAL else [hint]
    return [visible(shortened(part)) for part in parts]


def sentence(diagnostic: Diagnostic) -> str:
    """The message and the hint in one line, for formats that have one text."""
    hint = " ".join(" ".join(hints(diagnostic)).split())
    return f"{message(diagnostic)}; {hint}" if hint else message(diagnostic)


def excuse(suppression: Suppression) -> str:
    """Who has excused a finding, and why: `a waiver in line 3: not reachable from outside`."""
    place = suppression.range
    where = f"{BY[suppression.kind]} in line {place.first.line}" if place else BY[suppression.kind]
    reason = visible(shortened(suppression.reason))
    return f"{where}: {reason}" if reason else where
