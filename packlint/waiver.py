"""Nouns for what excuses findings: waivers beside the code and in the settings, and what is asked of them."""

from __future__ import annotations

from packlint.diagnostic import Diagnostic, Edit, Finding
from packlint.document import Range
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date


@record(eq=False)
class Name:
    """A rule as a waiver names it, in lower case and with dashes; `range` is how it is written."""

    text: str
    range: Range


@record(eq=False)
class Waiver:
    """A waiver in a template or script: findings of these rules that begin within `scope` are excused.

    `reason` is "" where none is given. It is good through the day `until`. `range` is what is written, from
    `ignore` or what introduces it to the end of the reason, and `removal` takes it away, None where there is
    no short way. It is for a whole `file`, or for a part of it.
    """

    names: tuple[Name, ...]
    reason: str
    until: date | None
    scope: Range
    range: Range
    removal: Edit | None = None
    file: bool = False


@record(eq=False)
class PathWaiver:
    """A waiver in the settings: findings of these rules, or categories of rules, are excused in some paths.

    `paths` are the patterns as they are written, and `range` is where that is, in the settings. It is good
    through the day `until`.
    """

    rules: frozenset[str]
    paths: tuple[str, ...]
    range: Range
    reason: str = ""
    until: date | None = None


def is_over(day: date | None, today: str) -> bool:
    """Whether a waiver that is good through a day is so no more; `today` is `YYYY-MM-DD`, or "" for never."""
    return day is not None and day.isoformat() < today


@record
class Demands:
    """What settings ask of the waivers in a file: a reason of each, and none of some rules or categories.

    `firm` are policies that say of themselves that they may not be waived.
    """

    reasons: bool = False
    unwaivable: frozenset[str] = frozenset()
    firm: frozenset[str] = frozenset()


@record
class Sheet:
    """What one document says of waivers; `unreadable` is what was meant for one and is none, and why."""

    path: str
    waivers: tuple[Waiver, ...]
    unreadable: tuple[Finding, ...] = ()


@record
class Excused:
    """What is left of the diagnostics of a run, what is suppressed, and what is to be said of waivers.

    All are in order. `waivers` are those of all documents, by path and place.
    """

    left: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...]
    about: tuple[Diagnostic, ...]
    waivers: tuple[Waiver, ...]
