"""An expression of a policy → the names and functions that it speaks of, those that it binds left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from packlint.document import Range
from packlint.record import record
from packlint.syntax import (
    Call,
    Expression,
    For,
    Node,
    RelativeTraversal,
    Splat,
    SplatItem,
    Step,
    Template,
    TemplateFor,
    Traversal,
    children,
)

LOOKING = frozenset({"can", "try"})
"""Functions to which an argument that has no value is as good as any."""

DEEPEST = 8
"""How many steps of a reference are looked at: no schema has blocks within blocks beyond."""


@record(eq=False)
class Reference:
    """A root name and the steps from it; a `for` or a splat in between has an index as its step.

    `range` is that of the root name. It is `tried` where it need not have a value.
    """

    root: str
    steps: tuple[Step, ...]
    range: Range
    tried: bool

    @property
    def place(self) -> Range:
        """From the root name to the first step."""
        first = self.steps[0].range if self.steps else self.range
        near = first.document is self.range.document and first.start >= self.range.end
        return self.range.to(first) if near else first


@record
class _Seen:
    """What surrounds a node: names that are bound, to what they are elements of where that has a name."""

    bound: Mapping[str, Reference | None]
    item: Reference | None = None
    tried: bool = False

    def binding(self, names: Mapping[str, Reference | None]) -> _Seen:
        return _Seen({**self.bound, **names}, self.item, self.tried)


Found: TypeAlias = Reference | Call


def references(expression: Expression) -> Iterator[Found]:
    """Every reference to a root, in the order of the text, and every call; the type of `convert` is neither.

    What a name that a `for` binds leads to is a reference to where its elements come from.
    """
    waiting: list[tuple[Node, _Seen]] = [(expression, _Seen({}))]
    while waiting:
        node, seen = waiting.pop()
        if isinstance(node, Call):
            yield node
        found = _looked_up(node, seen) if isinstance(node, Call) else _reference(node, seen)
        if found is not None:
            yield found
        waiting.extend(reversed(tuple(_below(node, seen))))


def _reference(node: Node, seen: _Seen) -> Reference | None:
    """What a node refers to, if it does by itself."""
    if isinstance(node, RelativeTraversal):
        inside = isinstance(node.source, SplatItem) and seen.item is not None
        return _further(seen.item, node.steps) if inside and seen.item else None
    if not isinstance(node, Traversal):
        return None
    if node.root not in seen.bound:
        return Reference(node.root, node.steps[:DEEPEST], node.root_range, seen.tried)
    origin = seen.bound[node.root]
    return _further(origin, node.steps) if origin is not None and node.steps else None


def _looked_up(call: Call, seen: _Seen) -> Reference | None:
    """What `lookup(self, "region", …)` refers to: to the function a name that there is not is no mistake."""
    if call.name != "lookup" or len(call.arguments) < 2:
        return None
    where, key = call.arguments[:2]
    found = _reference(where, seen) if isinstance(where, Traversal) else None
    if found is None or not isinstance(key, Template) or key.literal is None:
        return None
    return _further(found, (Step(key.range, key.literal, False),))


def _below(node: Node, seen: _Seen) -> Iterator[tuple[Node, _Seen]]:
    if isinstance(node, Call):
        tried = _Seen(seen.bound, seen.item, True) if node.name in LOOKING else seen
        arguments = node.arguments[:1] if node.name == "convert" else node.arguments
        yield from ((argument, tried) for argument in arguments)
    elif isinstance(node, For | TemplateFor):
        element = _element(node.collection, seen)
        names = {node.key: None, node.item: element} if node.key else {node.item: element}
        inner = seen.binding(names)
        yield from ((it, seen if it is node.collection else inner) for it in children(node))
    elif isinstance(node, Splat):
        yield node.source, seen
        yield node.each, _Seen(seen.bound, _element(node.source, seen), seen.tried)
    else:
        yield from ((it, seen) for it in children(node))


def _element(collection: Expression, seen: _Seen) -> Reference | None:
    """An element of a collection that a name leads to; None of any other."""
    if not isinstance(collection, Traversal) or not collection.steps:
        return None
    found = _reference(collection, seen)
    if found is None:
        return None
    return _further(found, (Step(collection.range, 0, False),))


def _further(origin: Reference, steps: tuple[Step, ...]) -> Reference:
    return Reference(origin.root, (*origin.steps, *steps[:DEEPEST])[:DEEPEST], origin.range, origin.tried)
