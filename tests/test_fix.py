"""Edits → texts: applied whole, in the order of the text, and what overlaps waits."""

from __future__ import annotations

import pytest

from packlint.diagnostic import Edit, Fix
from packlint.document import Document, Range
from packlint.fix import fix

TEXT = "0123456789"


def edits(*changes: tuple[int, int, str], text: str = TEXT, path: str = "a") -> Fix:
    document = Document(path, text)
    return Fix("", tuple(Edit(Range(document, start, end), new) for start, end, new in changes))


def fixed(*fixes: Fix) -> tuple[list[str], int]:
    """The texts afterwards, and how many fixes are not in them."""
    documents, left = fix(fixes)
    return [document.text for document in documents], len(left)


@pytest.mark.parametrize(
    ("fixes", "text"),
    [
        ([edits((2, 4, "ab"))], "01ab456789"),
        ([edits((8, 9, ""), (0, 0, ">"))], ">01234567" + "9"),
        ([edits((5, 6, "five")), edits((1, 2, "one"))], "0one234five6789"),
        ([edits((2, 4, "x")), edits((4, 6, "y"))], "01xy6789"),
        ([edits((2, 4, "x")), edits((4, 4, "+"))], "01x+456789"),
        ([edits((10, 10, "!"))], "0123456789!"),
        ([edits((1, 2, "x"), (5, 5, "+")), edits((5, 5, "+"), (8, 9, "y"))], "0x234+567y9"),
    ],
)
def test_edits_are_applied_in_the_order_of_the_text(fixes: list[Fix], text: str) -> None:
    assert fixed(*fixes) == ([text], 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (edits((2, 5, "x")), edits((4, 6, "y"))),
        (edits((2, 5, "x")), edits((3, 3, "y"))),
        (edits((3, 3, "x")), edits((3, 3, "y"))),
        (edits((3, 4, "x")), edits((3, 3, "y"))),
        (edits((4, 6, "x")), edits((0, 9, "y"))),
        (edits((4, 6, "x"), (8, 9, "x")), edits((0, 1, "y"), (8, 9, "y"))),
    ],
)
def test_of_two_that_touch_the_same_text_the_first_is_applied(first: Fix, second: Fix) -> None:
    documents, left = fix([first, second])
    assert left == (second,)
    assert documents == fix([first])[0]


def test_one_that_touches_its_own_text_is_not_applied() -> None:
    assert fixed(edits((2, 5, "x"), (4, 6, "y"))) == ([], 1)
    assert fixed(edits()) == ([], 1)


def test_one_that_waits_leaves_room_for_the_next() -> None:
    first, waits, third = edits((4, 6, "x")), edits((0, 1, "y"), (5, 7, "y")), edits((0, 1, "z"))
    assert fixed(first, waits, third) == (["z123x6789"], 1)


def test_several_files_are_changed_together_or_not_at_all() -> None:
    both = Fix("", (*edits((0, 1, "x"), path="b").edits, *edits((0, 1, "y"), path="a").edits))
    documents, _ = fix([both])
    assert [(it.path, it.text[0]) for it in documents] == [("a", "y"), ("b", "x")]
    assert fixed(edits((0, 2, "-"), path="b"), both) == (["-23456789"], 1)


def test_line_breaks_are_those_of_the_file() -> None:
    assert fixed(edits((3, 3, "b\n"), text="a\r\nc\r\n")) == (["a\r\nb\r\nc\r\n"], 0)
    assert fixed(edits((2, 2, "b\n"), text="a\nc\n")) == (["a\nb\nc\n"], 0)


def test_a_file_that_is_not_utf_8_stays_as_it_is() -> None:
    document = Document("a", "x = \ufffd", undecoded=(4,))
    assert fixed(Fix("", (Edit(Range(document, 0, 1), "y"),))) == ([], 1)
