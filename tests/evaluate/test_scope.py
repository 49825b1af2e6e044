"""What an expression may refer to: what changes it, and what that leaves alone."""

from __future__ import annotations

from pathlib import Path

from packlint.evaluate.budget import Budget
from packlint.evaluate.scope import Component, Scope
from packlint.files import Files
from packlint.record import fields
from packlint.value import NULL, Failure, Value

SCOPE = Scope(
    {"x": NULL},
    Files(Path.cwd()),
    "below",
    frozenset({"env"}),
    frozenset({"x"}),
    environment={"A": "b"},
    component=Component("builder", "null", "a"),
    legacy=True,
    failures=[Failure("an earlier one")],
    parse_template=lambda document: None,
)


def changed(scope: Scope) -> set[str]:
    """The fields in which a scope is not the one above."""
    return {it.name for it in fields(Scope) if getattr(scope, it.name) is not getattr(SCOPE, it.name)}


def test_what_makes_a_scope_from_another_changes_nothing_else() -> None:
    assert changed(SCOPE.bound({"y": NULL})) == {"values", "names"}
    assert changed(SCOPE.having({"y": NULL})) == {"values"}
    assert changed(SCOPE.within(Component("provisioner", "shell"))) == {"component"}
    assert changed(SCOPE.calling(functions=False)) == {"functions"}
    assert changed(SCOPE.seeing({})) == {"environment"}


def test_a_budget_of_its_own_keeps_all_else() -> None:
    seen: list[Scope] = []

    def compute(scope: Scope) -> Value:
        seen.append(scope)
        return NULL

    SCOPE.bounded(compute)
    assert changed(seen[0]) == {"budget", "failures"}
    assert seen[0].failures == []
    assert isinstance(seen[0].budget, Budget)
