"""Names of media, images and guests → systems: the quick looks are what the regular expressions would say."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import product
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packlint import system
from packlint.system import System, system_of_guest_id, system_of_image, system_of_media

BESIDE = (
    r"virtio|tools|addition|driver|cidata|seed|cloud-?init|unattend|answer|context|config|kickstart|preseed"
)
TOOLS = r"(windows|linux|darwin|solaris|freebsd|netware)\.iso"
UNIX = (
    r"ubuntu|debian|centos|rhel|redhat|fedora|suse|oracle|rocky|alma|linux|bsd|arch(?!ive)|photon|darwin"
    r"|macos|solaris"
)
WORDS = sorted(
    {
        *re.findall(r"[a-z0-9]+", " ".join([BESIDE, TOOLS, UNIX, *(words for _, _, words in system._WORDS)])),
        *(
            "win",
            "win11",
            "archive",
            "arch",
            "microsoft",
            "s",
            "K",
            "\u017f",
            "\u0130",
            "\u0131",
            "K",
            ".iso",
            "-",
            "_",
            "1",
        ),
    }
)
NAMES = st.lists(st.sampled_from(WORDS) | st.text(max_size=2), max_size=5).map("".join)


def spelled(pattern: Any) -> Iterator[str]:
    """Every text that a simple pattern matches."""
    choices = [[*_one(*part)] for part in pattern]
    yield from map("".join, product(*choices))


def _one(kind: Any, what: Any) -> Iterator[str]:
    if kind is _constants.LITERAL:
        yield chr(what)
    elif kind is _constants.IN:
        for inner in what:
            yield "7" if inner[0] is _constants.CATEGORY else chr(inner[1])
    elif kind is _constants.BRANCH:
        for branch in what[1]:
            yield from spelled(branch)
    elif kind is _constants.SUBPATTERN:
        yield from spelled(what[-1])
    else:
        assert kind is _constants.MAX_REPEAT, kind
        least, _, inner = what
        if not least:
            yield ""
        yield from spelled(inner)


@pytest.mark.parametrize(("needed", "words"), [(needed, words) for _, needed, words in system._WORDS])
def test_what_is_needed_is_in_all_that_the_words_match(needed: str, words: str) -> None:
    texts = [*spelled(_parser.parse(words))]
    assert all(re.fullmatch(words, text) for text in texts)
    for text in texts:
        assert any(part in text for part in needed.split()), text


def test_letters_are_folded_as_regular_expressions_do() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    for letter in "abcdefghijklmnopqrstuvwxyz0123456789.-":
        found = re.findall(re.escape(letter), every, re.IGNORECASE)
        assert [it for it in every if system._folded(it) == letter] == found


@given(NAMES)
def test_the_quick_looks_say_what_the_expressions_would(name: str) -> None:
    def says(pattern: str, whole: bool = False) -> bool:
        compiled = re.compile(pattern, re.IGNORECASE)
        return bool((compiled.fullmatch if whole else compiled.search)(name))

    every = [it for it, _, words in system._WORDS if says(rf"(?<![a-z])({words})(?![a-z])")]
    found = [*dict.fromkeys(every)]
    image = system_of_image(name)
    if len(found) < 2:
        assert image == (found[0] if found else None)
    elif {it.family for it in found} == {"windows", "nix"}:
        assert image is None
    else:
        assert image in (system.LINUX, system.UNIX)
    assert system_of_media(name) == (None if says(BESIDE) or says(TOOLS, whole=True) else image)
    guest = System(name, "windows") if says(r"^(win|microsoft)") else None
    assert system_of_guest_id(name, None) == (guest or (System(name, None) if says(UNIX) else None))
    assert system_of_guest_id(name, "other") == guest


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("Lubuntu_64", ("ubuntu",)),
        ("Kubuntu_64", ()),
        ("OpenSUSE_64", ("suse",)),
        ("ArchLinux", ("arch",)),
        ("Arch", ()),
        ("MyDebian", ()),
    ],
)
def test_a_guest_has_the_groups_that_its_name_begins_with(name: str, groups: tuple[str, ...]) -> None:
    assert system_of_guest_id(name, "linux") == System(name, "linux", groups)


def test_nothing_is_compiled_before_it_is_needed() -> None:
    system._stands.cache_clear()
    assert system_of_image("alpine-3.20.iso") == System("Alpine Linux", "linux")
    assert system._stands.cache_info().currsize == 1
