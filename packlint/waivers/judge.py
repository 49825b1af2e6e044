"""What is written of waivers → which of them hold, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from packlint.diagnostic import Diagnostic, Edit, Finding, Fix, Related
from packlint.document import Range
from packlint.record import record
from packlint.rule import Category, Rule
from packlint.suggest import Guesses
from packlint.waiver import Demands, Name, Sheet, Waiver, is_over

EXPIRED, FORBIDDEN, UNKNOWN, UNUSED, WITHOUT_REASON = (
    *("expired-waiver", "forbidden-waiver", "unknown-waiver"),
    *("unused-waiver", "waiver-without-reason"),
)
"""The rules that speak of waivers."""

NEVER = "internal-error"
"""What nobody can excuse: what was not checked must not look checked."""


class Rules:
    """The rules that a waiver may name, by their names and those that they had."""

    def __init__(self, rules: Iterable[type[Rule]]) -> None:
        self._by_name = {rule.name(): rule for rule in rules}
        self._former = {old: name for name, rule in self._by_name.items() for old in rule.former}
        self._guesses = Guesses(self._by_name)

    def name(self, written: str) -> str | None:
        """The name that a rule has today; None where there is no such rule."""
        return written if written in self._by_name else self._former.get(written)

    def all(self, names: Iterable[str]) -> frozenset[str]:
        """The names of rules and of categories, as settings have them, as those of rules."""
        wanted = frozenset(names)
        return wanted | {name for name, rule in self._by_name.items() if rule.category.value in wanted}

    def waivable(self, name: str) -> bool:
        """Whether findings of a rule can be waived at all."""
        return name != NEVER and self._by_name[name].category is not Category.WAIVERS

    def near(self, written: str) -> str | None:
        """The rule that was probably meant."""
        return self._guesses.near(written)

    def diagnostic(self, rule: str, finding: Finding) -> Iterator[Diagnostic]:
        """A finding under the name of one of the rules, where there is that."""
        if rule in self._by_name:
            yield Diagnostic.of(rule, self._by_name[rule].severity, finding)


@record(eq=False)
class Judged:
    """A waiver with the names under which findings are told that it excuses, by how they are written there.

    It `holds` unless its day is over or it lacks a reason that is demanded.
    """

    waiver: Waiver
    names: Mapping[Name, str]
    holds: bool


def judge(sheet: Sheet, rules: Rules, demands: Demands, today: str) -> tuple[list[Judged], list[Diagnostic]]:
    """The waivers of a document, and what is to be said of them before it is known what they excuse."""
    judged: list[Judged] = []
    unwaivable = rules.all(demands.unwaivable) | demands.firm
    told = [it for finding in sheet.unreadable for it in rules.diagnostic(UNKNOWN, finding)]
    for waiver in sheet.waivers:
        names: dict[Name, str] = {}
        for name in waiver.names:
            known = rules.name(name.text)
            if known is None or known != name.text:
                told += rules.diagnostic(UNKNOWN, _unknown(name, known, rules))
            if known is None:
                continue
            if not rules.waivable(known):
                told += rules.diagnostic(FORBIDDEN, _unwaivable(name, known))
            elif known in unwaivable:
                told += rules.diagnostic(FORBIDDEN, _forbidden(name, known, demands))
            else:
                names[name] = known
        expired = is_over(waiver.until, today)
        if expired:
            told += rules.diagnostic(EXPIRED, _expired(waiver))
        if not waiver.reason:
            told += rules.diagnostic(WITHOUT_REASON, _unexplained(waiver, demanded=demands.reasons))
        judged.append(Judged(waiver, names, not expired and bool(waiver.reason or not demands.reasons)))
    return judged, told


def _unknown(name: Name, known: str | None, rules: Rules) -> Finding:
    written = name.range
    if known is not None:
        fix = Fix(f"write `{known}`", (Edit(written, known),))
        return Finding(
            written, f"rule `{name.text}` is called `{known}` today", fix=fix, hint=f"write `{known}`"
        )
    if name.text in {category.value for category in Category}:
        hint = f"name the rules one by one; `packlint rules {name.text}` lists them"
        return Finding(written, f"`{name.text}` is a category, and a waiver names rules", hint=hint)
    near = rules.near(name.text)
    return Finding(
        written,
        f"there is no rule `{written.text}`",
        fix=Fix(f"write `{near}`", (Edit(written, near),), safe=False) if near else None,
        hint=f"did you mean `{near}`?" if near else "`packlint rules` lists the rules",
    )


def _forbidden(name: Name, known: str, demands: Demands) -> Finding:
    hint = f"mend what it finds, or ask those who keep the settings; they forbid to waive `{known}`"
    if known in demands.firm:
        hint = f"mend what it finds, or ask those who keep the policy `{known}`, which says so itself"
    return Finding(name.range, f"`{known}` may not be waived here", hint=hint)


def _unwaivable(name: Name, known: str) -> Finding:
    if known == NEVER:
        hint = "please report the failure; the rest of the template is checked all the same"
        return Finding(name.range, f"`{known}` cannot be waived: it tells what was not checked", hint=hint)
    hint = f"mend the waiver that it is about, or leave the rule out with `--ignore {known}`"
    return Finding(name.range, f"`{known}` cannot be waived: it is about waivers", hint=hint)


def _expired(waiver: Waiver) -> Finding:
    return Finding(
        waiver.range,
        f"this waiver was good until {waiver.until} and excuses nothing any more",
        fix=removal(waiver, safe=False),
        hint="mend what it was about and remove it, or give it another day",
    )


def _unexplained(waiver: Waiver, *, demanded: bool) -> Finding:
    message = "this waiver gives no reason"
    if demanded:
        message += ", which the settings demand, and so excuses nothing"
    return Finding(waiver.range, message, hint="write the reason behind the brackets")


def removal(waiver: Waiver, *, safe: bool) -> Fix | None:
    """The fix that takes a waiver away."""
    return Fix("remove the waiver", (waiver.removal,), safe) if waiver.removal else None


def unused(
    it: Judged, used: AbstractSet[str], ran: frozenset[str], left: Mapping[str, Range]
) -> Finding | None:
    """What is to be said of a waiver that excuses nothing, or names some rules in vain.

    `used` are the rules of which it has excused something, and `ran` those that have looked at all of the
    file. `left` has for rules the place of a finding in the file that nobody has excused.
    """
    waiver = it.waiver
    kept: list[Name] = []
    vain: list[Name] = []
    seen: set[str] = set()
    for name in waiver.names:
        known = it.names.get(name)
        again = known is not None and known in seen
        needless = known is not None and (again or (known in ran and known not in used))
        (vain if needless else kept).append(name)
        seen |= {known} if known else set()
    if not vain:
        return None
    missed = [
        (known, place)
        for name in vain
        if (known := it.names[name]) not in used and (place := left.get(known))
    ]
    # Where the rule has found something beside it, the waiver may stand in the wrong place: ask first.
    safe = not missed
    what = ", ".join(f"`{name.text}`" for name in vain)
    if kept:
        start, end = waiver.names[0].range.start, waiver.names[-1].range.end
        edit = Edit(Range(waiver.range.document, start, end), ", ".join(name.range.text for name in kept))
        fix: Fix | None = Fix(f"remove {what}", (edit,), safe)
    else:
        fix = removal(waiver, safe=safe)
    return Finding(
        vain[0].range if kept else waiver.range,
        f"this waiver of {what} excuses nothing",
        related=tuple(
            Related(place, f"`{known}` finds this, which the waiver does not cover")
            for known, place in missed[:1]
        ),
        fix=fix,
        hint=_HINT if missed else "remove it" if not kept else f"remove {what} from it",
    )


_HINT = "move it: a waiver is for what begins on its line or, where it stands alone, on the line below it"
