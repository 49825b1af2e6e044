"""The text report: layout at 80 columns, exact marks, and no way for a template to steer the terminal."""

from __future__ import annotations

import re
import time
import unicodedata

import click
import pytest

from packlint.diagnostic import Diagnostic, Related, Severity
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.record import replace
from packlint.report import Look, render
from packlint.visible import columns, visible

DOCUMENT = Document(
    "images/web.pkr.hcl",
    """\
source "qemu" "web" {
\tssh_username = "root"
}

build {
  sources = ["source.qemu.wbe"]
}
""",
)


def of(text: str, document: Document = DOCUMENT) -> Range:
    start = document.text.index(text)
    return Range(document, start, start + len(text))


def warning(place: Range, message: str = "wrong", hint: str | None = None) -> Diagnostic:
    return Diagnostic("a-rule", Severity.WARNING, message, place, hint=hint)


def report(*diagnostics: Diagnostic, color: bool = False) -> str:
    return render("text", Outcome(diagnostics, (), templates=2, documents=3), Look(color=color))


def code(place: Range) -> list[str]:
    """The two lines of the frame, without the gutter."""
    lines = report(warning(place)).splitlines()
    return [line.partition("|")[2][1:] for line in lines[3:5]]


def test_a_finding_with_everything() -> None:
    diagnostic = Diagnostic(
        "unknown-source-reference",
        Severity.ERROR,
        "source `source.qemu.wbe` is not declared in this template",
        of('"source.qemu.wbe"'),
        (Related(of('source "qemu" "web"'), "this one is"),),
        hint="did you mean `source.qemu.web`?",
    )
    assert report(diagnostic) == (
        "error[unknown-source-reference]: source `source.qemu.wbe` is not declared in\n"
        "  | this template\n"
        " --> images/web.pkr.hcl:6:14\n"
        "  |\n"
        '6 |   sources = ["source.qemu.wbe"]\n'
        "  |              ^^^^^^^^^^^^^^^^^\n"
        " ::: images/web.pkr.hcl:1:1\n"
        '1 | source "qemu" "web" {\n'
        "  | ------------------- this one is\n"
        "  = hint: did you mean `source.qemu.web`?\n"
        "\n"
        "Found 1 error in 1 of 3 files (2 templates)\n"
    )


def test_a_long_hint_and_a_long_label_are_wrapped() -> None:
    label = "the label of a related place that has no room beside the marks, which goes below"
    hint = "a hint that says so much of what is to be done about it that it goes on in the next line"
    diagnostic = Diagnostic(
        "a-rule", Severity.NOTE, "wrong", of("build"), (Related(of("ssh"), label),), hint=hint
    )
    assert report(diagnostic) == (
        "note[a-rule]: wrong\n"
        " --> images/web.pkr.hcl:5:1\n"
        "  |\n"
        "5 | build {\n"
        "  | ^^^^^\n"
        " ::: images/web.pkr.hcl:2:2\n"
        '2 |     ssh_username = "root"\n'
        "  |     ---\n"
        "  | the label of a related place that has no room beside the marks, which goes\n"
        "  | below\n"
        "  = hint: a hint that says so much of what is to be done about it that it goes\n"
        "  | on in the next line\n"
        "\n"
        "Found 1 note in 1 of 3 files (2 templates)\n"
    )


def test_the_gutter_is_as_wide_as_the_widest_line_number() -> None:
    document = Document("a.pkr.hcl", "first\n" + "\n" * 98 + "last\n")
    diagnostic = Diagnostic(
        "a-rule", Severity.NOTE, "wrong", of("first", document), (Related(of("last", document), "x"),)
    )
    assert report(diagnostic).splitlines()[1:8] == [
        "   --> a.pkr.hcl:1:1",
        "    |",
        "  1 | first",
        "    | ^^^^^",
        "   ::: a.pkr.hcl:100:1",
        "100 | last",
        "    | ---- x",
    ]


@pytest.mark.parametrize(("count", "shown", "more"), [(10, 10, []), (11, 10, [1]), (447, 10, [437])])
def test_the_first_ten_related_places_are_shown(count: int, shown: int, more: list[int]) -> None:
    related = tuple(Related(of("qemu"), f"place {number}") for number in range(count))
    lines = report(Diagnostic("a-rule", Severity.NOTE, "wrong", of("build"), related, hint="x")).splitlines()
    assert [line.partition("---- ")[2] for line in lines if "----" in line] == [
        f"place {number}" for number in range(shown)
    ]
    assert [line for line in lines if "more place" in line] == [
        f" ::: and {number} more place{'s' if number > 1 else ''}" for number in more
    ]
    assert lines[-3] == "  = hint: x"


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ("", "No findings in 3 files (2 templates)"),
        ("e", "Found 1 error in 1 of 3 files (2 templates)"),
        ("eew", "Found 2 errors and 1 warning in 1 of 3 files (2 templates)"),
        ("ewwnnn", "Found 1 error, 2 warnings and 3 notes in 1 of 3 files (2 templates)"),
        ("wn", "Found 1 warning and 1 note in 1 of 3 files (2 templates)"),
    ],
)
def test_the_summary_counts(severities: str, expected: str) -> None:
    by_letter = {severity.value[0]: severity for severity in Severity}
    diagnostics = [Diagnostic("a-rule", by_letter[letter], "wrong", of("build")) for letter in severities]
    assert report(*diagnostics).splitlines()[-1] == expected


def test_the_summary_knows_one_from_many() -> None:
    assert render("text", Outcome((), (), templates=1, documents=1)) == "No findings in 1 file (1 template)\n"


def test_nothing_read_and_nothing_found_is_nothing_to_say() -> None:
    assert render("text", Outcome((), (), templates=0, documents=0)) == ""


class TestFrame:
    def test_a_tab_is_as_wide_above_as_below(self) -> None:
        assert code(of("ssh_username")) == ['    ssh_username = "root"', "    ^^^^^^^^^^^^"]

    def test_a_range_of_several_lines_is_marked_to_the_end_of_the_first(self) -> None:
        block = of(DOCUMENT.text[: DOCUMENT.text.index("build")])
        assert code(block) == ['source "qemu" "web" {', "^^^^^^^^^^^^^^^^^^^^^ to line 3"]

    def test_blank_lines_at_the_beginning_of_a_range_are_stepped_over(self) -> None:
        start = DOCUMENT.text.index("\nbuild")
        assert code(Range(DOCUMENT, start, start + 6)) == ["build {", "^^^^^"]

    def test_an_empty_range_has_one_mark(self) -> None:
        start = DOCUMENT.text.index("build")
        assert code(Range(DOCUMENT, start, start)) == ["build {", "^"]

    def test_a_line_break_is_marked_behind_the_line(self) -> None:
        start = DOCUMENT.text.index("\n")
        assert code(Range(DOCUMENT, start, start + 1)) == ['source "qemu" "web" {', " " * 21 + "^"]

    def test_the_end_of_the_file_is_an_empty_line(self) -> None:
        end = len(DOCUMENT.text)
        assert report(warning(Range(DOCUMENT, end, end))).splitlines()[1:5] == [
            " --> images/web.pkr.hcl:8:1",
            "  |",
            "8 |",
            "  | ^",
        ]

    def test_a_document_without_text_has_no_frame(self) -> None:
        place = Range(Document("gone.pkr.hcl", ""), 0, 0)
        assert report(warning(place, "it is gone", "find it")).splitlines()[:4] == [
            "warning[a-rule]: it is gone",
            " --> gone.pkr.hcl:1:1",
            "  = hint: find it",
            "",
        ]

    def test_wide_characters_take_two_columns_and_marks_none(self) -> None:
        document = Document("a.pkr.hcl", 'a = "日本e\u0301" + b\n')
        assert code(of("b", document)) == ['a = "日本e\u0301" + b', " " * 14 + "^"]

    def test_a_carriage_return_at_the_end_is_not_shown(self) -> None:
        document = Document("a.pkr.hcl", "a = 1\r\nb = 2\r\n")
        assert code(of("b", document)) == ["b = 2", "^"]

    @pytest.mark.parametrize(
        ("wanted", "expected", "marks"),
        [
            ("begin", "begin" + " x" * 34 + "...", "^" * 5),
            ("end", "..." + "x " * 35 + "end", " " * 73 + "^" * 3),
            ("MIDDLE", "..." + "x " * 24 + "MIDDLE" + " x" * 8 + "...", " " * 51 + "^" * 6),
        ],
    )
    def test_a_long_line_is_cut_around_the_range(self, wanted: str, expected: str, marks: str) -> None:
        document = Document("a.pkr.hcl", f"begin{' x' * 100} MIDDLE {'x ' * 100}end\n")
        assert code(of(wanted, document)) == [expected, marks]

    def test_a_range_wider_than_the_report_is_marked_to_the_cut(self) -> None:
        document = Document("a.pkr.hcl", f'name = "{"x" * 5000}"\n')
        line, below = code(of(f'"{"x" * 5000}"', document))
        assert line == 'name = "' + "x" * 65 + "..."
        assert below == " " * 7 + "^" * 69

    def test_a_line_of_megabytes_is_shown_at_once(self) -> None:
        document = Document("a.pkr.hcl", "x" * 4_000_000 + "HERE" + "y" * 4_000_000)
        line, below = code(of("HERE", document))
        assert line[below.index("^") : below.rindex("^") + 1] == "HERE"

    @pytest.mark.parametrize("around", ["x", " ", "\r"])
    def test_many_findings_in_a_line_of_megabytes_are_shown_at_once(self, around: str) -> None:
        """Seconds would mean that each of them reads or copies the line."""
        half = around * 4_000_000
        document = Document("a.pkr.hcl", f"{half}HERE{half}\n")
        here = of("HERE", document)
        ranges = (here, Range(document, here.start, len(half) * 2), Range(document, 100, len(document.text)))
        findings = [warning(place) for place in ranges for _ in range(200 if around == "x" else 1)]
        start = time.process_time()
        report(*findings)
        assert time.process_time() - start < 2


EMPTY = Range(Document("gone.pkr.hcl", ""), 0, 0)
HOSTILE = "\x1b[2Jx\x07\x9b\r\u202e\u2066\u2028\ud800\x7f\x00"


class TestSafety:
    def test_controls_are_written_out(self) -> None:
        assert visible(HOSTILE) == (r"\x1b[2Jx\x07\x9b\x0d\u202e\u2066\u2028\ud800\x7f\x00")

    @pytest.mark.parametrize("color", [False, True])
    def test_nothing_of_a_template_steers_the_terminal(self, color: bool) -> None:
        document = Document(f"{HOSTILE}.pkr.hcl", f'a = "{HOSTILE}"\n')
        place = Range(document, 5, 12)
        diagnostic = Diagnostic(
            "a-rule",
            Severity.ERROR,
            f"m {HOSTILE}",
            place,
            (Related(place, f"l {HOSTILE}"),),
            hint=f"h {HOSTILE}",
        )
        text = click.unstyle(report(diagnostic, color=color))
        odd = {it for it in text if it != "\n" and unicodedata.category(it) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert odd == set()
        text.encode()

    @pytest.mark.parametrize("rule", ["a-rule", "internal-error"])
    def test_no_line_begins_with_what_a_template_holds(self, rule: str) -> None:
        evil = "::error::x\n::add-mask::x\u2028::y\r::z " + "::stop-commands::x " * 20
        document = Document("::error::x.pkr.hcl", "::error::x\n")
        place = Range(document, 0, 4)
        diagnostic = Diagnostic(
            rule, Severity.ERROR, evil, place, (Related(place, evil), Related(EMPTY, evil)), hint=evil
        )
        lines = report(diagnostic, replace(diagnostic, range=EMPTY)).splitlines()
        ours = re.compile(r" *([0-9]* \||=|-->|::: )|error\[|Found 2 errors |$")
        assert [line for line in lines if not ours.match(line)] == []

    def test_no_command_stands_within_a_line(self) -> None:
        evil = "x ##[add-mask]y ##vso[task.complete]z"
        document = Document("##[error]x.pkr.hcl", f"{evil} # [kept]\n")
        place = of("y ##", document)
        diagnostic = Diagnostic("a-rule", Severity.ERROR, evil, place, (Related(place, evil),), hint=evil)
        text = report(diagnostic)
        assert "##[" not in text
        assert "##vso[" not in text
        assert code(place) == [
            r"x ##\x5badd-mask]y ##vso\x5btask.complete]z # [kept]",
            " " * 17 + "^^^^",
        ]

    def test_a_name_as_long_as_a_file_is_cut_in_the_middle(self) -> None:
        name = "a" * 1_000_000
        diagnostic = Diagnostic(
            "a-rule",
            Severity.ERROR,
            f"the first `{name}` is the last",
            of("build"),
            (Related(of("qemu"), name),),
            hint=f"rename {name}",
        )
        text = report(diagnostic)
        assert "the first" in text
        assert "a...a" in text
        assert "aaa`\n  | is the last\n" in text
        assert len(text) < 2500

    def test_only_a_traceback_has_lines_of_its_own(self) -> None:
        lines = report(warning(of("build"), hint="one\ntwo")).splitlines()
        assert r"  = hint: one\x0atwo" in lines
        own = Diagnostic("internal-error", Severity.ERROR, "x", of("build"), hint="one\n  two\n")
        assert report(own).splitlines()[5:7] == ["  = hint: one", "  |   two"]

    def test_an_escape_is_marked_over_all_its_columns(self) -> None:
        document = Document("a.pkr.hcl", 'a = "\x1b" # b\n')
        assert code(of("\x1b", document)) == [r'a = "\x1b" # b', "     ^^^^"]


def test_color_changes_nothing_but_the_styles() -> None:
    diagnostics = (
        warning(of('"source.qemu.wbe"'), "a message " * 12, "a hint " * 20),
        Diagnostic("b-rule", Severity.ERROR, "x", of("build"), (Related(of("qemu"), "here"),)),
        Diagnostic(
            "c-rule", Severity.NOTE, "x", Range(Document("gone", ""), 0, 0), (Related(of("qemu"), "y"),)
        ),
    )
    plain, colored = report(*diagnostics), report(*diagnostics, color=True)
    assert "\x1b" not in plain
    assert "\x1b[31m\x1b[1merror[b-rule]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_no_line_is_wider_than_80_columns_where_words_allow() -> None:
    words = "some words about a thing " * 12
    document = Document("a.pkr.hcl", f"name = {'日本 ' * 90}\n")
    diagnostic = Diagnostic(
        "a-rule",
        Severity.ERROR,
        words,
        of("name", document),
        (Related(of("日本", document), words),),
        hint=words,
    )
    assert max(map(columns, report(diagnostic).splitlines())) <= 80
