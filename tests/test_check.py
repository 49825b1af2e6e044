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


class Picky(Rule):
    """Looks for one word."""

    category = Category.SOURCES
    severity = Severity.NOTE
    looks_for = ("no_such_argument", "amazon")

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        yield Finding(configuration.sources[0].header_range, "looked")

    def check_project(self, project: Project) -> Iterator[Finding]:
        yield Finding(project.configurations[0].builds[0].header_range, "looked over all")


def test_a_rule_looks_where_what_it_looks_for_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(lambda _: [Picky()], project(), [()]) == ()
    monkeypatch.setattr(Picky, "looks_for", ("null",))
    assert [d.message for d in check(lambda _: [Picky()], project(), [()])] == ["looked", "looked over all"]


def test_a_rule_with_options_looks_everywhere() -> None:
    assert len(check(lambda _: [Picky(Picky.Options())], project(), [()])) == 2


def test_rules_over_all_look_where_it_is_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = project().configurations[0], project().configurations[0]
    monkeypatch.setattr(Picky, "looks_for", ("<several uses>",))
    found = check(lambda _: [Picky()], Project((one, other)), [(), ()])
    assert [d.message for d in found] == ["looked over all"]


def test_a_rule_that_cannot_be_made_is_named_and_the_others_go_on() -> None:
    class Absent(SourceSeen):
        """Cannot be imported."""

        def awake(self) -> Rule:
            raise ImportError("no module named `tree_sitter`")

    found = check(lambda _: [Absent(), SourceSeen()], project(), [()])
    assert [(d.rule, d.range.first.line) for d in found] == [
        *(("internal-error", 1), ("source-seen", 1), ("source-seen", 2)),
    ]
    assert "rule `absent` failed here: ImportError: no module named `tree_sitter`" in found[0].message


def test_what_rules_take_is_told_by_their_names() -> None:
    times: dict[str, float] = {"build-hater": 5.0}
    ticks = iter(range(100))
    check(
        lambda _: [SourceSeen(), BuildHater(), Picky()],
        project(),
        [()],
        times=times,
        clock=lambda: float(next(ticks)),
    )
    assert times == {"source-seen": 1.0, "build-hater": 6.0}


def test_methods_are_asked_in_the_order_of_a_template() -> None:
    asked: list[str] = []

    class Both(Rule):
        category = Category.SOURCES
        severity = Severity.NOTE

        def check_source(self, source: Source, configuration: Configuration) -> Iterator[Finding]:
            asked.append(source.name)
            yield from ()

        def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
            asked.append("whole")
            yield from ()

    check(lambda _: [Both()], project(), [()])
    assert asked == ["whole", "a", "b"]
