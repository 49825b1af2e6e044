"""Texts before and after → a unified diff that `git apply` and `patch -p1` take, without secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from packlint.document import Document
from packlint.named import NamedTuple
from packlint.report.mask import MASK, Mask
from packlint.visible import visible

CONTEXT = 3
"""Lines that are shown around a change."""

MOST_PAIRS = 1_000_000
"""Lines before times lines after, of which the shortest difference is looked for: it may take a second."""

NO_LINE_BREAK = "\\ No newline at end of file"

NOT_APPLICABLE = "# something secret is masked below: this part of the diff cannot be applied"
"""A line that no file has."""

_COMMAND = re.compile(r"##(?:vso)?\[")
_AT_START = re.compile(r"(?:\A|\r)\s*::")
"""What a runner of continuous integration takes for a command: `##[...]` anywhere, `::...` in front."""

_QUOTED = re.compile(r'[\x00-\x1f"\\\x7f\udc80-\udcff]|##(?:vso)?\[')

Stretch = tuple[int, int, int, int]
"""The lines `[start, end)` of a text that are others afterwards, and the lines that they are then."""

Style = Callable[..., str]
"""Adds colors to a text, as `click.style`."""


class Version(NamedTuple):
    """A text, what is secret in it, and whether its file begins with a mark that the text does not have."""

    document: Document
    mask: Mask
    bom: bool = False


class Difference(NamedTuple):
    """A diff, and how many of its lines are not as they are in the file, so that it cannot be applied."""

    text: str
    altered: int


class _Line(NamedTuple):
    """A line of a diff; `exact` is false where it is not what the file has."""

    text: str
    exact: bool = True


def difference(
    pairs: Iterable[tuple[Version, Version]], *, terminal: bool = False, style: Style = lambda text, **_: text
) -> Difference:
    """The diff of files before and after, in their order; "" where all are the same.

    What is secret is masked, in a pipe as on a terminal, and what a runner of continuous integration would
    obey is written as an escape; a part of the diff that has such lines fits no file, so that nobody applies
    it. All else is exact, to the byte, save on a `terminal`, where control characters are made visible.
    """
    parts: list[str] = []
    altered = 0
    for before, after in pairs:
        hunks = [*_hunks(_Text(before, terminal), _Text(after, terminal), terminal=terminal)]
        if not hunks:
            continue
        for side, sign in (("a", "---"), ("b", "+++")):
            name = _name(side, before.document.path)
            parts.append(style(f"{sign} {visible(name) if terminal else name}", bold=True) + "\n")
        for hunk in hunks:
            altered += sum(not line.exact for line in hunk)
            parts += (_painted(line.text, style) for line in hunk)
    return Difference("".join(parts), altered)


class _Text:
    """The lines of a version, and how they are shown."""

    def __init__(self, version: Version, terminal: bool) -> None:
        self._document, self._mask, bom = version
        self._mark = "\ufeff" if bom else ""
        self._terminal = terminal
        text = self._document.text
        ends = [*self._document.line_starts[1:], len(text)]
        self.lines = [text[start:end] for start, end in zip(self._document.line_starts, ends, strict=True)]
        if not self.lines[-1]:
            del self.lines[-1]
        breaks = [line for line in self.lines if line.endswith("\n")]
        self.crlf = bool(breaks) and all(line.endswith("\r\n") for line in breaks)

    def masked(self, number: int) -> str:
        """A line without its line break, with a mask over what is secret."""
        line = self.lines[number].removesuffix("\n")
        return self._mask.over(self._document, self._document.line_starts[number], line)

    def line(self, sign: str, number: int, masked: str, crlf: bool) -> _Line:
        """A line as the diff has it; `crlf` says that all lines of the file end so."""
        line = self.lines[number]
        plain = line.removesuffix("\n")
        mark = self._mark if number == 0 else ""
        shown = f"{sign}{mark}{masked}"
        harmless = _COMMAND.sub(lambda found: found[0][:-1] + "\\x5b", shown)
        harmless = _AT_START.sub(lambda found: found[0][:-2] + "\\x3a:", harmless)
        exact = masked == plain and harmless == shown
        if self._terminal:
            harmless = "\t".join(map(visible, harmless.removesuffix("\r" if crlf else "").split("\t")))
        end = "\n" if line.endswith("\n") else f"\n{NO_LINE_BREAK}\n"
        return _Line(harmless + end, exact)


def _hunks(old: _Text, new: _Text, *, terminal: bool) -> Iterator[list[_Line]]:
    """The parts of the diff of a file, each with its head."""
    crlf = old.crlf and new.crlf
    for group in _grouped(_stretches(old.lines, new.lines)):
        first, last = group[0], group[-1]
        start = max(0, first[0] - CONTEXT)
        end = min(len(old.lines), last[1] + CONTEXT)
        there = first[2] - first[0] + start, last[3] - last[1] + end
        lines = [*_body(old, new, group, (start, end), crlf)]
        if not terminal and _writes_masks(lines):
            lines.insert(0, _Line(f"-{NOT_APPLICABLE}\n"))
            end += 1
        yield [_Line(f"@@ -{_span(start, end)} +{_span(*there)} @@\n"), *lines]


def _body(
    old: _Text, new: _Text, group: list[Stretch], extent: tuple[int, int], crlf: bool
) -> Iterator[_Line]:
    """The lines of a part that spans these lines of the old text."""
    at, end = extent
    shift = group[0][2] - group[0][0]
    for stretch in (*group, (end, end, 0, 0)):
        for number in range(at, stretch[0]):
            either = _either(old.masked(number), new.masked(number + shift))
            yield old.line(" ", number, either, crlf)
        yield from (old.line("-", number, old.masked(number), crlf) for number in range(*stretch[:2]))
        yield from (new.line("+", number, new.masked(number), crlf) for number in range(*stretch[2:]))
        at, shift = stretch[1], stretch[3] - stretch[1]


def _either(one: str, other: str) -> str:
    """A line with both masks; what is secret after a change is no less so before."""
    return one if one == other else "".join(a if a == b else MASK for a, b in zip(one, other, strict=True))


def _writes_masks(lines: list[_Line]) -> bool:
    """Whether a part could be applied so that a mask gets into a file.

    Lines that are to be removed have to be there as they are in the diff. Those around need not for `patch`,
    which leaves them as they are in the file.
    """
    altered = {line.text[0] for line in lines if not line.exact}
    return "+" in altered and "-" not in altered


def _grouped(stretches: Iterable[Stretch]) -> Iterator[list[Stretch]]:
    """Changes that share lines of their surroundings, together."""
    group: list[Stretch] = []
    for stretch in stretches:
        if group and stretch[0] - group[-1][1] > 2 * CONTEXT:
            yield group
            group = []
        group.append(stretch)
    if group:
        yield group


def _stretches(old: list[str], new: list[str]) -> list[Stretch]:
    """What is different, in order."""
    start, shorter = 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    same = 0
    while same < shorter - start and old[-1 - same] == new[-1 - same]:
        same += 1
    ones, others = old[start : len(old) - same], new[start : len(new) - same]
    return [(a + start, b + start, c + start, d + start) for a, b, c, d in _inner(ones, others)]


def _inner(old: list[str], new: list[str]) -> Iterator[Stretch]:
    """What is different in texts of which neither the first nor the last lines are the same."""
    if len(old) * len(new) <= MOST_PAIRS and old and new:
        from difflib import SequenceMatcher

        for tag, *stretch in SequenceMatcher(None, old, new).get_opcodes():
            if tag != "equal":
                yield stretch[0], stretch[1], stretch[2], stretch[3]
    elif len(old) != len(new):
        yield 0, len(old), 0, len(new)
    else:
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            if one != other:
                yield number, number + 1, number, number + 1


def _span(start: int, end: int) -> str:
    """Lines as the head of a part has them; before the first one, where there are none."""
    return f"{start + 1 if end > start else start},{end - start}"


def _name(side: str, path: str) -> str:
    """A file as the head of a diff names it: quoted as git does it where it has to be."""
    name = f"{side}/{path}"
    if not _QUOTED.search(name):
        return f"{name}\t" if " " in name else name  # a blank would end it
    written = _COMMAND.sub(lambda found: found[0][:-1] + "\0", name)
    raw = written.encode("utf-8", "surrogateescape")
    return '"' + "".join(_octal(byte) for byte in raw) + '"'


def _octal(byte: int) -> str:
    if byte == 0:
        return "\\133"  # the bracket of a command; no name has a NUL
    if byte in b'"\\':
        return f"\\{byte:c}"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


def _painted(line: str, style: Style) -> str:
    """A line of a part, colored by what it begins with."""
    text, line_break, rest = line.partition("\n")
    color = {"@": "cyan", "-": "red", "+": "green"}.get(text[:1])
    return (style(text, fg=color) if color else text) + line_break + rest
