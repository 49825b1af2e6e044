"""A pattern of RE2 → the same pattern for Python's `re`, and how long it may take to match."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packlint.evaluate.failure import Failed, NotKnown
from packlint.value import Unknown

_LONGEST = 500
_COST_PER_STEP = 500
_LONGEST_NESTED = 20
_REPEAT = re.compile(r"(\*|\+|\?|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})(\?)?")
_GROUP = re.compile(r"\(\?(?:P?<([A-Za-z_][A-Za-z0-9_]*)>|:)")
_FLAGS = re.compile(r"\(\?([is]+)\)")
_CLASS = re.compile(r"\[(\^?)(\]?(?:\\[^pPQE0-9xCzAbB]|[^\\\[\]])*)\]")
_SPACE = r"\t\n\f\r "
_ESCAPES = {"d": r"\d", "D": r"\D", "w": r"\w", "W": r"\W", "s": f"[{_SPACE}]", "S": f"[^{_SPACE}]"}
_ESCAPES |= {"b": r"\b", "B": r"\B", "A": r"\A", "z": r"\Z", "n": r"\n", "t": r"\t", "r": r"\r", "f": r"\f"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in Python's syntax.

    `loops` counts the repetitions that may divide a text among themselves; `nested` tells that one of them
    stands inside another one.
    """

    text: str
    flags: int
    loops: int
    nested: bool

    def steps(self, length: int) -> int:
        """How many steps a search in a text of that length may take at worst; raises NotKnown if too many."""
        cost: int = (
            2**length if self.nested and length <= _LONGEST_NESTED else (length + 1) ** (self.loops + 1)
        )
        if (self.nested and length > _LONGEST_NESTED) or cost > _COST_PER_STEP * 200_000:
            raise NotKnown(Unknown("a regular expression that might take too long"))
        return cost // _COST_PER_STEP


def translated(pattern: str) -> Pattern:
    """The pattern for `re`; raises NotKnown where the two may differ, Failed where it is wrong."""
    if len(pattern) > _LONGEST:
        raise NotKnown(Unknown("a regular expression that is too long to compute"))
    flags, at = 0, 0
    leading = _FLAGS.match(pattern)
    if leading:
        at = leading.end()
        flags = sum({"i": re.IGNORECASE, "s": re.DOTALL}[flag] for flag in set(leading[1]))
        if flags & re.IGNORECASE and not pattern.isascii():
            raise _differs()
    translator = _Translator(pattern, at)
    text = translator.run()
    try:
        re.compile(text, flags | re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise Failed("the pattern is not a regular expression") from None
    return Pattern(text, flags | re.ASCII, translator.loops, translator.nested)


def _differs() -> NotKnown:
    return NotKnown(Unknown("a regular expression that is not computed"))


class _Translator:
    """Goes through a pattern once and writes it anew."""

    def __init__(self, pattern: str, at: int) -> None:
        self.pattern = pattern
        self.at = at
        self.loops = 0
        self.nested = False
        self.written: list[str] = []
        self.open: list[int] = []  # for every open group, the loops that were counted before it
        self.atom: int | None = None  # the loops that were counted before what a repetition would repeat

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
        if self.open:
            raise Failed("the pattern has an open group")
        return "".join(self.written)

    def _take(self, length: int, text: str) -> None:
        self.at += length
        self.written.append(text)

    def _repeat(self) -> None:
        match = _REPEAT.match(self.pattern, self.at)
        if not match or self.atom is None:
            raise _differs()
        if match[1] != "?":
            self.nested = self.nested or self.loops > self.atom
            self.loops += 1
        self.atom = None
        self._take(len(match[0]), match[0])

    def _group(self) -> None:
        self.open.append(self.loops)
        match = _GROUP.match(self.pattern, self.at)
        if match:
            self._take(len(match[0]), f"(?P<{match[1]}>" if match[1] else "(?:")
        elif self.pattern.startswith("(?", self.at):
            raise _differs()
        else:
            self._take(1, "(")
        self.atom = None

    def _close(self) -> None:
        if not self.open:
            raise Failed("the pattern closes a group that is not open")
        self.atom = self.open.pop()
        self._take(1, ")")

    def _single(self, character: str) -> None:
        self.atom = self.loops
        if character == "\\":
            self._escape()
        elif character == "[":
            self._class()
        elif character in "^|":
            self.atom = None
            self._take(1, character)
        elif character == "$":
            self.atom = None
            self._take(1, r"\Z")
        else:
            self._take(1, "." if character == "." else re.escape(character))

    def _escape(self) -> None:
        escaped = self.pattern[self.at + 1 : self.at + 2]
        if escaped in _ESCAPES and escaped:
            if escaped in "bBAz":
                self.atom = None
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
