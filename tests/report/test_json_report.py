"""The JSON report: written down by hand, valid by its schema, and silent about secrets."""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files
from typing import Any, ClassVar

import jsonschema
import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import Look, render
from packlint.rule import Category, Rule

SCHEMA = json.loads(files("packlint.schemas").joinpath("report.schema.json").read_text(encoding="utf-8"))


class ARule(Rule):
    """Flags what is wrong."""

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity: ClassVar[float | None] = 7.5
    cwe: ClassVar[tuple[int, ...]] = (798,)


class UnusedRule(Rule):
    """Flags nothing here."""

    category = Category.STYLE
    severity = Severity.NOTE


DOCUMENT = Document("a.pkr.hcl", 'x = "😀"\r\ny = "hunter2"\n')


def of(text: str) -> Range:
    start = DOCUMENT.text.index(text)
    return Range(DOCUMENT, start, start + len(text))


def parsed(outcome: Outcome, look: Look | None = None) -> dict[str, Any]:
    text = render("json", outcome, look or Look())
    assert text.isascii()
    assert text.endswith("}\n")
    report: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    return report


def test_the_schema_is_one_and_refuses_what_is_no_report() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    report = parsed(Outcome((), (), 0, 0))
    assert validator.is_valid(report)
    for other in ({**report, "version": 2}, {**report, "more": 1}, {**report, "findings": [{}]}, {}):
        assert not validator.is_valid(other)


def test_a_finding_with_everything() -> None:
    fix = Fix("write `z`", (Edit(of("x"), "z"), Edit(Range(DOCUMENT, 0, 0), "#\n")), safe=False)
    related = (Related(of("y"), "the other one"),)
    diagnostic = Diagnostic("a-rule", Severity.ERROR, "`x` is wrong", of('"😀"'), related, fix, "use `z`")
    places = [
        {"path": "a.pkr.hcl", "range": {"start": at(*start), "end": at(*end)}}
        for start, end in (
            ((1, 5, 4), (1, 8, 7)),
            ((2, 1, 9), (2, 2, 10)),
            ((1, 1, 0), (1, 2, 1)),
            ((1, 1, 0), (1, 1, 0)),
        )
    ]
    assert parsed(Outcome((diagnostic,), (ARule, UnusedRule), 1, 2)) == {
        "version": 1,
        "tool": {"name": "packlint", "version": version("packlint")},
        "summary": {
            "documents": 2,
            "templates": 1,
            "errors": 1,
            "warnings": 0,
            "notes": 0,
            "suppressed": 0,
            "safe_fixes": 0,
            "unsafe_fixes": 1,
        },
        "rules": [
            {
                "name": "a-rule",
                "summary": "Flags what is wrong",
                "page": "packlint explain a-rule",
                "security_severity": 7.5,
                "cwe": [798],
            }
        ],
        "findings": [
            {
                "rule": "a-rule",
                "severity": "error",
                "category": "security",
                "message": "`x` is wrong",
                "hint": "use `z`",
                **places[0],
                "related": [{"message": "the other one", **places[1]}],
                "related_left_out": 0,
                "fix": {
                    "message": "write `z`",
                    "safe": False,
                    "edits": [
                        {**places[2], "replacement": "z"},
                        {**places[3], "replacement": "#\n"},
                    ],
                },
            }
        ],
    }


def at(line: int, column: int, offset: int) -> dict[str, int]:
    return {"line": line, "column": column, "offset": offset}


def test_what_is_excused_is_counted_and_told_to_those_who_ask() -> None:
    waived = Diagnostic(
        "a-rule", Severity.NOTE, "m", of("x"), suppression=Suppression("waiver", "why", of("y"))
    )
    based = Diagnostic("b-rule", Severity.NOTE, "m", of("x"), suppression=Suppression("baseline"))
    outcome = Outcome(
        (Diagnostic("c-rule", Severity.NOTE, "m", of("x")),), (), 1, 1, suppressed=(waived, based)
    )
    plain, full = parsed(outcome), parsed(outcome, Look(suppressed=True))
    assert plain["summary"] == full["summary"]
    assert (plain["summary"]["notes"], plain["summary"]["suppressed"]) == (1, 2)
    assert [it["rule"] for it in plain["findings"]] == ["c-rule"]
    assert [(it["rule"], it.get("suppression")) for it in full["findings"]] == [
        (
            "a-rule",
            {
                "kind": "waiver",
                "reason": "why",
                "place": {"path": "a.pkr.hcl", "range": {"start": at(2, 1, 9), "end": at(2, 2, 10)}},
            },
        ),
        ("b-rule", {"kind": "baseline", "reason": None, "place": None}),
        ("c-rule", None),
    ]


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ([('"hunter2"', '["hunter2"]')], [None]),
        ([('"hunter2"', "var.password")], ["var.password"]),
        ([('"hunter2"', "")], [""]),
        ([('"hunter2"', ""), ("x", 'z = "hunter2"\nx')], ["", None]),
        ([("x", 'z = "hunter2"')], [None]),
        ([("y = ", "password = ")], ["password = "]),
        ([(" = ", "  =  ")], ["  =  "]),
    ],
)
def test_a_fix_that_would_show_a_secret_does_not_tell_what_it_writes(
    edits: list[tuple[str, str]], told: list[str | None]
) -> None:
    fix = Fix("change it", tuple(Edit(of(text), new) for text, new in edits))
    diagnostic = Diagnostic("a-rule", Severity.ERROR, "m", of("y"), fix=fix)
    (finding,) = parsed(Outcome((diagnostic,), (), 1, 1, sensitive=(of("hunter2"),)))["findings"]
    assert [edit["replacement"] for edit in finding["fix"]["edits"]] == told
    assert "hunter2" not in json.dumps(finding)


def test_only_a_traceback_has_lines() -> None:
    for rule, hint in (("internal-error", "one\n two"), ("a-rule", r"one\x0a two\x0a")):
        diagnostic = Diagnostic(
            rule, Severity.ERROR, "m", Range(Document("gone", ""), 0, 0), hint="one\n two\n"
        )
        (finding,) = parsed(Outcome((diagnostic,), (), 1, 1))["findings"]
        assert (finding["hint"], finding["category"]) == (hint, None)


def test_a_thousand_places_are_a_hundred_and_their_number() -> None:
    related = (Related(of("y"), "there"),) * 1000
    (finding,) = parsed(Outcome((Diagnostic("a", Severity.NOTE, "m", of("x"), related),), (), 1, 1))[
        "findings"
    ]
    assert (len(finding["related"]), finding["related_left_out"]) == (100, 900)
