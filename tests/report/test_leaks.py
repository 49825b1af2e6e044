"""Fixes that would write a secret where a report shows it."""

from __future__ import annotations

import time

import pytest

from packlint.diagnostic import Edit, Fix
from packlint.document import Document, Range
from packlint.report.leaks import Leaks

TEXT = (
    'a = "hunter2-secret"\nb = "x1"\nc = "password"\nd = "k\\"ey/0"\n'
    "e = <<E\n  line-one\n  line-two\nE\nf = 1\n"
)
DOCUMENT = Document("t.pkr.hcl", TEXT)


def of(text: str) -> Range:
    start = TEXT.index(text)
    return Range(DOCUMENT, start, start + len(text))


LEAKS = Leaks(map(of, ("hunter2-secret", "x1", "password", 'k\\"ey/0', "  line-one\n  line-two\n")))


def leaks(*edits: tuple[str, str]) -> bool:
    return LEAKS(Fix("mend it", tuple(Edit(of(old), new) for old, new in edits)))


@pytest.mark.parametrize(
    "edits",
    [
        [("f = 1", 'f = "hunter2-secret"')],
        [("f = 1", 'f = "xhunter2-secretx"')],
        [("f = 1", 'f = "password"')],
        [("f = 1", "f = ssh://u:password@host")],
        [("f = 1", 'f = "line-two"')],
        [("f = 1", "f = 'k\"ey/0'")],
        [('b = "x1"', "b = x1")],
        [('b = "x1"\n', ""), ("f = 1", 'f = 1\nb = "x1"')],
        [("unter2", "unter2")],
    ],
    ids=str,
)
def test_a_secret_that_is_written_again_is_one(edits: list[tuple[str, str]]) -> None:
    assert leaks(*edits)


@pytest.mark.parametrize(
    "edits",
    [
        [('"hunter2-secret"', "var.a")],
        [('"hunter2-secret"', "")],
        [('"password"', "var.ssh_password")],
        [('"x1"', "var.x12")],
        [("f = 1", "f = 2")],
        # A short text says nothing where its secret is not replaced.
        [("f = 1", "f = x1")],
    ],
    ids=str,
)
def test_a_fix_that_takes_a_secret_away_is_none(edits: list[tuple[str, str]]) -> None:
    assert not leaks(*edits)


def test_a_fix_of_very_many_secrets_is_not_looked_into() -> None:
    text = "".join(f'"s{number:04}"\n' for number in range(101))
    document = Document("t", text)
    secrets = [Range(document, at + 1, at + 6) for at in range(0, len(text), 8)]
    assert Leaks(secrets)(Fix("all", (Edit(Range(document, 0, len(text)), "harmless"),)))
    assert not Leaks(secrets[:100])(Fix("all", (Edit(Range(document, 0, len(text)), "harmless"),)))


def test_secrets_that_overlap_are_each_found() -> None:
    document = Document("t", "abcdef-ghijkl")
    both = Leaks([Range(document, 0, 13), Range(document, 3, 10)])
    assert both(Fix("cut", (Edit(Range(document, 12, 13), "def-ghi"),)))


def test_time_is_linear_in_secrets_and_fixes() -> None:
    count = 20_000
    text = "".join(f"aaaaaa{number:06}" for number in range(count))
    document = Document("t", text)
    many = Leaks(Range(document, 12 * number, 12 * number + 12) for number in range(count))
    fixes = [Fix("x", (Edit(Range(document, 0, 0), f"aaaaaa-{number}" * 5),)) for number in range(count)]
    before = time.process_time()
    assert not any(map(many, fixes))
    assert time.process_time() - before < 10
