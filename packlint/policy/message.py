"""An error message and a scope → its text, which no value in it keeps from being told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from packlint import syntax
from packlint.evaluate.budget import Budget
from packlint.evaluate.expression import value_of
from packlint.evaluate.loops import pairs_of, scopes
from packlint.evaluate.numbers import number_text
from packlint.evaluate.scope import Scope
from packlint.named import NamedTuple
from packlint.policy.answer import answer
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import OTHERS, Failure, Unknown, Value

MOST = 1000
"""Characters of a message."""

_ENOUGH = 10 * MOST
"""Characters of which the message is made."""

NOT_KNOWN = "(not known)"
NO_VALUE = "(no value)"
SENSITIVE = "(sensitive)"


class Message(NamedTuple):
    """A message on one line; `missing` are the values that it lacks."""

    text: str
    missing: tuple[Unknown, ...]


def rendered(expression: Expression, scope: Scope) -> Message:
    """The message that an expression makes, part by part.

    What is not known is `(not known)` in it, what has no value `(no value)`, a sensitive value `(sensitive)`;
    lists and objects are as JSON has them. Raises TooLarge where all that may be computed is spent.
    """
    missing: list[Unknown] = []
    lines = "".join(_first(_pieces(expression, scope, missing), _ENOUGH)).splitlines()
    return Message(_cut(" ".join(filter(None, map(str.strip, lines))), MOST), tuple(missing))


def shown(value: Value, most: int) -> str:
    """A value as JSON, of so many characters at most, without what must not be shown."""
    return _cut("".join(_first(_json(value), most)), most)


def _first(pieces: Iterable[str], most: int) -> Iterator[str]:
    """As many pieces as make a text that is longer than so many characters, if there are."""
    length = 0
    for piece in pieces:
        yield piece[: most + 1]
        length += len(piece)
        if length > most:
            return


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _pieces(expression: Expression, scope: Scope, missing: list[Unknown]) -> Iterator[str]:
    if isinstance(expression, syntax.Text):
        yield expression.value
    elif isinstance(expression, syntax.Template):
        yield from _all(expression.parts, scope, missing)
    elif isinstance(expression, syntax.Parentheses):
        yield from _pieces(expression.inner, scope, missing)
    elif isinstance(expression, syntax.TemplateWrap):
        yield from _pieces(expression.wrapped, scope, missing)
    elif isinstance(expression, syntax.Conditional | syntax.TemplateIf):
        yield from _chosen(expression, scope, missing)
    elif isinstance(expression, syntax.TemplateFor):
        yield from _rounds(expression, scope, missing)
    else:
        yield from _shown(value_of(expression, scope), missing)


def _all(parts: tuple[Expression, ...], scope: Scope, missing: list[Unknown]) -> Iterator[str]:
    for part in parts:
        yield from _pieces(part, scope, missing)


def _chosen(
    expression: syntax.Conditional | syntax.TemplateIf, scope: Scope, missing: list[Unknown]
) -> Iterator[str]:
    """The branch that the condition chooses; as secret as that is."""
    condition = answer(expression.condition, scope)
    if condition.sensitive or isinstance(condition, Unknown):
        yield from _shown(condition, missing)
        return
    branch = expression.then if condition.data else expression.otherwise
    yield from _all(branch if isinstance(branch, tuple) else (branch,), scope, missing)


def _rounds(expression: syntax.TemplateFor, scope: Scope, missing: list[Unknown]) -> Iterator[str]:
    collection = value_of(expression.collection, scope)
    pairs = pairs_of(collection, expression.collection, replace(scope, budget=Budget()))
    if collection.sensitive or isinstance(pairs, Unknown):
        yield from _shown(collection if collection.sensitive else pairs, missing)  # type: ignore[arg-type]
        return
    for inner in scopes(expression, pairs, collection, scope):
        scope.total.spend()
        yield from _all(expression.body, inner, missing)


def _shown(value: Value, missing: list[Unknown]) -> Iterator[str]:
    """A value as a message has it; what it is not, goes to what is missing."""
    if value.sensitive:
        yield SENSITIVE
    elif isinstance(value, Unknown):
        missing.append(value)
        yield NO_VALUE if isinstance(value, Failure) else NOT_KNOWN
    elif value.to_be_supplied:
        yield NOT_KNOWN
    elif isinstance(value.data, str):
        yield value.data
    else:
        yield from _json(value)


def _json(value: Value) -> Iterator[str]:
    """A value as JSON, except for what must not be shown."""
    if value.sensitive or isinstance(value, Unknown) or value.to_be_supplied:
        yield from _shown(value, [])
    elif isinstance(value.data, tuple):
        yield "["
        for number, item in enumerate(value.data):
            yield ", " if number else ""
            yield from _json(item)
        yield "]"
    elif isinstance(value.data, Mapping):
        yield "{"
        for number, (name, item) in enumerate(value.data.items()):
            yield ", " if number else ""
            if name == OTHERS:
                yield "…"
                continue
            yield f"{json.dumps(name, ensure_ascii=False)}: "
            yield from _json(item)
        yield "}"
    elif value.data is None or isinstance(value.data, bool | str):
        yield json.dumps(value.data, ensure_ascii=False)
    else:
        yield number_text(value.data)
