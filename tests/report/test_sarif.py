"""SARIF: the structure that GitHub code scanning reads, and Microsoft's validator where it is installed."""

from __future__ import annotations

import json
from importlib.metadata import metadata
from typing import Any, ClassVar

import pytest
import sarif_om as sarif

from packlint.diagnostic import Diagnostic, Related, Severity
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.record import replace
from packlint.report import Look, render
from packlint.report.sarif.plain import plain
from packlint.rule import Bad, Category, Precision, Rule


class DiskTooSmall(Rule):
    """Flags disks on which the installer has no room.

    An installer that runs out of space fails late. The limit is `disk_size`.

    References:
    https://example.com/disks
    """

    category = Category.SOURCES
    severity = Severity.ERROR
    examples = (Bad('source "qemu" "x" {\n  disk_size = 1 # finding: small\n}'),)


class TalksTooMuch(Rule):
    __doc__ = "Notes what is long.\n\n" + "This sentence has exactly forty letters. " * 50

    category = Category.LANGUAGE
    severity = Severity.NOTE
    precision = Precision.MEDIUM


class InternalError(Rule):
    """Reports that packlint failed."""

    category: ClassVar[Category] = Category.LANGUAGE
    severity = Severity.ERROR


RULES = (DiskTooSmall, InternalError, TalksTooMuch)
DOCUMENT = Document("images/a b+ü/x.pkr.hcl", 'source "qemu" "x" {\n  disk_size = "😀" + 1\n}\n')


def of(text: str) -> Range:
    start = DOCUMENT.text.index(text)
    return Range(DOCUMENT, start, start + len(text))


SMALL = Diagnostic(
    "disk-too-small",
    Severity.WARNING,
    "`disk_size` is 1 [MB]",
    of("+ 1"),
    (Related(of('"x"'), "the [source] of it"),),
    hint="give it room",
)
LONG = Diagnostic("talks-too-much", Severity.NOTE, "it is long", of("source"))
EMPTY = Diagnostic("disk-too-small", Severity.ERROR, "`gone` is gone", Range(Document("gone", ""), 0, 0))


def log(*diagnostics: Diagnostic) -> dict[str, Any]:
    text = render("sarif", Outcome(diagnostics, RULES, 1, 1))
    assert text.isascii()
    parsed: dict[str, Any] = json.loads(text)
    return parsed


def results(*diagnostics: Diagnostic) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log(*diagnostics)["runs"][0]["results"]
    return found


def test_there_is_one_run_of_the_final_version() -> None:
    parsed = log()
    assert parsed["version"] == "2.1.0"
    assert parsed["$schema"].startswith("https://") and parsed["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = parsed["runs"]
    assert run["results"] == []
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": True}]
    driver = run["tool"]["driver"]
    assert driver["name"] == "packlint"
    assert driver["semanticVersion"] == driver["version"] == metadata("packlint")["Version"]


def test_a_rule_has_all_that_github_shows() -> None:
    small, _, long = log()["runs"][0]["tool"]["driver"]["rules"]
    assert small == {
        "id": "disk-too-small",
        "name": "DiskTooSmall",
        "shortDescription": {"text": "Flags disks on which the installer has no room."},
        "fullDescription": {
            "text": "Flags disks on which the installer has no room. "
            "An installer that runs out of space fails late. The limit is `disk_size`."
        },
        "help": {"text": DiskTooSmall.page(), "markdown": small["help"]["markdown"]},
        "defaultConfiguration": {"level": "error"},
        "properties": {"precision": "high", "problem.severity": "error", "tags": ["packer", "sources"]},
    }
    assert "taxonomies" not in log()["runs"][0]
    assert '```hcl\nsource "qemu" "x" {' in small["help"]["markdown"]
    assert "https://example.com/disks" in small["help"]["markdown"]
    assert long["properties"]["problem.severity"] == "recommendation"
    assert long["properties"]["precision"] == "medium"


def test_a_long_description_ends_with_a_sentence_within_the_limit() -> None:
    text = log()["runs"][0]["tool"]["driver"]["rules"][2]["fullDescription"]["text"]
    assert text == "Notes what is long. " + " ".join(["This sentence has exactly forty letters."] * 24)
    assert len(text) <= 1024


def test_a_result_points_at_exactly_its_place() -> None:
    (result,) = results(SMALL)
    assert result == {
        "ruleId": "disk-too-small",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "'disk_size' is 1 [MB]. Give it room. See [the \\[source\\] of it](1)."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "images/a%20b%2B%C3%BC/x.pkr.hcl"},
                    "region": {"startLine": 2, "startColumn": 19, "endLine": 2, "endColumn": 22},
                }
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "The [source] of it."},
                "physicalLocation": {
                    "artifactLocation": {"uri": "images/a%20b%2B%C3%BC/x.pkr.hcl"},
                    "region": {"startLine": 1, "startColumn": 15, "endLine": 1, "endColumn": 18},
                },
            }
        ],
        "partialFingerprints": result["partialFingerprints"],
    }
    assert set(result["partialFingerprints"]) == {"primaryLocationLineHash", "packlint/v1"}


def test_a_level_is_always_said_for_the_rules_own_is_not_the_schemas() -> None:
    assert [result["level"] for result in results(SMALL, LONG, EMPTY)] == ["warning", "note", "error"]


def test_code_is_not_quoted_for_it_may_hold_secrets() -> None:
    text = render("sarif", Outcome((SMALL, LONG), (), 1, 1))
    assert "snippet" not in text
    assert "disk_size = " not in text


def test_a_message_makes_no_link_by_accident() -> None:
    (result,) = results(replace(LONG, message="list [x](https://example.com) is long"))
    assert result["message"]["text"] == "List [x] (https://example.com) is long."


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("write ``{{`{{`}}``", "Write '{{`{{`}}'."),
        ("name ``{{user `x`}}`` or `y`, not ``{{env …}}``", "Name '{{user `x`}}' or 'y', not '{{env …}}'."),
        ("a lone `` is nothing", "A lone `` is nothing."),
    ],
)
def test_code_between_two_backticks_keeps_those_in_it(hint: str, expected: str) -> None:
    (result,) = results(replace(LONG, hint=hint))
    assert result["message"]["text"] == f"It is long. {expected}"


@pytest.mark.parametrize(("count", "ending"), [(100, "[p99](100)."), (103, "[p99](100) and 3 more.")])
def test_a_hundred_related_places_are_kept_and_linked(count: int, ending: str) -> None:
    related = tuple(Related(of('"x"'), f"p{number}") for number in range(count))
    (result,) = results(replace(SMALL, related=related))
    assert [place["id"] for place in result["relatedLocations"]] == list(range(1, 101))
    assert result["message"]["text"].endswith(ending)
    assert result["message"]["text"].count("](") == 100


def test_half_a_character_does_not_break_the_json() -> None:
    (result,) = results(replace(LONG, message="\ud800 is odd"))
    assert result["message"]["text"] == "\\ud800 is odd."


def test_what_cannot_be_seen_is_written_out() -> None:
    odd = "a\u202eb\x1b[2Jc\u2028d\ne"
    diagnostic = replace(LONG, message=odd, hint=odd, related=(Related(of("source"), odd),))
    (result,) = results(diagnostic, replace(EMPTY, rule="internal-error", message=odd))
    shown = r"\u202eb\x1b[2Jc\u2028d\x0ae"
    link = shown.replace("\\", "\\\\").replace("[", "\\[")
    assert result["message"]["text"] == f"A{shown}. A{shown}. See [a{link}](1)."
    assert result["relatedLocations"][0]["message"]["text"] == f"A{shown}."


def test_a_name_as_long_as_a_file_is_cut_in_the_middle() -> None:
    (result,) = results(replace(LONG, message=f"`{'a' * 1_000_000}` is long", hint="b" * 1_000_000))
    assert result["message"]["text"].startswith("'aaa")
    assert "a...a" in result["message"]["text"]
    assert "a' is long. Bbb" in result["message"]["text"]
    assert len(result["message"]["text"]) < 1100


def test_a_file_name_that_is_no_unicode_keeps_its_bytes() -> None:
    document = Document("caf\udce9.pkr.hcl", "x")
    (result,) = results(replace(LONG, range=Range(document, 0, 1)))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "caf%E9.pkr.hcl"


def test_a_file_that_could_not_be_read_has_a_place_and_no_fingerprint_of_a_line() -> None:
    (result,) = results(EMPTY)
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
    assert set(result["partialFingerprints"]) == {"packlint/v1"}


def test_a_byte_order_mark_belongs_to_the_first_line() -> None:
    # As github/codeql-action computed it for the file of these bytes: EF BB BF, and then the text.
    text = 'variable "a" {}\nsource "null" "x" {}\nbuild {}\n'
    document = Document("x.pkr.hcl", text, marked=True)
    found = results(*(replace(LONG, range=Range(document, at, at + 1)) for at in (10, 20)))
    lines = [result["partialFingerprints"]["primaryLocationLineHash"] for result in found]
    assert lines == ["ecd45bfdc69a52e7:1", "29fa6d47151edbf7:1"]


def test_a_file_that_is_not_utf8_has_no_fingerprint_of_a_line() -> None:
    document = Document("x.pkr.hcl", "a\ufffd\n", undecoded=(1,))
    (result,) = results(replace(LONG, range=Range(document, 0, 1)))
    assert set(result["partialFingerprints"]) == {"packlint/v1"}


def test_our_own_failures_are_notifications() -> None:
    own = replace(EMPTY, rule="internal-error", message="rule `x` failed here")
    (run,) = log(LONG, own)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["talks-too-much"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "Rule 'x' failed here."
    assert notification["level"] == "error"


def test_the_order_is_the_outcomes_unless_some_are_left_out() -> None:
    assert [it["level"] for it in results(LONG, SMALL, LONG)] == ["note", "warning", "note"]
    (run,) = log(*[LONG] * 5000, SMALL, EMPTY)["runs"]
    assert [it["level"] for it in run["results"][:3]] == ["error", "warning", "note"]
    assert len(run["results"]) == 5000
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "warning",
            "message": {"text": "2 results more than the limit of 5000, left out: 2 notes."},
        }
    ]


def test_the_limit_is_the_looks_and_counts_what_it_leaves_out() -> None:
    outcome = Outcome((LONG, SMALL, EMPTY, LONG), RULES, 1, 1)
    (run,) = json.loads(render("sarif", outcome, Look(limit=1)))["runs"]
    assert [it["level"] for it in run["results"]] == ["error"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    expected = "3 results more than the limit of 1, left out: 1 warning, 2 notes."
    assert notification["message"]["text"] == expected
    assert json.loads(render("sarif", outcome, Look(limit=4)))["runs"][0]["invocations"] == [
        {"executionSuccessful": True}
    ]


@pytest.mark.parametrize("category", ["packer/nightly", "packer/nightly/"])
def test_a_category_ends_in_a_slash_for_it_names_no_single_run(category: str) -> None:
    (run,) = json.loads(render("sarif", Outcome((), (), 1, 1), Look(category=category)))["runs"]
    assert run["automationDetails"] == {"id": "packer/nightly/"}
    assert "automationDetails" not in log()["runs"][0]


def test_the_same_outcome_gives_the_same_bytes() -> None:
    outcome = Outcome((SMALL, LONG), RULES, 1, 1)
    assert render("sarif", outcome) == render("sarif", outcome, Look(color=True))


def test_objects_have_the_names_and_the_order_of_the_model() -> None:
    made = plain(sarif.Result, rule_id="r", level="warning", message={"text": "m"}, rule_index=-1, fixes=None)
    assert [*made.items()] == [("message", {"text": "m"}), ("level", "warning"), ("ruleId", "r")]
    with pytest.raises(KeyError, match="rule_name"):
        plain(sarif.Result, rule_name="r")
