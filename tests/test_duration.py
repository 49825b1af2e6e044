"""How long a text is to Go: `time.ParseDuration`, whose documentation and tests the values are from."""

from __future__ import annotations

from decimal import Decimal

import pytest

from packlint.duration import is_duration, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "0"),
        ("-1s", "-1"),
        ("+5s", "5"),
        ("1m30s", "90"),
        ("1h15m30.918273645s", "4530.918273645"),
        (".5s", "0.5"),
        ("300ms", "0.3"),
        ("12µs", "0.000012"),
        ("12μs", "0.000012"),
        ("1ns", "0.000000001"),
        ("0.3333333333333333333h", "1200"),
        ("-2562047h47m16.854775808s", "-9223372036.854775808"),
    ],
)
def test_seconds(text: str, expected: str) -> None:
    assert seconds(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "3", "-", "s", ".", "-.s", "1d", "1 s", " 1s", "2562048h"])
def test_what_is_no_duration(text: str) -> None:
    assert seconds(text) is None
    assert not is_duration(text)
