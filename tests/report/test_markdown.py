"""The Markdown report: a summary that fits, in which nothing of a template is markup, a link or a call."""

from __future__ import annotations

import html
import re

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.record import replace
from packlint.report import Look, render
from packlint.report.literal import code, sentence, text
from packlint.report.markdown import LARGEST
from packlint.report.prose import prose
from packlint.rule import Category, Rule

DOCUMENT = Document("images/web.pkr.hcl", 'source "qemu" "web" {\n  ssh_password = "correct-horse"\n}\n')


def of(written: str, document: Document = DOCUMENT) -> Range:
    start = document.text.index(written)
    return Range(document, start, start + len(written))


def found(place: Range, message: str = "it is wrong", severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic("a-rule", severity, message, place)


def report(*diagnostics: Diagnostic, look: Look | None = None, **more: object) -> str:
    outcome = replace(Outcome(diagnostics, (), templates=2, documents=3), **more)  # type: ignore[arg-type]
    return render("markdown", outcome, look or Look())


class BuiltIn(Rule):
    """Flags a thing with `code`."""

    category = Category.STYLE
    severity = Severity.WARNING


BuiltIn.__module__ = "packlint.rules.style.built_in"


def test_all_parts_of_a_report() -> None:
    mended = replace(
        found(of('"web"'), "source `web` is | wrong"),
        rule="built-in",
        fix=Fix("write `x`", (Edit(of('"web"'), '"x"'),)),
        hint="write `x`",
        related=(Related(of("ssh_password"), "set here"),),
    )
    bad = found(of("ssh_password"), "`ssh_password` is told", Severity.ERROR)
    written = report(mended, bad, rules=(BuiltIn,))
    address = re.escape("/blob/main/docs/rules/built-in.md")
    assert re.search(rf"^\[built-in\]: https://\S+{address}$", written, re.MULTILINE)
    assert written.rpartition("\n\n")[0] == (
        "## Found 1 error and 1 warning in 1 of 3 files (2 templates)\n\n"
        "`--fix` can mend 1 of them\n\n"
        "|  | Where | What | Rule | Fix |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| error | `images/web.pkr.hcl:2` | `ssh_password` is told | `a-rule` |  |\n"
        "| warning | `images/web.pkr.hcl:1` | source `web` is &#124; wrong | [built-in] | safe |\n\n"
        "### By rule\n\n"
        "| Rule | Findings |  | Fixes | About |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `a-rule` | 1 | 1 error |  |  |\n"
        "| [built-in] | 1 | 1 warning | 1 | Flags a thing with `code` |\n\n"
        "### By file\n\n"
        "<details><summary><code>images/web.pkr.hcl</code>: 1 error, 1 warning</summary>\n\n"
        "- **warning** in line 1, column 15: source `web` is &#124; wrong ([built-in])\n"
        "  - `images/web.pkr.hcl:2`: set here\n"
        "  - hint: write `x`\n"
        "  - safe fix: write `x`\n"
        "- **error** in line 2, column 3: `ssh_password` is told (`a-rule`)\n\n"
        "</details>"
    )


def test_nothing_found_is_said() -> None:
    assert report() == "## No findings in 3 files (2 templates)\n"


def test_what_is_excused_is_shown_where_that_is_wanted() -> None:
    excused = replace(found(of("web")), suppression=Suppression("waiver", "@lab only", of("source")))
    assert "it is wrong" not in report(suppressed=(excused,))
    written = report(suppressed=(excused,), look=Look(suppressed=True))
    assert "| it is wrong | `a-rule` | a waiver in line 1: &#64;&#8203;lab only |" in written


def test_code_is_not_shown() -> None:
    assert "correct-horse" not in report(found(of("ssh_password")), sensitive=(of("correct-horse"),))


HOSTILE = (
    "@user and @org/team",
    "#1 !1 $1 %1 &1 ~label GH-1 owner/repo#12 group/project!3",
    "<script>alert(1)</script>",
    "</details></summary></code>",
    "<!-- ",
    "![x](http://example.com/a.png)",
    "[x](javascript:alert(1)) [ref] [^1]",
    "http://example.com www.example.com ftp://x.y <http://x.y>",
    "a@example.com mailto:a@example.com xmpp:a@example.com",
    "| a | b |",
    "\\| x \\\\| y \\",
    "`a|b` `\\|` `a\\\\|b`",
    "`a` ``b` c`` ```d",
    "` `` ```",
    "$x$ ${y} $`z`$",
    "**b** _i_ ~~s~~ ^^",
    "&lt; &#64;user",
    ":smile: :+1:",
    "\n\n# heading\n- list\r\n> quote",
    "\x00\x1b[2J\u202e\ud800\uffff",
)


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_template_is_markup(evil: str) -> None:
    document = Document(f"x/{evil}.pkr.hcl", "x\n")
    place = Range(document, 0, 1)
    diagnostic = Diagnostic(
        f"rule{evil}", Severity.ERROR, evil, place, (Related(place, evil),), Fix(evil, ()), evil
    )
    excused = replace(diagnostic, suppression=Suppression("baseline", evil))
    written = report(diagnostic, suppressed=(excused,), look=Look(suppressed=True))
    written.encode()
    tame = report(
        replace(diagnostic, rule="tame", message="tame", fix=Fix("tame", ()), hint="tame"),
        suppressed=(excused,),
        look=Look(suppressed=True),
    )
    assert written.count("\n") == tame.count("\n"), "no line of its own"
    for line in written.splitlines():
        bare = without_code(line)
        if line.startswith("|"):
            assert bare.count("|") in (4 + 1, 5 + 1), "as many cells as there are"
        bare = re.sub(
            r"^<details><summary>|</summary>$|^</details>$|</?code>|^- \*\*error\*\*|^\|.*---.*", "", bare
        )
        bare = re.sub(r"^#+ |&#\d+;", " ", bare.replace("|", "") if line.startswith("|") else bare)
        assert not re.search(r"[<>`*_\[\]\\|&@#!$~^]|://|www\.|\bGH-\d|[^\n -~]", bare), line


def without_code(line: str) -> str:
    """A line without its code spans, in which nothing can be that ends a cell."""
    for span in re.findall(r"`([^`]*)`", line):
        assert not set(span) & set("|\\")
    return re.sub(r"`[^`]*`", "", line)


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
def test_everything_is_still_there_to_be_read(evil: str) -> None:
    shown = html.unescape(text(evil)).replace("\u200b", "")
    escaped = {"\n": "\\x0a", "\r": "\\x0d", "\x00": "\\x00", "\x1b": "\\x1b", "\u202e": "\\u202e"}
    escaped |= {"\ud800": "\\ud800", "\uffff": "\\uffff"}
    assert shown == "".join(escaped.get(character, character) for character in evil)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("@user", "&#64;&#8203;user"),
        ("owner/repo#12", "owner/repo&#35;&#8203;12"),
        ("GH-1 utf-8", "GH&#8203;-1 utf-8"),
        ("see https://x.y", "see https:&#8203;//x.y"),
        ("www.x.y", "www&#8203;.x.y"),
        ("0123456789abcdef0123456789abcdef01234567", "0123&#8203;456789abcdef0123456789abcdef01234567"),
        ('a "value", 5 % of it', 'a "value", 5 % of it'),
    ],
)
def test_references_are_broken_and_sentences_are_not(written: str, expected: str) -> None:
    assert text(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a_b*c@d#1", "`a_b*c@d#1`"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a`b", "<code>a&#96;b</code>"),
        ("a\\", "<code>a&#92;</code>"),
        ("", "<code></code>"),
    ],
)
def test_code(written: str, expected: str) -> None:
    assert code(written) == expected


def test_a_sentence_has_code_between_backticks() -> None:
    assert sentence(prose("`a_b` is ``c`d``, not _e_")) == "`a_b` is <code>c&#96;d</code>, not &#95;e&#95;"


@pytest.mark.parametrize("size", [3_000, 20_000])
def test_a_report_stays_within_the_limits_and_counts_what_it_leaves_out(size: int) -> None:
    document = Document("a.pkr.hcl", "x\n" * size)
    findings = [
        replace(
            found(
                Range(document, 2 * at, 2 * at + 1),
                "wrong " * 20,
                Severity.ERROR if at % 10 == 0 else Severity.NOTE,
            ),
            hint="mend " * 40,
        )
        for at in range(size)
    ]
    written = report(*findings)
    assert len(written.encode()) <= LARGEST < 1024 * 1024
    table, _, details = written.partition("### By rule")
    rows = len(re.findall(r"^\| (?:error|note) \|", table, re.MULTILINE))
    left = re.search(r"There is no room here for (\d+) more\.", table)
    assert rows + (int(left[1]) if left else 0) == size
    told = len(re.findall(r"^- \*\*", details, re.MULTILINE))
    rest = re.search(r"There is no room here for (\d+) more findings\.", details)
    assert rest is not None
    assert told + int(rest[1]) == size
    assert details.count("- **error**") == min(told, size // 10), "the most severe are kept"
    assert details.count("<details>") == details.count("</details>") == 1


def test_many_files_with_long_names_stay_within_the_limits() -> None:
    documents = (Document(f"{number:05}/{'x' * 400}.pkr.hcl", "x\n") for number in range(3000))
    written = report(*(found(Range(document, 0, 1)) for document in documents))
    assert len(written.encode()) <= LARGEST


def test_the_same_outcome_gives_the_same_report() -> None:
    assert report(found(of("web"))) == report(found(of("web")))
