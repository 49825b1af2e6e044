"""A condition and a scope → true, false, or why there is no answer (as of a `validation` of Packer's)."""

from __future__ import annotations

from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import BOOL, Failure, Known, Unknown, Value


def answer(condition: Expression, scope: Scope) -> Value:
    """A bool that is not null, as Packer converts to it; a Failure where the condition itself has none.

    What only fails because the template does is unknown: others tell of that.
    """
    value = value_of(condition, scope)
    if isinstance(value, Failure):
        place = value.range
        if place is not None and place.document is not condition.range.document:
            return Unknown(f"Packer refuses a value that it asks for: {value.because}", BOOL, value.sensitive)
        return value
    if isinstance(value, Known) and value.to_be_supplied:
        return replace(to_be_supplied(value), type=BOOL)
    if isinstance(value, Known) and value.data is None:
        because = "it has to be true or false, not null"
        return Failure(because, BOOL, value.sensitive, range=condition.range)
    converted = convert(value, BOOL)
    return replace(converted, range=condition.range) if isinstance(converted, Failure) else converted
