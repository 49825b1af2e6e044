"""A name or term and the steps behind it → the expression that HCL makes of them.

The rules are those of hclsyntax's `parser.go`, parseExpressionTraversals.
"""

from __future__ import annotations

import sys

from packlint import syntax
from packlint.document import Document, Range
from packlint.parse.token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Chain:
    """A base with the steps that have been read so far."""

    __slots__ = ("base", "steps")

    def __init__(self, base: Token | syntax.Expression) -> None:
        self.base = base
        self.steps: list[Any] = []


def finished(value: Any, document: Document) -> syntax.Expression:
    """The node of an expression, be it a node already or a chain."""
    if type(value) is not Chain:
        return value  # type: ignore[no-any-return]
    base = value.base
    if isinstance(base, Token):
        root_range = Range(document, base.start_pos, base.end_pos)
        if not value.steps:
            return syntax.Traversal(root_range, base.value, root_range, ())
        base = syntax.Traversal(root_range, base.value, root_range, ())
    return _stepped(base, value.steps, document)


def _stepped(source: syntax.Expression, steps: list[Any], document: Document) -> syntax.Expression:
    """Iterative but for `[*]`, whose `each` takes all that follows: those are folded from the back."""
    segments: list[tuple[Any, list[Any]]] = [(None, [])]
    for step in steps:
        if step[0] == "full splat":
            segments.append((step[1], []))
        else:
            segments[-1][1].append(step)
    # Every `[*]` applies to what stands before it, and what follows it applies to its item.
    sources = []
    for number, (marker, following) in enumerate(segments):
        item = source if number == 0 else _item(marker, document)
        sources.append(_simple(item, following, document))
    result = sources.pop()
    while sources:
        marker = segments[len(sources)][0]
        before = sources.pop()
        end = max(marker.end_pos, result.range.end)
        result = syntax.Splat(Range(document, before.range.start, end), before, result, True)
    return result


def _item(marker: Token, document: Document) -> syntax.SplatItem:
    return syntax.SplatItem(Range(document, marker.start_pos, marker.end_pos))


def _simple(expression: syntax.Expression, steps: list[Any], document: Document) -> syntax.Expression:
    """Applies steps that are no `[*]`."""
    waiting: list[syntax.Step] = []
    position = 0
    while position < len(steps):
        step = steps[position]
        position += 1
        plain = _step(step, document)
        if plain is not None:
            waiting.append(plain)
            continue
        expression = _traversed(expression, waiting, document)
        waiting = []
        if step[0] == "index":
            place = Range(document, expression.range.start, step[2].end_pos)
            expression = syntax.Index(place, expression, step[3])
        else:
            position, expression = _attribute_splat(expression, steps, position, document)
    return _traversed(expression, waiting, document)


def _attribute_splat(
    source: syntax.Expression, steps: list[Any], position: int, document: Document
) -> tuple[int, syntax.Expression]:
    marker = steps[position - 1][1]
    item = _item(marker, document)
    taken = []
    while position < len(steps) and steps[position][0] in ("attribute", "number"):
        plain = _step(steps[position], document)
        assert plain is not None
        taken.append(plain)
        position += 1
    each = _traversed(item, taken, document)
    place = Range(document, source.range.start, max(marker.end_pos, each.range.end))
    return position, syntax.Splat(place, source, each, False)


def _step(step: Any, document: Document) -> syntax.Step | None:
    kind, opening = step[0], step[1]
    if kind in ("attribute", "number"):
        name = step[2]
        key = name.value if kind == "attribute" else _position(name.value)
        return syntax.Step(Range(document, opening.start_pos, name.end_pos), key, kind == "attribute")
    if kind == "index":
        key = step[3]
        place = Range(document, opening.start_pos, step[2].end_pos)
        if isinstance(key, syntax.Literal) and type(key.value) is int:
            return syntax.Step(place, key.value, False)
        if isinstance(key, syntax.Template) and not key.heredoc and key.literal is not None:
            return syntax.Step(place, key.literal, False)
    return None


def _position(digits: str) -> int:
    """The number of an element; Python reads none of thousands of digits, and no collection is as long."""
    return int(digits) if len(digits) < 20 else sys.maxsize


def _traversed(source: syntax.Expression, steps: list[syntax.Step], document: Document) -> syntax.Expression:
    if not steps:
        return source
    place = Range(document, source.range.start, steps[-1].range.end)
    if isinstance(source, syntax.Traversal):
        return syntax.Traversal(place, source.root, source.root_range, (*source.steps, *steps))
    if isinstance(source, syntax.RelativeTraversal):
        return syntax.RelativeTraversal(place, source.source, (*source.steps, *steps))
    return syntax.RelativeTraversal(place, source, tuple(steps))
