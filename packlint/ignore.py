"""`.gitignore` → which paths git would leave out, in time that grows with the pattern and the path alone.

A checked repository may be hostile. Every `*` stops at the first place where what follows it fits, which
finds a match wherever there is one; an expression that came back to try the next place, as those of the usual
libraries do, could be made to try for hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from packlint.files import Files
from packlint.named import NamedTuple
from packlint.pattern import pattern

LONGEST = 256
"""Characters of a pattern; a longer one ignores nothing."""

MOST = 64 * 1024
"""Characters of a file's patterns together; those after them ignore nothing."""

_TOKEN = pattern(r"\*+|\?|\[[!^]?\]?(?:\\.|[^\]\\])*\]|\\.|.", re.DOTALL)


class Pattern(NamedTuple):
    """One line of a file: what it matches, and whether it ignores that or takes it back."""

    regex: re.Pattern[str]
    ignores: bool


Ignores = tuple[tuple[str, tuple[Pattern, ...]], ...]
"""Patterns with the directory they belong to, outermost first; a later one overrules."""


def read_ignores(files: Files, path: Path, folder: str) -> Ignores:
    """The patterns of a file for the directory `folder`; none where it cannot be read."""
    try:
        text = files.read(files.name(path)).decode("utf-8-sig", errors="surrogateescape")
    except (OSError, ValueError):
        return ()
    return ((folder, tuple(_patterns(text))),)


def ignored(path: str, ignores: Ignores) -> bool:
    """Whether the innermost pattern that says anything ignores a path; directories end in a slash.

    As git does, it is to be asked about a directory before what the directory holds.
    """
    for folder, patterns in reversed(ignores):
        relative = path[len(folder) + 1 :] if folder else path
        for it in reversed(patterns):
            if it.regex.match(relative):
                return it.ignores
    return False


def matched(path: str, patterns: tuple[Pattern, ...]) -> bool:
    """Whether patterns match a path or a directory above it; a path that is a directory ends in a slash."""
    ignores = (("", patterns),)
    at = path.find("/")
    while 0 <= at < len(path) - 1:
        if ignored(path[: at + 1], ignores):
            return True
        at = path.find("/", at + 1)
    return ignored(path, ignores)


def patterns_of(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """Patterns that are given one by one."""
    return tuple(_patterns("\n".join(lines)))


def ignored_by_git(files: Files, name: str) -> bool:
    """Whether the `.gitignore` files from the root down to a path, or one above it, leave the path out."""
    parts = name.split("/")
    ignores: Ignores = ()
    for depth in range(len(parts)):
        folder = "/".join(parts[:depth])
        ignores = (*ignores, *read_ignores(files, files.base / folder / ".gitignore", folder))
        below = "/".join(parts[: depth + 1])
        if ignored(f"{below}/" if depth + 1 < len(parts) else below, ignores):
            return True
    return False


def _patterns(text: str) -> Iterator[Pattern]:
    room = MOST
    for ended in text.split("\n"):
        line = ended.removesuffix("\r")
        kept = line.rstrip(" ")
        if kept.endswith("\\") and kept != line:
            kept += " "
        ignores = not kept.startswith("!")
        pattern = kept.removeprefix("!")
        if kept.startswith("#") or pattern in ("", "/") or "//" in pattern or len(pattern) > LONGEST:
            continue
        room -= len(pattern)
        if room < 0:
            return
        try:
            yield Pattern(re.compile(_regex(pattern), re.DOTALL), ignores)
        except re.error:  # as `[z-a]`, a slip in any case
            continue


def _regex(pattern: str) -> str:
    """The regular expression of a pattern (git, `Documentation/gitignore.adoc`)."""
    end = r"/\Z" if pattern.endswith("/") else r"/?\Z"
    pattern = pattern.removesuffix("/")
    runs: list[list[str]] = [[]]
    for segment in pattern.removeprefix("/").split("/"):
        if "/" not in pattern:  # matched at any depth, and `**` is an ordinary `*`
            runs.append([_segment(segment)])
        elif segment.startswith("**") and not segment.strip("*"):
            runs.append([])
        else:
            runs[-1].append(_segment(segment))
    first, *rest = ("/".join(run) for run in runs)
    if not rest:
        return first + end
    regex = f"{first}/" if first else ""
    for run in rest[:-1]:
        regex += f"(?>(?:[^/]++/)*?{run}/)" if run else ""
    return regex + (f"(?:[^/]++/)*{rest[-1]}" if rest[-1] else ".+") + end


def _segment(text: str) -> str:
    """The regular expression of what stands between slashes."""
    pieces = [""]
    for token in _TOKEN.findall(text):
        if token[0] == "*":
            pieces.append("")
        else:
            pieces[-1] += _one(token)
    first, *middle = pieces
    if not middle:
        return first
    last = middle.pop()
    return first + "".join(f"(?>[^/]*?{piece})" for piece in middle) + f"[^/]*{last}"


def _one(token: str) -> str:
    """The regular expression of one character of a path."""
    if token == "?":
        return "[^/]"
    if token == "\\":
        return "(?!)"  # at the end, where it escapes nothing: git matches nothing with it
    if token[0] != "[" or len(token) == 1:
        return re.escape(token[-1])
    negated = token[1] in "!^"
    inner = token[2 if negated else 1 : -1]
    members = re.sub(r"\\?(.)", lambda it: "-" if it[0] == "-" else re.escape(it[1]), inner, flags=re.DOTALL)
    return f"(?!/)[{'^' if negated else ''}{members}]"
