"""A policy file → what is wrong with its policies, before any template is seen."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.catalog import SHIPPED, Catalog, Kind
from packlint.document import Range
from packlint.errors import PolicyError
from packlint.evaluate.budget import Budget
from packlint.evaluate.scope import Scope
from packlint.policy.demand import demand_of
from packlint.policy.names import FIXED, KINDS, TEMPLATE
from packlint.policy.never_equal import refuse_never_equal
from packlint.policy.policy import Policy, PolicyFile, PolicyTest
from packlint.policy.references import Reference, references
from packlint.policy.roots import BLOCK, FILE, referred
from packlint.policy.self_names import refuse_members, refuse_names
from packlint.policy.targeted import Targeted
from packlint.policy.unknown_name import unknown_name
from packlint.policy.values import as_param, open_params, scope_of
from packlint.policy.worth import of_any, refuse_answer, refuse_message
from packlint.record import replace
from packlint.syntax import Expression, Object, Template, Tuple
from packlint.value import Failure, Known, Value

STEPS = 500_000
"""What examining a file may compute, and what telling the components that its policies are about may."""


def examine(sheet: PolicyFile, catalog: Catalog = SHIPPED) -> None:
    """Raises PolicyError for the first policy that cannot work, at the place in it.

    What depends on a block, or on a parameter, may be anything of its type.
    """
    for attribute in sheet.locals.values():
        referred(attribute.expression, FILE, sheet)
    scope = scope_of(sheet, open_params(sheet))
    working, choosing = (replace(scope, total=Budget(STEPS)) for _ in range(2))
    for policy in sheet.policies:
        _Examining(policy, sheet, working).run(choosing, catalog)
    for test in sheet.tests:
        _refuse_params(test, sheet)


class _Examining:
    """Looks at one policy."""

    def __init__(self, policy: Policy, sheet: PolicyFile, scope: Scope) -> None:
        self.policy = policy
        self.sheet = sheet
        self.scope = scope

    def run(self, choosing: Scope, catalog: Catalog) -> None:
        """Raises PolicyError; what components it is about is evaluated in the scope `choosing`."""
        policy = self.policy
        found = {id(it): referred(it, BLOCK, self.sheet) for it in self._expressions()}
        if policy.schema is not None:
            referred(policy.schema, FILE, self.sheet)
        targeted = self._targeted(choosing, catalog)

        def every(kind: Kind) -> Targeted:
            return Targeted(kind, None, lambda _: choosing, catalog)

        for asked in found.values():
            refuse_names(policy, asked, targeted, every)
        for name, expression in (("when", policy.when), ("condition", policy.condition)):
            if expression is not None:
                refuse_never_equal(policy, expression, targeted)
                refuse_answer(name, expression, self._seeing(found[id(expression)]))
        refuse_message(policy.error_message, self._seeing(found[id(policy.error_message)]))
        if policy.schema is not None:
            refuse_members(policy, _members(policy.schema), targeted)
            demand_of(policy, self.scope)

    def _expressions(self) -> Iterator[Expression]:
        policy = self.policy
        every = (policy.when, policy.condition, policy.error_message, policy.at)
        return (it for it in every if it is not None)

    def _seeing(self, found: list[Reference]) -> Scope:
        """The scope with a block and a template of which nothing is known."""
        self_ = of_any("self", found, FIXED[self.policy.target])
        return self.scope.having({"self": self_, "template": of_any("template", found, TEMPLATE)})

    def _targeted(self, choosing: Scope, catalog: Catalog) -> Targeted | None:
        kind, when = KINDS.get(self.policy.target), self.policy.when
        if kind is None:
            return None
        found = [it for it in references(when) if isinstance(it, Reference)] if when is not None else []
        known = FIXED[self.policy.target]
        block, template = of_any("self", found, known), of_any("template", found, TEMPLATE)

        def scope(type_: Value) -> Scope:
            names = block.entries
            self_ = block if names is None else Known({**names, "type": type_})
            return choosing.having({"self": self_, "template": template})

        return Targeted(kind, when, scope, catalog)


def _members(schema: Expression) -> Iterator[tuple[str, Range]]:
    """The names of members that a schema speaks of at its root, where they are written out."""
    required = _written(schema, "required")
    if isinstance(required, Tuple):
        for item in required.items:
            if isinstance(item, Template) and item.literal is not None:
                yield item.literal, item.range
    properties = _written(schema, "properties")
    if isinstance(properties, Object):
        yield from ((it.name, it.key.range) for it in properties.items if it.name is not None)


def _written(expression: Expression, name: str) -> Expression | None:
    """What an object has under a name, where both are written out."""
    if not isinstance(expression, Object):
        return None
    return next((it.value for it in expression.items if it.name == name), None)


def _refuse_params(test: PolicyTest, sheet: PolicyFile) -> None:
    """Raises PolicyError for a parameter that a test gives and the file has not, or of another type."""
    for name, value in test.params.items():
        place = test.params_range or test.header_range
        param = sheet.params.get(name)
        if param is None:
            raise unknown_name("parameter", name, sheet.params, place)
        ready = as_param(value, param)
        if isinstance(ready, Failure):
            raise PolicyError(f"`{name}` does not fit its type: {ready.because}", None, place)
    for param in sheet.params.values():
        if param.default is None and param.name not in test.params:
            message = f"`param.{param.name}` has no value in this test"
            hint = f"give it one: `params = {{ {param.name} = … }}`, or the parameter a default"
            raise PolicyError(message, hint, test.header_range)
