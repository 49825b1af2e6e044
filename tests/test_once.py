"""Functions that work out once what they make of a noun, and modules that are loaded when they are needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from packlint.document import Document, Range
from packlint.once import once
from packlint.record import replace
from packlint.syntax import Body, File

CALLS: list[File] = []


@once
def length(file: File) -> int:
    """How long the text of a file is."""
    CALLS.append(file)
    return len(file.document.text)


def a_file(text: str) -> File:
    document = Document("t.pkr.hcl", text)
    return File(document, Body((), Range(document, 0, 0)))


def test_what_is_worked_out_of_a_noun_is_kept() -> None:
    CALLS.clear()
    one, other = a_file("ab"), a_file("abc")
    assert [length(it) for it in (one, other, one, one)] == [2, 3, 2, 2]
    assert [id(it) for it in CALLS] == [id(one), id(other)]


def test_a_noun_made_of_another_keeps_nothing_of_it() -> None:
    first = a_file("ab")
    length(first)
    assert length(replace(first, document=Document("t.pkr.hcl", "abcd"))) == 4


@pytest.mark.parametrize(
    ("module", "library"),
    [
        ("packlint.shell.steps", "tree_sitter"),
        ("packlint.lower", "packlint.lower.legacy"),
        ("packlint.evaluate", "fractions"),
        ("packlint.evaluate", "unicodedata"),
    ],
)
def test_what_few_templates_need_is_not_loaded_before(module: str, library: str) -> None:
    code = f"import sys, {module}; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
