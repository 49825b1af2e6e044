"""Line hashes as github/codeql-action computes them."""

from __future__ import annotations

import pytest

from packlint.report.fingerprint import LineHashes


def hashes_of(text: str) -> list[str]:
    lazy = LineHashes(text)
    return [lazy[line] for line in range(len(lazy))]


def by_definition(units: list[int]) -> str:
    """The sum over 100 units of unit · 37^(99 - place), modulo 2^64, in hexadecimal."""
    padded = [*units, *[0] * 100][:100]
    return f"{sum(unit * 37 ** (99 - place) for place, unit in enumerate(padded)) % 2**64:x}"


GREETINGS = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"
ENDED = (
    "e9496ae3ebfced30 fb7c023a8b9ccb3f ce8ba1a563dcdaca e20e36e16fcb0cc8 b3edc88f2938467e c8e28b0b4002a3a0"
)


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", "c129715d7a2bc9a3"),
        (" a\nb\n  \t\tc\n d", "271789c17abda88f 54703d4cd895b18 180aee12dab6264 a23a3dc5e078b07b"),
        (
            GREETINGS,
            "8b7cf3e952e7aeb2 b1ae1287ec4718d9 bff680108adb0fcc "
            "c6805c5e1288b612 b86d3392aea1be30 e6ceba753e1a442",
        ),
        (f"{GREETINGS}\n", f"{ENDED} c129715d7a2bc9a3"),
        (f"{GREETINGS}\n".replace("\n", "\r\n"), f"{ENDED} c129715d7a2bc9a3"),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", f"{ENDED} c129715d7a2bc9a3"),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", f"{ENDED} c129715d7a2bc9a3"),
    ],
)
def test_published_values(text: str, hashes: str) -> None:
    """From that project's own tests."""
    assert hashes_of(text) == [f"{value}:1" for value in hashes.split()]


def test_published_values_of_equal_lines() -> None:
    again = [f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)]
    assert hashes_of("Lorem ipsum dolor sit amet.\n" * 10) == [
        *again,
        *("a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1"),
        "c129715d7a2bc9a3:1",
    ]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("\ufeffbuild {}\n", ["a0f199502f37ba74:1", "c129715d7a2bc9a3:1"]),
        ('\U0001f600 = "\xe9"\n\ttail', ["f4059cdd713d6b42:1", "ecaa393e8ad54149:1"]),
        ("\0\uffff\n", ["ab21b98fc5b9f818:1", "c129715d7a2bc9a3:1"]),
        (
            " \n\r\n\r\n\r",
            [
                "8d2f5848087196b:1",
                "4e5d562094661a0d:1",
                "5b5d4caf73a13177:1",
                "3c5bef55b72b93c9:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
        (f"{'x' * 100}\n{'x' * 101}", ["52b56201ffb58620:1", "52b56201ffb58620:2"]),
    ],
)
def test_recorded_values(text: str, hashes: list[str]) -> None:
    """What that project's code, run by Node, made of files with these texts."""
    assert hashes_of(text) == hashes


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_line_breaks_spaces_and_tabs_do_not_count(end: str) -> None:
    assert hashes_of(f"build {{{end}\t  x = 1{end}}}{end}") == hashes_of("build{\nx=1\n}\n")


def test_each_line_looks_a_hundred_units_ahead() -> None:
    text = "".join(f"line{number}={number * 7}\n" for number in range(40))
    units = [*map(ord, text), 0xFFFF]
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == 10)]
    assert hashes_of(text) == [f"{by_definition(units[start:])}:1" for start in starts]


def test_equal_hashes_are_numbered() -> None:
    numbers = [value.partition(":")[2] for value in hashes_of("x" * 120 + "\n" + "x" * 120 + "\n")]
    assert numbers == ["1", "2", "1"]


def test_characters_beyond_the_basic_plane_are_two_units() -> None:
    assert hashes_of("\U0001f600")[0] == f"{by_definition([0xD83D, 0xDE00, 0xFFFF])}:1"


def test_hashes_are_the_same_in_whatever_order_they_are_asked_for() -> None:
    text = "x = 1\n" * 120 + "y = 2\n"
    lazy = LineHashes(text)
    order = (120, 3, 0, 50, 3)
    assert [lazy[line] for line in order] == [hashes_of(text)[line] for line in order]
    assert len(lazy) == 122
