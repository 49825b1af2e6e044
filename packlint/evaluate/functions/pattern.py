"""A pattern of RE2 and the length of a text → the pattern for Python's `re`, and how long matching may take.

Python tries one way through a pattern after the other, RE2 all of them at once: a pattern is taken only where
the ways are so few that they may all be tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packlint.evaluate.failure import Failed, NotKnown
from packlint.evaluate.functions.ways import ATOM, Ways, either, repeated, sequence
from packlint.value import Unknown

_LONGEST = 500
_WORK_PER_STEP = 100
_MOST_STEPS = 100_000
_REPEAT = re.compile(r"(?:[*+?]|\{([0-9]{1,3})(?:(,)([0-9]{0,3}))?\})\??")
_LIMITS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_GROUP = re.compile(r"\(\?(?:P?<([A-Za-z_][A-Za-z0-9_]*)>|:)")
_FLAGS = re.compile(r"\(\?([is]+)\)")
_CLASS = re.compile(r"\[(\^?)(\]?(?:\\[^pPQE0-9xCzAbB]|[^\\\[\]])*)\]")
_SPACE = r"\t\n\f\r "
_ESCAPES = {"d": r"\d", "D": r"\D", "w": r"\w", "W": r"\W", "s": f"[{_SPACE}]", "S": f"[^{_SPACE}]"}
_ESCAPES |= {"b": r"\b", "B": r"\B", "A": r"\A", "z": r"\Z", "n": r"\n", "t": r"\t", "r": r"\r", "f": r"\f"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in Python's syntax; `steps` is what finding all matches in a text may take at worst."""

    text: str
    flags: int
    steps: int


def translated(pattern: str, length: int) -> Pattern:
    """The pattern for `re`, to be matched with a text of that length.

    Raises NotKnown where the two may differ or matching may take too long, Failed where it is wrong.
    """
    if len(pattern) > _LONGEST:
        raise NotKnown(Unknown("a regular expression that is too long to compute"))
    flags, at = 0, 0
    leading = _FLAGS.match(pattern)
    if leading:
        at = leading.end()
        flags = sum({"i": re.IGNORECASE, "s": re.DOTALL}[flag] for flag in set(leading[1]))
        if flags & re.IGNORECASE and not pattern.isascii():
            raise _differs()
    translator = _Translator(pattern, at, length)
    text = translator.run()
    try:
        re.compile(text, flags | re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise Failed("the pattern is not a regular expression") from None
    work = translator.work() / _WORK_PER_STEP
    if not work < _MOST_STEPS:
        raise NotKnown(Unknown("a regular expression that might take too long"))
    return Pattern(text, flags | re.ASCII, int(work))


def _differs() -> NotKnown:
    return NotKnown(Unknown("a regular expression that is not computed"))


def _counts(match: re.Match[str]) -> tuple[int, int | None]:
    """The limits of `{2}`, `{2,}` or `{2,5}`."""
    least, comma, most = match.groups()
    return int(least), int(most) if most else None if comma else int(least)


class _Translator:
    """Goes through a pattern once and writes it anew."""

    def __init__(self, pattern: str, at: int, length: int) -> None:
        self.pattern = pattern
        self.at = at
        self.length = length
        self.anchored = pattern.startswith("^", at)
        self.written: list[str] = []
        self.open: list[list[list[Ways]]] = [[[]]]  # the alternatives of the pattern and of every open group
        self.repeatable = False  # whether what was read last may be repeated

    def run(self) -> str:
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character in "*+?{" and _REPEAT.match(self.pattern, self.at):
                self._repeat()
            elif character == "(":
                self._group()
            elif character == ")":
                self._close()
            else:
                self._single(character)
        if len(self.open) > 1:
            raise Failed("the pattern has an open group")
        return "".join(self.written)

    def work(self) -> float:
        """What it takes at most to try the pattern at every place where it may begin."""
        alternatives = self.open[0]
        ways = either(map(sequence, alternatives))
        starts = 1 if self.anchored and len(alternatives) == 1 else self.length + 1
        return starts * ways.choices * ways.work + self.length

    def _take(self, length: int, text: str) -> None:
        self.at += length
        self.written.append(text)

    def _repeat(self) -> None:
        match = _REPEAT.match(self.pattern, self.at)
        if not match or not self.repeatable:
            raise _differs()
        least, most = _LIMITS.get(match[0][0]) or _counts(match)
        items = self.open[-1][-1]
        items.append(repeated(items.pop(), least, most, self.length))
        self.repeatable = False
        self._take(len(match[0]), match[0])

    def _group(self) -> None:
        self.open.append([[]])
        match = _GROUP.match(self.pattern, self.at)
        if match:
            self._take(len(match[0]), f"(?P<{match[1]}>" if match[1] else "(?:")
        elif self.pattern.startswith("(?", self.at):
            raise _differs()
        else:
            self._take(1, "(")
        self.repeatable = False

    def _close(self) -> None:
        if len(self.open) == 1:
            raise Failed("the pattern closes a group that is not open")
        group = self.open.pop()
        self._add(either(map(sequence, group)))
        self._take(1, ")")

    def _add(self, ways: Ways) -> None:
        self.open[-1][-1].append(ways)
        self.repeatable = True

    def _single(self, character: str) -> None:
        self._add(ATOM)
        if character == "\\":
            self._escape()
        elif character == "[":
            self._class()
        elif character in "^|":
            self.repeatable = False
            if character == "|":
                self.open[-1].append([])
            self._take(1, character)
        elif character == "$":
            self.repeatable = False
            self._take(1, r"\Z")
        else:
            self._take(1, "." if character == "." else re.escape(character))

    def _escape(self) -> None:
        escaped = self.pattern[self.at + 1 : self.at + 2]
        if escaped in _ESCAPES and escaped:
            if escaped in "bBAz":
                self.repeatable = False
            self._take(2, _ESCAPES[escaped])
        elif escaped and escaped.isascii() and not escaped.isalnum():
            self._take(2, re.escape(escaped))
        else:
            raise _differs()

    def _class(self) -> None:
        match = _CLASS.match(self.pattern, self.at)
        if not match or "\\S" in match[2] or "\\W" in match[2] or "\\D" in match[2]:
            raise _differs()
        inner = match[2].replace("\\s", _SPACE)
        if any(f"\\{letter}" in inner for letter in "aceghijklmoquvyzBEFGHIJKLMNORTUVXYZ"):
            raise _differs()
        if re.search(r"--|&&|\|\||~~", inner) or inner.startswith("]"):
            raise _differs()
        self._take(len(match[0]), f"[{match[1]}{inner}]")
