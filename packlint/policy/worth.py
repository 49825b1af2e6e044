"""An expression of a policy, evaluated without a block → an error for what it cannot be worth in any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packlint.errors import PolicyError
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import article, type_of
from packlint.policy.given_up import gave_up, unusable, what_to_do
from packlint.policy.patterns import longest
from packlint.policy.references import Reference
from packlint.policy.static import static_parts
from packlint.syntax import (
    Call,
    Expression,
    For,
    Object,
    Splat,
    Template,
    Traversal,
    Tuple,
    unwrapped,
    walk,
)
from packlint.value import ANY, BOOL, STRING, Failure, Known, Type, Unknown, Value, held_by

_MATCHING = {"regex": 0, "regexall": 0, "regex_replace": 1}
"""The functions that take a pattern, and which of their arguments it is."""


def of_any(root: str, found: Iterable[Reference], types: Mapping[str, Type]) -> Value:
    """What a root is worth of which nothing is known but the types of some of its names."""
    names: dict[str, Value] = {}
    for it in found:
        if it.root != root:
            continue
        name = it.steps[0].key if it.steps else None
        if not isinstance(name, str):
            return Unknown(f"depends on `{root}`")
        names[name] = Unknown(f"depends on `{root}.{name}`", types.get(name, ANY))
    return Known(names)


def refuse_answer(name: str, expression: Expression, scope: Scope) -> None:
    """Raises PolicyError for a condition that has no answer for any block, or none that is true or false."""
    value = _examined(name, expression, scope)
    wanted = f"`{name}` has to be true or false"
    if isinstance(unwrapped(expression), Tuple | Object | For | Splat):
        hint = "ask something of all of it, as with `alltrue(…)`, `anytrue(…)` or `length(…)`"
        raise PolicyError(f"{wanted}, not a collection", hint, expression.range)
    if isinstance(value, Known):
        answer = convert(value, BOOL)
        if isinstance(answer, Failure) or value.data is None:
            what = "null" if value.data is None else article(type_of(value))
            raise PolicyError(f"{wanted}, not {what}", None, expression.range)
    elif _matches(expression):
        hint = "ask whether it matches at all: `can(regex(…))`"
        raise PolicyError(f"{wanted}, not what a pattern finds", hint, expression.range)
    elif value.type.kind not in ("any", "bool") and not (value.type == STRING and not _is_text(expression)):
        hint = "compare it with something, as in `self.region == param.region`"
        raise PolicyError(f"{wanted}, not {article(value.type)}", hint, expression.range)


def refuse_message(expression: Expression, scope: Scope) -> None:
    """Raises PolicyError for a message that is no text for any block."""
    value = _examined("error_message", expression, scope)
    # HCL itself asks no part of a text for its type as long as that is not known.
    inner = unwrapped(expression)
    parts = inner.parts if isinstance(inner, Template) else ()
    for place, part in ((expression, value), *((it, value_of(it, scope)) for it in parts)):
        if isinstance(convert(part, STRING), Failure):
            hint = 'make a text of it, as with `join(", ", …)` or `jsonencode(…)`'
            raise PolicyError("`error_message` has to be a text", hint, place.range)
    if isinstance(value, Known) and not str(value.data or "").strip():
        raise PolicyError("`error_message` says nothing", "say what is to be changed", expression.range)


def _examined(name: str, expression: Expression, scope: Scope) -> Value:
    """The value; raises PolicyError where it is a failure or given up, be it in a part for every block."""
    for part in static_parts(expression):
        value = value_of(part, scope)
        for it in held_by([value]):
            if unusable(it) and isinstance(it, Unknown):
                raise _given_up(name, it, part)
    _refuse_patterns(expression, scope)
    value = value_of(expression, scope)
    for it in held_by([value]):
        if isinstance(it, Failure):
            message = f"`{name}` can have no value: {it.because}"
            raise PolicyError(message, None, it.range or expression.range)
        if gave_up(it) and isinstance(it, Unknown):
            raise _given_up(name, it, expression)
    return value


def _given_up(name: str, value: Unknown, place: Expression) -> PolicyError:
    return PolicyError(f"`{name}` cannot be worked out: {value.because}", what_to_do(value), place.range)


def _refuse_patterns(expression: Expression, scope: Scope) -> None:
    for node in walk(expression):
        if isinstance(node, Call) and node.name in _MATCHING and len(node.arguments) > _MATCHING[node.name]:
            argument = node.arguments[_MATCHING[node.name]]
            pattern = value_of(argument, scope).known(str)
            if pattern is not None:
                longest([pattern], argument)


def _is_text(expression: Expression) -> bool:
    """Whether it is written as a text, or names one: nobody means `true` by that."""
    return isinstance(unwrapped(expression), Template | Traversal)


def _matches(expression: Expression) -> bool:
    """Whether it is what a pattern finds in a text, which is a text, or several."""
    inner = unwrapped(expression)
    return isinstance(inner, Call) and inner.name in _MATCHING
