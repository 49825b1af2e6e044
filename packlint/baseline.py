"""Findings ↔ the entries of a baseline: which were accepted earlier, which are new, which are gone."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterable, Iterator

from packlint.diagnostic import Diagnostic, Suppression
from packlint.identity import Identity, identities
from packlint.outcome import Outcome
from packlint.record import record, replace
from packlint.settings import UNREAD

VERSION = 1

NEVER = UNREAD | {"internal-error"}
"""Rules whose findings cannot be accepted: what was not checked must not look checked."""


@record
class Entry:
    """One accepted finding: what it is known by, since which day, `YYYY-MM-DD`, and why."""

    identity: Identity
    since: str = ""
    reason: str = ""


@record
class Baseline:
    """The accepted findings. Two that are alike have two entries.

    The paths of entries are relative to `directory`, that of the baseline's file, and those of a run to
    `base`; both begin with a slash.
    """

    entries: tuple[Entry, ...] = ()
    directory: str = "/"
    base: str = "/"

    def path(self, path: str) -> str:
        """The path of an entry for that of a run."""
        return posixpath.relpath(posixpath.join(self.base, path), self.directory)

    def back(self, path: str) -> str:
        """The path of a run for that of an entry."""
        return posixpath.relpath(posixpath.join(self.directory, path), self.base)


@record
class Matched:
    """What a run and a baseline have in common, and what only one of them has.

    `accepted` has the diagnostics with their entries, `new` those without, each with its identity, and `left`
    the entries without a diagnostic.
    """

    accepted: tuple[tuple[Diagnostic, Entry], ...]
    new: tuple[tuple[Diagnostic, Identity], ...]
    left: tuple[Entry, ...]


def accept(outcome: Outcome, baseline: Baseline, is_gone: Callable[[str], bool]) -> Outcome:
    """The outcome in which what the baseline has is suppressed; `is_gone` tells of an entry's path.

    As many findings of one kind are accepted as there are entries for it, the first ones; one more is new.
    """
    matched = match(outcome, baseline, is_gone)
    excused = [
        replace(diagnostic, suppression=Suppression("baseline", entry.reason))
        for diagnostic, entry in matched.accepted
    ]
    return replace(
        outcome,
        diagnostics=tuple(diagnostic for diagnostic, _ in matched.new),
        suppressed=tuple(sorted([*outcome.suppressed, *excused], key=lambda it: it.order)),
    )


def match(outcome: Outcome, baseline: Baseline, is_gone: Callable[[str], bool]) -> Matched:
    """Find the entry of each diagnostic.

    One that has none may have that of a file which is gone: the file has another name now.
    """
    former = {name: rule.name() for rule in outcome.rules for name in rule.former}
    accepted: dict[int, Entry] = {}
    found = [
        it._replace(path=baseline.path(it.path)) for it in identities(outcome.diagnostics, outcome.syntax)
    ]
    left = list(baseline.entries)
    for of_gone in (False, True):
        waiting: dict[Identity, list[Entry]] = {}
        for entry in reversed([it for it in left if not of_gone or is_gone(it.identity.path)]):
            identity = entry.identity._replace(rule=former.get(entry.identity.rule, entry.identity.rule))
            waiting.setdefault(_anywhere(identity, of_gone), []).append(entry)
        for number, identity in enumerate(found):
            entries = waiting.get(_anywhere(identity, of_gone))
            if entries and number not in accepted and identity.rule not in NEVER:
                accepted[number] = entries.pop()
        used = {id(entry) for entry in accepted.values()}
        left = [entry for entry in left if id(entry) not in used]
    pairs = [*enumerate(outcome.diagnostics)]
    return Matched(
        accepted=tuple((it, accepted[number]) for number, it in pairs if number in accepted),
        new=tuple((it, found[number]) for number, it in pairs if number not in accepted),
        left=tuple(left),
    )


def pruned(
    outcome: Outcome, baseline: Baseline, covers: Callable[[Identity], bool], is_gone: Callable[[str], bool]
) -> Baseline:
    """The baseline without the entries of what is no longer found.

    What is found has the names that its rule and file have now. One that the run did not look at, as `covers`
    tells, stays.
    """
    matched = match(outcome, baseline, is_gone)
    entries = [*_found(matched, outcome, baseline), *(it for it in matched.left if not covers(it.identity))]
    return replace(baseline, entries=_in_order(entries))


def extended(outcome: Outcome, baseline: Baseline, today: str, is_gone: Callable[[str], bool]) -> Baseline:
    """The baseline with an entry of `today`, `YYYY-MM-DD`, for everything that it lacks and can have."""
    matched = match(outcome, baseline, is_gone)
    new = (Entry(identity, today) for it, identity in matched.new if it.rule not in NEVER)
    return replace(baseline, entries=_in_order([*baseline.entries, *new]))


def _found(matched: Matched, outcome: Outcome, baseline: Baseline) -> Iterator[Entry]:
    """The entries that still hold."""
    known = identities((it for it, _ in matched.accepted), outcome.syntax)
    for identity, (_, entry) in zip(known, matched.accepted, strict=True):
        yield replace(entry, identity=identity._replace(path=baseline.path(identity.path)))


def _anywhere(identity: Identity, really: bool) -> Identity:
    return identity._replace(path="") if really else identity


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """By path, address and rule, so that a finding has the same neighbours whenever it is written."""
    return tuple(
        sorted(
            entries, key=lambda it: (it.identity.path, it.identity.address, it.identity, it.since, it.reason)
        )
    )


def to_json(baseline: Baseline) -> str:
    """The text of a baseline, in ASCII: an entry a line, so that git merges what different people accept."""
    lines = [json.dumps(_plain(entry)) for entry in _in_order(baseline.entries)]
    findings = "[\n{}\n]".format(",\n".join(lines)) if lines else "[]"
    return f'{{\n"schema_version": {VERSION},\n"findings": {findings}\n}}\n'


def _plain(entry: Entry) -> dict[str, str]:
    rule, path, address, message = entry.identity
    facts = {"path": path, "address": address, "rule": rule, "message": message}
    facts |= {"since": entry.since, "reason": entry.reason}
    return {name: value for name, value in facts.items() if value}
