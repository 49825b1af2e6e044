"""A pattern of RE2 and the length of a text → the pattern for Python's `re`, and how long matching may take.

Python tries one way through a pattern after the other, RE2 all of them at once: a pattern is taken only where
the ways are so few that they may all be tried.
"""

from __future__ import annotations

import re
import sys

from packlint.evaluate.functions.ways import ATOM, Ways, either, repeated, sequence
from packlint.evaluate.giving_up import LONG_PATTERN, OTHER_PATTERN, SLOW_PATTERN, Failed, NotKnown
from packlint.record import record
from packlint.value import Unknown

_LONGEST = 500
_WORK_PER_STEP = 100
_MOST_STEPS = 100_000
_REPEAT = re.compile(r"(?:[*+?]|\{([0-9]{1,9})(?:(,)([0-9]{0,9}))?\})\??")
_LIMITS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_GROUP = re.compile(r"\(\?(?:P?<([A-Za-z_][A-Za-z0-9_]*)>|:)")
_NEVER = re.compile(r"\(\?(?:[=!>#]|<[=!])|\\[1-9]")
"""What Go's regular expressions do not have: looking around, atoms that are kept whole, references."""

_MOST_REPEATS = 1000
_FLAGS = re.compile(r"\(\?([ims]+)\)")
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_POSIX_CLASS = re.compile(r"\[:([a-z]+):\]")
_HEXADECIMAL = re.compile(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})")
_LITERAL = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_CLASS = re.compile(r"\[(\^?)(\]?(?:\\[^pPQE0-9CzAbB]|\[:[a-z]+:\]|[^\\\[\]])*)\]")
_FLAG_OF = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_SPACE = r"\t\n\f\r "
_ESCAPES = {"d": r"\d", "D": r"\D", "w": r"\w", "W": r"\W", "s": f"[{_SPACE}]", "S": f"[^{_SPACE}]"}
_ESCAPES |= {
    "b": r"\b",
    "B": r"(?!\b)",
    "A": r"\A",
    "z": r"\Z",
    "n": r"\n",
    "t": r"\t",
    "r": r"\r",
    "f": r"\f",
}


@record
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
        raise NotKnown(Unknown(LONG_PATTERN))
    flags, at = 0, 0
    leading = _FLAGS.match(pattern)
    if leading:
        at = leading.end()
        flags = sum(_FLAG_OF[flag] for flag in set(leading[1]))
        if flags & re.IGNORECASE and not pattern.isascii():
            raise _differs()
    translator = _Translator(pattern, at, length, "$" if flags & re.MULTILINE else r"\Z")
    text = translator.run()
    try:
        re.compile(text, flags | re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise Failed("the pattern is not a regular expression") from None
    work = translator.work() / _WORK_PER_STEP
    if not work < _MOST_STEPS:
        raise NotKnown(Unknown(SLOW_PATTERN))
    return Pattern(text, flags | re.ASCII, int(work))


def _differs() -> NotKnown:
    return NotKnown(Unknown(OTHER_PATTERN))


def _counts(match: re.Match[str]) -> tuple[int, int | None]:
    """The limits of `{2}`, `{2,}` or `{2,5}`."""
    least, comma, most = match.groups()
    return int(least), int(most) if most else None if comma else int(least)


def _character(match: re.Match[str]) -> str:
    r"""The character of `\x41` or `\x{41}`."""
    code = int(match[1] or match[2], 16)
    if code > sys.maxunicode:
        raise Failed("the pattern names a character that Unicode does not have")
    return chr(code)


def _posix(match: re.Match[str]) -> str:
    if match[1] not in _POSIX:
        raise Failed(f"there is no class `{match[0]}` of characters")
    return _POSIX[match[1]]


class _Translator:
    """Goes through a pattern once and writes it anew."""

    def __init__(self, pattern: str, at: int, length: int, end: str) -> None:
        self.pattern = pattern
        self.at = at
        self.length = length
        self.end = end
        self.anchored = pattern.startswith("^", at) and end != "$"
        self.written: list[str] = []
        self.open: list[list[list[Ways]]] = [[[]]]  # the alternatives of the pattern and of every open group
        self.repeatable = False  # whether what was read last may be repeated
        self.repeated = False  # whether it is a repetition

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
        self.repeated = self.repeated and text[0] in "*+?{"
        self.at += length
        self.written.append(text)

    def _repeat(self) -> None:
        match = _REPEAT.match(self.pattern, self.at)
        if not match:
            raise _differs()
        items = self.open[-1][-1]
        if not items:
            raise Failed("the pattern repeats nothing")
        if self.repeated:
            raise Failed("the pattern repeats a repetition")
        if not self.repeatable:
            raise _differs()
        least, most = _LIMITS.get(match[0][0]) or _counts(match)
        if max(least, most or 0) > _MOST_REPEATS:
            raise Failed(f"the pattern repeats more than {_MOST_REPEATS} times")
        items.append(repeated(items.pop(), least, most, self.length))
        self.repeatable, self.repeated = False, True
        self._take(len(match[0]), match[0])

    def _group(self) -> None:
        self.open.append([[]])
        match = _GROUP.match(self.pattern, self.at)
        if match:
            self._take(len(match[0]), f"(?P<{match[1]}>" if match[1] else "(?:")
        elif _NEVER.match(self.pattern, self.at):
            raise Failed("Go's regular expressions have no look around")
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
            self._take(1, self.end)
        else:
            self._take(1, "." if character == "." else re.escape(character))

    def _escape(self) -> None:
        escaped = self.pattern[self.at + 1 : self.at + 2]
        literal = _LITERAL.match(self.pattern, self.at)
        if literal:
            self._literal(literal)
            return
        code = _HEXADECIMAL.match(self.pattern, self.at)
        if code:
            self._take(len(code[0]), re.escape(_character(code)))
            return
        if _NEVER.match(self.pattern, self.at):
            raise Failed("Go's regular expressions have no references to groups")
        if escaped in _ESCAPES and escaped:
            if escaped in "bBAz":
                self.repeatable = False
            self._take(2, _ESCAPES[escaped])
        elif escaped and escaped.isascii() and not escaped.isalnum():
            self._take(2, re.escape(escaped))
        else:
            raise _differs()

    def _literal(self, match: re.Match[str]) -> None:
        r"""The text between `\Q` and `\E`; what is repeated after it is its last character."""
        self.open[-1][-1].pop()
        for character in match[1]:
            self._add(ATOM)
            self._take(0, re.escape(character))
        self.at = match.end()

    def _class(self) -> None:
        match = _CLASS.match(self.pattern, self.at)
        if not match or "\\S" in match[2] or "\\W" in match[2] or "\\D" in match[2]:
            raise _differs()
        inner = match[2].replace("\\s", _SPACE)
        inner = _HEXADECIMAL.sub(lambda code: re.escape(_character(code)), inner)
        inner = _POSIX_CLASS.sub(_posix, inner)
        if any(f"\\{letter}" in match[2] for letter in "aceghijklmoquvyzBEFGHIJKLMNORTUVXYZ"):
            raise _differs()
        if re.search(r"--|&&|\|\||~~|\[", match[2].replace("[:", "")) or inner.startswith("]"):
            raise _differs()
        self._take(len(match[0]), f"[{match[1]}{inner}]")
