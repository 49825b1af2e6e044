"""Policies after a run → those of them that hold for nothing, or that nothing can satisfy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packlint.diagnostic import Diagnostic, Finding, Severity
from packlint.evaluate.expression import value_of
from packlint.policy.names import NOUNS
from packlint.policy.policy import Policy
from packlint.policy.rule import PolicyRule
from packlint.rule import Rule
from packlint.syntax import Expression, traversals
from packlint.value import Known, Unknown

_ANYTHING = Unknown("it is another one for every block")


def idle(rules: Iterable[Rule], whole: bool) -> Iterator[Diagnostic]:
    """A diagnostic of `idle-policy` for each such policy of the repository; those of packs are left alone.

    `rules` are all that ran; one policy may be there several times, with other parameters each. That it holds
    for nothing is told only where the `whole` of the repository has been looked at.
    """
    ran: dict[Policy, list[PolicyRule]] = {}
    for rule in rules:
        if isinstance(rule, PolicyRule) and not rule.sheet.foreign:
            ran.setdefault(rule.policy, []).append(rule)
    for policy, several in ran.items():
        finding = _finding(policy, several, whole)
        if finding is not None:
            yield Diagnostic.of("idle-policy", Severity.WARNING, finding)


def _finding(policy: Policy, rules: list[PolicyRule], whole: bool) -> Finding | None:
    if policy.when is not None and all(_never(policy.when, rule) for rule in rules):
        # Parameters may be there to switch a policy off.
        switched = any(it.root in ("param", "local") for it in traversals(policy.when))
        why = " with these parameters" if switched else ""
        message = f"`when` of policy `{policy.name}` is never true{why}"
        return Finding(policy.when.range, message, softened=int(switched))
    demanded = policy.condition if policy.when is None else None
    if demanded is not None and all(_never(demanded, rule) for rule in rules):
        message = f"nothing can satisfy policy `{policy.name}`: its condition is never true"
        hint = "where all of them are to be refused, `when = true` says so"
        return Finding(demanded.range, message, hint=hint)
    if whole and not any(rule.applied for rule in rules):
        block = NOUNS[policy.target]
        why = f"there is no {block}" if policy.when is None else f"its `when` is true of no {block}"
        unanswered = next((rule.unanswered for rule in rules if rule.unanswered), "")
        because = f"it has no answer for {unanswered}" if unanswered else None
        message = f"policy `{policy.name}` holds for nothing here: {why}"
        return Finding(policy.header_range, message, hint=because, softened=1)
    return None


def _never(condition: Expression, rule: PolicyRule) -> bool:
    """Whether a condition is false whatever the block and the template are."""
    value = value_of(condition, rule.scope.having({"self": _ANYTHING, "template": _ANYTHING}))
    return isinstance(value, Known) and value.data is False
