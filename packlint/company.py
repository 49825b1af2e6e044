"""The outlooks of all templates of a run → which of them have to be checked together.

What the rules over all templates find in a template by itself is what they find in a check of all templates
together, but for those in a `Company`. That holds for the rules in `COVERED`, where the run has no variable
files that are given by name, and its settings say nothing of chains: `covered` tells of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from packlint.chain.artifacts import keys
from packlint.chain.families import FAMILIES
from packlint.chain.lookup import UNKNOWN
from packlint.chain.missing import market
from packlint.chain.patterns import Patterns, special
from packlint.outlook import Key, Outlook
from packlint.project import Market
from packlint.record import record
from packlint.rule import Rule

COVERED = {
    "chain-format-mismatch": "it tells of links",
    "chain-in-single-run": "it tells of links within one template",
    "chain-overwrites-base": "it tells of links",
    "chain-source-not-produced": "it tells of what is unmade in the market of the run",
    "duplicate-build": "it tells of builds that begin alike, unless one is linked to",
    "image-not-generalised": "a link takes a finding back",
    "missing-provisioners": "a link takes a finding back",
    "not-canonical-format": "of a project it looks at the variable files of the run alone",
    "output-directory-collision": "it looks at each template, and at links within that",
    "required-version-missing": "a part near that says a version takes the finding back",
    "template-without-build": "a template near that has a build for a source takes the finding back",
    "unchained-duplicate-steps": "it tells of builds that begin alike, unless one is linked to",
    "undeclared-data-source": "what parts near declare takes findings back",
    "undeclared-local": "what parts near declare takes findings back",
    "undeclared-variable": "what parts near declare takes findings back",
    "undeclared-variable-in-var-file": "what parts near declare takes findings back, and may have been meant",
    "unknown-source-reference": "what parts near declare takes findings back",
    "unused-data-source": "uses near take findings back, and those beside a copy soften them",
    "unused-local": "uses near take findings back, and those beside a copy soften them",
    "unused-required-plugin": "uses near, and those beside a copy, take findings back",
    "unused-source": "uses near take findings back, and those beside a copy soften them",
    "unused-variable": "uses near take findings back; those beside a copy, and variable files, soften them",
}
"""Rules over all templates whose findings outlooks tell of, and why no more than companies is needed."""

WEIGHED = ("duplicate-build", "unchained-duplicate-steps")
"""Rules that count shared steps; with a `min_steps` of 0 they would tell of builds that share no work."""

FEW = 3
"""As many templates anybody takes into a company of his own; those who look for more share one."""


@record
class Company:
    """Templates that touch each other, by their numbers.

    The findings of the rules over all templates in the files of `members` are those of a project of members
    and `context`; for those in files of the context this says nothing. `market` has what is unmade of what
    the members start from; for that there are companies of one.
    """

    members: tuple[int, ...]
    context: tuple[int, ...]
    market: Market


def covered(rules: Iterable[Rule]) -> bool:
    """Whether companies are right for these rules over all templates, which may be stand-ins for them."""
    return all(
        rule.name() in COVERED
        and type(rule).__module__.startswith("packlint.rules.")
        and (rule.name() not in WEIGHED or getattr(rule.options, "min_steps", 1) > 0)
        for rule in rules
    )


def companies(outlooks: Sequence[Outlook]) -> tuple[Company, ...]:
    """The companies of a run, none of which shares a member with another, by their first members.

    Those that are bound to each other are members of one: what is found in one may change with all others.
    What a template only looks for changes what is found in that template alone.
    """
    circle = _Circle(len(outlooks))
    for units in (*_with_files(outlooks), *_with_steps(outlooks), *_linked(outlooks)):
        circle.join(units)
    wanted = _wanted(outlooks)
    for wanting, given in wanted:
        # What looks for each other, as copies do, is looked at once; and so are those that look for many.
        circle.join(wanting & given if len(given - wanting) <= FEW else wanting)
    context: dict[int, set[int]] = {}
    for wanting, given in wanted:
        for unit in wanting:
            context.setdefault(circle.of(unit), set()).update(given)
    unmade = market([it for outlook in outlooks for it in outlook.trades]).unmade
    members: dict[int, list[int]] = {}
    for unit in range(len(outlooks)):
        members.setdefault(circle.of(unit), []).append(unit)
    found = []
    for first, them in members.items():
        around = context.get(first, set()).difference(them)
        its = {key: unmade[key] for unit in them for key in _wishes(outlooks[unit]) if key in unmade}
        if len(them) > 1 or around or its or outlooks[first].doubted:
            found.append(Company(tuple(them), tuple(sorted(around)), Market(its)))
    return tuple(found)


class _Circle:
    """Numbers, of which some belong together; the least of them stands for all."""

    def __init__(self, count: int) -> None:
        self._above = [*range(count)]

    def of(self, number: int) -> int:
        """The least of those that belong together with a number."""
        above = self._above
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    def join(self, numbers: Iterable[int]) -> None:
        """Let numbers belong together."""
        firsts = {self.of(number) for number in numbers}
        if len(firsts) > 1:
            least = min(firsts)
            for first in firsts:
                self._above[first] = least


def _with_files(outlooks: Sequence[Outlook]) -> Iterator[set[int]]:
    """Templates that have a file together."""
    return _sharing((unit, path) for unit, outlook in enumerate(outlooks) for path in outlook.files)


def _with_steps(outlooks: Sequence[Outlook]) -> Iterator[set[int]]:
    """Templates with builds that begin alike."""
    return _sharing((unit, begun) for unit, outlook in enumerate(outlooks) for begun in outlook.shared)


def _sharing(having: Iterable[tuple[int, str]]) -> Iterator[set[int]]:
    found: dict[str, set[int]] = {}
    for unit, key in having:
        found.setdefault(key, set()).add(unit)
    return (units for units in found.values() if len(units) > 1)


def _linked(outlooks: Sequence[Outlook]) -> Iterator[set[int]]:
    """Templates of which one starts from what another one makes (`packlint.chain.artifacts.links`)."""
    exact: dict[tuple[int, str], set[int]] = {}
    patterns: dict[tuple[int, str], set[int]] = {}
    for unit, family, directory, name in _names(outlooks, wishes=True):
        if FAMILIES[family].latest and special(name):
            patterns.setdefault((family, name), set()).add(unit)
        else:
            for key, _ in keys(FAMILIES[family], directory, name):
                exact.setdefault((family, key), set()).add(unit)
    made: dict[tuple[int, str], set[int]] = {}
    called: dict[tuple[int, str], set[int]] = {}
    for unit, family, directory, name in _names(outlooks, wishes=False):
        called.setdefault((family, name.replace(UNKNOWN, "0")), set()).add(unit)
        for key, _ in keys(FAMILIES[family], directory, name) if UNKNOWN not in name else ():
            made.setdefault((family, key), set()).add(unit)
    yield from (exact[it] | made[it] for it in exact.keys() & made.keys())
    yield from _fitting(patterns, called)


def _fitting(
    patterns: dict[tuple[int, str], set[int]], called: dict[tuple[int, str], set[int]]
) -> Iterator[set[int]]:
    """Templates with a pattern, and those with a name of the same family that fits it."""
    by_family: dict[int, Patterns[str]] = {}
    for family, pattern in patterns:
        by_family.setdefault(family, Patterns()).add(pattern, pattern)
    joined: dict[int, set[int]] = {}
    for (family, name), units in called.items():
        for pattern in by_family[family].fitting(name) if family in by_family else ():
            wanting = patterns[family, pattern]
            joined |= {id(units): units, id(wanting): wanting}
            yield {next(iter(units)), next(iter(wanting))}
    yield from joined.values()


def _names(outlooks: Sequence[Outlook], wishes: bool) -> Iterator[tuple[int, int, str, str]]:
    """What is started from, or made: the numbers of template and family, the directory, the name."""
    for unit, outlook in enumerate(outlooks):
        for directory, _, wanted, made in outlook.trades:
            for it in wanted if wishes else made:
                yield unit, it[0], directory, it[1]


def _wishes(outlook: Outlook) -> Iterator[tuple[int, str, str]]:
    for directory, _, wanted, _ in outlook.trades:
        yield from ((number, directory, name) for number, name, _, _ in wanted)


def _wanted(outlooks: Sequence[Outlook]) -> list[tuple[set[int], set[int]]]:
    """For each thing that one template wants of another one those that want it, and those that have it."""
    pinned: dict[str, dict[Key, set[int]]] = {}
    looked = frozenset[Key]().union(*(outlook.looks for outlook in outlooks))
    for unit, outlook in enumerate(outlooks):
        for place, key in outlook.pins:
            if key in looked:
                pinned.setdefault(place, {}).setdefault(key, set()).add(unit)
    looking: dict[tuple[str, Key], set[int]] = {}
    for unit, outlook in enumerate(outlooks):
        for place in outlook.places & pinned.keys():
            for key in outlook.looks & pinned[place].keys():
                looking.setdefault((place, key), set()).add(unit)
    found = []
    for (place, key), units in looking.items():
        pair = units, pinned[place][key]
        if len(units | pinned[place][key]) > 1:
            found.append(pair[::-1] if key[0] == "built" else pair)
    return found
