"""What is not known → whose fault that is: the template's, or the policy's that asks for too much."""

from __future__ import annotations

from packlint.errors import PolicyError
from packlint.evaluate.scope import Scope
from packlint.policy.given_up import unusable, what_to_do
from packlint.policy.policy import Policy
from packlint.policy.subjects import Subject
from packlint.syntax import Expression
from packlint.value import Unknown, Value, held_by


def refuse(policy: Policy, subject: Subject, scope: Scope, place: Expression, *values: Value) -> None:
    """Raises PolicyError where a policy has spent what it may compute, or one of its values is given up.

    `place` is what of the policy has these values. One that gives up as a value of the template does is not
    its fault.
    """
    if scope.total.left <= 0:
        raise too_much(policy, subject, place)
    given_up = [it for it in values if isinstance(it, Unknown) and unusable(it)]
    if not given_up:
        return
    theirs = [scope.values[root] for root in ("self", "template") if root in scope.values]
    reasons = {it.because for it in held_by(theirs) if isinstance(it, Unknown)}
    for value in given_up:
        if value.because not in reasons:
            raise _error(policy, subject, place, value.because, what_to_do(value))


def too_much(policy: Policy, subject: Subject, place: Expression) -> PolicyError:
    """The error of a policy that computes too much."""
    return _error(policy, subject, place, "it computes too much", "let it go through less")


def _error(policy: Policy, subject: Subject, place: Expression, reason: str, hint: str) -> PolicyError:
    at = f"{subject.header.document.path}:{subject.header.first.line}"
    message = f"policy `{policy.name}` cannot be decided for {subject.name} at {at}: {reason}"
    return PolicyError(message, hint, place.range)
