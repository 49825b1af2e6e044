"""Line hashes as github/codeql-action computes them."""

from __future__ import annotations

import pytest

from packlint.report.fingerprint import line_hashes


def by_definition(units: list[int]) -> str:
    """The sum over 100 units of unit · 37^(99 - place), modulo 2^64, in hexadecimal."""
    padded = [*units, *[0] * 100][:100]
    return f"{sum(unit * 37 ** (99 - place) for place, unit in enumerate(padded)) % 2**64:x}"


def test_published_values() -> None:
    # From that project's own tests.
    assert line_hashes("") == ["c129715d7a2bc9a3:1"]
    assert line_hashes(" a\nb\n  \t\tc\n d") == [
        "271789c17abda88f:1",
        "54703d4cd895b18:1",
        "180aee12dab6264:1",
        "a23a3dc5e078b07b:1",
    ]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_line_breaks_spaces_and_tabs_do_not_count(end: str) -> None:
    assert line_hashes(f"build {{{end}\t  x = 1{end}}}{end}") == line_hashes("build{\nx=1\n}\n")


def test_each_line_looks_a_hundred_units_ahead() -> None:
    text = "".join(f"line{number}={number * 7}\n" for number in range(40))
    units = [*map(ord, text), 0xFFFF]
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == 10)]
    assert line_hashes(text) == [f"{by_definition(units[start:])}:1" for start in starts]


def test_equal_hashes_are_numbered() -> None:
    numbers = [value.partition(":")[2] for value in line_hashes("x" * 120 + "\n" + "x" * 120 + "\n")]
    assert numbers == ["1", "2", "1"]


def test_characters_beyond_the_basic_plane_are_two_units() -> None:
    assert line_hashes("\U0001f600")[0] == f"{by_definition([0xD83D, 0xDE00, 0xFFFF])}:1"
