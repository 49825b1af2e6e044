"""What the text reports say beside the findings: fixes, what is excused, and counts by rule."""

from __future__ import annotations

import re

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import Look, render

DOCUMENT = Document("images/web.pkr.hcl", 'source "qemu" "web" {}\n\nbuild {\n}\n')


def of(text: str) -> Range:
    start = DOCUMENT.text.index(text)
    return Range(DOCUMENT, start, start + len(text))


def diagnostic(
    rule: str = "a-rule",
    severity: Severity = Severity.WARNING,
    place: str = "build",
    safe: bool | None = None,
    suppression: Suppression | None = None,
) -> Diagnostic:
    fix = None if safe is None else Fix("write it `so`", (Edit(of(place), "so"),), safe)
    return Diagnostic(rule, severity, "it is wrong", of(place), fix=fix, suppression=suppression)


WAIVED = Suppression("waiver", "not reachable", of("qemu"))


def excused(*suppressions: Suppression) -> tuple[Diagnostic, ...]:
    return tuple(diagnostic(f"r{at}", suppression=it) for at, it in enumerate(suppressions))


def report(
    name: str, *diagnostics: Diagnostic, suppressed: tuple[Diagnostic, ...] = (), look: Look | None = None
) -> str:
    return render(name, Outcome(diagnostics, (), 2, 3, suppressed=suppressed), look or Look())


FOUND = "Found 1 warning in 1 of 3 files (2 templates)"


class TestFixes:
    @pytest.mark.parametrize(("safe", "line"), [(True, "fix"), (False, "unsafe fix")])
    def test_a_finding_says_what_its_fix_does(self, safe: bool, line: str) -> None:
        assert f"  = {line}: write it `so`\n" in report("text", diagnostic(safe=safe))

    @pytest.mark.parametrize("name", ["text", "concise"])
    @pytest.mark.parametrize(
        ("fixes", "line"),
        [
            ([None], None),
            ([True], "`--fix` can mend it"),
            ([False], "`--fix --unsafe-fixes` can mend it"),
            ([True, None], "`--fix` can mend 1 of them"),
            ([False, False, None], "`--fix --unsafe-fixes` can mend 2 of them"),
            ([True, True, False], "`--fix` can mend 2 of them, `--fix --unsafe-fixes` 1 more"),
        ],
    )
    def test_the_summary_says_what_to_type(
        self, name: str, fixes: list[bool | None], line: str | None
    ) -> None:
        lines = report(name, *(diagnostic(f"r{at}", safe=it) for at, it in enumerate(fixes))).splitlines()
        at = next(number for number, it in enumerate(lines) if it.startswith("Found "))
        assert lines[at + 1 :] == ([line] if line else [])


class TestExcused:
    @pytest.mark.parametrize("name", ["text", "concise"])
    @pytest.mark.parametrize(
        ("kinds", "line"),
        [
            ([], None),
            (["waiver"], "1 more is excused by a waiver"),
            (["waiver", "waiver"], "2 more are excused by waivers"),
            (["baseline"] * 3, "3 more are excused by the baseline"),
            (
                ["settings", "waiver", "baseline", "baseline"],
                "4 more are excused: 1 by a waiver, 1 by the settings and 2 by the baseline",
            ),
        ],
    )
    def test_the_summary_counts_them(self, name: str, kinds: list[str], line: str | None) -> None:
        suppressed = excused(*(Suppression(kind) for kind in kinds))  # type: ignore[arg-type]
        text = report(name, diagnostic(), suppressed=suppressed)
        assert text.splitlines()[-1] == (line or FOUND)
        assert text.count("it is wrong") == 1

    def test_where_all_is_excused_there_are_no_more(self) -> None:
        assert report("text", suppressed=excused(Suppression("settings"))) == (
            "No findings in 3 files (2 templates)\n1 is excused by the settings\n"
        )

    def test_they_are_shown_in_their_places_where_that_is_asked_for(self) -> None:
        waived = diagnostic("early", place="source", suppression=WAIVED)
        text = report("text", diagnostic(), suppressed=(waived,), look=Look(suppressed=True))
        assert text == (
            "excused warning[early]: it is wrong\n"
            " --> images/web.pkr.hcl:1:1\n"
            "  |\n"
            '1 | source "qemu" "web" {}\n'
            "  | ^^^^^^\n"
            "  = excused by: a waiver in line 1: not reachable\n"
            "\n"
            "warning[a-rule]: it is wrong\n"
            " --> images/web.pkr.hcl:3:1\n"
            "  |\n"
            "3 | build {\n"
            "  | ^^^^^\n"
            "\n"
            f"{FOUND}\n"
            "1 more is excused by a waiver\n"
        )

    def test_a_reason_that_is_not_given_is_not_told(self) -> None:
        suppressed = excused(Suppression("baseline"))
        text = report("text", suppressed=suppressed, look=Look(suppressed=True))
        assert "\n  = excused by: the baseline\n" in text

    def test_a_matcher_takes_none_for_a_finding(self) -> None:
        waived = diagnostic("early", place="source", suppression=WAIVED)
        text = report("concise", diagnostic(), suppressed=(waived,), look=Look(suppressed=True))
        assert text == (
            "images/web.pkr.hcl:1:1: excused warning[early] it is wrong "
            "(by a waiver in line 1: not reachable)\n"
            "images/web.pkr.hcl:3:1: warning[a-rule] it is wrong\n"
            f"{FOUND}\n"
            "1 more is excused by a waiver\n"
        )


class TestStatistics:
    DIAGNOSTICS = (
        diagnostic("often"),
        *(diagnostic("often", place=place, safe=True) for place in ("source", "web")),
        diagnostic("bad", Severity.ERROR, safe=False),
        diagnostic("bad", Severity.NOTE),
        diagnostic("also-once"),
    )
    TABLE = (
        "findings  safe fixes  unsafe fixes  severity  rule\n"
        "       1           -             1  error     bad\n"
        "       3           2             -  warning   often\n"
        "       1           -             -  warning   also-once\n"
        "       1           -             -  note      bad\n"
    )
    SUMMARY = (
        "Found 1 error, 4 warnings and 1 note in 1 of 3 files (2 templates)\n"
        "`--fix` can mend 2 of them, `--fix --unsafe-fixes` 1 more\n"
    )

    def test_the_table_stands_in_place_of_the_findings(self) -> None:
        look = Look(statistics=True)
        assert report("text", *self.DIAGNOSTICS, look=look) == f"{self.TABLE}\n{self.SUMMARY}"
        assert report("concise", *self.DIAGNOSTICS, look=look) == f"{self.TABLE}{self.SUMMARY}"

    @pytest.mark.parametrize("name", ["text", "concise"])
    def test_nothing_found_is_no_table(self, name: str) -> None:
        assert report(name, look=Look(statistics=True)) == "No findings in 3 files (2 templates)\n"

    @pytest.mark.parametrize("name", ["text", "concise"])
    def test_color_changes_nothing_but_the_styles(self, name: str) -> None:
        for statistics in (False, True):
            plain = report(name, *self.DIAGNOSTICS, look=Look(statistics=statistics))
            colored = report(name, *self.DIAGNOSTICS, look=Look(color=True, statistics=statistics))
            assert "\x1b[31m" in colored
            assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
