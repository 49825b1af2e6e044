"""An expression of a policy → the largest parts of it that are worth the same for every block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.syntax import Call, Expression, For, Node, Splat, TemplateFor, Traversal, children

_NOTHING = 1_000_000
"""More than loops can nest: where a part needs no name of what surrounds it."""

_OUTSIDE = -1


def static_parts(expression: Expression) -> Iterator[Expression]:
    """The calls, loops and splats in which no free names but `local` stand; none that is within another."""
    needed = _needed(expression)
    waiting: list[Node] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call | For | Splat | TemplateFor) and needed[id(node)] == _NOTHING:
            yield node
        else:
            waiting.extend(reversed(tuple(children(node))))


def _needed(expression: Expression) -> dict[int, int]:
    """For each node by its id how deep the loop lies that binds the outermost name which it needs."""
    order: list[tuple[Node, int]] = []
    waiting: list[tuple[Node, Mapping[str, int], int]] = [(expression, {}, 0)]
    while waiting:
        node, bound, depth = waiting.pop()
        order.append((node, depth))
        if isinstance(node, For | TemplateFor):
            names = {node.item: depth, **({node.key: depth} if node.key else {})}
            inner = {**bound, **names}
            waiting += ((it, bound if it is node.collection else inner, depth + 1) for it in children(node))
        else:
            waiting += ((it, bound, depth) for it in children(node))
            if isinstance(node, Traversal):
                free = _NOTHING if node.root == "local" else _OUTSIDE
                order[-1] = node, bound.get(node.root, free)
    found: dict[int, int] = {}
    for node, depth in reversed(order):
        if isinstance(node, Traversal):
            found[id(node)] = depth
            continue
        least = min((found[id(it)] for it in children(node)), default=_NOTHING)
        binds = isinstance(node, For | TemplateFor) and least == depth
        found[id(node)] = _NOTHING if binds else least
    return found
