"""A pattern for files and a lister of directories → the paths that match (bmatcuk/doublestar v1)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence

from packlint.evaluate.giving_up import NotKnown
from packlint.glob import ANY, ANY_ONE, One, Tokens, exactly, like
from packlint.value import Unknown

Entry = tuple[str, bool]
"""A name in a directory, and whether it is a directory itself."""

Lister = Callable[[str], Sequence[Entry]]
Spend = Callable[[int], None]
_SPECIAL = "*?[{\\"
_MOST_ALTERNATIVES = 64
_COMPARED_PER_STEP = 16


def matches(pattern: str, listed: Lister, spend: Spend) -> Iterator[str]:
    """The paths of regular files that match a pattern, a cleaned path; their order is that of the walk.

    `spend` is told of the size of every comparison, and may raise. Raises NotKnown for a pattern with
    alternatives that hold slashes, escapes, or brackets that are open.
    """
    alternatives = [*_alternatives(pattern)]
    for alternative in alternatives:
        segments = alternative.split("/")
        if segments[-1:] == [""]:
            continue
        static = next((n for n, each in enumerate(segments) if set(each) & set(_SPECIAL)), len(segments) - 1)
        yield from _within("/".join(segments[:static]) or ".", segments[static:], listed, spend)


def _within(directory: str, segments: list[str], listed: Lister, spend: Spend) -> Iterator[str]:
    """The files below a directory that the segments lead to."""
    first, *rest = segments
    if first == "**":
        if rest:
            yield from _within(directory, rest, listed, spend)
        for name, is_directory in listed(directory):
            path = posixpath.normpath(posixpath.join(directory, name))
            if is_directory:
                yield from _within(path, segments, listed, spend)
            elif not rest:
                yield path
        return
    spend(len(first))
    tokens = _tokens(first)
    for name, is_directory in listed(directory):
        spend(len(tokens) * len(name) // _COMPARED_PER_STEP)
        if like(tokens, name):
            path = posixpath.normpath(posixpath.join(directory, name))
            if rest and is_directory:
                yield from _within(path, rest, listed, spend)
            elif not rest and not is_directory:
                yield path


def _alternatives(pattern: str) -> Iterator[str]:
    """The patterns that a pattern with `{a,b}` stands for."""
    if "\\" in pattern:
        raise _not_computed()
    waiting, count = [pattern], 0
    while waiting:
        current = waiting.pop()
        end = current.find("}")
        start = current.rfind("{", 0, max(end, 0))
        if "{" not in current:
            yield current
            continue
        count += 1
        if start < 0 or "/" in current[start:end] or count > _MOST_ALTERNATIVES:
            raise _not_computed()
        choices = current[start + 1 : end].split(",")
        waiting.extend(f"{current[:start]}{choice}{current[end + 1 :]}" for choice in reversed(choices))


def _tokens(segment: str) -> Tokens:
    tokens: list[One | None] = []
    at = 0
    while at < len(segment):
        character = segment[at]
        if character == "[":
            end = segment.find("]", at + 1)
            if end < at + 2:
                raise _not_computed()
            tokens.append(_class(segment[at + 1 : end]))
            at = end
        elif character == "*":
            tokens.append(ANY)
        else:
            tokens.append(ANY_ONE if character == "?" else exactly(character))
        at += 1
    return tokens


def _class(inner: str) -> One:
    negated = inner[0] == "^"
    inner = inner[1:] if negated else inner
    if not inner or inner[0] == "-" or inner[-1] == "-":
        raise _not_computed()
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(inner):
        last = at + 2 if inner[at + 1 : at + 2] == "-" else at
        ranges.append((inner[at], inner[last]))
        at = last + 1
    return One(tuple(ranges), negated)


def _not_computed() -> NotKnown:
    return NotKnown(Unknown("a pattern for files that is not computed"))
