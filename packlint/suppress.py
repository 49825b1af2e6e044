"""Diagnostics and waivers → which of them are excused and by whom, and what is wrong with the waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from packlint.diagnostic import Diagnostic, Finding, Suppression, in_order
from packlint.record import replace
from packlint.rule import Rule
from packlint.waiver import Demands, Excused, PathWaiver, Sheet, Waiver, is_over
from packlint.waivers.judge import EXPIRED, NEVER, UNUSED, Judged, Rules, judge, unused

NOTHING: frozenset[str] = frozenset()


def suppress(
    diagnostics: Sequence[Diagnostic],
    sheets: Iterable[Sheet],
    rules: Iterable[type[Rule]],
    today: str,
    *,
    ran: Callable[[str], frozenset[str]] = lambda path: NOTHING,
    demands: Callable[[str], Demands] = lambda path: Demands(),
    granted: Callable[[str], Sequence[PathWaiver]] = lambda path: (),
    stated: Iterable[PathWaiver] = (),
    everywhere: frozenset[str] = NOTHING,
) -> Excused:
    """Excuse what the waivers of the documents, `sheets`, and of the settings excuse.

    A waiver beside the code goes before one of the settings, and the innermost before those around it. `ran`
    gives the rules that have looked at all of a file: of no others a waiver is told to be unused. `demands`
    and `granted` are what the settings ask and grant for a path; `stated` are all that they grant somewhere,
    and `everywhere` the rules that have looked at all files. Takes time in proportion to what there is.
    """
    known = Rules(rules)
    judged: list[Judged] = []
    about: list[Diagnostic] = []
    for sheet in sheets:
        of_document, told = judge(sheet, known, demands(sheet.path), today)
        judged += of_document
        about += told
    by_waiver = _matched(diagnostics, judged)
    path_waivers = _Granted(granted, demands, known, today)
    left: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    used: dict[Waiver, set[str]] = {}
    for diagnostic in diagnostics:
        waiver = by_waiver.get(id(diagnostic))
        excuse = path_waivers.of(diagnostic) if waiver is None else _by(waiver)
        if waiver is not None:
            used.setdefault(waiver, set()).add(diagnostic.rule)
        if excuse is None:
            left.append(diagnostic)
        else:
            suppressed.append(replace(diagnostic, suppression=excuse))
    about += _unused(judged, used, left, ran, known)
    excused = [(it, path_waivers.of(it)) for it in about]
    suppressed += [replace(it, suppression=by) for it, by in excused if by]
    about = [it for it, by in excused if by is None] + path_waivers.told(stated, everywhere)
    return Excused(in_order(left), in_order(suppressed), in_order(about), tuple(it.waiver for it in judged))


def _unused(
    judged: Sequence[Judged],
    used: Mapping[Waiver, set[str]],
    left: Sequence[Diagnostic],
    ran: Callable[[str], frozenset[str]],
    rules: Rules,
) -> Iterator[Diagnostic]:
    """What is to be said of waivers, now that it is known what each has excused."""
    remaining = {(it.range.document.path, it.rule): it.range for it in reversed(left)}
    looked = {path: ran(path) for path in {it.waiver.range.document.path for it in judged}}
    for it in judged:
        path = it.waiver.range.document.path
        others = {rule: place for rule in it.names.values() if (place := remaining.get((path, rule)))}
        finding = unused(it, used.get(it.waiver, NOTHING), looked[path], others) if it.holds else None
        if finding is not None:
            yield from rules.diagnostic(UNUSED, finding)


def _by(waiver: Waiver) -> Suppression:
    return Suppression("waiver", waiver.reason, waiver.range)


def _matched(diagnostics: Sequence[Diagnostic], judged: Sequence[Judged]) -> dict[int, Waiver]:
    """By the ids of diagnostics, the innermost waiver of each that has one; the first of equal ones."""
    opens: dict[tuple[str, str], list[Waiver]] = {}
    for it in judged:
        path = it.waiver.range.document.path
        for rule in set(it.names.values()) if it.holds else ():
            opens.setdefault((path, rule), []).append(it.waiver)
    places: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.range.document.path, diagnostic.rule)
        if key in opens and diagnostic.rule != NEVER:
            places.setdefault(key, []).append(diagnostic)
    found: dict[int, Waiver] = {}
    for key, there in places.items():
        waiting = sorted(opens[key], key=lambda it: (-it.scope.start, it.scope.end, it.range.start))
        around: list[Waiver] = []
        for diagnostic in sorted(there, key=lambda it: it.range.start):
            at = diagnostic.range.start
            while waiting and waiting[-1].scope.start <= at:
                around.append(waiting.pop())
            while around and around[-1].scope.end <= at:
                around.pop()
            if around:
                found[id(diagnostic)] = around[-1]
    return found


class _Granted:
    """The waivers of the settings, and those of them whose day is over."""

    def __init__(
        self,
        granted: Callable[[str], Sequence[PathWaiver]],
        demands: Callable[[str], Demands],
        rules: Rules,
        today: str,
    ) -> None:
        self._granted = granted
        self._demands = demands
        self._rules = rules
        self._today = today
        self._by_rule: dict[str, dict[str, PathWaiver]] = {}
        self._used: set[PathWaiver] = set()

    def of(self, diagnostic: Diagnostic) -> Suppression | None:
        """How the settings excuse a diagnostic; None where they do not."""
        if diagnostic.rule == NEVER:
            return None
        path = diagnostic.range.document.path
        if path not in self._by_rule:
            self._by_rule[path] = self._at(path)
        waiver = self._by_rule[path].get(diagnostic.rule)
        if waiver is None:
            return None
        self._used.add(waiver)
        return Suppression("settings", waiver.reason, waiver.range)

    def _at(self, path: str) -> dict[str, PathWaiver]:
        found: dict[str, PathWaiver] = {}
        demands = self._demands(path)
        unwaivable = self._rules.all(demands.unwaivable) | demands.firm
        for waiver in self._granted(path):
            if self._is_over(waiver):
                continue
            for rule in self._rules.all(waiver.rules) - unwaivable:
                found.setdefault(rule, waiver)
        return found

    def _is_over(self, waiver: PathWaiver) -> bool:
        return is_over(waiver.until, self._today)

    def told(self, stated: Iterable[PathWaiver], everywhere: frozenset[str]) -> list[Diagnostic]:
        """Of these waivers, those whose day is over, and those that excuse nothing, where they stand."""
        found: list[Diagnostic] = []
        for it in stated:
            names = ", ".join(f"`{name}`" for name in sorted(it.rules))
            if self._is_over(it):
                message = f"the waiver of {names} was good until {it.until}"
                hint = "mend what it was about and remove it, or give it another day"
                found += self._rules.diagnostic(EXPIRED, Finding(it.range, message, hint=hint))
            elif it not in self._used and self._rules.all(it.rules) <= everywhere:
                message = f"the waiver of {names} excuses nothing"
                found += self._rules.diagnostic(UNUSED, Finding(it.range, message, hint="remove it"))
        return found
