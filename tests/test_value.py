"""Nouns of values: what a value is to a component."""

from __future__ import annotations

from decimal import Decimal

import pytest

from packlint.value import Known, Unknown, Value


@pytest.mark.parametrize(
    ("value", "zero"),
    [
        *((Known(data), True) for data in ("", None, 0, Decimal(0), False, (), {})),
        *((Known(data), False) for data in ("no", 1, True, (Known(""),), {"a": Known(None)})),
        (Known("", default_of="name"), False),
        (Known(False, default_of="debug"), True),
        (Unknown("depends on a run"), False),
    ],
)
def test_what_go_takes_for_not_given(value: Value, zero: bool) -> None:
    assert value.zero is zero


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Known("10s"), "10s"),
        (Known(10), "10"),
        (Known(""), ""),
        (Known("", default_of="pause"), None),
        (Known(True), None),
        (Known(Decimal("1.5")), None),
        (Known(None), None),
        (Unknown("depends on a run"), None),
    ],
)
def test_a_whole_number_is_a_text_to_packer(value: Value, text: str | None) -> None:
    assert value.text == text
