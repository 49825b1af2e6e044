"""A schema and an instance → violations, by a validator of jsonschema whose keywords know unknowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from packlint.record import record
from packlint.schema import elements, logic, members, scalars
from packlint.schema.references import Document, nowhere
from packlint.schema.verdict import KEYWORDS, LOGICAL, VERDICTS, Errors, Keyword, certain, told, undecided
from packlint.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERDICTS.update(logic.DECIDED | members.DECIDED | elements.DECIDED | scalars.DECIDED)
KEYWORDS.update({word: told(word, verdict) for word, verdict in VERDICTS.items()})
KEYWORDS.update(logic.DESCENDING | members.DESCENDING | elements.DESCENDING)


def _guarded(keyword: Keyword) -> Keyword:
    """The same keyword for where jsonschema calls it, which knows nothing of unknowns."""

    def guarded(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
        return undecided() if isinstance(instance, Unknown) else keyword(validator, value, instance, schema)

    return guarded


@cache
def _validator() -> Any:
    """The class of jsonschema's with these keywords."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    own = {word: keyword if word in LOGICAL else _guarded(keyword) for word, keyword in KEYWORDS.items()}
    return extend(Draft202012Validator, validators=own)


@record
class Violation:
    """What is certainly wrong with an instance, whatever its unknowns turn out to be.

    `keyword` is JSON Schema's, or `x-rule` for a subschema with that annotation in an `allOf`; the schema
    `false` counts as `{"not": {}}`. `path` leads to the place in the instance, for missing and unexpected
    members to the object. `names` are the missing ones (`required`) or the unexpected ones
    (`additionalProperties`). `limit` is the keyword's value in `schema`, the subschema that has it.
    """

    keyword: str
    path: tuple[str | int, ...]
    names: tuple[str, ...]
    limit: Any
    schema: Mapping[str, Any]
    instance: Any


class Judge:
    """Judges instances by one schema of draft 2020-12 which is not `refused`."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._document = Document(schema)
        self._validator = _validator()(self._document, registry=nowhere())

    def violations(self, instance: Any) -> tuple[Violation, ...]:
        """What is certainly wrong with plain data, whose unknown leaves are `Unknown`s.

        Nothing is told of an instance that is nested deeper than the interpreter can follow.
        """
        try:
            errors = [error for error in self._validator.iter_errors(instance) if certain(error)]
        except RecursionError:
            return ()
        return tuple(map(self._violation, errors))

    def doubts(self, instance: Any) -> tuple[tuple[str | int, ...], ...]:
        """The places in plain data of which its unknowns decide whether they are right; each path once."""
        try:
            errors = [error for error in self._validator.iter_errors(instance) if not certain(error)]
        except RecursionError:
            return ()
        return tuple(dict.fromkeys(tuple(error.path) for error in errors))

    def _violation(self, error: Any) -> Violation:
        schema = self.schema if error.schema is self._document else error.schema
        names: Sequence[str] = ()
        if error.validator == "required":
            names = [name for name in error.validator_value if name not in error.instance]
        elif error.validator == "additionalProperties":
            names = members.additional(error.instance, schema)
        return Violation(
            error.validator, tuple(error.path), tuple(names), error.validator_value, schema, error.instance
        )
