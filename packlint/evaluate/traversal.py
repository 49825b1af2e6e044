"""References, indexes and splats → what they lead to (hashicorp/hcl, `ScopeTraversalExpr`, `SplatExpr`)."""

from __future__ import annotations

from collections.abc import Callable

from packlint import syntax
from packlint.blocks import DECLARED
from packlint.evaluate.access import attribute, index
from packlint.evaluate.compute import at, computed, made, weighed
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import is_null, tuple_type
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import ANY, NUMBER, STRING, Failure, Known, Type, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ITEM = "*"
"""The name under which a scope holds the current element of a splat; no identifier is like it."""


def _traversal(expression: syntax.Traversal, scope: Scope) -> Value:
    root = expression.root
    if root not in scope.values:
        return Failure(f"there is no `{root}` here", range=expression.root_range, fault="reference")
    value = scope.values[root]
    scope.budget.read(expression.range.end - expression.range.start)
    if isinstance(value, Unknown) and root not in scope.names:
        value = replace(value, because=f"depends on `{expression.range.text}`")
    found = _followed(value, expression, root, scope, root not in scope.names)
    return replace(found, type=ANY) if isinstance(found, Failure) else found


_GIVEN = frozenset({"path", "packer", "source", "build"})
"""Roots that have what Packer gives them."""


def _followed(
    value: Value,
    expression: syntax.Traversal | syntax.RelativeTraversal,
    path: str,
    scope: Scope,
    rooted: bool = False,
) -> Value:
    """What the steps of an expression lead to; `path` is how the text writes where they start."""
    declared = DECLARED.get(path, 0) if rooted else 0
    given = rooted and path in _GIVEN
    for count, step in enumerate(expression.steps, start=1):
        before = value
        scope.budget.read(len(path) + len(before.type.attributes))
        if isinstance(step.key, str) and step.attribute:
            path = f"{path}.{step.key}"
            value = attribute(value, step.key, path)
        else:
            path = f"{path}[{step.key}]" if isinstance(step.key, int) else f'{path}["{step.key}"]'
            value = index(value, Known(step.key, STRING if isinstance(step.key, str) else NUMBER))
        # A failure that has its place already is what was found there.
        if isinstance(value, Failure) and value.range is None:
            if count <= declared and isinstance(before, Known):
                value = replace(value, because=f"`{path}` is not declared", fault="reference")
            elif given and count == 1:
                value = replace(value, fault="reference")
            return replace(value, range=expression.range.to(step.range))
    return value


def _relative(expression: syntax.RelativeTraversal, scope: Scope) -> Value:
    scope.budget.read(expression.range.end - expression.range.start)
    return _followed(computed(expression.source, scope), expression, "…", scope)


def _index(expression: syntax.Index, scope: Scope) -> Value:
    collection, key = computed(expression.collection, scope), weighed(expression.key, scope)
    found = index(collection, key)
    return at(found, expression.key) if isinstance(collection, Known) else found


def _splat(expression: syntax.Splat, scope: Scope) -> Value:
    before = len(scope.failures)
    source = computed(expression.source, scope)
    if len(scope.failures) > before:
        return replace(scope.failures[before], type=ANY)
    listed = source.type.kind in ("list", "set")
    if isinstance(source, Known) and source.to_be_supplied:
        return to_be_supplied(source)
    if is_null(source):
        if listed or source.type.kind == "tuple":
            return Failure("a splat of null", sensitive=source.sensitive, range=expression.source.range)
        return Known((), tuple_type(()), source.sensitive, source.default_of)
    if isinstance(source, Unknown):
        return _splat_of_unknown(source, expression, scope)
    items: tuple[Value, ...] = source.data if isinstance(source.data, tuple) else (source,)
    results = tuple(
        _each(expression, item.marked(source.sensitive, source.default_of), scope) for item in items
    )
    value = made(results, scope).marked(source.sensitive, source.default_of)
    if len(scope.failures) > before:
        return replace(scope.failures[before], type=Type("list", ANY) if listed else value.type)
    if not listed:
        return value
    return _as_list(value) if results else replace(value, type=_splat_type(source, expression, scope))


def _each(expression: syntax.Splat, item: Value, scope: Scope) -> Value:
    """What a splat makes of one element."""
    return computed(expression.each, scope.bound({_ITEM: item}))


def _splat_type(source: Value, expression: syntax.Splat, scope: Scope) -> Type:
    """The type of a splat of a list or set, told by an element that is not known; that may fail."""
    element = Unknown("an element of a list", source.type.element or ANY)
    return Type("list", _each(expression, element, scope).type)


def _splat_of_unknown(source: Unknown, expression: syntax.Splat, scope: Scope) -> Value:
    """What is not of a sequence's type may be null, of which a splat has another length."""
    if isinstance(source, Failure) or source.type.kind not in ("list", "set", "tuple"):
        each = source if source.type == ANY else _each(expression, source, scope)
        return each if isinstance(each, Failure) else replace(source, type=ANY)
    if source.type.kind != "tuple":
        return replace(source, type=_splat_type(source, expression, scope))
    elements = (_each(expression, replace(source, type=type_), scope) for type_ in source.type.elements)
    return replace(source, type=tuple_type(elements))


def _as_list(value: Known) -> Value:
    """The tuple as a list, where its elements have a type in common."""
    as_list = convert(value, Type("list", ANY))
    return as_list if isinstance(as_list, Known) else value


def _splat_item(expression: syntax.SplatItem, scope: Scope) -> Value:
    return scope.values.get(_ITEM, Unknown("a splat that has no element"))


HANDLERS: dict[type[Expression], Callable[[Any, Scope], Value]] = {
    syntax.Traversal: _traversal,
    syntax.RelativeTraversal: _relative,
    syntax.Index: _index,
    syntax.Splat: _splat,
    syntax.SplatItem: _splat_item,
}
