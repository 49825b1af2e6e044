"""A string's expression and value → its text with the place where each character of it is written."""

from __future__ import annotations

import re
from _bisect import bisect_right
from collections.abc import Iterator, Sequence

from packlint.document import Range
from packlint.once import once
from packlint.pattern import pattern
from packlint.record import field, record
from packlint.syntax import Expression, Template, Text, elements
from packlint.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ESCAPE = pattern(
    r"""\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|\$\$\{|%%\{""",
    re.DOTALL,
)
_OPENING = pattern(r"\$\{~?\s*\Z")
_CLOSING = pattern(r"\s*~?\}")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_SWALLOWED = " \t\r\n"


@record
class Piece:
    """A stretch of a text, from `start` on: what one part of a template gives.

    `offsets` are those of its characters in the document, and of its end; None where it is not known which
    is which, and all of it stands at `range`.
    """

    start: int
    range: Range
    offsets: Sequence[int] | None


@record(eq=False)
class Spelling:
    """A text and where it is written; `whole` is false where a part of it is not known.

    `shares` are the parts of a template, each with what it gives of the text; where there are none, all of it
    stands at `place`.
    """

    text: str
    place: Range
    whole: bool = True
    shares: tuple[tuple[Expression, str], ...] = ()
    _kept: dict[str, Any] = field(init=False, repr=False, default_factory=dict)

    def range(self, start: int, end: int) -> Range:
        """Where a stretch of the text is written, as near as it can be told."""
        first, last = self._piece(start), self._piece(max(start, end - 1))
        begin = first.range.start if first.offsets is None else first.offsets[start - first.start]
        if last.offsets is None:
            return Range(first.range.document, begin, last.range.end)
        final = last.offsets[end - last.start] if end > last.start else last.range.end
        return Range(first.range.document, begin, max(begin, final))

    def _piece(self, at: int) -> Piece:
        pieces = _pieces(self)
        return pieces[max(0, bisect_right(pieces, at, key=lambda piece: piece.start) - 1)]


@once
def _pieces(spelling: Spelling) -> tuple[Piece, ...]:
    """Where the parts of a text are written, which few are asked for."""
    if not spelling.shares:
        return (Piece(0, spelling.place, None),)
    pieces: list[Piece] = []
    at = 0
    for part, share in spelling.shares:
        literal = isinstance(part, Text)
        pieces.append(Piece(at, part.range if literal else _braced(part.range), _offsets(part)))
        at += len(share)
    return tuple(pieces)


def spelled(expression: Expression, value: Value, unknown: str) -> Spelling:
    """How a string is spelled; `unknown` stands for each part of it that is not known.

    What does not stand there literally, such as the value of a variable, has the place of what gives it.
    """
    text = value.known(str)
    parts = expression.parts if isinstance(expression, Template) else ()
    shares = _shares(parts, text, unknown) if parts else None
    if shares is None:
        return Spelling(unknown if text is None else text, expression.range, text is not None)
    given = tuple(zip(parts, shares, strict=True))
    return Spelling("".join(shares), expression.range, text is not None, given)


def spelled_items(expression: Expression, value: Value, unknown: str) -> Iterator[Spelling]:
    """The same for each string of a list; nothing for a list that is not known."""
    items = value.items or ()
    for place, item in zip(elements(expression, len(items)), items, strict=True):
        yield spelled(place, item, unknown)


def _shares(parts: tuple[Expression, ...], text: str | None, unknown: str) -> list[str] | None:
    """What each part of a template gives of a text; None where the literal parts are not all in it."""
    if text is None:
        return [part.value if isinstance(part, Text) else unknown for part in parts]
    shares: list[str] = []
    at = 0
    for number, part in enumerate(parts):
        if isinstance(part, Text):
            end = at + len(part.value) if text.startswith(part.value, at) else -1
        else:
            end = _next_literal(parts, number + 1, text, at)
        if end < at:
            return None
        shares.append(text[at:end])
        at = end
    return shares if at == len(text) else None


def _next_literal(parts: tuple[Expression, ...], number: int, text: str, at: int) -> int:
    """Where in a text, from an offset on, the part begins that has this number."""
    if number == len(parts):
        return len(text)
    following = parts[number]
    if not isinstance(following, Text):
        return at
    last = number + 1 == len(parts)
    return len(text) - len(following.value) if last else text.find(following.value, at)


def _braced(inner: Range) -> Range:
    """An interpolation with its `${` and `}`."""
    text = inner.document.text
    before, after = (
        _OPENING.search(text, max(0, inner.start - 40), inner.start),
        _CLOSING.match(text, inner.end),
    )
    if before is None or after is None:
        return inner
    return Range(inner.document, before.start(), after.end())


def _offsets(part: Expression) -> Sequence[int] | None:
    """The offset of each character of a literal text; None where that cannot be told, or it is none."""
    if not isinstance(part, Text):
        return None
    raw, start = part.range.text, part.range.start
    if raw == part.value:
        return range(start, start + len(raw) + 1)
    offsets: list[int] = []
    at = 0
    for character in _units(part.value):
        while at < len(raw):
            escape = _ESCAPE.match(raw, at)
            if escape is not None and _meaning(escape[0]) == character:
                width = escape.end() - at
                break
            if raw.startswith(character, at):
                width = len(character)
                break
            if raw[at] not in _SWALLOWED:
                return None
            at += 1
        else:
            return None
        offsets += [start + at] * len(character)
        at += width
    return [*offsets, start + at]


def _units(text: str) -> Iterator[str]:
    """The characters of a text, but those together that one escape stands for."""
    at = 0
    while at < len(text):
        width = 2 if text.startswith(("${", "%{"), at) else 1
        yield text[at : at + width]
        at += width


def _meaning(escape: str) -> str:
    if escape in ("$${", "%%{"):
        return escape[1:]
    if escape[1] in "uU" and len(escape) > 2:
        code = int(escape[2:], 16)
        return chr(code) if code <= 0x10FFFF else ""
    return _LETTERS.get(escape[1], escape[1])
