"""An outcome → JSON for programs; `schemas/report.schema.json` says what is what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packlint.diagnostic import Severity
from packlint.report import PLAIN, Look
from packlint.report.carry import hints, json_text, message, told, tool_version, utf8
from packlint.report.frame import shortened
from packlint.report.leaks import Leaks
from packlint.report.tally import fixes
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.diagnostic import Diagnostic, Fix, Related, Suppression
    from packlint.document import Range
    from packlint.outcome import Outcome
    from packlint.rule import Rule

VERSION = 1
"""Of the format: it may gain keys, and none of those that it has will change or go."""

KEPT_PLACES = 100
"""Related places of a finding that are told; a thousand findings may have a thousand each."""

JsonObject = dict[str, object]


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """One object in ASCII.

    Sentences are as in the text report, nothing unseen in them. Code is never quoted but by edits, and a fix
    that would show a secret does not tell what it writes.
    """
    shown = told(outcome, look)
    leaks = Leaks(outcome.sensitive)
    named = {diagnostic.rule for diagnostic in shown}
    rules = {rule.name(): rule for rule in outcome.rules if rule.name() in named}
    return json_text(
        {
            "version": VERSION,
            "tool": {"name": "packlint", "version": tool_version()},
            "summary": _summary(outcome),
            "rules": [_rule(rule) for rule in rules.values()],
            "findings": (_finding(it, rules.get(it.rule), leaks) for it in shown),
        }
    )


def _summary(outcome: Outcome) -> JsonObject:
    safe, unsafe = fixes(outcome.diagnostics)
    return {
        "documents": outcome.documents,
        "templates": outcome.templates,
        "errors": outcome.count(Severity.ERROR),
        "warnings": outcome.count(Severity.WARNING),
        "notes": outcome.count(Severity.NOTE),
        "suppressed": len(outcome.suppressed),
        "safe_fixes": safe,
        "unsafe_fixes": unsafe,
    }


def _rule(rule: type[Rule]) -> JsonObject:
    return {
        "name": rule.name(),
        "summary": rule.summary(),
        "page": f"packlint explain {rule.name()}",
        **({"security_severity": rule.security_severity} if rule.security_severity is not None else {}),
        **({"cwe": [*rule.cwe]} if rule.cwe else {}),
    }


def _finding(diagnostic: Diagnostic, rule: type[Rule] | None, leaks: Leaks) -> JsonObject:
    return {
        "rule": visible(diagnostic.rule),
        "severity": diagnostic.severity.value,
        "category": rule.category.value if rule else None,
        "message": message(diagnostic),
        "hint": "\n".join(hints(diagnostic)) or None,
        **_place(diagnostic.range),
        "related": [_related(it) for it in diagnostic.related[:KEPT_PLACES]],
        "related_left_out": max(0, len(diagnostic.related) - KEPT_PLACES),
        "fix": _fix(diagnostic.fix, leaks) if diagnostic.fix else None,
        **({"suppression": _suppression(diagnostic.suppression)} if diagnostic.suppression else {}),
    }


def _related(related: Related) -> JsonObject:
    return {"message": visible(shortened(related.message)), **_place(related.range)}


def _fix(fix: Fix, leaks: Leaks) -> JsonObject:
    secret = leaks(fix)
    return {
        "message": visible(shortened(fix.message)),
        "safe": fix.safe,
        "edits": [
            {
                **_place(edit.range),
                "replacement": None if secret and edit.replacement.strip() else utf8(edit.replacement),
            }
            for edit in fix.edits
        ],
    }


def _suppression(suppression: Suppression) -> JsonObject:
    return {
        "kind": suppression.kind,
        "reason": visible(shortened(suppression.reason)) or None,
        "place": _place(suppression.range) if suppression.range else None,
    }


def _place(place: Range) -> JsonObject:
    return {
        "path": utf8(place.document.path),
        "range": {"start": _position(place, place.start), "end": _position(place, place.end)},
    }


def _position(place: Range, offset: int) -> JsonObject:
    line, column = place.document.position(offset)
    return {"line": line, "column": column, "offset": offset}
