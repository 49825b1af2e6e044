"""A policy → the names that it speaks of: of its block, of the template, and of its own file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.named import NamedTuple
from packlint.policy.policy import Param, Policy, PolicyFile
from packlint.policy.references import Reference, references
from packlint.syntax import Expression, RelativeTraversal, Traversal, traversals, walk


class Needed(NamedTuple):
    """The parameters and locals of its file that a policy cannot do without, each in their order."""

    params: tuple[Param, ...]
    locals: Mapping[str, Expression]


def mentions(policy: Policy) -> frozenset[str]:
    """The first names after `self` in a policy; "" among them where it asks for all that there is."""
    asked = (it for it in _references(policy) if it.root == "self")
    return frozenset(str(it.steps[0].key) if it.steps else "" for it in asked)


def asks_for_template(policy: Policy) -> bool:
    """Whether a policy speaks of the template that its block stands in."""
    return any(it.root == "template" for it in _references(policy))


def members_named(policy: Policy) -> frozenset[str]:
    """Every name after something in a policy: what it may ask of an element of a list, among others."""
    written = (it for it in (policy.when, policy.condition, policy.error_message) if it is not None)
    nodes = (node for expression in written for node in walk(expression))
    steps = (step for it in nodes if isinstance(it, Traversal | RelativeTraversal) for step in it.steps)
    return frozenset(step.key for step in steps if isinstance(step.key, str))


def goes_by_type(policy: Policy) -> bool:
    """Whether what a policy asks of a block, to tell if it is about it, is the type alone."""
    asked = [it for it in traversals(policy.when) if it.root in ("self", "template")] if policy.when else []
    return bool(asked) and all(it.root == "self" and [s.key for s in it.steps] == ["type"] for it in asked)


def needed(policy: Policy, sheet: PolicyFile) -> Needed:
    """What a policy speaks of, itself or by way of locals; all there are where it names none of them."""
    known = {"param": sheet.params.keys(), "local": sheet.locals.keys()}
    found: dict[str, set[str]] = {root: set() for root in known}
    waiting = [policy.when, policy.condition, policy.schema, policy.error_message]
    while waiting:
        expression = waiting.pop()
        for it in references(expression) if expression is not None else ():
            if not isinstance(it, Reference) or it.root not in known:
                continue
            asked = {str(it.steps[0].key)} if it.steps else known[it.root]
            further = (asked & known[it.root]) - found[it.root]
            found[it.root] |= further
            if it.root == "local":
                waiting += (sheet.locals[name].expression for name in further)
    return Needed(
        tuple(it for name, it in sheet.params.items() if name in found["param"]),
        {name: it.expression for name, it in sheet.locals.items() if name in found["local"]},
    )


def _references(policy: Policy) -> Iterator[Traversal]:
    for expression in (policy.when, policy.condition, policy.error_message, policy.at):
        if expression is not None:
            yield from traversals(expression)
