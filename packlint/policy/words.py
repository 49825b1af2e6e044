"""What a schema and a body do not agree on → the words for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from packlint.schema import Violation
from packlint.wording import listed, names_words, range_words, value_words

MOST_NAMED = 10
LONGEST_VALUE = 60

Path: TypeAlias = tuple[str | int, ...]

_TYPES = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "a bool",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def words(violation: Violation, body: Any, secret: bool) -> str:
    """What is wrong, as a clause: "`tags` lacks `owner`"; a `secret` place is not told of more than that.

    What the body is worth is never in it. It is empty where there is nothing to say that would help: of a
    block that fits none of several schemas.
    """
    what = _what(violation, body, secret)
    limit = violation.limit
    if violation.keyword == "required":
        return f"{what} lacks {_names(violation.names)}"
    if violation.keyword == "additionalProperties" and violation.names:
        has = "has what it may not have"
        return f"{what} {has}" if secret else f"{what} {has}: {_names(violation.names)}"
    if violation.keyword == "dependentRequired":
        return f"{what} lacks {_names(_dependent(violation))}"
    if violation.keyword in ("anyOf", "oneOf") and (asked := _alternatives(limit)):
        count = "at least" if violation.keyword == "anyOf" else "exactly"
        return f"{what} has to have {count} one of {_names(asked)}"
    if violation.keyword in ("anyOf", "oneOf") and not violation.path:
        return ""
    if violation.keyword == "not" and (asked := _alternatives([limit])):
        return f"{what} must not have {_names(asked)}"
    said = _SAID.get(violation.keyword)
    if said is not None:
        return f"{what} {said(limit)}"
    if violation.keyword in _RANGES:
        return f"{what} has to be {range_words(violation.schema)}"
    return f"{what} is not as the schema says"


_RANGES = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})


def _type(limit: Any) -> str:
    types = [limit] if isinstance(limit, str) else limit
    return f"has to be {listed((_TYPES.get(it, str(it)) for it in types), 'or')}"


def _values(limit: Sequence[Any]) -> str:
    if not limit:
        return "cannot be right"
    shown = [_cut(value_words(it)) for it in limit[:MOST_NAMED]]
    more = len(limit) - len(shown)
    return f"has to be {listed([*shown, *([f'{more} more'] if more else [])], 'or')}"


def _many(least: bool, noun: str, nouns: str) -> Callable[[Any], str]:
    bound = "at least" if least else "at most"
    return lambda limit: f"has to have {bound} {limit} {noun if limit == 1 else nouns}"


_SAID: Mapping[str, Callable[[Any], str]] = {
    "type": _type,
    "enum": _values,
    "const": lambda limit: _values([limit]),
    "pattern": lambda limit: f"has to match `{_cut(limit)}`",
    "format": lambda limit: f"has to be a {limit}",
    "multipleOf": lambda limit: f"has to be a multiple of {limit}",
    "minLength": _many(True, "character", "characters"),
    "maxLength": _many(False, "character", "characters"),
    "minItems": _many(True, "element", "elements"),
    "maxItems": _many(False, "element", "elements"),
    "minProperties": _many(True, "entry", "entries"),
    "maxProperties": _many(False, "entry", "entries"),
    "uniqueItems": lambda limit: "has an element twice",
    "contains": lambda limit: "lacks an element that it has to have",
    "minContains": lambda limit: f"lacks some of {limit} elements that it has to have",
    "maxContains": lambda limit: f"has more than {limit} of the elements that it may have",
    "not": lambda limit: "is not allowed" if limit in ({}, True) else "is as it must not be",
    "anyOf": lambda limit: "is none of what is admitted",
    "oneOf": lambda limit: "is not exactly one of what is admitted",
}


def _what(violation: Violation, body: Any, secret: bool) -> str:
    """What the path of a violation leads to, in words."""
    text, here = "", body
    for part in violation.path:
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
        here = step(here, part)
    what = f"`{text}`" if text else "the block"
    if isinstance(violation.instance, str) and isinstance(here, dict):  # `propertyNames`
        return f"a name in {what}" if secret else f"the name `{_cut(violation.instance)}` in {what}"
    return what


def step(body: Any, part: str | int) -> Any:
    """What a part of a path leads to in plain data; None where it leads nowhere."""
    if isinstance(body, dict):
        return body.get(str(part))
    return body[part] if isinstance(body, list) and isinstance(part, int) and part < len(body) else None


def _names(names: Iterable[str]) -> str:
    known = [*dict.fromkeys(names)]
    shown = [_cut(name) for name in known[:MOST_NAMED]]
    more = len(known) - len(shown)
    return f"{', '.join(f'`{it}`' for it in shown)} and {more} more" if more else names_words(shown)


def _dependent(violation: Violation) -> list[str]:
    """The names that are missing because others are there."""
    there = violation.instance
    return [
        it for name, others in violation.limit.items() if name in there for it in others if it not in there
    ]


def _alternatives(parts: Any) -> list[str]:
    """The names that parts ask for, one each and nothing else; none where they ask for something else."""
    found = []
    for part in parts:
        if not isinstance(part, Mapping) or [*part] != ["required"] or len(part["required"]) != 1:
            return []
        found += part["required"]
    return found


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
