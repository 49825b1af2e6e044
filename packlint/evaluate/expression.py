"""An expression and what it may refer to → its value, or why it has none (hashicorp/hcl, `hclsyntax`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from packlint import syntax
from packlint.evaluate import functions
from packlint.evaluate.access import attribute, index
from packlint.evaluate.budget import LARGEST_TEXT
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.failure import TooLarge
from packlint.evaluate.numbers import rounded
from packlint.evaluate.operators import binary, effort, operand, unary
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.evaluate.types import article, is_null, object_type, tuple_type, type_of, unify
from packlint.syntax import Expression
from packlint.value import ANY, BOOL, NULL, NUMBER, STRING, Failure, Known, Type, Unknown, Value

_ITEM = "*"
"""The name under which a scope holds the current element of a splat; no identifier is like it."""


def value_of(expression: Expression, scope: Scope) -> Value:
    """The value of an expression; never raises.

    What only a build knows, what Packer would refuse and what is too large to compute is an Unknown with
    its reason. Unknown elements leave their collection known.
    """
    return scope.bounded(lambda inner: computed(expression, inner))


def computed(expression: Expression, scope: Scope) -> Value:
    """The value of an expression within the scope's budget; raises TooLarge when that is spent."""
    scope.budget.spend()
    handler = _HANDLERS.get(type(expression))
    if handler is None:
        return Unknown("an expression that is not understood")
    value = handler(expression, scope)
    if isinstance(value, Failure) and value.range is None:
        return replace(value, range=expression.range)
    return value


def _weighed(expression: Expression, scope: Scope) -> Value:
    """The value of an expression whose parts are to be looked at."""
    value = computed(expression, scope)
    if not isinstance(expression, syntax.Text):  # that has been counted
        scope.budget.weigh(value)
    return value


def _literal(expression: syntax.Literal, scope: Scope) -> Value:
    scope.budget.spend(expression.range.end - expression.range.start)
    data = expression.value
    if isinstance(data, bool):
        return Known(data, BOOL)
    return NULL if data is None else Known(rounded(data), NUMBER)


def _text(expression: syntax.Text, scope: Scope) -> Value:
    scope.budget.read(len(expression.value))
    return Known(normal(expression.value), STRING)


def _template(expression: syntax.Template, scope: Scope) -> Value:
    return _joined(expression.parts, scope)


def _joined(parts: tuple[Expression, ...], scope: Scope) -> Value:
    """The text of a template's parts, one after the other."""
    if len(parts) == 1 and isinstance(parts[0], syntax.Text):
        return _text(parts[0], scope)
    texts: list[str] = []
    missing: Unknown | None = None
    marks = Known("", STRING)
    for part in parts:
        value = _weighed(part, scope)
        marks = marks.marked(value.sensitive, value.default_of)
        text = _part(value)
        if isinstance(text, str):
            texts.append(text)
        elif missing is None or isinstance(text, Failure) > isinstance(missing, Failure):
            missing = text
    if missing:
        return replace(missing, type=STRING, sensitive=marks.sensitive)
    if sum(map(len, texts)) > LARGEST_TEXT:
        raise TooLarge
    return replace(marks, data=normal("".join(texts)))


def _part(value: Value) -> str | Unknown:
    """The text that a value gives within a template."""
    if is_null(value) and not value.to_be_supplied:
        return Failure("null cannot stand in a string", STRING)
    text = operand(value, STRING)
    if isinstance(text, Known):
        return text.data if isinstance(text.data, str) else Failure("a string is required", STRING)
    if isinstance(text, Failure) and not isinstance(value, Unknown):
        return Failure(f"{article(type_of(value))} cannot stand in a string", STRING)
    return text


def _wrap(expression: syntax.TemplateWrap, scope: Scope) -> Value:
    return computed(expression.wrapped, scope)


def _parentheses(expression: syntax.Parentheses, scope: Scope) -> Value:
    return computed(expression.inner, scope)


def _template_if(expression: syntax.TemplateIf, scope: Scope) -> Value:
    condition = _condition(_weighed(expression.condition, scope))
    if isinstance(condition, Unknown):
        return replace(condition, type=STRING)
    chosen = _joined(expression.then if condition.data else expression.otherwise, scope)
    return chosen.marked(condition.sensitive, condition.default_of)


def _condition(value: Value) -> Known | Unknown:
    """A condition as a bool."""
    if isinstance(value, Unknown):
        return replace(value, type=BOOL)
    if is_null(value) and not value.to_be_supplied:
        return Failure("the condition is null", BOOL, value.sensitive)
    return operand(value, BOOL)


def _conditional(expression: syntax.Conditional, scope: Scope) -> Value:
    condition = _condition(_weighed(expression.condition, scope))
    then, otherwise = _weighed(expression.then, scope), _weighed(expression.otherwise, scope)
    common = _common(then, otherwise)
    if common is None:
        return Failure("the two results of the condition have no type in common")
    if isinstance(condition, Unknown):
        sensitive = condition.sensitive or then.sensitive or otherwise.sensitive
        return replace(condition, type=common, sensitive=sensitive)
    chosen = then if condition.data else otherwise
    return convert(chosen, common).marked(condition.sensitive, condition.default_of)


def _common(then: Value, otherwise: Value) -> Type | None:
    """The type that both branches of a conditional become; a null becomes what the other one is."""
    one, other = (ANY if isinstance(value, Failure) else type_of(value) for value in (then, otherwise))
    if is_null(then) and one == ANY:
        return other
    if is_null(otherwise) and other == ANY:
        return one
    return ANY if ANY in (one, other) else unify((one, other))


def _tuple(expression: syntax.Tuple, scope: Scope) -> Value:
    return made(tuple(computed(item, scope) for item in expression.items), scope)


def made(items: tuple[Value, ...], scope: Scope) -> Known:
    """A tuple of these values."""
    scope.budget.weigh(*items)
    return Known(items, tuple_type(items))


def _object(expression: syntax.Object, scope: Scope) -> Value:
    entries: dict[str, Value] = {}
    marks: Value = Known({})
    for item in expression.items:
        key = _key(_weighed(item.key, scope))
        if isinstance(key, Unknown):
            return key
        marks = marks.marked(key.sensitive, key.default_of)
        entries[str(key.data)] = computed(item.value, scope)
    return _made_object(entries, marks, scope)


def _made_object(entries: dict[str, Value], marks: Value, scope: Scope) -> Value:
    scope.budget.read(sum(map(len, entries)))
    scope.budget.weigh(*entries.values())
    return Known(entries, object_type(entries), marks.sensitive, marks.default_of)


def _key(value: Value) -> Value:
    """A key of an object as a string."""
    if is_null(value) and not value.to_be_supplied:
        return Failure("null is not a key", sensitive=value.sensitive)
    key = operand(value, STRING)
    return replace(key, type=ANY) if isinstance(key, Unknown) else key


def _traversal(expression: syntax.Traversal, scope: Scope) -> Value:
    root = expression.root
    if root not in scope.values:
        return Failure(f"there is no `{root}` here")
    value = scope.values[root]
    scope.budget.read(expression.range.end - expression.range.start)
    if isinstance(value, Unknown) and root not in scope.names:
        value = replace(value, because=f"depends on `{expression.range.text}`")
    return _followed(value, expression, root, scope, root not in scope.names)


def _action(expression: syntax.Action, scope: Scope) -> Value:
    sensitive = any(computed(reference, scope).sensitive for reference in expression.references)
    scope.budget.read(expression.range.end - expression.range.start)
    return Unknown(f"depends on `{expression.range.text}`", STRING, sensitive)


_DECLARED = {"var": 1, "local": 1, "data": 2}
"""How many steps from a root name what a template declares."""


def _followed(
    value: Value,
    expression: syntax.Traversal | syntax.RelativeTraversal,
    path: str,
    scope: Scope,
    rooted: bool = False,
) -> Value:
    """What the steps of an expression lead to; `path` is how the text writes where they start."""
    for count, step in enumerate(expression.steps, start=1):
        before = value
        scope.budget.read(len(path) + len(before.type.attributes))
        if isinstance(step.key, str) and step.attribute:
            path = f"{path}.{step.key}"
            value = attribute(value, step.key, path)
        else:
            path = f"{path}[{step.key}]" if isinstance(step.key, int) else f'{path}["{step.key}"]'
            value = index(value, Known(step.key, STRING if isinstance(step.key, str) else NUMBER))
        declared = rooted and isinstance(before, Known)
        if (
            isinstance(value, Failure)
            and declared
            and count <= _DECLARED.get(path.partition(".")[0].partition("[")[0], 0)
        ):
            return replace(value, because=f"`{path}` is not declared")
    return value


def _relative(expression: syntax.RelativeTraversal, scope: Scope) -> Value:
    scope.budget.read(expression.range.end - expression.range.start)
    return _followed(computed(expression.source, scope), expression, "…", scope)


def _index(expression: syntax.Index, scope: Scope) -> Value:
    return index(computed(expression.collection, scope), _weighed(expression.key, scope))


def _splat(expression: syntax.Splat, scope: Scope) -> Value:
    source = computed(expression.source, scope)
    if isinstance(source, Unknown):
        return replace(source, type=ANY)
    if source.to_be_supplied:
        return to_be_supplied(source)
    items: tuple[Value, ...] = source.data if isinstance(source.data, tuple) else (source,)
    if source.data is None:
        if source.type.kind in ("list", "set", "tuple"):
            return Failure("a splat of null", sensitive=source.sensitive)
        items = ()
    results = []
    for item in items:
        inner = scope.bound({_ITEM: item.marked(source.sensitive, source.default_of)})
        results.append(computed(expression.each, inner))
    value = made(tuple(results), scope).marked(source.sensitive, source.default_of)
    if source.type.kind in ("list", "set"):
        return _as_list(value)
    return value


def _as_list(value: Known) -> Value:
    """The tuple as a list, where its elements have a type in common."""
    as_list = convert(value, Type("list", ANY))
    return as_list if isinstance(as_list, Known) else value


def _splat_item(expression: syntax.SplatItem, scope: Scope) -> Value:
    return scope.values.get(_ITEM, Unknown("a splat that has no element"))


def _unary(expression: syntax.Unary, scope: Scope) -> Value:
    return unary(expression.operator, _weighed(expression.operand, scope))


def _binary(expression: syntax.Binary, scope: Scope) -> Value:
    """A chain of operators nests to the left as deep as it is long: it is walked, not descended into."""
    chain = [expression]
    while isinstance(chain[-1].left, syntax.Binary):
        chain.append(chain[-1].left)
    value = _weighed(chain[-1].left, scope)
    for step in reversed(chain):
        right = _weighed(step.right, scope)
        scope.budget.spend(1 + effort(step.operator, value, right))
        value = binary(step.operator, value, right)
    return value


def _call(expression: syntax.Call, scope: Scope) -> Value:
    return functions.called(expression, scope, computed)


def _for(expression: syntax.For, scope: Scope) -> Value:
    collection = computed(expression.collection, scope)
    pairs = _pairs(collection, scope)
    if isinstance(pairs, Unknown):
        return pairs
    marks: Value = Known(()).marked(collection.sensitive, collection.default_of)
    items: list[Value] = []
    entries: dict[str, list[Value]] = {}
    for inner in _scopes(expression, pairs, collection, scope):
        if expression.condition:
            included = _condition(_weighed(expression.condition, inner))
            marks = marks.marked(included.sensitive, included.default_of)
            if isinstance(included, Unknown):
                return replace(included, type=ANY, sensitive=marks.sensitive)
            if not included.data:
                continue
        if expression.result_key is None:
            items.append(computed(expression.result, inner))
            continue
        key = _key(_weighed(expression.result_key, inner))
        marks = marks.marked(key.sensitive, key.default_of)
        if isinstance(key, Unknown):
            return key
        if str(key.data) in entries and not expression.grouped:
            return Failure(f'two elements give the key "{key.data}"')
        entries.setdefault(str(key.data), []).append(computed(expression.result, inner))
    if expression.result_key is None:
        return made(tuple(items), scope).marked(marks.sensitive, marks.default_of)
    if expression.grouped:
        grouped: dict[str, Value] = {key: made(tuple(group), scope) for key, group in entries.items()}
        return _made_object(grouped, marks, scope)
    return _made_object({key: group[0] for key, group in entries.items()}, marks, scope)


def _pairs(collection: Value, scope: Scope) -> list[tuple[Value, Value]] | Unknown:
    """What a `for` goes through: key and element."""
    if isinstance(collection, Unknown):
        return replace(collection, type=ANY)
    if collection.to_be_supplied:
        return to_be_supplied(collection)
    data = collection.data
    if isinstance(data, Mapping):
        scope.budget.spend(len(data))
        return [(Known(name, STRING), data[name]) for name in sorted(data)]
    if isinstance(data, tuple):
        scope.budget.spend(len(data))
        if collection.type.kind == "set":
            return [(item, item) for item in data]
        return [(Known(position, NUMBER), item) for position, item in enumerate(data)]
    what = "null" if data is None else article(type_of(collection))
    return Failure(f"`for` cannot go through {what}", sensitive=collection.sensitive)


def _scopes(
    expression: syntax.For | syntax.TemplateFor,
    pairs: list[tuple[Value, Value]],
    collection: Value,
    scope: Scope,
) -> Iterator[Scope]:
    """The scope of each round of a `for`."""
    for key, item in pairs:
        names = {expression.item: item.marked(collection.sensitive, collection.default_of)}
        if expression.key:
            names[expression.key] = key.marked(collection.sensitive)
        yield scope.bound(names)


def _template_for(expression: syntax.TemplateFor, scope: Scope) -> Value:
    collection = computed(expression.collection, scope)
    pairs = _pairs(collection, scope)
    if isinstance(pairs, Unknown):
        return replace(pairs, type=STRING)
    texts: list[str] = []
    marks: Value = Known("", STRING).marked(collection.sensitive, collection.default_of)
    for inner in _scopes(expression, pairs, collection, scope):
        text = _joined(expression.body, inner)
        marks = marks.marked(text.sensitive, text.default_of)
        if isinstance(text, Unknown):
            return replace(text, sensitive=marks.sensitive)
        texts.append(str(text.data))
        scope.budget.read(len(texts[-1]))
    return Known("".join(texts), STRING, marks.sensitive, marks.default_of)


_HANDLERS: dict[type[Expression], Callable[[Any, Scope], Value]] = {
    syntax.Literal: _literal,
    syntax.Text: _text,
    syntax.Template: _template,
    syntax.TemplateWrap: _wrap,
    syntax.TemplateIf: _template_if,
    syntax.TemplateFor: _template_for,
    syntax.Parentheses: _parentheses,
    syntax.Tuple: _tuple,
    syntax.Object: _object,
    syntax.Traversal: _traversal,
    syntax.Action: _action,
    syntax.RelativeTraversal: _relative,
    syntax.Index: _index,
    syntax.Splat: _splat,
    syntax.SplatItem: _splat_item,
    syntax.Call: _call,
    syntax.Conditional: _conditional,
    syntax.Binary: _binary,
    syntax.Unary: _unary,
    syntax.For: _for,
}
