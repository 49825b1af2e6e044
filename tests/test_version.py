"""Versions and constraints: what hashicorp/go-version says of them, and which releases constraints admit."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packlint.version import ANY_VERSION, Constraints, Milestone, Reach, Version


def version(text: str) -> Version:
    found = Version.parse(text)
    assert found is not None, text
    return found


def constraints(text: str) -> Constraints:
    found = Constraints.parse(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    ("text", "segments", "written", "prerelease", "metadata"),
    [
        ("1", (1, 0, 0), 1, "", ""),
        ("1.2", (1, 2, 0), 2, "", ""),
        ("v1.2.3", (1, 2, 3), 3, "", ""),
        ("1.2.3.4", (1, 2, 3, 4), 4, "", ""),
        ("17.03.0-ce", (17, 3, 0), 3, "ce", ""),
        ("1.2-5", (1, 2, 0), 2, "5", ""),
        ("1.2-beta.5", (1, 2, 0), 2, "beta.5", ""),
        ("1.7rc2", (1, 7, 0), 2, "rc2", ""),
        ("1.0-", (1, 0, 0), 2, "-", ""),
        ("1.2.0-x.Y.0+metadata", (1, 2, 0), 3, "x.Y.0", "metadata"),
        ("1.2.0-7.Y.0", (1, 2, 0), 3, "7.Y.0", ""),
        ("1.2.0-X-1.2.0+metadata~dist", (1, 2, 0), 3, "X-1.2.0", "metadata~dist"),
        ("1.2.3.4-rc1-with-hyphen", (1, 2, 3, 4), 4, "rc1-with-hyphen", ""),
        ("1.4.9223372036854775807", (1, 4, 9223372036854775807), 3, "", ""),
    ],
)
def test_versions_are_read(
    text: str, segments: tuple[int, ...], written: int, prerelease: str, metadata: str
) -> None:
    found = version(text)
    assert (found.segments, found.written) == (segments, written)
    assert (found.prerelease, found.metadata) == (prerelease, metadata)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "foo",
            "foo1.2.3",
            "1.2.beta",
            "1.21.beta",
            "\n1.2",
            "1.2\n",
            " 1.2",
            "V1.2",
            "1.2.",
            "1..2",
            "1.2+",
        ),
        *("9223372036854775808", "1." + "9" * 5000, "\N{FULLWIDTH DIGIT ONE}.2"),
    ],
)
def test_other_texts_are_no_versions(text: str) -> None:
    assert Version.parse(text) is None


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.2.3", "1.4.5"),
        ("1.1.4", "1.2"),
        ("1.2-beta", "1.2"),
        ("v1.2", "v1.2.0.0.1"),
        ("v1.2.0.0", "v1.2.0.0.1"),
        ("v1.2.3.0", "v1.2.3.4"),
        ("1.7rc1", "1.7rc2"),
        ("1.7rc2", "1.7"),
        ("1.2.0-X-1.2.0+metadata~dist", "1.2.0"),
        ("v1.0.3-", "v1.0.3"),
        ("1.9.0", "1.10.0"),
        ("1.2-beta.1", "1.2-beta.2"),
        ("1.2-beta.2", "1.2-beta.11"),
        ("3.2-alpha", "3.2-alpha.1"),
        ("1.2-beta", "1.2-beta.3"),
        ("1.2-alpha", "1.2-beta.3"),
        ("1.2-alpha.3", "1.2-beta"),
        ("3.0-alpha3", "3.0-rc1"),
        ("3.0-alpha.1", "3.0-alpha.beta"),
        ("5.4-alpha.beta", "5.4-alpha"),
        ("v3.2-rc.2", "v3.2-rc.1-1-g123"),
    ],
)
def test_one_version_is_older_than_another(older: str, newer: str) -> None:
    assert version(older) < version(newer)
    assert version(newer) > version(older)
    assert version(older) != version(newer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2-beta", "1.2-beta"),
        ("1.2+foo", "1.2+beta"),
        ("v1.2.0.0", "v1.2"),
        ("1.0.2alpha", "1.0.2-alpha"),
        ("1.04", "1.4.0"),
    ],
)
def test_versions_are_equal(one: str, other: str) -> None:
    assert version(one) == version(other)
    assert version(one) <= version(other)
    assert hash(version(one)) == hash(version(other))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("v1.2", "1.2.0"), ("1.2.0-x.Y.0+metadata", "1.2.0-x.Y.0+metadata"), ("17.03.0-ce", "17.3.0-ce")],
)
def test_a_version_is_written_in_full(text: str, canonical: str) -> None:
    assert str(version(text)) == canonical


@pytest.mark.parametrize(
    ("text", "candidate", "admitted"),
    [
        (">= 1.0, < 1.2", "1.1.5", True),
        ("< 1.0, < 1.2", "1.1.5", False),
        ("= 1.0", "1.1.5", False),
        ("= 1.0", "1.0.0", True),
        ("1.0", "1.0.0", True),
        ("!= 1.0", "1.0.0", False),
        ("!= 1.0", "1.0.1", True),
        ("~> 1.0", "2.0", False),
        ("~> 1.0", "1.1", True),
        ("~> 1.0", "1.2.3", True),
        ("~> 1.0.0", "1.2.3", False),
        ("~> 1.0.0", "1.0.7", True),
        ("~> 1.0.0", "1.1.0", False),
        ("~> 1.0.7", "1.0.4", False),
        ("~> 1.0.7", "1.0.7", True),
        ("~> 1.0.7", "1.0.8", True),
        ("~> 1.0.7", "1.0.7.5", True),
        ("~> 1.0.7", "1.0.6.99", False),
        ("~> 1.0.7", "1.0.8.0", True),
        ("~> 1.0.9.5", "1.0.9.5", True),
        ("~> 1.0.9.5", "1.0.9.4", False),
        ("~> 1.0.9.5", "1.0.9.6", True),
        ("~> 1.0.9.5", "1.0.9.5.0", True),
        ("~> 1.0.9.5", "1.0.9.5.1", True),
        ("~> 1.0.9.0", "1.0.9", False),
        ("~> 1", "2.3.4", True),
        ("~> 1", "0.9.9", False),
        ("~> 2.0", "2.1.0-beta", False),
        ("~> 2.1.0-a", "2.2.0", False),
        ("~> 2.1.0-a", "2.1.0", False),
        ("~> 2.1.0-a", "2.1.0-beta", True),
        ("~> 2.1.0-a", "2.2.0-alpha", False),
        ("> 2.0", "2.1.0-beta", False),
        (">= 2.1.0-a", "2.1.0-beta", True),
        (">= 2.1.0-a", "2.1.1-beta", False),
        (">= 2.0.0", "2.1.0-beta", False),
        (">= 2.1.0-a", "2.1.1", True),
        (">= 2.1.0-a", "2.1.0", True),
        ("<= 2.1.0-a", "2.0.0", True),
        ("<= 2.1.0-a", "2.1.0", False),
        ("\t>=1.0 ,\n<2", "1.5.0", True),
    ],
)
def test_constraints_admit_what_go_version_admits(text: str, candidate: str, admitted: bool) -> None:
    assert constraints(text).admits(version(candidate)) is admitted


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ",",
            "1.0,",
            ">= 1.x",
            "=> 1.0",
            "== 1.0",
            "> = 1.0",
            "^1.0",
            "~1.0",
            "1.0 2.0",
            "1.0 || 2.0",
            "*",
        ),
        *("latest", "\v1.0", "11387778780781445675529500000000000000000", "^" + ">" * 100_000),
    ],
)
def test_other_texts_are_no_constraints(text: str) -> None:
    assert Constraints.parse(text) is None


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
@pytest.mark.parametrize(
    "text",
    ["~> 1", "~> 1.7", "!= {}", "> {}.0", ">= {}-beta", "= {}-beta", "<= {}+x", "~> {}.0", "1.x", ">= 1,"],
)
def test_packer_compares_its_own_version_so(tmp_path: Path, text: str) -> None:
    said = subprocess.run(["packer", "--version"], capture_output=True, text=True, check=True, timeout=60)
    own = said.stdout.split()[-1].removeprefix("v")
    template = tmp_path / "a.pkr.hcl"
    template.write_text(f'packer {{\n  required_version = "{text.format(own)}"\n}}\n')
    answer = subprocess.run(
        ["packer", "inspect", template], capture_output=True, text=True, check=False, timeout=60
    )
    wanted = Constraints.parse(text.format(own))
    assert ("nvalid version constraint" in answer.stdout + answer.stderr) == (wanted is None)
    assert ("Unsupported Packer Core version" in answer.stdout + answer.stderr) == (
        wanted is not None and not wanted.admits(version(own))
    )


@pytest.mark.parametrize(
    ("text", "point", "before", "since"),
    [
        (">= 1.1.2", "v1.1.2", False, True),
        (">= 1.1.1", "v1.1.2", True, True),
        ("> 1.1.1", "v1.1.2", False, True),
        ("< 1.1.2", "v1.1.2", True, False),
        ("<= 1.1.2", "v1.1.2", True, True),
        ("= 1.1.2", "v1.1.2", False, True),
        ("1.1.1", "v1.1.2", True, False),
        ("~> 1.1.0", "v1.1.2", True, True),
        ("~> 1.1.0", "v1.2.0", True, False),
        ("~> 1.1", "v2.0.0", True, False),
        ("~> 1", "v2.0.0", True, True),
        ("~> 1.2", "v1.1.2", False, True),
        ("!= 1.1.1", "v1.1.2", True, True),
        (">= 1.1.1, != 1.1.1", "v1.1.2", False, True),
        ("> 1.1.1, < 1.1.2", "v1.1.2", False, False),
        ("> 2, < 1", "v1.1.2", False, False),
        ("= 1.0.0-beta", "v1.1.2", False, False),
        (">= 1.1.2-beta", "v1.1.2", False, True),
        ("= 1.1.1.7", "v1.1.2", True, False),
        ("> 1.1.1.7", "v1.1.2", True, True),
        (">= 0", "v0.0.0", False, True),
        (">= 1.0.2", "v1.0.2-dev", False, True),
        ("< 1.0.2", "v1.0.2-dev", True, False),
    ],
)
def test_constraints_reach_to_either_side(text: str, point: str, before: bool, since: bool) -> None:
    assert constraints(text).reach(version(point)) == Reach(before, since)


@pytest.mark.parametrize(
    ("text", "point", "before", "since"),
    [
        ("> 1.2.0", "v1.2.0", False, True),
        (">= 1.2.0", "v1.2.0", True, True),
        ("<= 1.2.0", "v1.2.0", True, False),
        ("= 1.2.0", "v1.2.0", True, False),
        ("<= 1.2.0-rc1", "v1.2.0-rc1", True, False),
        (">= 1.2.0", "v1.2.0-rc1", False, True),
    ],
)
def test_what_is_newer_than_a_version_is_told_apart(text: str, point: str, before: bool, since: bool) -> None:
    assert constraints(text).reach_after(version(point)) == Reach(before, since)


def test_a_reach_says_what_is_certain() -> None:
    assert constraints(">= 2").reach(version("1.5")).certain
    assert constraints("< 1").reach(version("1.5")).impossible
    either, none = ANY_VERSION.reach(version("1.5")), constraints("> 2, < 1").reach(version("1.5"))
    assert not (either.certain or either.impossible or none.certain or none.impossible)


@pytest.mark.parametrize(
    ("text", "lowest"),
    [
        ("> 1.2", "1.2.1"),
        ("~> 1.4, != 1.4.0, != 1.4.1", "1.4.2"),
        ("< 3", "0.0.0"),
        (">= 1.0-beta", "1.0.0"),
        ("> 1, < 1.0.1", None),
        ("= 1.0-beta", None),
    ],
)
def test_the_lowest_release(text: str, lowest: str | None) -> None:
    assert constraints(text).lowest == (version(lowest) if lowest else None)


def test_constraints_of_several_places_all_hold() -> None:
    both = Constraints(constraints(">= 1.2").bounds + constraints("< 1.4").bounds)
    assert both.admits(version("1.3.9"))
    assert not both.admits(version("1.4.0"))
    assert ANY_VERSION.admits(version("0.0.1-dev"))


@pytest.mark.parametrize(
    ("text", "plugin", "packer", "reach"),
    [
        ("v1.0.5", ">= 1.0.5", None, (False, True)),
        ("v1.0.5", ">= 1.0.1", ">= 1.10", (True, True)),
        ("v1.0.5", None, ">= 1.7", (True, True)),
        ("packer v1.6.1", None, ">= 1.7", (False, True)),
        ("packer v1.6.1", None, "< 1.6", (True, False)),
        ("packer v1.6.1", ">= 0.0.1", "< 1.6", (False, True)),
        ("unreleased", ">= 1.0.5", None, (True, True)),
        ("unreleased", "~> 1.0.5", None, (True, False)),
        ("unreleased", "> 1.1.4", None, (False, True)),
    ],
)
def test_milestones(text: str, plugin: str | None, packer: str | None, reach: tuple[bool, bool]) -> None:
    milestone = Milestone.parse(text, latest=version("v1.1.4"))
    assert milestone is not None
    found = milestone.reach(constraints(plugin) if plugin else None, constraints(packer or ">= 0"))
    assert found == reach


def test_the_last_version_with_something_still_had_it() -> None:
    last = Milestone.parse("v1.2.0")
    assert last is not None
    assert last.passed.reach(constraints("= 1.2.0"), ANY_VERSION) == Reach(before=True, since=False)
    assert last.passed.reach(constraints("> 1.2.0"), ANY_VERSION) == Reach(before=False, since=True)


@pytest.mark.parametrize("text", ["", "packer", "packer latest", "soon", "v"])
def test_other_texts_are_no_milestones(text: str) -> None:
    assert Milestone.parse(text, latest=version("1.0")) is None


def test_nothing_is_after_an_unknown_latest_version() -> None:
    assert Milestone.parse("unreleased") is None


SIDE = range(5)
GRID = [Version(segments, 3) for segments in itertools.product(SIDE, repeat=3)]
"""Every release of which each segment is at most 4; bounds name segments up to 2, so none is at the rim."""

SMALL = st.integers(0, 2)
WRITTEN = st.lists(SMALL, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
BOUNDS = st.builds(
    "{} {}{}".format,
    st.sampled_from(["", "=", "!=", ">", ">=", "<", "<=", "~>"]),
    WRITTEN,
    st.sampled_from(["", "", "", "-beta"]),
)
TEXTS = st.lists(BOUNDS, min_size=1, max_size=4).map(", ".join)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(TEXTS, st.tuples(SMALL, SMALL, SMALL))
def test_reach_agrees_with_trying_every_release(text: str, segments: tuple[int, int, int]) -> None:
    wanted, point = constraints(text), Version(segments, 3)
    admitted = [release for release in GRID if wanted.admits(release)]
    reach, after = wanted.reach(point), wanted.reach_after(point)
    assert reach == (any(one < point for one in admitted), any(one >= point for one in admitted))
    assert after == (any(one <= point for one in admitted), any(one > point for one in admitted))
    assert wanted.lowest == min(admitted, default=None)


PRERELEASES = st.sampled_from(["", "", "alpha", "beta", "beta.2", "beta.11", "rc1", "7", "-x"])
VERSIONS = st.builds(
    lambda parts, prerelease: Version(tuple(parts), len(parts), prerelease),
    st.lists(SMALL, min_size=3, max_size=4),
    PRERELEASES,
)


@given(VERSIONS, VERSIONS)
def test_comparing_is_antisymmetric_and_survives_writing(one: Version, other: Version) -> None:
    assert one.compare(other) == -other.compare(one)
    assert version(str(one)).compare(other) == one.compare(other)
    if one == other:
        assert hash(one) == hash(other)


@given(st.text(max_size=20))
def test_no_text_raises(text: str) -> None:
    Version.parse(text)
    Constraints.parse(text)
    Milestone.parse(text)


def test_many_constraints_take_linear_time() -> None:
    text = ", ".join(f"!= 1.0.{patch}" for patch in range(20_000))
    wanted = constraints(f">= 1.0, {text}")
    assert wanted.lowest == version("1.0.20000")
    assert wanted.reach(version("1.0.20000")).certain


PART = r"[0-9A-Za-z~-]"
GO_VERSION = (
    r"v?([0-9]+(?:\.[0-9]+)*)"
    rf"(?:(?:-([0-9]{PART}*(?:\.{PART}+)*))|(?:-?([A-Za-z~-]{PART}*(?:\.{PART}+)*)))?"
    rf"(?:\+({PART}+(?:\.{PART}+)*))?"
)
"""go-version's own expression (version.go)."""
GO_BOUND = rf"[\t\n\f\r ]*([<>!]?=|[<>]|~>|)[\t\n\f\r ]*({GO_VERSION})[\t\n\f\r ]*"


@settings(max_examples=1000)
@given(st.lists(st.sampled_from([*"v01.~-+a=<>! \t", ">=", "~>", "1.2", "-rc1", "\u0661"]), max_size=6))
def test_texts_are_taken_as_go_versions_expressions_do(parts: list[str]) -> None:
    text = "".join(parts)
    match, found = re.fullmatch(GO_VERSION, text), Version.parse(text)
    assert (found is None) == (match is None)
    if match and found:
        segments, number, word, metadata = match.groups()
        assert found.written == len(segments.split("."))
        assert found.segments[: found.written] == tuple(map(int, segments.split(".")))
        assert (found.prerelease, found.metadata) == (number or word or "", metadata or "")
    match, taken = re.fullmatch(GO_BOUND, text), Constraints.parse(text)
    assert (taken is None) == (match is None)
    if match and taken:
        (bound,) = taken.bounds
        assert (bound.operator, bound.version) == (match[1] or "=", Version.parse(match[2]))
