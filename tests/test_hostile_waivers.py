"""Waivers of a stranger: thousands of them, or of names in one, take no more than their share of time."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from packlint.ledger import LONGEST, Entry, to_text
from packlint.pipeline import run
from packlint.settings import Settings

REST = 'source "null" "a" {\n  communicator = "none"\n}\nbuild {\n  sources = ["null.a"]\n}\n'
ONE = "packlint: ignore[unused-variable] reason\n"


def seconds(root: Path, text: str) -> tuple[float, int]:
    """How long a check takes of the processor, and how many findings there are of waivers."""
    (root / "a.pkr.hcl").write_text(text, encoding="utf-8")
    began = time.process_time()
    outcome = run([root], Settings(select=frozenset({"waivers", "unused-variable"})), root)
    return time.process_time() - began, len(outcome.diagnostics)


@pytest.mark.parametrize(
    "make",
    [
        lambda many: f"/*\n{ONE * many}*/\n{REST}",
        lambda many: f"# packlint: ignore[{','.join(f'x{it}' for it in range(many))}] reason\n{REST}",
    ],
    ids=["lines of a comment", "names"],
)
def test_the_time_is_in_proportion(tmp_path: Path, make: object) -> None:
    assert callable(make)
    seconds(tmp_path, make(10))  # whatever is loaded or made once
    short, few = seconds(tmp_path, make(5_000))
    long, many = seconds(tmp_path, make(40_000))
    assert (few, many) == (5_000, 40_000)
    assert long < 20 * short + 1  # 64 times as long where it grows with the square


def test_the_lines_of_a_comment_go_one_by_one_and_a_comment_with_one_as_a_whole(tmp_path: Path) -> None:
    from packlint.fix import fix

    text = f"/*\n{ONE}{ONE}*/\n/* {ONE.strip()} */\n{REST}"
    (tmp_path / "a.pkr.hcl").write_text(text, encoding="utf-8")
    outcome = run([tmp_path], Settings(), tmp_path)
    unused = [it for it in outcome.diagnostics if it.rule == "unused-waiver"]
    assert len(unused) == 3
    (document,), left = fix(it.fix for it in unused if it.fix)
    assert not left
    assert document.text == f"/*\n*/\n{REST}"


def test_one_long_waiver_does_not_widen_the_list_for_all() -> None:
    def entry(line: int, rules: tuple[str, ...], reason: str) -> Entry:
        return Entry("a.pkr.hcl", line, rules, "line 1", reason, None, 1)

    listed = [entry(1, ("x" * 100_000,), "y" * 100_000), *(entry(it, ("z",), "r") for it in range(2, 500))]
    text = to_text(listed, date(2030, 1, 1), lambda line, **_: line)
    assert max(map(len, text.splitlines())) < 3 * LONGEST
    assert f"{'x' * (LONGEST - 3)}..." in text
