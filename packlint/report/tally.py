"""An outcome → the lines that sum it up: how much was found, read, excused and can be mended, and by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from packlint.diagnostic import Diagnostic, Severity
from packlint.quantity import count, listed
from packlint.report.carry import BY
from packlint.visible import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.outcome import Outcome
    from packlint.report import Look

SEVERITIES = sorted(Severity, reverse=True)

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}

Style = Callable[..., str]
"""Adds colors to a text as `click.style` does, or nothing."""

_CODES = {
    "": "",
    "red": "\x1b[31m",
    "green": "\x1b[32m",
    "yellow": "\x1b[33m",
    "blue": "\x1b[34m",
    "magenta": "\x1b[35m",
    "cyan": "\x1b[36m",
}

_BY_MANY = {**BY, "waiver": "waivers"}


def style_of(look: Look) -> Style:
    """What adds the colors that are wanted."""
    return _painted if look.color else _plain


def _painted(text: str, *, fg: str = "", bold: bool = False, dim: bool = False) -> str:
    codes = _CODES[fg] + ("\x1b[1m" if bold else "") + ("\x1b[2m" if dim else "")
    return f"{codes}{text}\x1b[0m"


def _plain(text: str, **_: object) -> str:
    return text


def read(outcome: Outcome) -> str:
    """How much was read: `3 files (1 template)`."""
    return f"{count(outcome.documents, 'file')} ({count(outcome.templates, 'template')})"


def summary(outcome: Outcome, style: Style) -> str:
    """What was found in how much, and in lines of their own what was excused and what fixes there are."""
    return "\n".join(filter(None, (_found(outcome, style), _excused(outcome), _fixable(outcome))))


def _found(outcome: Outcome, style: Style) -> str:
    if not outcome.diagnostics:
        return style(f"No findings in {read(outcome)}", fg="green")
    counts = [
        style(told, fg=COLORS[severity], bold=True)
        for severity, told in by_severity(it.severity for it in outcome.diagnostics)
    ]
    hit = len({diagnostic.range.document.path for diagnostic in outcome.diagnostics})
    return f"Found {listed(counts)} in {hit} of {read(outcome)}"


def _excused(outcome: Outcome) -> str:
    kinds: Counter[str] = Counter(it.suppression.kind for it in outcome.suppressed if it.suppression)
    by = [(number, (BY if number == 1 else _BY_MANY)[kind]) for kind in BY if (number := kinds[kind])]
    if not by:
        return ""
    total = kinds.total()
    said = f"{total}{' more' if outcome.diagnostics else ''} {'is' if total == 1 else 'are'} excused"
    if len(by) == 1:
        return f"{said} by {by[0][1]}"
    return f"{said}: {listed([f'{number} by {whom}' for number, whom in by])}"


def _fixable(outcome: Outcome) -> str:
    safe, unsafe = fixes(outcome.diagnostics)
    if not (safe or unsafe):
        return ""
    which = "it" if len(outcome.diagnostics) == 1 else f"{safe or unsafe} of them"
    more = f", `--fix --unsafe-fixes` {unsafe} more" if safe and unsafe else ""
    return f"`--fix{'' if safe else ' --unsafe-fixes'}` can mend {which}{more}"


def by_severity(severities: Iterable[Severity]) -> list[tuple[Severity, str]]:
    """How often each severity is there, in words, the gravest first; those that are not are left out."""
    counts = Counter(severities)
    return [(it, count(counts[it], it.value)) for it in SEVERITIES if counts[it]]


def by_rule(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, list[Diagnostic]]]:
    """The rules with findings and these, the most severe and then the most frequent rule first."""
    found: dict[str, list[Diagnostic]] = {}
    for it in diagnostics:
        found.setdefault(it.rule, []).append(it)
    worst = {rule: max(it.severity.rank for it in of) for rule, of in found.items()}
    return sorted(found.items(), key=lambda row: (-worst[row[0]], -len(row[1]), row[0]))


def fixes(diagnostics: Iterable[Diagnostic]) -> tuple[int, int]:
    """How many have a safe fix, and how many have one that is not."""
    safe = [it.fix.safe for it in diagnostics if it.fix]
    return safe.count(True), safe.count(False)


def table(outcome: Outcome, style: Style) -> str:
    """How often each rule has findings, the most severe and then the most frequent first; "" for none."""
    by_rule: dict[tuple[Severity, str], list[Diagnostic]] = {}
    for diagnostic in outcome.diagnostics:
        by_rule.setdefault((diagnostic.severity, diagnostic.rule), []).append(diagnostic)
    rows = sorted(by_rule.items(), key=lambda row: (-row[0][0].rank, -len(row[1]), row[0][1]))
    if not rows:
        return ""
    lines = [style("findings  safe fixes  unsafe fixes  severity  rule", bold=True)]
    for (severity, rule), found in rows:
        safe, unsafe = fixes(found)
        kind = style(f"{severity.value:<8}", fg=COLORS[severity])
        lines.append(f"{len(found):>8}  {safe or '-':>10}  {unsafe or '-':>12}  {kind}  {visible(rule)}")
    return "\n".join(lines)
