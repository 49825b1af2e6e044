"""A number and a noun → words, `2 files`; and several of these → a part of a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def count(number: int, noun: str, plural: str = "s") -> str:
    """`1 file`, `2 files`; `plural` is what the noun ends in then."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{plural}"


def listed(parts: Sequence[str]) -> str:
    """`1 error, 2 warnings and 1 note`; "" for none."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
