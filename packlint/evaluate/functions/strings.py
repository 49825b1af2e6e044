"""Text → text, lists and answers (`cty/function/stdlib`, string.go; Packer's own additions)."""

from __future__ import annotations

from decimal import Decimal

from packlint.evaluate.budget import LARGEST_COLLECTION, LARGEST_TEXT
from packlint.evaluate.functions.characters import characters
from packlint.evaluate.functions.function import (
    STRINGS,
    Family,
    Parameter,
    Result,
    Wrong,
    integer,
    sized,
    string_list,
    strings,
)
from packlint.evaluate.giving_up import Failed, NotKnown, TooLarge
from packlint.value import BOOL, NUMBER, STRING, Known, Unknown

FAMILY = Family()
function = FAMILY.function

_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


@function("chomp", STRING, returns=STRING)
def _chomp(text: str) -> Result:
    return text.rstrip("\r\n")


@function("endswith", STRING, STRING, returns=BOOL)
def _endswith(text: str, suffix: str) -> Result:
    return text.endswith(suffix)


@function("startswith", Parameter(STRING, unknown=True), STRING, returns=BOOL)
def _startswith(text: str | Unknown, prefix: str) -> Result:
    if isinstance(text, str):
        return text.startswith(prefix)
    if not text.begins or (prefix.startswith(text.begins) and prefix != text.begins):
        raise NotKnown(text)
    return text.begins.startswith(prefix)


@function("strcontains", STRING, STRING, returns=BOOL)
def _strcontains(text: str, part: str) -> Result:
    return part in text


@function("indent", NUMBER, STRING, returns=STRING)
def _indent(spaces: int | Decimal, text: str) -> Result:
    count = integer(spaces)
    if count < 0:
        raise Wrong(0, "the number of spaces is negative")
    if count * text.count("\n") + len(text) > LARGEST_TEXT:
        raise TooLarge
    return text.replace("\n", "\n" + " " * count) if "\n" in text else text


@function("join", STRING, returns=STRING, rest=STRINGS)
def _join(separator: str, *lists: Known) -> Result:
    if not lists:
        raise Failed("at least one list is required")
    parts = [text for value in lists for text in strings(value)]
    if sum(map(len, parts)) + len(separator) * len(parts) > LARGEST_TEXT:
        raise TooLarge
    return separator.join(parts)


def _single(text: str, changed: str) -> str:
    """Go changes the case of a character only into one character."""
    return changed if len(changed) == 1 else text


@function("lower", STRING, returns=STRING)
def _lower(text: str) -> Result:
    return "".join(_single(character, character.lower()[:1]) for character in text)


@function("upper", STRING, returns=STRING)
def _upper(text: str) -> Result:
    if text.isascii():
        return text.upper()
    return "".join(_single(_single(character, character.title()), character.upper()) for character in text)


@function("title", STRING, returns=STRING)
def _title(text: str) -> Result:
    result, before = [], " "
    for character in text:
        result.append(_single(character, character.title()) if _separates(before) else character)
        before = character
    return "".join(result)


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return not character.isalnum() and character in _SPACE


@function("replace", STRING, STRING, STRING, returns=STRING)
def _replace(text: str, part: str, by: str) -> Result:
    if text.count(part) * len(by) + len(text) > LARGEST_TEXT:
        raise TooLarge
    return text.replace(part, by)


@function("split", STRING, STRING, returns=STRINGS)
def _split(separator: str, text: str) -> Result:
    if text.count(separator) > LARGEST_COLLECTION:
        raise TooLarge
    return string_list(text.split(separator) if separator else list(text))


@function("strrev", STRING, returns=STRING)
def _strrev(text: str) -> Result:
    return "".join(reversed(characters(text)))


@function("substr", STRING, NUMBER, NUMBER, returns=STRING)
def _substr(text: str, offset: int | Decimal, length: int | Decimal) -> Result:
    """A negative offset counts from the end, a negative length takes the rest."""
    start, count = integer(offset), integer(length)
    found = characters(text)
    if start < 0:
        start += len(found)
    elif count == 0:
        return ""
    rest = found[max(start, 0) :]
    # After a negative offset a length of 0 is never reached while counting up: it takes the rest.
    return "".join(rest if count <= 0 else rest[:count])


@function("trim", STRING, STRING, returns=STRING)
def _trim(text: str, cut: str) -> Result:
    return text.strip(cut)


@function("trimprefix", STRING, STRING, returns=STRING)
def _trimprefix(text: str, prefix: str) -> Result:
    return text.removeprefix(prefix)


@function("trimsuffix", STRING, STRING, returns=STRING)
def _trimsuffix(text: str, suffix: str) -> Result:
    return text.removesuffix(suffix)


@function("trimspace", STRING, returns=STRING)
def _trimspace(text: str) -> Result:
    return sized(text.strip(_SPACE))
