"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from packlint.pattern import pattern


def test_it_does_what_the_compiled_one_does() -> None:
    made = pattern(r"(a)(B)?", re.IGNORECASE)
    assert made.sub("x", "zAb") == "zx"
    assert [match[0] for match in made.finditer("a AB")] == ["a", "AB"]
    assert (made.pattern, made.groups) == (r"(a)(B)?", 2)
    assert pattern(b"a").fullmatch(b"a")


def test_it_is_compiled_once_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile

    def compile_(text: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(text)
        return real(text, flags)

    monkeypatch.setattr(re, "compile", compile_)
    made = pattern("a+")
    assert compiled == []
    assert made.search("baa")
    assert made.match("a")
    assert compiled == ["a+"]


def test_one_that_is_wrong_is_so_when_it_is_used() -> None:
    made = pattern("(")
    with pytest.raises(re.error):
        made.search("a")
