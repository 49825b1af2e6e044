"""An outcome → JUnit's XML, in the dialect of Jenkins and GitLab: a suite a file, a test case a finding."""

from __future__ import annotations

from itertools import groupby

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from packlint.diagnostic import Diagnostic
from packlint.outcome import Outcome
from packlint.report import PLAIN, Look
from packlint.report.carry import INTERNAL, excuse, hints, message, told
from packlint.report.tally import read
from packlint.report.xml import legal, xml_text
from packlint.visible import visible


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """Findings are failures, packlint's own failures errors, and what was excused is skipped.

    Where there is none of them one test case passes, so that a server sees that the check was made. Times,
    hosts and dates are left out: the same input gives the same bytes.
    """
    suites = [
        _suite(legal(path), [_case(it) for it in diagnostics])
        for path, diagnostics in groupby(told(outcome, look), key=lambda it: it.range.document.path)
    ] or [_suite("packlint", [TestCase(f"no findings in {read(outcome)}", "packlint")])]
    report = JUnitXml("packlint")
    # `add_testsuite` would compare each suite with all before it.
    report.extend(suites)  # type: ignore[no-untyped-call]
    # No attribute for skipped ones: Jenkins's schema has none here.
    report.tests = sum(suite.tests for suite in suites)
    report.failures = sum(suite.failures for suite in suites)
    report.errors = sum(suite.errors for suite in suites)
    return xml_text(report._elem)


def _suite(name: str, cases: list[TestCase]) -> TestSuite:
    suite = TestSuite(name)
    suite.add_testcases(cases)
    return suite


def _case(diagnostic: Diagnostic) -> TestCase:
    rule = legal(diagnostic.rule)
    path, (line, column) = legal(diagnostic.range.document.path), diagnostic.range.first
    case = TestCase(f"{rule} at {line}:{column}", path)
    said = legal(message(diagnostic))
    if diagnostic.suppression:
        case.result = Skipped(f"{said} (excused by {legal(excuse(diagnostic.suppression))})", rule)
        return case
    kind = Error if diagnostic.rule == INTERNAL else Failure
    result = kind(said, f"{diagnostic.severity.value}: {rule}")
    # No line begins with what a template holds, which a traceback may: a runner could take it for a command.
    hint = "\n    | ".join(hints(diagnostic))
    where = f"at {visible(diagnostic.range.document.path)}:{line}:{column}"
    result.text = legal(f"{where}\nhint: {hint}" if hint else where)
    case.result = result
    return case
