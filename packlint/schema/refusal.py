"""What a user calls a schema → why packlint cannot judge by it, if it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packlint.schema.references import REFERENCES, Document

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_WORDS = """
    $anchor $comment $defs $dynamicAnchor $dynamicRef $id $ref $schema $vocabulary
    additionalProperties allOf anyOf contains dependentSchemas else if items not oneOf patternProperties
    prefixItems properties propertyNames then
    const dependentRequired enum exclusiveMaximum exclusiveMinimum maxContains maxItems maxLength
    maxProperties maximum minContains minItems minLength minProperties minimum multipleOf pattern required
    type uniqueItems
    unevaluatedItems unevaluatedProperties
    contentEncoding contentMediaType contentSchema default definitions deprecated description examples format
    readOnly title writeOnly
"""

KEYWORDS = frozenset(_WORDS.split())
"""The words of draft 2020-12, and `definitions`, which references may lead to; others demand nothing."""


def refused(schema: Any) -> str | None:
    """Why something is no schema that a `Judge` can use, as a clause for a message; None if it is one.

    A reference may lead only to a place within the schema: nothing is ever fetched.
    """
    if not isinstance(schema, Mapping):
        return "it is not an object"
    if str(schema.get("$schema", _DIALECT)).rstrip("#") != _DIALECT:
        return "its `$schema` is not draft 2020-12"
    document = Document(schema)
    try:
        return next(_faults(document), None)
    except RecursionError:
        return "it is nested too deeply"


def subschemas(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema that is not refused and all those within it, also those that only references reach."""
    from referencing.jsonschema import DRAFT202012

    document = Document(schema)
    waiting: list[Any] = [document]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen or not isinstance(part, Mapping):
            continue
        seen.add(id(part))
        yield part
        waiting += [document.target(part[word]) for word in REFERENCES if word in part]
        waiting += [inner.contents for inner in DRAFT202012.create_resource(part).subresources()]


def _faults(document: Document) -> Iterator[str]:
    """What is wrong with the parts of a schema, also with those that only references reach."""
    from referencing.jsonschema import DRAFT202012

    waiting: list[tuple[Any, bool]] = [(document, False)]
    seen: set[int] = set()
    while waiting:
        part, well_formed = waiting.pop()
        if not well_formed and id(part) not in seen:
            yield from _malformed(part)
        if id(part) in seen or not isinstance(part, Mapping):
            continue
        seen.add(id(part))
        yield from _unusable(part, document)
        resource = DRAFT202012.create_resource(part)
        waiting += [(document.target(part[word]), False) for word in REFERENCES if word in part]
        waiting += [(inner.contents, True) for inner in resource.subresources()]


def _malformed(part: Any) -> Iterator[str]:
    """What the metaschema says of a schema and all within it."""
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(part, format_checker=FormatChecker(()))
    except SchemaError as error:
        place = "/".join(map(str, error.path))
        yield f"`{place}` in it is not what JSON Schema has there" if place else "a part of it is no schema"


def _unusable(part: Mapping[str, Any], document: Document) -> Iterator[str]:
    """What a well-formed subschema has that cannot be judged."""
    from referencing.exceptions import Unresolvable

    yield from (f"it has `{word}` in a part of it" for word in ("$id", "$schema") if word in part)
    for word in REFERENCES:
        reference = part.get(word, "#")
        if not reference.startswith("#"):
            yield f'`{word}` leads elsewhere: "{reference}"'
            continue
        try:
            document.target(reference)
        except (Unresolvable, ValueError, TypeError):
            yield f'`{word}` leads nowhere: "{reference}"'
    patterns = [*part.get("patternProperties", ()), *([part["pattern"]] if "pattern" in part else ())]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except (re.error, OverflowError):
            yield f'"{pattern}" is not a regular expression'
