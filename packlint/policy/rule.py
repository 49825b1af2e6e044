"""Policies → rules, so that all that holds for a rule holds for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from packlint.components import Component
from packlint.diagnostic import Finding
from packlint.errors import PolicyError
from packlint.evaluate.budget import Budget
from packlint.evaluate.scope import Scope
from packlint.model import Configuration
from packlint.policy import page
from packlint.policy.filled import filled
from packlint.policy.judge import applies, judge, reason
from packlint.policy.mentions import asks_for_template, goes_by_type, members_named, mentions
from packlint.policy.policy import Policy, PolicyFile
from packlint.policy.pool import Pool
from packlint.policy.subjects import Subject, subjects, template_value
from packlint.policy.values import params_of, scope_of
from packlint.record import replace
from packlint.rule import Category, Rule
from packlint.value import Failure, Known, Unknown, Value

if TYPE_CHECKING:
    from packlint.policy.schema import BodyJudge

STEPS = 5_000_000
"""What a policy may compute in a run, far above what any does that is meant well."""

STEPS_PER_EXPRESSION = 1_000_000
"""What one of its expressions may compute: it may go through all of a template several times."""

STEPS_PER_BLOCK = 3_000
"""What it may compute beyond that for every block that it looks at."""


class PolicyRule(Rule):
    """Base of the rules that policies become.

    `scope` has what the file says beside its policies, and `schema` judges by the policy's. `asked` are the
    names that it asks of a block, and `members` those that it asks of anything; `by_type` tells that its
    `when` asks for nothing but the type. `applied` tells that one has held for a block already, or may
    have, and `unanswered` for which block `when` had no answer first, and why; `pool` is what it shares with
    the other policies of a run.
    """

    category = Category.POLICY
    policy: ClassVar[Policy]
    sheet: ClassVar[PolicyFile]
    scope: ClassVar[Scope]
    schema: ClassVar[BodyJudge | None]
    asked: ClassVar[frozenset[str]]
    members: ClassVar[frozenset[str]]
    asks_for_template: ClassVar[bool]
    by_type: ClassVar[bool]

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)
        self.applied = False
        self.unanswered = ""
        self._total = Budget(STEPS)
        self._held: dict[str, bool | Unknown] = {}
        self.pool = Pool()

    @classmethod
    def name(cls) -> str:
        """The name that the policy has in its file."""
        return cls.policy.name

    @classmethod
    def summary(cls) -> str:
        """What the policy says of itself in a line."""
        return page.summary(cls.policy)

    @classmethod
    def page(cls) -> str:
        """What the policy says of itself, and what it demands."""
        return page.page(cls.policy, cls.sheet, cls.values())

    @classmethod
    def values(cls) -> Mapping[str, Value]:
        """What the parameters of its file are worth, but for those that have no value."""
        params = cls.scope.values["param"].entries or {}
        return {name: value for name, value in params.items() if isinstance(value, Known)}

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        """Looks at each block of the target."""
        scope = replace(self.scope, total=self._total, most=STEPS_PER_EXPRESSION)
        more: dict[str, Value] = {}
        for subject in subjects(self.policy.target, self.asked, configuration, components):
            if not more and self.asks_for_template:
                more["template"] = filled(template_value(configuration, components), "template", self.members)
            self._total.left += STEPS_PER_BLOCK
            before = self._total.left
            value = filled(subject.value, self.policy.target, self.members)
            yield from self._judged(subject, scope.having({"self": value, **more}))
            self.pool.take(self.policy, before - self._total.left)

    def _judged(self, subject: Subject, scope: Scope) -> Iterator[Finding]:
        holds = self._holds(subject, scope)
        if isinstance(holds, Failure):
            if self.policy.when is not None and not (self.applied or self.unanswered):
                self.unanswered = f"{subject.name}: {reason(holds, self.policy.when, subject)}"
            return
        if holds is False:
            return
        self.applied = True
        doubt = holds if isinstance(holds, Unknown) else None
        for finding in judge(self.policy, subject, scope, self.schema, doubt):
            # The files of packages are none of the repository's.
            yield replace(finding, related=()) if self.sheet.foreign else finding

    def _holds(self, subject: Subject, scope: Scope) -> bool | Unknown:
        """Whether the policy applies to a block; asked once for a type where `when` asks only for that."""
        if subject.component is None or not self.by_type:
            return applies(self.policy, subject, scope)
        type_ = subject.component.type
        if type_ not in self._held:
            self._held[type_] = applies(self.policy, subject, scope)
        return self._held[type_]


def rules_of(sheet: PolicyFile, params: Mapping[str, Value]) -> tuple[type[PolicyRule], ...]:
    """A rule for each policy of a file, in their order, with these values of its parameters.

    Raises PolicyError for a local or a schema that has no value with them.
    """
    scope = scope_of(sheet, params_of(sheet, params))
    return tuple(_rule(policy, sheet, scope) for policy in sheet.policies)


def _rule(policy: Policy, sheet: PolicyFile, scope: Scope) -> type[PolicyRule]:
    members = {
        "policy": policy,
        "sheet": sheet,
        "scope": scope,
        "schema": _body_judge(policy, scope),
        "asked": mentions(policy),
        "members": members_named(policy),
        "asks_for_template": asks_for_template(policy),
        "by_type": goes_by_type(policy),
        "severity": policy.severity,
        "examples": tuple(page.examples(policy, sheet)),
        "__module__": __name__,
    }
    # SARIF has both names of a rule, of which one may not repeat the other.
    return type("".join(it.capitalize() for it in policy.name.split("-")), (PolicyRule,), members)


def _body_judge(policy: Policy, scope: Scope) -> BodyJudge | None:
    """What judges by the schema of a policy, if it has one; it is loaded only then."""
    if policy.schema is None:
        return None
    from packlint.policy.demand import demand_of
    from packlint.policy.schema import BodyJudge

    demand = demand_of(policy, scope)
    return BodyJudge(demand, policy.schema) if demand is not None else None


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
