"""A component's schema → what its rules say, in words, those about one block and condition together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby

from packlint.catalog import Schema, is_block, properties, within
from packlint.record import record
from packlint.wording import LIMITED, condition_words, limit_words, listed, names_words, requirement_words

DEEPEST = 12
"""How deep blocks lie within each other whose rules are told."""

Pairs = frozenset[frozenset[str]]


@record
class Clauses:
    """What is asked for in the body of a block, the component's own where there is none, under a condition.

    `block` names it in words; the empty `condition` is always met.
    """

    block: str
    condition: str
    clauses: tuple[str, ...]


@record
class _Rule:
    kind: str
    names: tuple[str, ...]
    words: str
    limit: str


def rules(schema: Schema) -> Iterator[Clauses]:
    """The rules, those that always hold first."""
    yield from _rules(schema, "", "", DEEPEST)


def _rules(schema: Schema, path: str, words: str, deepest: int) -> Iterator[Clauses]:
    body = within(schema)
    entries = [entry for entry in body.get("allOf", ()) if "x-rule" in entry]
    by_condition: dict[str, dict[str, list[_Rule]]] = {}
    for entry in entries:
        notes = by_condition.setdefault(condition_words(entry, body), {})
        notes.setdefault(_note(entry), []).append(_rule(entry, body))
    for condition in sorted(by_condition):
        clauses = [
            clause + note for note, told in by_condition[condition].items() for clause in _merged(told)
        ]
        yield Clauses(words, condition, tuple(dict.fromkeys(clauses)))
    for name, inner in properties(schema).items():
        if is_block(inner) and deepest:
            each = "each " if inner["x-block"] == "list" else ""
            yield from _rules(inner, f"{path}{name}.", f"in {each}`{path}{name}`", deepest - 1)


def _rule(entry: Schema, around: Schema) -> _Rule:
    about = entry["x-rule"]
    return _Rule(
        about["kind"],
        tuple(about["arguments"]),
        requirement_words(entry, around),
        limit_words(entry, around) if about["kind"] in LIMITED else "",
    )


def _note(entry: Schema) -> str:
    about = entry["x-rule"]
    since = about.get("since_after") or about.get("changed_since")
    notes = [*([f"after {since}"] if since else []), *(["as documented"] if about.get("documented") else [])]
    return f" ({', '.join(notes)})" if notes else ""


def _merged(rules: Sequence[_Rule]) -> Iterator[str]:
    """The clauses of rules under one condition, what is said of several names or by several rules once."""
    pairs = frozenset(frozenset(it.names) for it in rules if it.kind == "conflicts" and len(it.names) == 2)
    needed = frozenset(frozenset(it.names) for it in rules if it.kind == "one_of")
    groups = _groups(pairs)
    exact = needed & {frozenset(group) for group in groups}
    for (kind, said), told in groupby(sorted(rules, key=_order), key=_order):
        alike = [*told]
        if kind in JOINED:
            names = dict.fromkeys(name for rule in alike for name in rule.names)
            yield JOINED[kind].format(names_words(names), "is" if len(names) == 1 else "are")
        elif said:
            limits = sorted(rule.limit for rule in alike)
            yield f"{names_words(said)} {LIMITED[kind]} {' and '.join(limits)}"
        else:
            yield from _plain(alike, pairs, exact)
    for group in groups:
        if len(group) > 2 and frozenset(group) not in exact:
            yield f"at most one of {names_words(group)}"
    told_of = [group for group in groups if len(group) > 2 or frozenset(group) in exact]
    yield from _beside(pairs - {pair for group in told_of for pair in _pairs(group)})


JOINED = {"required_if": "{0} {1} required", "forbidden_if": "{0} {1} not allowed"}
"""Kinds of rules that are told together."""


def _order(rule: _Rule) -> tuple[str, tuple[str, ...]]:
    """What rules that are told together have in common."""
    if rule.kind in JOINED:
        return rule.kind, ()
    return (rule.kind, rule.names) if rule.limit else ("", ())


def _plain(rules: Iterable[_Rule], pairs: Pairs, exact: Pairs) -> Iterator[str]:
    for rule in rules:
        names = frozenset(rule.names)
        if rule.kind == "one_of" and names in exact:
            yield f"exactly one of {names_words(rule.names)}"
        elif rule.kind != "conflicts" or names not in pairs:
            yield rule.words


def _pairs(names: Sequence[str]) -> Iterator[frozenset[str]]:
    return map(frozenset, combinations(names, 2))


def _groups(pairs: Pairs) -> list[tuple[str, ...]]:
    """Names all of which exclude each other, each pair in one group, the largest first."""
    left = set(pairs)
    groups = []
    while left:
        first = min(left, key=sorted)
        group = sorted(first)
        for name in sorted({name for pair in left for name in pair} - first):
            if all(frozenset((name, other)) in left for other in group):
                group.append(name)
        groups.append(tuple(sorted(group)))
        left -= {*_pairs(group)}
    return sorted(groups, key=lambda it: (-len(it), it))


def _beside(pairs: Pairs) -> Iterator[str]:
    """`not a with b or c`, the name that most pairs have first."""
    left = set(pairs)
    while left:
        names = sorted({name for pair in left for name in pair})
        hub = max(names, key=lambda name: sum(name in pair for pair in left))
        others = sorted(name for pair in left if hub in pair for name in pair - {hub})
        yield f"not `{hub}` with {listed((f'`{name}`' for name in others), 'or')}"
        left = {pair for pair in left if hub not in pair}
