"""An expression of a policy → an error where an argument is compared with what it never is, by its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.errors import PolicyError
from packlint.evaluate.convert import convert
from packlint.policy.names import FIXED
from packlint.policy.policy import Policy
from packlint.policy.targeted import Targeted
from packlint.policy.unknown_name import shortened
from packlint.syntax import (
    Binary,
    Call,
    Expression,
    Literal,
    Template,
    Traversal,
    Tuple,
    is_null,
    unwrapped,
    walk,
)
from packlint.value import NUMBER, STRING, Known

_NOUNS: Mapping[str, str] = {"bool": "true or false", "number": "a number", "string": "a text"}
"""What messages call the values of a type."""


def refuse_never_equal(policy: Policy, expression: Expression, targeted: Targeted | None) -> None:
    """Raises PolicyError for a comparison of an argument with values of a type that it never has.

    HCL converts nothing there: `self.memory == "2048"` is false of any number, and `!=` is always true.
    """
    for argument, others in _compared(expression):
        written = [_type(it) for it in others]
        path = tuple(step.key for step in argument.steps if isinstance(step.key, str))
        if argument.root != "self" or not path:
            continue
        if all(map(is_null, others)):
            _refuse_null(argument, path, others[0], targeted)
        if None in written:
            continue
        type_ = _type_of(policy, path, targeted, {*filter(None, written)})
        if type_ is not None:
            name, never = shortened(argument.range.text), _NOUNS[written[0] or ""]
            message = f"`{name}` is {_NOUNS[type_]}, and never equal to {never}"
            raise PolicyError(message, _advice(type_, others[0]), others[0].range)


def _refuse_null(
    argument: Traversal, path: tuple[str, ...], null: Expression, targeted: Targeted | None
) -> None:
    """Raises PolicyError for nested blocks that are asked whether they are null, as a list never is."""
    by_index = len(argument.steps) > len(path) and isinstance(argument.steps[-1].key, int)
    if targeted is not None and not by_index and targeted.all_blocks(path):
        name = shortened(argument.range.text)
        hint = f"`length({name}) > 0` tells whether there is one"
        raise PolicyError(f"`{name}` is a list of nested blocks, and never null", hint, null.range)


def _compared(expression: Expression) -> Iterator[tuple[Traversal, tuple[Expression, ...]]]:
    """What `==`, `!=` and `contains` compare with values that are written out, and these."""
    for node in walk(expression):
        if isinstance(node, Binary) and node.operator in ("==", "!="):
            sides = unwrapped(node.left), unwrapped(node.right)
            for one, other in (sides, sides[::-1]):
                if isinstance(one, Traversal):
                    yield one, (other,)
        elif isinstance(node, Call) and node.name == "contains" and len(node.arguments) == 2:
            these, one = map(unwrapped, node.arguments)
            if isinstance(these, Tuple) and isinstance(one, Traversal) and these.items:
                yield one, tuple(map(unwrapped, these.items))


def _type(expression: Expression) -> str | None:
    """The type of a value that is written out; None for null, and for what is worked out."""
    if isinstance(expression, Template):
        return "string" if expression.literal is not None else None
    if not isinstance(expression, Literal) or expression.value is None:
        return None
    return "bool" if isinstance(expression.value, bool) else "number"


def _type_of(policy: Policy, path: tuple[str, ...], targeted: Targeted | None, not_: set[str]) -> str | None:
    """The type that the values of an argument certainly have; None if that is not known, or one of `not_`."""
    own = FIXED[policy.target].get(path[0])
    if own is not None and path[0] != "arguments":
        return own.kind if len(path) == 1 and own.kind in _NOUNS and own.kind not in not_ else None
    return targeted.type_of(path[1:] if own else path, not_) if targeted is not None else None


def _advice(type_: str, other: Expression) -> str:
    if isinstance(other, Template) and not other.literal:
        return "what is left out is `null`"
    if isinstance(other, Template) and type_ == "bool":
        return "write `true` or `false` without quotes"
    if isinstance(other, Template) and isinstance(convert(Known(other.literal, STRING), NUMBER), Known):
        return "write it without quotes"
    return "write it in quotes" if type_ == "string" else f"compare it with {_NOUNS[type_]}"
