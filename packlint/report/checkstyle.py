"""An outcome → Checkstyle's XML, which reviewers' bots, Jenkins and editors read."""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element, SubElement

from packlint.diagnostic import Diagnostic, Severity
from packlint.outcome import Outcome
from packlint.report import PLAIN, Look
from packlint.report.carry import sentence
from packlint.report.xml import legal, xml_text

VERSION = "4.3"
"""Of the format, as readers ask for it; it has been the same since that version of Checkstyle."""

SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "info"}


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """A `file` for each that has findings, in order, with an `error` for each of these."""
    root = Element("checkstyle", version=VERSION)
    for path, diagnostics in groupby(outcome.diagnostics, key=lambda it: it.range.document.path):
        file = SubElement(root, "file", name=legal(path))
        for diagnostic in diagnostics:
            SubElement(file, "error", _attributes(diagnostic))
    return xml_text(root)


def _attributes(diagnostic: Diagnostic) -> dict[str, str]:
    line, column = diagnostic.range.first
    return {
        "line": str(line),
        "column": str(column),
        "severity": SEVERITIES[diagnostic.severity],
        "message": legal(sentence(diagnostic)),
        "source": f"packlint.{legal(diagnostic.rule)}",
    }
