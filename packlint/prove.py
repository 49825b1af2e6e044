"""A run, some findings of it, and the run after their fixes → why these must not be applied, if so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from packlint.diagnostic import Diagnostic, Edit
from packlint.document import Document, Range
from packlint.fix import Change, change, fix, written
from packlint.inspect.addresses import Named, addressed
from packlint.model import Configuration
from packlint.named import NamedTuple
from packlint.outcome import Outcome
from packlint.syntax import traversals
from packlint.value import Failure, Known, Unknown, Value

Place = tuple[str, int, int]
"""A path, and the start and end of a range in that file."""

NO_PLACE = "its edits overlap, or have no place"


class Objection(NamedTuple):
    """Why fixes must not be applied, and the file in which that shows."""

    reason: str
    path: str


def prove(
    findings: Sequence[Diagnostic], before: Outcome, again: Callable[[tuple[Document, ...]], Outcome]
) -> str | None:
    """Why the fixes of some findings must not be applied, all together; None where they are proven.

    `before` is the run that has the findings, and `again` runs the same with changed texts.
    """
    documents, left = fix(finding.fix for finding in findings if finding.fix is not None)
    if left or not documents:
        return NO_PLACE
    return next((it.reason for it in objections(findings, before, again(documents))), None)


def objections(
    findings: Sequence[Diagnostic], before: Outcome, after: Outcome, later: frozenset[str] = frozenset()
) -> Iterator[Objection]:
    """All that speaks against the fixes of some findings, of which the runs are before and after.

    Every file has to parse as it did, the findings have to be gone and no other may stand in their place, and
    whatever the fixes do not touch has to be worth what it was. Fixes that are not safe may change what
    follows from what they touch, and leave without a use what they named. What is found in a component that
    only the fixes let packlint know is not held against them, for it was true before, and neither is what is
    milder than the finding and stands in the argument that had it: it could not be seen. Of the rules of
    `later` anything may be found: they are seen to afterwards.
    """
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    changes = _Changes(edit for it in fixes for edit in it.edits)
    strict = all(it.safe for it in fixes)
    excused = [*_met(before, after, changes)]
    if not strict:
        excused += _named(before.configurations, changes)
    touched = _around(before.configurations, changes)
    for it in _findings(findings, before, after, _Places(excused), _Places(touched)):
        if it.rule not in later:
            yield it.objection
    yield from _values(before.configurations, after.configurations, changes, strict=strict)


class _Found(NamedTuple):
    """A rule, and what its findings say against the fixes."""

    rule: str
    objection: Objection


def _findings(
    mended: Sequence[Diagnostic],
    before: Outcome,
    after: Outcome,
    excused: _Places,
    touched: _Places,
) -> Iterator[_Found]:
    """Which findings are still there, or new; syntax errors are findings, too.

    One that another of its rule makes way for is not new: it says the same of more or fewer things, or in
    another place. Of what is `excused` anything may be found, and of what is `touched` something milder.
    """
    old, new = Counter(map(_said, before.diagnostics)), Counter(map(_said, after.diagnostics))
    gone = old - new
    for said, count in Counter(map(_said, mended)).items():
        if gone[said] < count:
            yield _Found(said[0], Objection(f"the finding is still there: {said[2]}", said[1]))
        gone[said] -= count
    reworded = Counter(rule for rule, _, _ in gone.elements())
    more = new - old
    severity = min(it.severity for it in mended)
    for it in after.diagnostics:
        if more[_said(it)] <= 0 or excused.hold(_place(it.range)):
            continue
        if it.severity < severity and touched.hold(_place(it.range)):
            continue
        more[_said(it)] -= 1
        reworded[it.rule] -= 1
        if reworded[it.rule] < 0:
            path = it.range.document.path
            reason = f"there would be a new finding in `{path}`: {it.message} ({it.rule})"
            yield _Found(it.rule, Objection(reason, path))


def _met(before: Outcome, after: Outcome, changes: _Changes) -> Iterator[Place]:
    """The components that the fixes make known, or make come with another version of their plugin."""
    known = {_place(it.range): (it.schema is None, it.entry is None) for it in after.components}
    for it in before.components:
        place = changes.moved(_place(it.range))
        same = known.get(place) == (it.schema is None, it.entry is None)
        if not same or (it.entry and changes.touch(_place(it.entry.argument.range), closely=True)):
            yield place


def _around(before: Iterable[Configuration], changes: _Changes) -> list[Place]:
    """The arguments that the fixes touch, by their places afterwards."""
    places = (place for place in _by_place(before) if changes.touch(place, closely=True))
    return [changes.moved(place) for place in places]


def _named(before: Iterable[Configuration], changes: _Changes) -> Iterator[Place]:
    """The declarations that are named in what the fixes touch, by their places afterwards."""
    for configuration in before:
        touched = (
            it
            for it in addressed(configuration)
            if it.range is not None and changes.touch(_place(it.range), closely=True)
        )
        names = {name for it in touched for name in _wanted(it)}
        declared = [(f"var.{it.name}", it.range) for it in configuration.variables]
        declared += [(f"local.{it.name}", it.range) for it in configuration.locals]
        yield from (changes.moved(_place(place)) for name, place in declared if name in names)


def _said(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.rule, diagnostic.range.document.path, diagnostic.message


def _values(
    before: Iterable[Configuration], after: Iterable[Configuration], changes: _Changes, *, strict: bool
) -> Iterator[Objection]:
    """What has another value, has none any more, or is new, without being touched."""
    old, new = _by_place(before), _by_place(after)
    moved = {place: changes.moved(place) for place in old}
    same = _Sameness()
    changed = {
        place: named
        for place, named in old.items()
        if not same.all(_worth(named), _worth(new.get(moved[place], ())))
    }
    roots = {root for named in changed.values() for it in named if (root := _root(it.address))}
    touched = {it for it in changed if changes.touch(it, closely=moved[it] in new)}
    made = [place for place in new if place[0] in changes and changes.made(place)]
    anew = _Places(made)
    for place, named in changed.items():
        if place in touched or (moved[place] not in new and anew.hold(moved[place])):
            continue
        mended = any(isinstance(value, Failure) for value in _worth(named))
        follows = any(root in roots for it in named for root in _wanted(it))
        if not (follows and (mended or not strict)):
            yield Objection(f"`{named[0].address}` would have another value", place[0])
    known = {*moved.values(), *made}
    changed_places = _Places(moved[it] for it in touched)
    for place, named in new.items():
        if place not in known and not changed_places.hold(place):
            yield Objection(f"`{named[0].address}` would be new", place[0])


def _by_place(configurations: Iterable[Configuration]) -> dict[Place, tuple[Named, ...]]:
    """All values by the place that gives them; a block that `dynamic` makes several of gives several."""
    found: dict[Place, list[Named]] = {}
    for configuration in configurations:
        for named in addressed(configuration):
            if named.range is not None:
                found.setdefault(_place(named.range), []).append(named)
    return {place: tuple(named) for place, named in found.items()}


def _place(range_: Range) -> Place:
    return range_.document.path, range_.start, range_.end


def _worth(named: Iterable[Named]) -> list[Value]:
    """The values of what stands at a place: itself, as it is rendered, and where a source has another."""
    found: list[Value] = []
    for it in named:
        found += it.value, it.rendered or it.value, *(value for _, value in it.by_source())
    return found


def _root(address: str) -> str | None:
    """What references name a value by, `var.size` or `local.size`; None where none can."""
    return address if address.startswith(("var.", "local.")) else None


def _wanted(named: Named) -> set[str]:
    """The variables and locals that an expression names."""
    if named.expression is None:
        return set()
    return {
        f"{it.root}.{it.steps[0].name}"
        for it in traversals(named.expression)
        if it.steps and it.steps[0].name
    }


class _Places:
    """Tells which places lie within one of these: what was a block may be an attribute of an object now."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._starts: dict[str, list[int]] = {}
        self._ends: dict[str, list[int]] = {}
        for path, start, end in sorted(places):
            self._starts.setdefault(path, []).append(start)
            ends = self._ends.setdefault(path, [])
            ends.append(max(end, ends[-1]) if ends else end)  # the farthest so far

    def hold(self, place: Place) -> bool:
        """Whether a place is a part of another, or is one."""
        path, start, end = place
        at = bisect_right(self._starts.get(path, ()), start)
        return at > 0 and self._ends[path][at - 1] >= end


class _Changes:
    """Where edits leave each place of the documents that they change."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._changes: dict[str, list[Change]] = {}
        self._shifts: dict[str, list[int]] = {}
        texts: dict[str, str] = {}
        for edit in sorted(set(edits), key=change):
            self._changes.setdefault(edit.range.document.path, []).append(change(edit))
            texts[edit.range.document.path] = edit.range.document.text
        for path, changes in self._changes.items():
            grown = (len(written(it, texts[path])) - (it[1] - it[0]) for it in changes)
            self._shifts[path] = [0, *accumulate(grown)]

    def __contains__(self, path: object) -> bool:
        return path in self._changes

    def _around(self, place: Place) -> list[Change]:
        """The changes of which one may hold the beginning of a place."""
        path, start, _ = place
        changes = self._changes.get(path, [])
        at = bisect_right(changes, start, key=lambda it: it[0])
        return changes[max(0, at - 1) : at]

    def moved(self, place: Place) -> Place:
        """Where a place is afterwards; what is written at its ends does not belong to it.

        One that an edit replaces as a whole is nowhere.
        """
        path, start, end = place
        if start < end and any(it[0] <= start and end <= it[1] for it in self._around(place)):
            return path, -1, -1
        changes, shifts = self._changes.get(path, []), self._shifts.get(path, [0])
        at_start = bisect_right(changes, start, key=lambda it: it[1])
        at_end = bisect_right(changes, end, key=lambda it: it[1])
        if at_end > at_start and changes[at_end - 1][:2] == (end, end):
            at_end -= 1  # an insertion at the end comes after it
        return path, start + shifts[at_start], end + shifts[at_end]

    def touch(self, place: Place, *, closely: bool) -> bool:
        """Whether an edit changes something within a place, or, unless closely, at one of its ends."""
        path, start, end = place
        near = 0 if closely else 1
        changes = self._changes.get(path, [])
        at = bisect_left(changes, end + near, key=lambda it: it[0])
        return at > 0 and start < changes[at - 1][1] + near  # the last one reaches farthest

    def made(self, place: Place) -> bool:
        """Whether a place of afterwards has something in it that an edit has written."""
        path, start, end = place
        changes, shifts = self._changes.get(path, []), self._shifts.get(path, [0])
        at = bisect_right(range(len(changes)), end, key=lambda number: changes[number][0] + shifts[number])
        return at > 0 and start <= changes[at - 1][1] + shifts[at]


class _Sameness:
    """Compares values, however deep and however often they are shared; marks and types do not count."""

    def __init__(self) -> None:
        # By their ids: all of them live as long as the configurations that hold them.
        self._seen: set[tuple[int, int]] = set()

    def all(self, ones: Sequence[Value], others: Sequence[Value]) -> bool:
        """Whether two sequences have the same values; what is not known, or fails, has to stay so."""
        if len(ones) != len(others):
            return False
        waiting = list(zip(ones, others, strict=True))
        while waiting:
            one, other = waiting.pop()
            if isinstance(one, Unknown) or isinstance(other, Unknown):
                if type(one) is not type(other):
                    return False
                continue
            if (id(one), id(other)) in self._seen:
                continue
            self._seen.add((id(one), id(other)))
            inner = _members(one, other)
            if inner is None:
                return False
            waiting += inner
        return True


def _members(one: Known, other: Known) -> list[tuple[Value, Value]] | None:
    """What two values that may be the same hold, in pairs; None where they differ."""
    first, second = one.data, other.data
    if isinstance(first, tuple) and isinstance(second, tuple):
        return list(zip(first, second, strict=True)) if len(first) == len(second) else None
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return [(first[key], second[key]) for key in first] if first.keys() == second.keys() else None
    # A bool is an int for Python.
    return [] if isinstance(first, bool) is isinstance(second, bool) and first == second else None
