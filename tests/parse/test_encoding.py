"""Bytes that are not UTF-8 → one syntax error where HCL minds them, as `packer validate` has it."""

from __future__ import annotations

import pytest

from packlint.document import Document
from packlint.parse import parse

BAD = "\ufffd"


def document(text: str, path: str = "a.pkr.hcl") -> Document:
    """A document in which every U+FFFD stands for a byte that is not UTF-8."""
    return Document(path, text, tuple(at for at, character in enumerate(text) if character == BAD))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (f'x = "caf{BAD}"', 9),
        (f"# {BAD}\nx = <<E\n{BAD}{BAD}\nE\n", 1),
        (f"{BAD}x = 1", 1),
        (f'x = "{BAD}" # {BAD}\ny = "{BAD}"', 6),
    ],
)
def test_the_first_is_told_and_costs_no_other_message(text: str, column: int) -> None:
    file, (diagnostic,) = parse(document(text))
    assert diagnostic.message == "this byte is not UTF-8"
    assert diagnostic.range.first.column == column
    assert not file.complete


@pytest.mark.parametrize("text", [f"# {BAD}\nx = 1 // {BAD}\n", f"/* {BAD}\n{BAD} */\n", f"x = 1 # {BAD}"])
def test_a_comment_may_hold_any_bytes(text: str) -> None:
    file, diagnostics = parse(document(text))
    assert diagnostics == ()
    assert file.complete


def test_a_replacement_character_in_utf_8_is_none_of_them() -> None:
    assert parse(Document("a.pkr.hcl", f'x = "{BAD}"'))[1] == ()


def test_json_takes_any_bytes_in_a_string() -> None:
    assert parse(document(f'{{"x": "{BAD}"}}', "a.pkrvars.json"))[1] == ()
