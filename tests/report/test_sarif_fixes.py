"""SARIF: fixes as a viewer would apply them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Severity
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import render

A = Document("a b.pkr.hcl", 'source "qemu" "x" {\n  memory = "😀 512"\n}\n')
B = Document("b.pkr.hcl", "locals {}\r\n")


def of(document: Document, text: str) -> Range:
    start = document.text.index(text)
    return Range(document, start, start + len(text))


def fixes(fix: Fix, *secrets: Range) -> list[dict[str, Any]]:
    found = Diagnostic("odd", Severity.NOTE, "it is odd", of(A, "memory"), fix=fix)
    log = json.loads(render("sarif", Outcome((found,), (), 1, 1, secrets)))
    kept: list[dict[str, Any]] = log["runs"][0]["results"][0].get("fixes", [])
    return kept


def test_a_fix_names_what_goes_and_what_comes() -> None:
    edits = (Edit(of(A, ' 512"'), "2"), Edit(of(B, "locals {}"), ""), Edit(Range(A, 0, 0), "# é\n"))
    (fix,) = fixes(Fix("write `memory`", edits))
    assert fix == {
        "description": {"text": "Write 'memory'."},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": "a%20b.pkr.hcl"},
                "replacements": [
                    {
                        "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
                        "insertedContent": {"text": "# é\n"},
                    },
                    {
                        "deletedRegion": {"startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 19},
                        "insertedContent": {"text": "2"},
                    },
                ],
            },
            {
                "artifactLocation": {"uri": "b.pkr.hcl"},
                "replacements": [
                    {"deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 10}}
                ],
            },
        ],
    }


def test_one_that_may_change_the_meaning_says_so() -> None:
    (fix,) = fixes(Fix("remove it", (Edit(of(A, "memory"), ""),), safe=False))
    assert fix["description"]["text"] == "Unsafe: Remove it."


def test_lines_end_as_in_the_file() -> None:
    (fix,) = fixes(Fix("add", (Edit(of(B, "{}"), "{\n  a = 1\n}"),)))
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"]["text"] == "{\r\n  a = 1\r\n}"


@pytest.mark.parametrize(
    "fix",
    [
        Fix("nothing", ()),
        Fix("in a file that is not all UTF-8", (Edit(Range(Document("c", "a\ufffd", (1,)), 0, 1), "b"),)),
        Fix("half a character", (Edit(of(A, "memory"), "\ud800"),)),
    ],
    ids=lambda fix: fix.message,
)
def test_what_nobody_could_apply_is_left_out(fix: Fix) -> None:
    assert fixes(fix) == []


def test_a_fix_that_would_show_a_secret_is_left_out() -> None:
    moved = Fix("move it", (Edit(of(A, '"😀 512"'), ""), Edit(of(B, "{}"), '{ m = "512" }')))
    assert fixes(moved)
    assert fixes(moved, of(A, "512")) == []
