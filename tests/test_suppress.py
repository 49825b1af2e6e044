"""Diagnostics and waivers → what is excused: scopes, days, demands of the settings, and use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import dedent

import pytest

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.parse import parse
from packlint.plugins import load_rules
from packlint.suppress import suppress
from packlint.waiver import Demands, Excused, PathWaiver
from packlint.waivers import waivers

TODAY = "2030-06-15"
RULES = load_rules()
NO_DEMANDS = Demands()
ALL = frozenset(rule.name() for rule in RULES)


def document(text: str, path: str = "a.pkr.hcl") -> Document:
    return Document(path, dedent(text).lstrip("\n"))


def found(file: Document, marked: str, rule: str = "secret-literal") -> Diagnostic:
    """A finding of a rule where the only `marked` text of a document begins."""
    assert file.text.count(marked) == 1
    start = file.text.index(marked)
    return Diagnostic(rule, Severity.WARNING, f"about {marked}", Range(file, start, start + 1))


PLACE = Range(Document("packlint.toml", "[[waive]]\n"), 2, 7)


def excused(
    file: Document,
    diagnostics: Sequence[Diagnostic],
    *,
    ran: frozenset[str] = ALL,
    demands: Demands = NO_DEMANDS,
    granted: Sequence[PathWaiver] = (),
    today: str = TODAY,
) -> Excused:
    sheets = waivers([parse(file)[0]])
    return suppress(
        diagnostics,
        sheets,
        RULES,
        today,
        ran=lambda _: ran,
        demands=lambda _: demands,
        granted=lambda _: granted,
        stated=granted,
        everywhere=ran,
    )


def about(result: Excused) -> list[tuple[str, int]]:
    return [(it.rule, it.range.first.line) for it in result.about if it.rule != "waiver-without-reason"]


SOURCE = """
source "null" "a" {{{header}
  communicator = "none"{trailing}{above}
  first        = 1
  list = [{opening}
    "one",{element}
    "two",
  ]
  script = <<-EOT
    # packlint: ignore[secret-literal] this is text
    three
  EOT
}}
"""


def source(**comments: str) -> Document:
    places = dict.fromkeys(("header", "trailing", "above", "opening", "element"), "")
    return document(SOURCE.format(**places | comments))


@pytest.mark.parametrize(
    ("place", "covered"),
    [
        ({}, ""),
        ({"header": " # packlint: ignore[secret-literal] x"}, '"none"|first|"one"|"two"|three'),
        ({"trailing": " # packlint: ignore[secret-literal] x"}, '"none"'),
        ({"trailing": " // packlint: ignore[secret-literal] x"}, '"none"'),
        ({"trailing": " /* packlint: ignore[secret-literal] x */"}, '"none"'),
        ({"trailing": " # packlint: ignore[secret-variable-default] x"}, ""),
        ({"above": "\n  # packlint: ignore[secret-literal] x"}, "first"),
        ({"above": "\n  # packlint: ignore[secret-literal] x\n  # which is why"}, "first"),
        ({"above": "\n  /*\n   * packlint: ignore[secret-literal] x\n   */"}, "first"),
        ({"above": "\n  # packlint: ignore[secret-literal] x\n"}, ""),
        (
            {"above": "\n  # packlint: ignore[image-shared-publicly]\n  # packlint: ignore[secret-literal]"},
            "first",
        ),
        (
            {"above": "\n  # packlint: ignore[secret-literal]\n  # packlint: ignore[image-shared-publicly]"},
            "first",
        ),
        ({"above": "\n  /* packlint: ignore[secret-literal] x */ odd = 1"}, ""),
        ({"opening": " # packlint: ignore[secret-literal] x"}, '"one"|"two"'),
        ({"element": " # packlint: ignore[secret-literal] x"}, '"one"'),
        ({"element": "\n    # packlint: ignore[secret-literal] x"}, '"two"'),
    ],
)
def test_where_a_comment_stands_says_what_it_is_for(place: dict[str, str], covered: str) -> None:
    file = source(**place)
    marks = ('"none"', "first", '"one"', '"two"', "three")
    result = excused(file, [found(file, mark) for mark in marks])
    assert "|".join(it.message.removeprefix("about ") for it in result.suppressed) == covered


def test_the_line_above_an_argument_is_for_its_whole_heredoc() -> None:
    file = document(
        """
        a {
          # packlint: ignore[secret-literal] of the vendor
          script = <<EOT
        one
        # packlint: ignore[secret-variable-default] text of the script
        two
        EOT
          other = "three"
        }
        """
    )
    result = excused(file, [found(file, it) for it in ("one", "two", '"three"')])
    assert [it.message for it in result.suppressed] == ["about one", "about two"]
    assert [it.message for it in result.left] == ['about "three"']
    assert about(result) == []


def test_a_block_with_a_comment_above_it_is_covered_to_its_end() -> None:
    file = document(
        """
        a {
          # packlint: ignore[secret-literal] x
          b "c" {
            d = 1
          } # packlint: ignore[secret-literal] beside nothing
          e = 2
        }
        """
    )
    result = excused(file, [found(file, "d ="), found(file, "e =")])
    assert [it.message for it in result.suppressed] == ["about d ="]
    # The finding of `e` may be what the second one was meant for.
    (unused,) = [it for it in result.about if it.rule == "unused-waiver"]
    assert unused.range.first.line == 5
    assert [place.range.first.line for place in unused.related] == [6]
    assert unused.fix is not None
    assert not unused.fix.safe


def test_a_waiver_of_the_file_stands_above_the_first_block() -> None:
    head = "# Some words.\n\n# packlint: ignore-file[secret-literal] example\n"
    body = "a {\n  b = 1\n}\n"
    file = Document("a.pkr.hcl", head + body)
    assert len(excused(file, [found(file, "b = 1")]).suppressed) == 1
    file = Document("a.pkr.hcl", body + head)
    result = excused(file, [found(file, "b = 1")])
    assert len(result.left) == 1
    assert about(result) == [("unknown-waiver", 6)]


def test_a_finding_about_the_whole_file_is_at_its_first_line() -> None:
    file = document("# packlint: ignore[required-version-missing] old\n\na {\n}\n")
    finding = Diagnostic("required-version-missing", Severity.NOTE, "m", Range(file, 0, 0))
    assert excused(file, [finding]).left == ()


def test_a_finding_at_the_end_of_a_file_belongs_to_it() -> None:
    file = Document("a.pkr.hcl", "# packlint: ignore-file[syntax-error] x\na {")
    finding = Diagnostic("syntax-error", Severity.ERROR, "m", Range(file, len(file.text), len(file.text)))
    assert excused(file, [finding]).left == ()


def test_related_places_do_not_count() -> None:
    file = document("a = 1 # packlint: ignore[secret-literal] x\nb = 2\n")
    from packlint.diagnostic import Related

    finding = found(file, "b = 2")
    there = Related(Range(file, 0, 1), "also")
    finding = Diagnostic(finding.rule, finding.severity, "m", finding.range, (there,))
    assert excused(file, [finding]).left == (finding,)


def test_a_suppression_says_by_whom_and_why() -> None:
    file = document("a = 1 # packlint: ignore[secret-literal] until=2030-12-31: not a secret, see docs\n")
    (it,) = excused(file, [found(file, "a = 1")]).suppressed
    assert it.suppression is not None
    assert it.suppression.kind == "waiver"
    assert it.suppression.reason == "not a secret, see docs"
    assert it.suppression.range is not None
    assert it.suppression.range.text.startswith("packlint: ignore[")


class TestForms:
    @pytest.mark.parametrize(
        "comment",
        [
            "#packlint:ignore[secret-literal]why",
            "# packlint : IGNORE [Secret-Literal] why",
            "## packlint: ignore[ secret_literal , ] why",
            "# Packlint: ignore[unused-local, secret-literal]: why",
            "# packlint: ignore[secret-literal] -- why",
            "# packlint: ignore[secret-literal] until=2030-06-15 why",
            "# packlint: ignore[secret-literal] until 2031-1-5 why",
            "# packlint: ignore[secret-literal] why (until=2030-07-01)",
        ],
    )
    def test_what_is_plain_is_taken(self, comment: str) -> None:
        file = document(f"a = 1 {comment}\n")
        result = excused(file, [found(file, "a = 1")], ran=frozenset())
        assert [it.message for it in result.suppressed] == ["about a = 1"]
        suppression = result.suppressed[0].suppression
        assert suppression is not None
        assert suppression.reason.startswith("why")
        assert about(result) == []

    @pytest.mark.parametrize(
        ("comment", "message"),
        [
            ("# packlint: ignore", "no rule in square brackets"),
            ("# packlint: ignore secret-literal", "no rule in square brackets"),
            ("# packlint: ignore[]", "names no rule"),
            ("# packlint: ignore[secret-literal", "no rule in square brackets"),
            ("# packlint: ignore(secret-literal) why", "other brackets"),
            ("# packlint: disable[secret-literal] why", "`disable` is no word"),
            ("# packlint:", "does not say `ignore`"),
            ("# packlint: ignore[secret-literal] until=soon why", "not a day"),
            ("# packlint: ignore[secret-literal] until=2030-02-30 why", "not a day"),
            ("# packlint: ignore[secret-literall] why", "there is no rule"),
            ("# packlint: ignore[all] why", "there is no rule"),
            ("# packlint: ignore[security] why", "is a category"),
        ],
    )
    def test_what_is_not_is_told(self, comment: str, message: str) -> None:
        file = document(f"a = 1 {comment}\n")
        result = excused(file, [found(file, "a = 1")], ran=frozenset())
        assert result.suppressed == ()
        (told,) = [it for it in result.about if it.rule == "unknown-waiver"]
        assert message in told.message
        assert told.hint

    @pytest.mark.parametrize(
        "comment", ["# see packlint: ignore[x]", "# packlint ignores this", "# packlints:"]
    )
    def test_other_comments_are_left_alone(self, comment: str) -> None:
        assert waivers([parse(document(f"{comment}\na = 1\n"))[0]])[0].unreadable == ()

    def test_one_wrong_name_does_not_spoil_the_others(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal, nonsense] x\n")
        result = excused(file, [found(file, "a = 1")])
        assert len(result.suppressed) == 1
        assert about(result) == [("unknown-waiver", 1)]


class TestDays:
    def test_a_waiver_is_good_through_its_day(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal] until=2030-06-15 x\n")
        assert len(excused(file, [found(file, "a = 1")]).suppressed) == 1
        result = excused(file, [found(file, "a = 1")], today="2030-06-16")
        assert len(result.left) == 1
        assert about(result) == [("expired-waiver", 1)]  # and it is not called unused besides

    def test_a_waiver_of_the_settings_ends_as_well(self) -> None:
        file = document("a = 1\n")
        rules = frozenset({"secret-literal"})
        waiver = PathWaiver(rules, ("*",), PLACE, "x", date(2030, 6, 14))
        result = excused(file, [found(file, "a = 1")], granted=[waiver])
        assert len(result.left) == 1
        (told,) = result.about
        assert (told.rule, told.range) == ("expired-waiver", PLACE)

    def test_one_of_the_settings_that_excuses_nothing_is_told_where_its_rules_have_looked(self) -> None:
        file = document("a = 1\n")
        waiver = PathWaiver(frozenset({"secret-literal"}), ("*",), PLACE)
        assert about(excused(file, [found(file, "a = 1")], granted=[waiver])) == []
        (told,) = excused(file, [], granted=[waiver]).about
        assert (told.rule, told.range) == ("unused-waiver", PLACE)
        assert about(excused(file, [], granted=[waiver], ran=frozenset({"unused-local"}))) == []


class TestSettings:
    def test_a_waiver_of_the_settings_excuses_what_none_beside_the_code_does(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal] near\nb = 2\n")
        waiver = PathWaiver(frozenset({"secret-literal"}), ("*",), PLACE, "far")
        result = excused(file, [found(file, "a = 1"), found(file, "b = 2")], granted=[waiver])
        said = [it.suppression for it in result.suppressed]
        assert [(it.kind, it.reason) for it in said if it] == [("waiver", "near"), ("settings", "far")]

    def test_a_rule_that_may_not_be_waived_is_told_with_its_waiver(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal, unused-local] x\n")
        diagnostics = [found(file, "a = 1"), found(file, "a = 1", "unused-local")]
        result = excused(file, diagnostics, demands=Demands(unwaivable=frozenset({"secret-literal"})))
        assert [it.rule for it in result.left] == ["secret-literal"]
        assert [it.rule for it in result.suppressed] == ["unused-local"]
        assert about(result) == [("forbidden-waiver", 1)]

    def test_neither_do_the_settings_themselves_waive_it(self) -> None:
        file = document("a = 1\n")
        waiver = PathWaiver(frozenset({"secret-literal"}), ("*",), PLACE)
        demands = Demands(unwaivable=frozenset({"secret-literal"}))
        assert len(excused(file, [found(file, "a = 1")], granted=[waiver], demands=demands).left) == 1

    def test_without_a_demanded_reason_a_waiver_excuses_nothing(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal]\n")
        assert len(excused(file, [found(file, "a = 1")]).suppressed) == 1
        result = excused(file, [found(file, "a = 1")], demands=Demands(reasons=True))
        assert len(result.left) == 1
        (told,) = result.about
        assert told.rule == "waiver-without-reason"
        assert "demand" in told.message

    @pytest.mark.parametrize("rule", ["internal-error", "unused-waiver"])
    def test_some_rules_nobody_can_waive(self, rule: str) -> None:
        file = document(f"a = 1 # packlint: ignore[{rule}] x\n")
        result = excused(file, [found(file, "a = 1", rule)])
        assert len(result.left) == 1
        assert about(result) == [("forbidden-waiver", 1)]

    def test_nor_can_the_settings_waive_a_failure(self) -> None:
        file = document("a = 1\n")
        waiver = PathWaiver(frozenset({"internal-error", "unused-waiver"}), ("*",), PLACE)
        assert len(excused(file, [found(file, "a = 1", "internal-error")], granted=[waiver]).left) == 1


class TestUse:
    def test_a_waiver_of_a_rule_that_did_not_run_is_left_alone(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal, unused-local] x\n")
        assert about(excused(file, [], ran=frozenset())) == []
        result = excused(file, [], ran=frozenset({"unused-local"}))
        (told,) = result.about
        assert told.fix is not None
        assert [edit.replacement for edit in told.fix.edits] == ["secret-literal"]

    def test_a_name_that_is_there_twice_is_in_vain(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal, secret-literal] x\n")
        result = excused(file, [found(file, "a = 1")])
        assert about(result) == [("unused-waiver", 1)]
        assert result.about[0].range.start == file.text.rindex("secret-literal")

    def test_the_innermost_waiver_is_the_one_that_is_used(self) -> None:
        file = document(
            """
            # packlint: ignore-file[secret-literal] all
            # packlint: ignore[secret-literal] block
            a {
              b = 1 # packlint: ignore[secret-literal] line
            }
            """
        )
        result = excused(file, [found(file, "b = 1")])
        assert [it.suppression.reason for it in result.suppressed if it.suppression] == ["line"]
        assert about(result) == [("unused-waiver", 1), ("unused-waiver", 2)]

    def test_taking_an_unused_one_away_is_safe_where_nothing_is_found(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal] x\n")
        (told,) = excused(file, []).about
        assert told.fix is not None
        assert told.fix.safe
        edit = told.fix.edits[0]
        assert file.text[: edit.range.start] + file.text[edit.range.end :] == "a = 1\n"

    def test_all_waivers_are_listed(self) -> None:
        file = document("a = 1 # packlint: ignore[secret-literal] x\n# packlint: ignore[unused-local] y\n")
        assert [it.reason for it in excused(file, []).waivers] == ["x", "y"]


def test_thousands_of_waivers_and_findings_take_no_more_than_their_number() -> None:
    """Each finding lies within thousands of waivers: a file's, and of every block around it."""
    from time import process_time

    def took(count: int) -> float:
        head = "".join(f"# packlint: ignore-file[secret-literal] {n}\n" for n in range(count))
        body = "".join(f"a{n} = 1 # packlint: ignore[secret-literal] x\n" for n in range(count))
        row = "/* packlint: ignore[secret-literal] x */" * count
        file = Document("a.pkr.hcl", f"{head}{body}z = 1 {row}\n")
        tree = parse(file)[0]
        diagnostics = [
            Diagnostic("secret-literal", Severity.WARNING, "m", it.range) for it in tree.body.attributes
        ]
        start = process_time()
        result = suppress(diagnostics, waivers([tree]), RULES, TODAY, ran=lambda _: ALL)
        assert len(result.suppressed) == count + 1
        return process_time() - start

    small = min(took(500) for _ in range(2))
    assert min(took(4000) for _ in range(2)) < 40 * small  # eight times as much; a square would be 64 times
