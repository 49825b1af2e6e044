"""An argument and names and indices within it → the part of its expression that they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packlint.document import Range
from packlint.model import Argument, NestedBlock
from packlint.named import NamedTuple
from packlint.syntax import Expression, Object, Tuple, bare
from packlint.value import Known, Value


class Place(NamedTuple):
    """What stands at a path: in which argument or block, where, and what it is worth.

    `expression` is what is written for it, None where that is not written out.
    """

    given: Argument | NestedBlock | None
    range: Range
    value: Value | None = None
    expression: Expression | None = None


def inside(argument: Argument, path: Sequence[str | int]) -> Place:
    """The part of an argument's expression and value that a path leads to, so far as it is written out."""
    expression, value = argument.expression, argument.value
    for part in path:
        expression = bare(expression)
        data = value.data if isinstance(value, Known) else None
        inner: Expression | None = None
        if isinstance(part, int) and isinstance(data, tuple) and 0 <= part < len(data):
            value = data[part]
            if isinstance(expression, Tuple) and len(expression.items) == len(data):
                inner = expression.items[part]
        elif isinstance(part, str) and isinstance(data, Mapping) and part in data:
            value = data[part]
            if isinstance(expression, Object):
                inner = next((item.value for item in expression.items if item.name == part), None)
        if inner is None:
            return Place(argument, expression.range, value)
        expression = inner
    return Place(argument, expression.range, value, expression)
