"""Rules against configurations: who is called, and what becomes of a rule that crashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packlint import Category, Finding, Rule, Severity
from packlint.check import check
from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.errors import PolicyError, UsageError
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Build, Configuration, Source, Template
from packlint.parse import parse
from packlint.project import Project

TEXT = """\
source "null" "a" {}
source "null" "b" {}
build {
  sources = ["null.a"]
}
"""


def project() -> Project:
    file, _ = parse(Document("t.pkr.hcl", TEXT))
    (configuration,), _ = lower(Template(".", ("t.pkr.hcl",), Files(Path.cwd())), [file])
    return Project((evaluate(configuration),))


class SourceSeen(Rule):
    """Sees sources."""

    category = Category.SOURCES
    severity = Severity.ERROR

    def check_source(self, source: Source, configuration: Configuration) -> Iterator[Finding]:
        yield Finding(source.header_range, f"seen {source.key}", softened=source.name == "b")


class BuildHater(Rule):
    """Crashes at builds, after a word."""

    category = Category.STRUCTURE
    severity = Severity.NOTE

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        yield Finding(build.header_range, "a build")
        raise RuntimeError("no builds, please")


def places(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[int, str, str, str]]:
    return [(d.range.first.line, d.rule, d.severity.value, d.message) for d in diagnostics]


def test_a_finding_gets_its_rules_name_and_severity() -> None:
    assert places(check(lambda _: [SourceSeen()], project(), [()])) == [
        (1, "source-seen", "error", "seen null.a"),
        (2, "source-seen", "warning", "seen null.b"),
    ]


def test_a_rule_that_crashes_is_named_and_the_others_go_on() -> None:
    found = check(lambda _: [BuildHater(), SourceSeen()], project(), [()])
    assert places(found) == [
        (1, "source-seen", "error", "seen null.a"),
        (2, "source-seen", "warning", "seen null.b"),
        (3, "internal-error", "error", "rule `build-hater` failed here: RuntimeError: no builds, please"),
        (3, "build-hater", "note", "a build"),
    ]
    assert "report" in (found[2].hint or "")


def failing(error: Exception) -> Rule:
    class Failing(Rule):
        category = Category.STRUCTURE
        severity = Severity.NOTE

        def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
            raise error

    return Failing()


def test_a_policy_that_cannot_be_used_ends_the_run() -> None:
    with pytest.raises(PolicyError, match="too much"):
        check(lambda _: [failing(PolicyError("too much"))], project(), [()])


def test_a_rule_that_raises_another_error_of_packlint_crashed() -> None:
    found = check(lambda _: [failing(UsageError("no file"))], project(), [()])
    assert [d.rule for d in found] == ["internal-error"]


def test_debug_shows_where_a_rule_crashed() -> None:
    crash = next(
        d for d in check(lambda _: [BuildHater()], project(), [()], debug=True) if d.rule == "internal-error"
    )
    assert "check_build" in (crash.hint or "")
