"""Every format, read back as its readers do, tells the same findings of one and the same outcome."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.record import replace
from packlint.report import FORMATS, Look, render

Told = tuple[str, int, str, str]
"""What every format tells of a finding: path, line, rule and severity."""

A = Document("images/a.pkr.hcl", 'x = "1"\ny = 2\n  z = 3\n')
B = Document("b.pkr.json", "{}\n")


def at(document: Document, start: int, end: int, rule: str, severity: Severity) -> Diagnostic:
    return Diagnostic(rule, severity, "`x` is wrong", Range(document, start, end), hint="mend it")


FOUND = (
    at(B, 0, 2, "a-rule", Severity.WARNING),
    at(A, 0, 1, "a-rule", Severity.WARNING),
    at(A, 4, 7, "b-rule", Severity.NOTE),
    at(A, 4, 7, "c-rule", Severity.ERROR),
    replace(
        at(A, 8, 20, "a-rule", Severity.ERROR),
        related=(Related(Range(A, 0, 1), "here"), Related(Range(B, 0, 1), "there")),
        fix=Fix("write it", (Edit(Range(A, 8, 9), "yy"), Edit(Range(B, 0, 0), "\n"))),
    ),
    at(A, 21, 22, "b-rule", Severity.NOTE),
)
EXCUSED = (
    replace(FOUND[1], rule="w-rule", suppression=Suppression("waiver", "we know", Range(A, 0, 1))),
    replace(FOUND[2], rule="s-rule", suppression=Suppression("baseline")),
)


def told(diagnostics: Iterable[Diagnostic]) -> list[Told]:
    return sorted(
        (it.range.document.path, it.range.first.line, it.rule, it.severity.value) for it in diagnostics
    )


def of_text(report: str) -> list[Told]:
    heads = r"^(?:excused )?(error|warning|note)\[([\w-]+)\]: .+\n *--> (.+):(\d+):\d+$"
    return [(path, int(line), rule, level) for level, rule, path, line in re.findall(heads, report, re.M)]


def of_concise(report: str) -> list[Told]:
    lines = re.findall(r"^(.+?):(\d+):\d+: (?:excused )?(error|warning|note)\[([\w-]+)\] ", report, re.M)
    return [(path, int(line), rule, level) for path, line, level, rule in lines]


def of_json(report: str) -> list[Told]:
    return [
        (it["path"], it["range"]["start"]["line"], it["rule"], it["severity"])
        for it in json.loads(report)["findings"]
    ]


def of_sarif(report: str) -> list[Told]:
    (run,) = json.loads(report)["runs"]
    found = []
    for result in run["results"]:
        (place,) = (it["physicalLocation"] for it in result["locations"])
        path, line = place["artifactLocation"]["uri"], place["region"]["startLine"]
        found.append((path, line, result["ruleId"], result["level"]))
    return found


def of_github(report: str) -> list[Told]:
    line = r"^::(\w+) file=(.+?),line=(\d+),.*title=packlint \(([\w-]+)\)::"
    levels = {"error": "error", "warning": "warning", "notice": "note"}
    return [(path, int(at), rule, levels[kind]) for kind, path, at, rule in re.findall(line, report, re.M)]


def of_gitlab(report: str) -> list[Told]:
    levels = {"critical": "error", "major": "warning", "info": "note"}
    return [
        (it["location"]["path"], it["location"]["lines"]["begin"], it["check_name"], levels[it["severity"]])
        for it in json.loads(report)
    ]


def of_checkstyle(report: str) -> list[Told]:
    levels = {"error": "error", "warning": "warning", "info": "note"}
    return [
        (
            file.attrib["name"],
            int(it.attrib["line"]),
            it.attrib["source"].removeprefix("packlint."),
            levels[it.attrib["severity"]],
        )
        for file in ET.fromstring(report)
        for it in file
    ]


def of_junit(report: str) -> list[Told]:
    """Excused findings are without their severity, which a test that is skipped has no place for."""
    found = []
    for case in ET.fromstring(report).iter("testcase"):
        rule, _, place = case.attrib["name"].partition(" at ")
        (result,) = case
        level = result.attrib["type"].partition(":")[0] if result.tag != "skipped" else ""
        found.append((case.attrib["classname"], int(place.partition(":")[0]), rule, level))
    return found


def of_markdown(report: str) -> list[Told]:
    """The table of the findings; that of the excused ones has no column for the severity."""
    found = []
    for cells in (line.strip("| ").split(" | ") for line in report.splitlines() if line.startswith("| ")):
        level = cells.pop(0) if cells[0] in ("error", "warning", "note") else ""
        if place := re.fullmatch(r"`(.+):(\d+)`", cells[0]):
            found.append((place[1], int(place[2]), cells[2].strip("`"), level))
    return found


def of_html(report: str) -> list[Told]:
    found = []
    for article in ET.fromstring(report).iter("article"):
        (meta,) = (it for it in article if it.get("class") == "meta")
        level, rule, place = ("".join(it.itertext()) for it in meta)
        path, line, _ = place.rsplit(":", 2)
        found.append((path, int(line), rule, level))
    return found


READERS: dict[str, Callable[[str], list[Told]]] = {
    "checkstyle": of_checkstyle,
    "concise": of_concise,
    "github": of_github,
    "gitlab": of_gitlab,
    "html": of_html,
    "json": of_json,
    "junit": of_junit,
    "markdown": of_markdown,
    "sarif": of_sarif,
    "text": of_text,
}

WITHOUT_EXCUSED = ("checkstyle", "github", "gitlab")
"""Formats that have no way to tell a finding from one that nobody needs to mend."""


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_tells_every_finding_and_no_other(name: str) -> None:
    outcome = Outcome(FOUND, (), 2, 2, suppressed=EXCUSED)
    assert sorted(READERS[name](render(name, outcome))) == told(FOUND)


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_excused_is_told_where_it_is_asked_for(name: str) -> None:
    outcome = Outcome(FOUND, (), 2, 2, suppressed=EXCUSED)
    expected = [*FOUND] if name in WITHOUT_EXCUSED else [*FOUND, *EXCUSED]
    read = READERS[name](render(name, outcome, Look(suppressed=True)))
    assert sorted(it[:3] for it in read) == [it[:3] for it in told(expected)]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_told_of_nothing(name: str) -> None:
    if name == "junit":  # a test that passes tells that the check was made
        assert 'tests="1" failures="0"' in render(name, Outcome((), (), 2, 2))
    else:
        assert READERS[name](render(name, Outcome((), (), 2, 2))) == []
