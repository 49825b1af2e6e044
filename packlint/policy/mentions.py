"""A policy → the names that it asks of the block it is about, and whether it asks for the rest."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.policy.policy import Policy
from packlint.syntax import Traversal, traversals


def mentions(policy: Policy) -> frozenset[str]:
    """The first names after `self` in a policy; "" among them where it asks for all that there is."""
    asked = (it for it in _references(policy) if it.root == "self")
    return frozenset(str(it.steps[0].key) if it.steps else "" for it in asked)


def asks_for_template(policy: Policy) -> bool:
    """Whether a policy speaks of the template that its block stands in."""
    return any(it.root == "template" for it in _references(policy))


def goes_by_type(policy: Policy) -> bool:
    """Whether what a policy asks of a block, to tell if it is about it, is the type alone."""
    asked = [it for it in traversals(policy.when) if it.root in ("self", "template")] if policy.when else []
    return bool(asked) and all(it.root == "self" and [s.key for s in it.steps] == ["type"] for it in asked)


def _references(policy: Policy) -> Iterator[Traversal]:
    for expression in (policy.when, policy.condition, policy.error_message, policy.at):
        if expression is not None:
            yield from traversals(expression)
