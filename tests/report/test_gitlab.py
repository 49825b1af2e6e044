"""GitLab's Code Quality report: the keys that its documentation asks for, and fingerprints that last."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import render

TEXT = 'x = 1\n  y = "hunter2"\ny = "hunter2"\n'


def issues(*diagnostics: Diagnostic, sensitive: tuple[Range, ...] = ()) -> list[dict[str, Any]]:
    text = render("gitlab", Outcome(diagnostics, (), 1, 1, sensitive=sensitive))
    assert text.isascii()
    parsed: list[dict[str, Any]] = json.loads(text)
    return parsed


def diagnostic(
    line: int,
    text: str = TEXT,
    rule: str = "a-rule",
    path: str = "a.pkr.hcl",
    severity: Severity = Severity.ERROR,
) -> Diagnostic:
    document = Document(path, text)
    start = document.line_starts[line - 1]
    return Diagnostic(
        rule, severity, f"wrong in line {line}", Range(document, start, start + 1), hint="mend it"
    )


def fingerprints(*diagnostics: Diagnostic) -> list[str]:
    return [it["fingerprint"] for it in issues(*diagnostics)]


def test_a_finding_has_the_keys_of_the_documentation() -> None:
    (issue,) = issues(diagnostic(2))
    assert re.fullmatch("[0-9a-f]{64}", issue.pop("fingerprint"))
    assert issue == {
        "description": "wrong in line 2; mend it",
        "check_name": "a-rule",
        "severity": "critical",
        "location": {"path": "a.pkr.hcl", "lines": {"begin": 2}},
    }


def test_the_severities_are_those_of_gitlab() -> None:
    told = [
        issues(diagnostic(1, severity=it))[0]["severity"]
        for it in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    ]
    assert told == ["critical", "major", "info"]
    assert set(told) <= {"info", "minor", "major", "critical", "blocker"}


def test_nothing_found_is_an_empty_list() -> None:
    assert issues() == []


def test_fingerprints_are_unique() -> None:
    several = (
        diagnostic(1),
        diagnostic(2),
        diagnostic(3),
        diagnostic(3),
        diagnostic(1, rule="b-rule"),
        diagnostic(1, path="b.pkr.hcl"),
        Diagnostic("a-rule", Severity.ERROR, "gone", Range(Document("gone", ""), 0, 0)),
    )
    assert len(set(fingerprints(*several))) == len(several)


def test_fingerprints_stay_when_lines_move_and_margins_change() -> None:
    before = fingerprints(diagnostic(1), diagnostic(2), diagnostic(3))
    moved = '# new\n\n    x = 1\r\ny = "hunter2"\n# more\n\ty = "hunter2"\n'
    assert fingerprints(*(diagnostic(line, moved) for line in (3, 4, 6))) == before
    assert fingerprints(diagnostic(1, "x = 2\n")) != before[:1]


def test_a_secret_is_not_in_the_hash() -> None:
    """Who knows the rest of the line could try passwords."""
    told = []
    for secret in ("hunter2", "letmein"):
        text = f'y = "{secret}"\n'
        place = Range(Document("a.pkr.hcl", text), 5, 5 + len(secret))
        told.append(issues(diagnostic(1, text), sensitive=(place,))[0]["fingerprint"])
    assert told[0] == told[1]


def test_many_findings_in_a_line_of_megabytes_are_told_at_once() -> None:
    """Seconds would mean that each of them reads or copies the line."""
    document = Document("a.pkr.hcl", "x " * 4_000_000)
    several = [
        Diagnostic("a", Severity.ERROR, "m", Range(document, at, at + 1)) for at in range(0, 8_000_000, 8000)
    ]
    start = time.process_time()
    assert len(set(fingerprints(*several))) == 1000
    assert time.process_time() - start < 2
