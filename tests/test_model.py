"""Nouns of the model: what an argument is worth to its component."""

from __future__ import annotations

import pytest

from packlint.document import Document, Range
from packlint.model import Argument, Arguments
from packlint.syntax import Expression, Literal, Parentheses, Tuple, elements
from packlint.value import Known, Unknown, Value

DOCUMENT = Document("a.pkr.hcl", "[1, 2]")
RANGE = Range(DOCUMENT, 0, 6)
ONE, TWO = Literal(Range(DOCUMENT, 1, 2), 1), Literal(Range(DOCUMENT, 4, 5), 2)
LIST = Tuple(RANGE, (ONE, TWO))


def arguments(value: Value, rendered: Value | None = None) -> Arguments:
    return Arguments({"name": Argument("name", LIST, value, RANGE, RANGE, rendered)})


def test_what_is_rendered_is_what_counts() -> None:
    given = arguments(Known("{{ timestamp }}"), Unknown("depends on a run"))
    assert given.worth("name") == Unknown("depends on a run")
    assert arguments(Known("web")).worth("name") == Known("web")
    assert given.worth("other") is None


@pytest.mark.parametrize(
    ("value", "may"),
    [
        (Known(True), True),
        (Unknown("depends on a run"), True),
        (Known("", default_of="name"), True),
        (Known(False), False),
        (Known(""), False),
    ],
)
def test_an_argument_may_be_set_unless_it_certainly_is_not(value: Value, may: bool) -> None:
    assert arguments(value).may_set("name") is may
    assert not arguments(value).may_set("other")


@pytest.mark.parametrize(
    ("expression", "count", "places"),
    [(LIST, 2, (ONE, TWO)), (LIST, 3, (LIST, LIST, LIST)), (ONE, 1, (ONE,)), (LIST, 0, ())],
)
def test_elements_have_the_place_of_the_list_where_theirs_are_not_told(
    expression: Expression, count: int, places: tuple[Expression, ...]
) -> None:
    assert elements(expression, count) == places
    wrapped = Parentheses(RANGE, expression)
    assert elements(wrapped, count) == (wrapped,) * count
