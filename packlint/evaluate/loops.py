"""`for` → the tuple or object of its rounds (hashicorp/hcl, `ForExpr`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint import syntax
from packlint.evaluate.compute import computed, condition_of, key_of, made, made_object
from packlint.evaluate.convert import to_be_supplied
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import PRIMITIVES, article, type_of
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import ANY, NUMBER, STRING, Failure, Known, Unknown, Value, others


def looped(expression: syntax.For, scope: Scope) -> Value:
    """The value of a `for`."""
    collection = computed(expression.collection, scope)
    pairs = pairs_of(collection, expression.collection, scope)
    if expression.condition and not (pairs if isinstance(pairs, list) else collection.type == ANY):
        wrong = condition_of(expression.condition, scope.bound(_names(expression, _ELEMENT, _ELEMENT)))
        if isinstance(wrong, Failure):
            return replace(wrong, type=ANY)
    if isinstance(pairs, Unknown):
        return pairs
    marks: Value = Known(()).marked(collection.sensitive, collection.default_of)
    items: list[Value] = []
    entries: dict[str, list[Value]] = {}
    for inner in scopes(expression, pairs, collection, scope):
        if expression.condition:
            included = condition_of(expression.condition, inner)
            marks = marks.marked(included.sensitive, included.default_of)
            if isinstance(included, Unknown):
                return replace(included, type=ANY, sensitive=marks.sensitive)
            if not included.data:
                continue
        if expression.result_key is None:
            items.append(computed(expression.result, inner))
            continue
        key = key_of(expression.result_key, inner, looping=True)
        marks = marks.marked(key.sensitive, key.default_of)
        if isinstance(key, Unknown):
            return key
        if str(key.data) in entries and not expression.grouped:
            shown = "same key" if marks.sensitive else f'key "{key.data}"'
            because = f"two elements give the {shown}"
            failure = Failure(because, range=expression.result_key.range)
            return failure.marked(marks.sensitive, marks.default_of)
        entries.setdefault(str(key.data), []).append(computed(expression.result, inner))
    if expression.result_key is None:
        return made(tuple(items), scope).marked(marks.sensitive, marks.default_of)
    if expression.grouped:
        grouped: dict[str, Value] = {key: made(tuple(group), scope) for key, group in entries.items()}
        return made_object(grouped, marks, scope)
    return made_object({key: group[0] for key, group in entries.items()}, marks, scope)


_ELEMENT = Unknown("an element of a collection that has none, or that is not known")


def pairs_of(collection: Value, place: Expression, scope: Scope) -> list[tuple[Value, Value]] | Unknown:
    """What a `for` goes through: key and element."""
    if isinstance(collection, Unknown) and collection.type.kind not in PRIMITIVES:
        return replace(collection, type=ANY)
    if isinstance(collection, Known) and collection.to_be_supplied:
        return to_be_supplied(collection)
    if (unseen := others(collection)) is not None:
        return unseen
    data = collection.data if isinstance(collection, Known) else ""
    if isinstance(data, Mapping):
        scope.budget.spend(len(data))
        return [(Known(name, STRING), data[name]) for name in sorted(data)]
    if isinstance(data, tuple):
        scope.budget.spend(len(data))
        if collection.type.kind == "set":
            return [(item, item) for item in data]
        return [(Known(position, NUMBER), item) for position, item in enumerate(data)]
    what = "null" if data is None else article(type_of(collection))
    failure = Failure(f"`for` cannot go through {what}", range=place.range)
    return failure.marked(collection.sensitive, collection.default_of)


def scopes(
    expression: syntax.For | syntax.TemplateFor,
    pairs: list[tuple[Value, Value]],
    collection: Value,
    scope: Scope,
) -> Iterator[Scope]:
    """The scope of each round of a `for`."""
    for key, item in pairs:
        marked = item.marked(collection.sensitive, collection.default_of)
        yield scope.bound(_names(expression, key.marked(collection.sensitive), marked))


def _names(expression: syntax.For | syntax.TemplateFor, key: Value, item: Value) -> dict[str, Value]:
    """What a `for` binds in a round."""
    return {expression.key: key, expression.item: item} if expression.key else {expression.item: item}
