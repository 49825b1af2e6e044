"""Names that need one another → an order in which each comes after those it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.circles import components
from packlint.syntax import Expression, traversals


def in_order(expressions: Mapping[str, Expression | None], root: str) -> Iterator[tuple[str, bool]]:
    """The names, each after those its expression needs, and whether it is part of a cycle.

    An expression needs a name where it refers to `root.name`.
    """
    needed = {
        name: [need for need in dict.fromkeys(_needs(expression, root)) if need in expressions]
        for name, expression in expressions.items()
    }
    for component in components(needed):
        for name in component:
            yield name, len(component) > 1 or name in needed[name]


def _needs(expression: Expression | None, root: str) -> Iterator[str]:
    if expression is not None:
        for traversal in traversals(expression):
            if traversal.root == root and traversal.steps and isinstance(traversal.steps[0].key, str):
                yield traversal.steps[0].key
