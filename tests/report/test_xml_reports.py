"""JUnit and Checkstyle: read back by parsers of their own, in the structure that their readers ask for."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import junitparser
import pytest

from packlint.diagnostic import Diagnostic, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import Look, render

A, B = Document("a.pkr.hcl", "x = 1\ny = 2\n"), Document("b & <c>.pkr.hcl", "z\n")


def diagnostic(
    document: Document = A, at: int = 0, rule: str = "a-rule", severity: Severity = Severity.ERROR
) -> Diagnostic:
    return Diagnostic(rule, severity, 'it is "<wrong>"', Range(document, at, at + 1), hint="mend & go")


SEVERAL = (
    diagnostic(),
    diagnostic(at=10, rule="b-rule", severity=Severity.WARNING),
    diagnostic(B, severity=Severity.NOTE),
    diagnostic(B, rule="internal-error"),
)
WAIVED = Diagnostic(
    "c-rule",
    Severity.NOTE,
    "it is so",
    Range(A, 6, 7),
    suppression=Suppression("waiver", "we <know>", Range(A, 0, 1)),
)


def outcome(*diagnostics: Diagnostic) -> Outcome:
    return Outcome(diagnostics, (), 2, 3, suppressed=(WAIVED,))


class TestCheckstyle:
    def test_findings_stand_in_their_files(self) -> None:
        root = ElementTree.fromstring(render("checkstyle", outcome(*SEVERAL)))
        assert (root.tag, root.attrib) == ("checkstyle", {"version": "4.3"})
        told = 'it is "<wrong>"; mend & go'
        assert [(file.tag, file.attrib, [(it.tag, it.attrib) for it in file]) for file in root] == [
            (
                "file",
                {"name": "a.pkr.hcl"},
                [
                    ("error", error(1, 1, "error", told, "a-rule")),
                    ("error", error(2, 5, "warning", told, "b-rule")),
                ],
            ),
            (
                "file",
                {"name": "b & <c>.pkr.hcl"},
                [
                    ("error", error(1, 1, "info", told, "a-rule")),
                    ("error", error(1, 1, "error", told, "internal-error")),
                ],
            ),
        ]

    def test_nothing_found_is_an_empty_report(self) -> None:
        assert [*ElementTree.fromstring(render("checkstyle", outcome()))] == []


def error(line: int, column: int, severity: str, message: str, rule: str) -> dict[str, str]:
    return {
        "line": str(line),
        "column": str(column),
        "severity": severity,
        "message": message,
        "source": f"packlint.{rule}",
    }


Case = tuple[str | None, str | None, type, str | None, str | None]


def cases(suite: junitparser.TestSuite) -> list[Case]:
    found: list[Case] = []
    for case in suite:
        (result,) = case.result
        found.append((case.name, case.classname, type(result), result.type, result.text))
    return found


class TestJUnit:
    def test_findings_are_failures_in_the_suite_of_their_file(self) -> None:
        report = junitparser.JUnitXml.fromstring(render("junit", outcome(*SEVERAL)))
        assert (report.name, report.tests, report.failures, report.errors) == ("packlint", 4, 3, 1)
        first, second = report
        assert (first.name, first.tests, first.failures, first.errors, first.skipped) == (
            "a.pkr.hcl",
            2,
            2,
            0,
            0,
        )
        assert (second.name, second.tests, second.failures, second.errors) == ("b & <c>.pkr.hcl", 2, 1, 1)
        assert cases(first) == [
            (
                "a-rule at 1:1",
                "a.pkr.hcl",
                junitparser.Failure,
                "error: a-rule",
                "at a.pkr.hcl:1:1\nhint: mend & go",
            ),
            (
                "b-rule at 2:5",
                "a.pkr.hcl",
                junitparser.Failure,
                "warning: b-rule",
                "at a.pkr.hcl:2:5\nhint: mend & go",
            ),
        ]
        assert [kind for _, _, kind, _, _ in cases(second)] == [junitparser.Failure, junitparser.Error]
        assert {case.result[0].message for suite in report for case in suite} == {'it is "<wrong>"'}

    def test_nothing_found_is_a_test_that_passes(self) -> None:
        report = junitparser.JUnitXml.fromstring(render("junit", outcome()))
        assert (report.tests, report.failures, report.errors) == (1, 0, 0)
        (suite,) = report
        (case,) = suite
        assert case.is_passed
        assert case.name == "no findings in 3 files (2 templates)"

    def test_what_is_excused_is_skipped_where_it_is_asked_for(self) -> None:
        report = junitparser.JUnitXml.fromstring(render("junit", outcome(SEVERAL[0]), Look(suppressed=True)))
        (suite,) = report
        assert (suite.tests, suite.failures, suite.skipped) == (2, 1, 1)
        _, skipped = suite
        assert skipped.is_skipped
        assert skipped.result[0].message == "it is so (excused by a waiver in line 1: we <know>)"

    def test_the_elements_are_those_of_the_schema_of_jenkins(self) -> None:
        """Names and order as in junit-10.xsd of Jenkins's xUnit plugin."""
        allowed = {
            "testsuites": {"name", "time", "tests", "failures", "errors"},
            "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
            "testcase": {"name", "time", "classname"},
            "failure": {"type", "message"},
            "error": {"type", "message"},
            "skipped": {"type", "message"},
        }
        needed = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}
        children = {
            "testsuites": {"testsuite"},
            "testsuite": {"testcase"},
            "testcase": {"failure", "error", "skipped"},
        }
        seen = set()
        for element in ElementTree.fromstring(
            render("junit", outcome(*SEVERAL), Look(suppressed=True))
        ).iter():
            seen.add(element.tag)
            assert needed.get(element.tag, set()) <= set(element.attrib) <= allowed[element.tag]
            assert {child.tag for child in element} <= children.get(element.tag, set())
        assert seen == set(allowed)

    def test_a_traceback_has_lines_and_none_begins_as_a_command(self) -> None:
        failed = Diagnostic(
            "internal-error", Severity.ERROR, "x", Range(A, 0, 0), hint="one\n::add-mask::two\n"
        )
        text = render("junit", outcome(failed))
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())
        assert "hint: one\n    | ::add-mask::two</error>" in text


@pytest.mark.parametrize("name", ["junit", "checkstyle", "json", "github", "gitlab", "concise"])
def test_ten_thousand_files_take_no_longer_than_they_must(name: str) -> None:
    several = tuple(diagnostic(Document(f"{at:05}.pkr.hcl", "x\n")) for at in range(10_000))
    start = time.process_time()
    assert render(name, outcome(*several)).count(".pkr.hcl") >= 10_000
    assert time.process_time() - start < 8
