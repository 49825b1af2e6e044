"""A policy and a block → what the policy finds in it."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.diagnostic import Finding
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.policy.policy import Policy
from packlint.policy.subjects import Subject
from packlint.value import Known


def applies(policy: Policy, scope: Scope) -> bool | None:
    """Whether a policy holds for the block that the scope's `self` is; None where that cannot be known."""
    if policy.when is None:
        return True
    value = value_of(policy.when, scope)
    return value.data is True if isinstance(value, Known) else None


def judge(policy: Policy, subject: Subject, scope: Scope) -> Iterator[Finding]:
    """What a policy that applies finds in a block; the scope has `self`, `template` and the others."""
    if policy.condition is not None:
        value = value_of(policy.condition, scope)
        if isinstance(value, Known) and value.data is not True:
            message = value_of(policy.error_message, scope).known(str)
            yield Finding(subject.place(policy.at) if policy.at else subject.header, message or policy.name)
