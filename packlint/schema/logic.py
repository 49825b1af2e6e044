"""The keywords that put subschemas together: allOf, anyOf, oneOf, not, if and references."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.schema.instance import every, some
from packlint.schema.references import Document
from packlint.schema.verdict import Errors, Keyword, Verdict, decide, descend, ruled, verdict_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _all_of(validator: Any, parts: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    errors: list[Any] = []
    for part in parts:
        if isinstance(part, Mapping) and "x-rule" in part:
            verdict = decide(validator, instance, part)
            if verdict is not True:
                errors += ruled(verdict, "x-rule", part["x-rule"], instance, part)
        else:
            errors += descend(validator, instance, part)
    return errors


def _all(validator: Any, parts: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    return every(decide(validator, instance, part) for part in parts)


def _any_of(validator: Any, parts: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    return some(decide(validator, instance, part) for part in parts)


def _one_of(validator: Any, parts: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    verdicts = [decide(validator, instance, part) for part in parts]
    sure = verdicts.count(True)
    possible = len(verdicts) - verdicts.count(False)
    if sure > 1 or not possible:
        return False
    return True if sure == possible else None


def _not(validator: Any, part: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    verdict = decide(validator, instance, part)
    return None if verdict is None else not verdict


def _if(validator: Any, condition: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    then, otherwise = schema.get("then", True), schema.get("else", True)
    verdict = decide(validator, instance, condition)
    if verdict is not None:
        return descend(validator, instance, then if verdict else otherwise)
    sides = {decide(validator, instance, then), decide(validator, instance, otherwise)}
    return ruled(sides.pop() if len(sides) == 1 else None, "if", condition, instance, schema)


def _reference(validator: Any, reference: str, instance: Any, schema: Mapping[str, Any]) -> Errors:
    document = validator.schema
    if not isinstance(document, Document):  # within jsonschema's own search for what is evaluated
        from jsonschema import Draft202012Validator

        return [*Draft202012Validator.VALIDATORS["$ref"](validator, reference, instance, schema)]
    return descend(validator, instance, document.target(reference))


def _referred(validator: Any, reference: str, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    document = validator.schema
    if not isinstance(document, Document):
        return verdict_of(_reference(validator, reference, instance, schema))
    return decide(validator, instance, document.target(reference))


DESCENDING: dict[str, Keyword] = {
    "allOf": _all_of,
    "if": _if,
    "$ref": _reference,
    "$dynamicRef": _reference,  # the same within a schema that is a single resource
}

DECIDED: dict[str, Verdict] = {
    "allOf": _all,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "$ref": _referred,
    "$dynamicRef": _referred,
}
