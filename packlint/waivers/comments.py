"""The comments of a file in native syntax → the waivers in them, each with what it is good for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from packlint.diagnostic import Edit, Finding
from packlint.document import Document, Range
from packlint.record import record
from packlint.syntax import Attribute, Block, Call, Comment, Expression, File, ObjectItem, Tuple, walk
from packlint.waiver import Sheet, Waiver
from packlint.waivers.directive import Directive, directive, reason_and_day

_SAID = re.compile(r"[ \t\r*#/]*+(packlint\s*:[^\n]*)", re.IGNORECASE)
"""A line of a comment that is meant for packlint."""


@record(frozen=False)
class _Seat:
    """Where a comment stands: its first and last line, and whether there is code on these beside it.

    `top` and `target` are the first line of the comments without a gap that it is one of, and the line below
    them; for one beside code both are the line of the code.
    """

    first: int
    last: int
    before: bool
    after: bool
    top: int = 0
    target: int = 0

    @property
    def alone(self) -> bool:
        """Whether its lines have nothing but comments."""
        return not (self.before or self.after)


def waivers_of(file: File) -> Sheet:
    """The waivers in the comments of a file, in their order."""
    document = file.document
    said = [
        (comment, seat, line)
        for comment, seat in zip(file.comments, _seats(document, file.comments), strict=True)
        for line in _lines(comment)
    ]
    spoken = Counter(id(comment) for comment, _, _ in said)
    ends = _ends(file, {seat.target for _, seat, _ in said})
    start = min((item.range.start for item in file.body.items), default=len(document.text))
    waivers: list[Waiver] = []
    unreadable: list[Finding] = []
    for comment, seat, (begin, end) in said:
        read = directive(document, begin, end)
        if isinstance(read, Directive) and read.file and comment.range.start > start:
            hint = "move it to the top of the file, or write `ignore` for one block or argument"
            read = Finding(read.range, "`ignore-file` has to stand above the first block", hint=hint)
        if isinstance(read, Finding):
            unreadable.append(read)
            continue
        scope = whole(document) if read.file else _scope(document, seat, ends)
        meant = reason_and_day(read.rest.text, read.range)
        if isinstance(meant, Finding):
            unreadable.append(meant)
            continue
        removal = _removal(comment, seat, begin, end, only=spoken[id(comment)] == 1)
        waivers.append(Waiver(read.names, *meant, scope, read.range, removal, read.file))
    return Sheet(document.path, tuple(waivers), tuple(unreadable))


def whole(document: Document) -> Range:
    """All of a document, and its end: a finding may stand there."""
    return Range(document, 0, len(document.text) + 1)


def lines(document: Document, first: int, last: int) -> Range:
    """Lines with the breaks that end them; the last one of the document has its end."""
    starts = document.line_starts
    end = starts[last] if last < len(starts) else len(document.text) + 1
    return Range(document, starts[first - 1], end)


def _lines(comment: Comment) -> Iterator[tuple[int, int]]:
    """The start and end of each line of a comment that is meant for packlint, without its markers."""
    if "packlint" not in comment.text.lower():
        return
    at = comment.range.start
    for line in comment.text.split("\n"):
        text = line.rstrip().removesuffix("*/") if line.rstrip().endswith("*/") else line
        if (found := _SAID.fullmatch(text)) is not None:
            yield at + found.start(1), at + found.end(1)
        at += len(line) + 1


def _seats(document: Document, comments: Sequence[Comment]) -> list[_Seat]:
    """Where the comments stand; in one pass forwards and one backwards, for one line may have thousands."""
    text = document.text
    seats: list[_Seat] = []
    for number, comment in enumerate(comments):
        first = document.position(comment.range.start).line
        last = document.position(max(comment.range.start, comment.range.end - 1)).line
        line = document.line_starts[first - 1]
        before = comments[number - 1].range.end if number else 0
        code = bool(text[max(line, before) : comment.range.start].strip())
        same = before > line and seats[-1].first == seats[-1].last
        seats.append(_Seat(first, last, code or (same and seats[-1].before), False))
    for number in range(len(comments) - 1, -1, -1):
        seat, end = seats[number], comments[number].range.end
        following = seats[number + 1] if number + 1 < len(seats) else None
        near = following is not None and following.first == seat.last
        stop = comments[number + 1].range.start if near else _line_end(text, end)
        seat.after = bool(text[end:stop].strip())
        if near and following is not None and following.first == following.last:
            seat.after = seat.after or following.after
    return _placed(seats)


def _placed(seats: list[_Seat]) -> list[_Seat]:
    """Gives each comment the line that it is about."""
    below: _Seat | None = None
    for seat in reversed(seats):
        if not seat.alone:
            seat.target = seat.first if seat.before else seat.last
        elif below is not None and below.alone and below.first in (seat.last, seat.last + 1):
            seat.target = below.target
        else:
            seat.target = seat.last + 1
        below = seat
    above: _Seat | None = None
    for seat in seats:
        joined = above is not None and above.alone and seat.alone and seat.target == above.target
        seat.top = above.top if joined and above is not None else (seat.first if seat.alone else seat.target)
        above = seat
    return seats


def _ends(file: File, wanted: set[int]) -> dict[int, int]:
    """Where what begins on a line ends: the furthest of the blocks, arguments and elements of lists there."""
    ends: dict[int, int] = {}
    document = file.document
    for node in walk(file.body) if wanted else ():
        for start, end in _begun(node):
            line = document.position(start).line
            if line in wanted:
                ends[line] = max(end, ends.get(line, 0))
    return ends


def _begun(node: object) -> Iterator[tuple[int, int]]:
    if isinstance(node, Block | Attribute):
        yield node.range.start, node.range.end
    elif isinstance(node, ObjectItem):
        yield node.key.range.start, node.value.range.end
    elif isinstance(node, Tuple | Call):
        elements: tuple[Expression, ...] = node.items if isinstance(node, Tuple) else node.arguments
        for element in elements:
            yield element.range.start, element.range.end


def _scope(document: Document, seat: _Seat, ends: dict[int, int]) -> Range:
    """The line of the code, or that below the comment and what stands between, and what begins on it.

    The comment belongs to it: a finding about the file as a whole stands at its first line.
    """
    target = min(seat.target, document.line_count)
    covered = lines(document, min(seat.top, target), target)
    return Range(document, covered.start, max(covered.end, ends.get(seat.target, 0)))


def _removal(comment: Comment, seat: _Seat, begin: int, end: int, *, only: bool) -> Edit | None:
    """The comment goes, with its lines where it has them alone; a comment that says more keeps the rest.

    `only` tells that no other line of it is meant for packlint: it may have thousands of these.
    """
    document, range_ = comment.range.document, comment.range
    text = document.text
    if not only or re.fullmatch(r"[\s*#/]*", text[range_.start : begin] + text[end : range_.end]) is None:
        covered = lines(document, *[document.position(begin).line] * 2)
        inner = range_.start < covered.start and covered.end < range_.end
        return Edit(covered, "") if inner else None
    if seat.alone:
        covered = lines(document, seat.first, seat.last)
        own = range_.text.strip() == text[covered.start : covered.end].strip()
        return Edit(Range(document, covered.start, min(covered.end, len(text))), "") if own else None
    start, stop = range_.start, range_.end
    if seat.before:
        while start and text[start - 1] in " \t":
            start -= 1
    else:
        while stop < len(text) and text[stop] in " \t":
            stop += 1
    return Edit(Range(document, start, stop), "")


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
