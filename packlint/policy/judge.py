"""A policy and a block → what the policy finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from packlint.diagnostic import Finding, Related, Severity
from packlint.document import Range
from packlint.evaluate.giving_up import TooLarge
from packlint.evaluate.scope import Scope
from packlint.policy.answer import answer
from packlint.policy.blame import refuse, too_much
from packlint.policy.message import rendered
from packlint.policy.policy import Policy
from packlint.policy.subjects import Subject
from packlint.syntax import Expression, traversals
from packlint.value import Failure, Known, Unknown

if TYPE_CHECKING:
    from packlint.policy.schema import BodyJudge

DEMANDED = "what the policy demands"


def applies(policy: Policy, subject: Subject, scope: Scope) -> bool | Unknown:
    """Whether a policy holds for a block, which the scope has as `self`; or why that is not known.

    A `when` that has no answer, a Failure, is not true. Raises PolicyError for one that asks for too much.
    """
    if policy.when is None:
        return True
    value = answer(policy.when, scope)
    refuse(policy, subject, scope, policy.when, value)
    if isinstance(value, Known):
        return value.data is True
    return value


def judge(
    policy: Policy,
    subject: Subject,
    scope: Scope,
    schema: BodyJudge | None = None,
    doubt: Unknown | None = None,
) -> Iterator[Finding]:
    """What a policy finds in a block; the scope has `self`, `template` and the others.

    `schema` is what judges by the policy's own. `doubt` is why it is not known whether the policy applies:
    then nothing is found, or that it cannot be shown. Raises PolicyError where the policy asks for too much.
    """
    if doubt is not None and not policy.warns:
        return
    case = _Case(policy, subject, scope, doubt)
    if policy.condition is not None:
        yield from case.condition(policy.condition)
    if schema is not None:
        yield from case.schema(schema)


class _Case:
    """A policy that looks at one block."""

    def __init__(self, policy: Policy, subject: Subject, scope: Scope, doubt: Unknown | None) -> None:
        self.policy = policy
        self.subject = subject
        self.scope = scope
        self.doubt = doubt
        self.place = subject.place(policy.at) if policy.at else subject.header

    def condition(self, condition: Expression) -> Iterator[Finding]:
        value = answer(condition, self.scope)
        refuse(self.policy, self.subject, self.scope, condition, value)
        if isinstance(value, Known) and value.data is True:
            return
        if self.doubt is not None:
            yield from self._not_shown(condition, self.doubt.because)
        elif isinstance(value, Failure):
            why = f"the condition has no answer here: {reason(value, condition, self.subject)}"
            yield self._finding(self.place, condition, why)
        elif isinstance(value, Unknown):
            yield from self._not_shown(condition, value.because)
        else:
            yield self._finding(self.place, condition)

    def schema(self, schema: BodyJudge) -> Iterator[Finding]:
        from packlint.policy.breaches import breaches

        pointed = self.place if self.policy.at else None
        try:
            found = breaches(schema, self.subject, self.scope.total, pointed, doubts=self.policy.warns)
        except TooLarge:
            raise too_much(self.policy, self.subject, schema.place) from None
        if self.doubt is not None:
            if found.words or found.doubt:
                yield from self._not_shown(schema.place, self.doubt.because)
            return
        for place, words in found.words.items():
            yield self._finding(place, schema.place, words or None)
        if not found.words and found.doubt:
            yield from self._not_shown(schema.place, found.doubt)

    def _finding(self, place: Range, demanded: Expression, hint: str | None = None) -> Finding:
        return Finding(place, self._message(), (Related(demanded.range, DEMANDED),), hint=hint)

    def _message(self) -> str:
        expression = self.policy.error_message
        try:
            message = rendered(expression, self.scope)
        except TooLarge:
            raise too_much(self.policy, self.subject, expression) from None
        refuse(self.policy, self.subject, self.scope, expression, *message.missing)
        return message.text or f"{self.subject.name} is not as policy `{self.policy.name}` demands"

    def _not_shown(self, demanded: Expression, reason: str) -> Iterator[Finding]:
        """At most a warning, where the policy wants it to be told."""
        if self.policy.warns:
            name, block = self.policy.name, self.subject.name
            excuse = ", or excuse it with a reason" if self.policy.waivable else ""
            yield Finding(
                self.place,
                f"whether {block} is as `{name}` demands cannot be shown: {reason}",
                (Related(demanded.range, DEMANDED),),
                hint=f"give it a value that is known before the build{excuse}",
                softened=max(0, self.policy.severity.rank - Severity.WARNING.rank),
            )


def reason(failure: Failure, condition: Expression, subject: Subject) -> str:
    """Why a condition has no answer: what it needs and the block does not give, where that is all."""
    place = failure.range or condition.range
    data = subject.value.data
    values = data if isinstance(data, dict) else {}
    missing = {}
    for traversal in traversals(condition):
        name = str(traversal.steps[0].key) if traversal.root == "self" and traversal.steps else ""
        value = values.get(name)
        if place.contains(traversal.range) and isinstance(value, Known) and value.data is None:
            given = subject.arguments is not None and name in subject.arguments
            missing[name] = f"`{name}` is null" if given else f"`{name}` is left out"
    return " and ".join(missing.values()) if missing else failure.because
