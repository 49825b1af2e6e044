"""A finished tree → the place where it nests too deeply for stages that recurse, if there is one."""

from __future__ import annotations

from packlint import syntax
from packlint.parse.problem import DEEPEST, Problem, too_deep

_COUNTED = (syntax.Expression, syntax.Block)


def deepest(items: tuple[syntax.Attribute | syntax.Block, ...]) -> Problem | None:
    """Counts blocks and expressions, without recursion; what is short cannot be deep."""
    waiting: list[tuple[syntax.Node, int]] = [(item, 0) for item in items]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, _COUNTED):
            if 2 * (node.range.end - node.range.start) < DEEPEST - depth:
                continue
            depth += 1
            if depth > DEEPEST:
                return too_deep(node.range.start, node.range.end)
        waiting.extend((child, depth) for child in syntax.children(node))
    return None
