"""A subschema and an instance → errors that are certain or only possible; the verdict that they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from packlint.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

UNDECIDED = "undecided"
"""The keyword of an error that is only possible: some completion of the unknowns may fail."""

Errors: TypeAlias = "Sequence[Any]"
"""What jsonschema's keywords give: `ValidationError`s."""
Keyword: TypeAlias = "Callable[[Any, Any, Any, Mapping[str, Any]], Errors]"
"""(validator, the keyword's value, instance, the schema that has the keyword) → errors."""

Verdict: TypeAlias = "Callable[[Any, Any, Any, Mapping[str, Any]], bool | None]"
"""The same → whether the instance is certainly valid (True), certainly not (False) or neither (None)."""

KEYWORDS: dict[str, Keyword] = {}
"""Every keyword that judges, by its name; `judge` fills it."""
VERDICTS: dict[str, Verdict] = {}
"""Those that can be decided without making errors."""
_JUDGING = """
    $dynamicRef $ref allOf anyOf if not oneOf
    additionalProperties dependentRequired dependentSchemas maxProperties minProperties patternProperties
    properties propertyNames required unevaluatedProperties
    contains items maxItems minItems prefixItems unevaluatedItems uniqueItems
    const enum exclusiveMaximum exclusiveMinimum format maxLength maximum minLength minimum multipleOf
    pattern type
"""
JUDGING = frozenset(_JUDGING.split())
"""The names of every keyword that judges."""

LOGICAL = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "$ref", "$dynamicRef"})
"""Those that ask nothing of an instance themselves; all others are undecided where it is unknown."""


def violated(keyword: str, value: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    """A certain error of one keyword."""
    from jsonschema.exceptions import ValidationError

    return [
        ValidationError(keyword, validator=keyword, validator_value=value, instance=instance, schema=schema)
    ]


def undecided() -> Errors:
    """An error that is only possible."""
    from jsonschema.exceptions import ValidationError

    return [ValidationError(UNDECIDED, validator=UNDECIDED)]


def certain(error: Any) -> bool:
    """Whether no completion of the unknowns mends an error."""
    return bool(error.validator != UNDECIDED)


def verdict_of(errors: Errors) -> bool | None:
    """Whether all completions are valid (True), none is (False), or that is open (None)."""
    if not errors:
        return True
    return False if any(map(certain, errors)) else None


def ruled(verdict: bool | None, keyword: str, value: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    """The errors of a keyword about which only a verdict is to be told."""
    if verdict is None:
        return undecided()
    return () if verdict else violated(keyword, value, instance, schema)


def told(keyword: str, verdict: Verdict) -> Keyword:
    """The keyword that makes an error of a verdict."""

    def judged(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
        found = verdict(validator, value, instance, schema)
        return () if found else ruled(found, keyword, value, instance, schema)

    return judged


def says_nothing(schema: Any) -> bool:
    """Whether a subschema admits everything, as far as its keywords show."""
    return schema is True or (schema is not False and JUDGING.isdisjoint(schema))


def descend(validator: Any, instance: Any, schema: Any, *place: str | int) -> Errors:
    """What jsonschema's `descend` gives, without a new validator for every subschema."""
    if schema is True:
        return ()
    errors: list[Any] = []
    if schema is False:
        errors += violated("not", {}, instance, {"not": {}})
    else:
        unknown = isinstance(instance, Unknown)
        for word, value in schema.items():
            keyword = KEYWORDS.get(word)
            if keyword is None:
                continue
            if unknown and word not in LOGICAL:
                errors += undecided()
            else:
                errors += keyword(validator, value, instance, schema)
    if place:
        for error in errors:
            error.path.extendleft(place)
    return errors


def decide(validator: Any, instance: Any, schema: Any) -> bool | None:
    """Whether an instance is certainly valid (True), certainly not (False) or neither (None)."""
    if isinstance(schema, bool):
        return schema
    unknown = isinstance(instance, Unknown)
    if type(instance) is dict:
        for name in schema.get("required", ()):
            if name not in instance:
                return False
    verdict: bool | None = True
    for word, value in schema.items():
        if word not in KEYWORDS:
            continue
        if unknown and word not in LOGICAL:
            found = None
        elif word in VERDICTS:
            found = VERDICTS[word](validator, value, instance, schema)
        else:
            found = verdict_of(KEYWORDS[word](validator, value, instance, schema))
        if found is False:
            return False
        verdict = verdict and found
    return verdict


def unseen(kind: type, instance: Any, part: Any) -> Errors:
    """What is to be said of members or elements that are not seen."""
    return undecided() if isinstance(instance, kind) and not says_nothing(part) else ()
