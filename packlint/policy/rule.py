"""Policies → rules, so that all that holds for a rule holds for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from packlint.components import Component
from packlint.diagnostic import Finding
from packlint.errors import PolicyError
from packlint.evaluate.scope import Scope
from packlint.model import Configuration
from packlint.policy.judge import applies, judge
from packlint.policy.policy import Policy, PolicyFile
from packlint.policy.subjects import subjects
from packlint.policy.values import params_of, scope_of
from packlint.rule import Bad, Category, Example, Good, Rule
from packlint.syntax import traversals
from packlint.value import Value


class PolicyRule(Rule):
    """Base of the rules that policies become.

    `scope` has what the file says beside its policies; `applied` tells that one has held for a block already.
    """

    category = Category.POLICY
    policy: ClassVar[Policy]
    sheet: ClassVar[PolicyFile]

    scope: ClassVar[Scope]

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)
        self.applied = False

    @classmethod
    def name(cls) -> str:
        """The name that the policy has in its file."""
        return cls.policy.name

    @classmethod
    def page(cls) -> str:
        """What the policy says of itself."""
        return cls.policy.description or cls.policy.error_message.range.text.strip('"')

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        """Looks at each block of the target."""
        for subject in subjects(self.policy.target, _mentions(self.policy), configuration, components):
            scope = self.scope.having({"self": subject.value})
            if applies(self.policy, scope):
                self.applied = True
                yield from judge(self.policy, subject, scope)


def rules_of(sheet: PolicyFile, params: Mapping[str, Value]) -> tuple[type[PolicyRule], ...]:
    """A rule for each policy of a file, in their order, with these values of its parameters.

    Raises PolicyError for a local that has no value with them.
    """
    scope = scope_of(sheet, params_of(sheet, params))
    return tuple(_rule(policy, sheet, scope) for policy in sheet.policies)


def _rule(policy: Policy, sheet: PolicyFile, scope: Scope) -> type[PolicyRule]:
    members = {
        "policy": policy,
        "sheet": sheet,
        "scope": scope,
        "severity": policy.severity,
        "examples": tuple(_examples(policy, sheet)),
        "__module__": __name__,
    }
    return type(policy.name, (PolicyRule,), members)


def _examples(policy: Policy, sheet: PolicyFile) -> Iterator[Example]:
    """The tests of a policy as a rule shows its examples."""
    for test in sheet.tests:
        if test.policy == policy.name:
            yield Bad(test.files) if test.finds else Good(test.files)


def _mentions(policy: Policy) -> frozenset[str]:
    """The names that a policy asks of `self`."""
    asked = (policy.when, policy.condition, policy.error_message, policy.at)
    found = (it for expression in asked if expression is not None for it in traversals(expression))
    return frozenset(str(it.steps[0].key) for it in found if it.root == "self" and it.steps)


def refuse_another(rule: type[Rule], other: type[Rule]) -> None:
    """Raises PolicyError where two rules of one name are not the same policy, perhaps with other values."""
    policy = rule.policy if issubclass(rule, PolicyRule) else None
    before = other.policy if issubclass(other, PolicyRule) else None
    if policy is None or policy is before:
        return
    if before is None:
        message, hint = f"`{policy.name}` is the name of a rule already", "give the policy another name"
    else:
        message = f"there are two policies `{policy.name}`"
        place = f"{before.name_range.document.path}:{before.name_range.first.line}"
        hint = f"the other is at {place}; give one another name"
    raise PolicyError(message, hint, policy.name_range)
