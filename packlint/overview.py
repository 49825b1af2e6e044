"""Rules → the table that names them with what one chooses them by, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from packlint.diagnostic import Severity
from packlint.rule import Category, Fixable, Rule

HEADINGS = ("rule", "severity", "category", "fixes", "preset")
NONE = "-"
"""What stands in the place of fixes that there are none of."""

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_ORDER = {category: position for position, category in enumerate(Category)}


def in_order(rules: Iterable[type[Rule]]) -> list[type[Rule]]:
    """By category, in the order in which a template is read, and by name."""
    return sorted(rules, key=lambda rule: (_ORDER[rule.category], rule.name()))


def table(rules: Iterable[type[Rule]], style: Callable[..., str]) -> str:
    """A heading and a line for each rule; `style` adds colors as `click.style` does, or nothing."""
    ordered = in_order(rules)
    rows = [_cells(rule) for rule in ordered]
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = [style(_line(HEADINGS, widths).rstrip(), dim=True)]
    for rule, row in zip(ordered, rows, strict=True):
        name, severity, rest = _line(row[:1], widths), _line(row[1:2], widths[1:]), _line(row[2:], widths[2:])
        colored = style(row[1], fg=_COLORS[rule.severity]) + " " * (len(severity) - len(row[1]))
        lines.append(f"{name}  {colored}  {rest.rstrip()}")
    return "\n".join(lines) + "\n"


def to_json(rules: Iterable[type[Rule]]) -> str:
    """A list of objects, one for each rule: what the table has, its summary, and what else tools may want."""
    return (
        json.dumps(
            [
                {
                    "name": rule.name(),
                    "summary": rule.summary(),
                    "severity": rule.severity.value,
                    "category": rule.category.value,
                    "fixable": rule.fixable.value,
                    "preset": rule.preset.value,
                    "security_severity": rule.security_severity,
                    "cwe": rule.cwe,
                    "former": rule.former,
                }
                for rule in in_order(rules)
            ],
            indent=2,
            ensure_ascii=False,
        )
        + "\n"
    )


def _cells(rule: type[Rule]) -> tuple[str, ...]:
    fixes = NONE if rule.fixable is Fixable.NO else rule.fixable.value
    return rule.name(), rule.severity.value, rule.category.value, fixes, rule.preset.value


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
