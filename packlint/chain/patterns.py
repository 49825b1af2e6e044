"""Patterns of names with `*`, `?` and `[…]` → those that a name fits, without a look at all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate

from packlint.pattern import pattern
from packlint.typed import Generic, TypeVar

T = TypeVar("T")

_SPECIAL = pattern(r"[*?[]")


class Patterns(Generic[T]):
    """Things by patterns, kept by what each pattern begins with."""

    def __init__(self) -> None:
        self._by_beginning: dict[int, dict[str, list[tuple[re.Pattern[str], T]]]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_beginning)

    def add(self, pattern: str, thing: T) -> None:
        """Keep a thing by a pattern."""
        beginning = _SPECIAL.split(pattern, maxsplit=1)[0]
        same = self._by_beginning.setdefault(len(beginning), {}).setdefault(beginning, [])
        same.append((re.compile(translate(pattern)), thing))

    def fitting(self, name: str) -> Iterator[T]:
        """The things whose pattern a name fits."""
        for length, by_text in self._by_beginning.items():
            for fits, thing in by_text.get(name[:length], ()):
                if fits.match(name):
                    yield thing


def special(name: str) -> bool:
    """Whether a name is a pattern."""
    return any(sign in name for sign in "*?[")


def literal(name: str) -> str:
    """The pattern that only this name fits."""
    return re.sub(r"([*?[])", r"[\1]", name)
