"""Annotations of GitHub Actions, read back by the rules of actions/runner's own parser of commands."""

from __future__ import annotations

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import render

DOCUMENT = Document("images/web.pkr.hcl", "one = 1\ntwo = 2\nlast")


def read(line: str) -> tuple[str, dict[str, str], str] | None:
    """A line as `ActionCommand.TryParseV2` takes it; None for one that is no command."""
    line = line.lstrip()
    if not line.startswith("::"):
        return None
    end = line.find("::", 2)
    if end < 0:
        return None
    name, _, written = line[2:end].partition(" ")
    properties = {}
    for pair in filter(None, written.strip().split(",")):
        key, equals, value = pair.partition("=")
        if key and equals and value:
            properties[key] = unescaped(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"})
    return name, properties, unescaped(line[end + 2 :], {"%0D": "\r", "%0A": "\n", "%25": "%"})


def unescaped(text: str, escapes: dict[str, str]) -> str:
    for escape, character in escapes.items():
        text = text.replace(escape, character)
    return text


def report(*diagnostics: Diagnostic) -> list[tuple[str, dict[str, str], str] | None]:
    return [read(line) for line in render("github", Outcome(diagnostics, (), 1, 1)).splitlines()]


def diagnostic(
    start: int = 0, end: int = 3, severity: Severity = Severity.ERROR, message: str = "wrong"
) -> Diagnostic:
    return Diagnostic("a-rule", severity, message, Range(DOCUMENT, start, end))


def test_a_finding_is_a_command() -> None:
    told = Diagnostic("a-rule", Severity.ERROR, "100% wrong: a, b", Range(DOCUMENT, 8, 11), hint="do::it")
    assert render("github", Outcome((told,), (), 1, 1)) == (
        "::error file=images/web.pkr.hcl,line=2,endLine=2,col=1,endColumn=4,title=packlint (a-rule)"
        "::100%25 wrong: a, b; do::it\n"
    )
    assert report(told) == [
        (
            "error",
            {
                "file": "images/web.pkr.hcl",
                "line": "2",
                "endLine": "2",
                "col": "1",
                "endColumn": "4",
                "title": "packlint (a-rule)",
            },
            "100% wrong: a, b; do::it",
        )
    ]


def test_columns_are_told_of_one_line_alone() -> None:
    """The runner drops them where the lines differ."""
    extents = []
    for start, end in ((0, 8), (0, 9), (8, 20), (8, 8), (20, 20)):
        (command,) = report(diagnostic(start, end))
        assert command
        extents.append({key: it for key, it in command[1].items() if key not in ("file", "title")})
    assert extents == [
        {"line": "1", "endLine": "1", "col": "1", "endColumn": "9"},
        {"line": "1", "endLine": "2"},
        {"line": "2", "endLine": "3"},
        {"line": "2", "endLine": "2", "col": "1", "endColumn": "1"},
        {"line": "3", "endLine": "3", "col": "5", "endColumn": "5"},
    ]


def test_the_most_severe_come_first() -> None:
    severities = (Severity.NOTE, Severity.ERROR, Severity.WARNING, Severity.ERROR)
    told = report(*(diagnostic(severity=it, message=f"m{at}") for at, it in enumerate(severities)))
    assert [it and (it[0], it[2]) for it in told] == [
        ("error", "m1"),
        ("error", "m3"),
        ("warning", "m2"),
        ("notice", "m0"),
    ]


def test_nothing_found_is_no_command() -> None:
    assert report() == []


def test_a_path_adds_neither_commands_nor_properties() -> None:
    path = "a,line=9::x\n::add-mask::y,title=%0A::z.pkr.hcl"
    (command,) = report(Diagnostic("a-rule", Severity.NOTE, "m\n::stop::", Range(Document(path, "x"), 0, 1)))
    assert command
    assert command[1]["file"] == path.replace("\n", "\\x0a")
    assert command[1]["line"] == "1"
    assert command[2] == r"m\x0a::stop::"
