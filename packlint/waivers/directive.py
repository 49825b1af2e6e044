"""The words of one waiver → the rules that it names, its day and its reason, or why it cannot be read."""

from __future__ import annotations

import re
from datetime import date

from packlint.diagnostic import Edit, Finding, Fix
from packlint.document import Document, Range
from packlint.record import record
from packlint.waiver import Name

FORM = "write `packlint: ignore[rule] reason`"
"""The hint for who meant a waiver."""

_WORDS = re.compile(r"(?:packlint\s*:)?\s*(?P<verb>[\w-]*)\s*(?P<rest>[^\n]*)", re.IGNORECASE)
_NAMES = re.compile(r"\[(?P<names>[^\[\]]*)\]")
_IN_PARENTHESES = re.compile(r"\((?P<names>\s*[a-z][a-z-]*(?:\s*,\s*[a-z][a-z-]*)*\s*)\)")
_UNTIL = re.compile(
    r"(?:^|(?<=[\s(]))until\s*=\s*(?P<day>[^\s,;:)]*)|^until:?\s+(?P<plain>\d{4}-\d\d?-\d\d?)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_BETWEEN = " \t:-\u2013\u2014,;"
"""What may stand between the brackets and the reason."""


@record
class Directive:
    """A waiver without its scope; `file` tells that it is an `ignore-file`.

    `range` is all of it, and `rest` what follows the brackets.
    """

    names: tuple[Name, ...]
    file: bool
    range: Range
    rest: Range


def directive(document: Document, start: int, end: int) -> Directive | Finding:
    """Reads the words from `start` to `end` of a document; a line that goes on after them is not read."""
    text = document.text
    while end > start and text[end - 1].isspace():
        end -= 1
    whole = Range(document, start, end)
    words = _WORDS.match(text, start, end)
    assert words is not None
    verb = words["verb"].lower().replace("_", "-")
    if verb not in ("ignore", "ignore-file"):
        said = f"`{words['verb']}` is no word of packlint's" if verb else "it does not say `ignore`"
        return _unreadable(whole, f"this cannot be read as a waiver: {said}")
    at = words.start("rest")
    bracket = _NAMES.match(text, at, end)
    if bracket is None:
        return _without_brackets(whole, at, verb)
    names = tuple(_names(document, bracket.start("names"), bracket.end("names")))
    if not names:
        return _unreadable(whole, "this waiver names no rule")
    return Directive(names, verb == "ignore-file", whole, Range(document, bracket.end(), end))


def reason_and_day(rest: str, range_: Range) -> tuple[str, date | None] | Finding:
    """What follows the brackets and, in JSON, the place: the reason and the day the waiver ends."""
    found = _UNTIL.search(rest.lstrip(_BETWEEN))
    if found is None:
        return rest.strip(_BETWEEN), None
    rest = rest.lstrip(_BETWEEN)
    day = _day(found["day"] or found["plain"] or "")
    if day is None:
        hint = "write the last day on which the waiver is good: `until=2030-12-31`"
        return Finding(range_, "`until` of this waiver is not a day", hint=hint)
    before, after = rest[: found.start()].rstrip(), rest[found.end() :].lstrip(_BETWEEN)
    return " ".join(filter(None, (before.strip(_BETWEEN), after.rstrip()))), day


def _day(text: str) -> date | None:
    digits = _DAY.fullmatch(text.rstrip("."))
    if digits is None:
        return None
    try:
        return date(*map(int, digits.groups()))
    except ValueError:
        return None


def _names(document: Document, start: int, end: int) -> list[Name]:
    """The names between brackets; a comma too many is none."""
    found: list[Name] = []
    for match in re.compile(r"[^,]+").finditer(document.text, start, end):
        text = match[0].strip()
        if text:
            begin = match.start() + len(match[0]) - len(match[0].lstrip())
            place = Range(document, begin, begin + len(text))
            found.append(Name(text.lower().replace("_", "-"), place))
    return found


def _without_brackets(whole: Range, at: int, verb: str) -> Finding:
    """Names that stand elsewhere, or none."""
    document = whole.document
    if (meant := _IN_PARENTHESES.match(document.text, at, whole.end)) is not None:
        edit = Edit(Range(document, at, meant.end()), f"[{meant['names'].strip()}]")
        return Finding(
            whole,
            "this waiver names its rules in other brackets than `[]`",
            fix=Fix("write them in square brackets", (edit,)),
            hint=FORM,
        )
    return _unreadable(whole, f"this waiver has no rule in square brackets after `{verb}`")


def _unreadable(range_: Range, message: str) -> Finding:
    return Finding(range_, message, hint=FORM)
