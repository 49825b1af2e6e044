"""A format and values → text (`cty/function/stdlib`, format.go)."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from packlint.evaluate.budget import LARGEST_TEXT
from packlint.evaluate.convert import convert
from packlint.evaluate.functions.characters import characters
from packlint.evaluate.functions.encoding import json_string, json_text
from packlint.evaluate.functions.function import (
    STRINGS,
    Family,
    Parameter,
    Result,
    items,
    known,
    sized,
    whole,
)
from packlint.evaluate.giving_up import Failed, NotKnown, TooLarge
from packlint.evaluate.numbers import Number, exact, fixed_text, general_text, negate
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.record import record
from packlint.value import ANY, BOOL, NUMBER, STRING, Failure, Known, Type, Unknown, Value

FAMILY = Family()
function = FAMILY.function

_VERB = re.compile(r"%([0#+ -]*)([1-9][0-9]*)?(?:\.([0-9]*))?(?:\[([1-9][0-9]*)\])?([a-zA-Z])")
_ANYTHING = Parameter(ANY, nullable=True, unknown=True, untyped=True)
_LONGEST_PRECISION = 1000
_PREFIXES = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}
_SHORTEST_EXPONENT = -4


@record
class _Verb:
    """One `%…` of a format."""

    text: str
    flags: str
    width: int
    precision: int | None
    mode: str


@function("format", STRING, returns=STRING, rest=_ANYTHING, scoped=True)
def _format(scope: Scope, pattern: str, *values: Value) -> Result:
    return _formatted(scope, pattern, values)


@function("formatlist", STRING, returns=STRINGS, rest=_ANYTHING, scoped=True)
def _formatlist(scope: Scope, pattern: str, *values: Value) -> Result:
    """Lists are gone through side by side, everything else is repeated."""
    lists = [items(known(value)) if _is_list(value) else None for value in values]
    lengths = {len(found) for found in lists if found is not None}
    if len(lengths) > 1:
        raise Failed("the lists differ in length")
    count = next(iter(lengths), 1)
    rows: list[Value] = []
    for position in range(count):
        row = [
            value if found is None else found[position] for value, found in zip(values, lists, strict=True)
        ]
        try:
            rows.append(Known(normal(_formatted(scope, pattern, tuple(row))), STRING))
        except NotKnown as missing:
            rows.append(Unknown(missing.unknown.because, STRING, missing.unknown.sensitive))
    return Known(tuple(rows), STRINGS)


def _is_list(value: Value) -> bool:
    if isinstance(value, Unknown):
        raise NotKnown(value)
    return isinstance(value.data, tuple)


def _formatted(scope: Scope, pattern: str, values: tuple[Value, ...]) -> str:
    scope.budget.weigh(*values)
    for value in values:
        whole(value)
    written: list[str] = []
    at, following, highest, size = 0, 1, 0, 0
    while at < len(pattern):
        start = pattern.find("%", at)
        if start < 0:
            start = len(pattern)
        written.append(pattern[at:start])
        at = start
        if pattern.startswith("%%", at):
            written.append("%")
            at += 2
        elif at < len(pattern):
            match = _VERB.match(pattern, at)
            if not match:
                raise Failed(f"the format is wrong at offset {at}")
            number = int(match[4]) if match[4] and len(match[4]) < 9 else following
            if number > len(values):
                raise Failed(f'"{match[0]}" has no argument')
            following, highest, at = number + 1, max(highest, number), match.end()
            scope.budget.weigh(values[number - 1])
            written.append(_converted(_verb(match), known(values[number - 1])))
            scope.budget.read(len(written[-1]))
        size += len(written[-1])
        if size > LARGEST_TEXT:
            raise TooLarge
    if highest < len(values):
        raise Failed(f"the format uses only {highest} of {len(values)} arguments")
    return "".join(written)


def _verb(match: re.Match[str]) -> _Verb:
    width = int(match[2][:9]) if match[2] else 0
    precision = None if match[3] is None else int(match[3][:9] or 0)
    if width > LARGEST_TEXT or (precision or 0) > _LONGEST_PRECISION:
        raise TooLarge
    return _Verb(match[0], match[1], width, precision, match[5])


def _converted(verb: _Verb, value: Known) -> str:
    if verb.mode == "v":
        return _padded(verb, _as_is(verb, value))
    if verb.mode not in "tbdoxXeEfgGsq":
        raise Failed(f'"{verb.text}" is not a verb of a format')
    if value.data is None:
        raise Failed(f'"{verb.text}" cannot write null')
    if verb.mode == "t":
        return "true" if _data(verb, value, BOOL) is True else "false"
    if verb.mode in "sq":
        text = str(_data(verb, value, STRING))
        if verb.precision:
            text = "".join(characters(text)[: verb.precision])
        return _padded(verb, json_string(text) if verb.mode == "q" else text)
    number = _data(verb, value, NUMBER)
    if not isinstance(number, int | Decimal):
        raise Failed(f'"{verb.text}" needs a number')
    return _number(verb, number)


def _data(verb: _Verb, value: Known, wanted: Type) -> object:
    converted = convert(value, wanted)
    if isinstance(converted, Failure):
        raise Failed(f'"{verb.text}" does not fit: {converted.because}')
    return known(converted).data


def _as_is(verb: _Verb, value: Known) -> str:
    if "#" not in verb.flags:
        if isinstance(value.data, str):
            return value.data
        if isinstance(value.data, int | Decimal) and not isinstance(value.data, bool):
            return general_text(value.data)
    return json_text(value)


def _padded(verb: _Verb, text: str) -> str:
    if not verb.width:
        return text
    missing = verb.width - len(characters(text))
    pad = ("0" if "0" in verb.flags else " ") * max(missing, 0)
    return sized(text + pad if "-" in verb.flags else pad + text)


def _number(verb: _Verb, number: Number) -> str:
    """Numbers are written as Go's `fmt` writes them."""
    size = negate(number) if number < 0 else number
    digits = _digits(verb, size)
    sign = "-" if number < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    if "#" in verb.flags:
        if verb.mode in "eEfgG" or digits.startswith("0"):
            raise NotKnown(Unknown(f'"{verb.text}" is not computed', STRING))
        sign += _PREFIXES.get(verb.mode, "")
    missing = max(verb.width - len(sign) - len(digits), 0)
    if "-" in verb.flags:
        return sign + digits + " " * missing
    whole_with_precision = verb.mode in "bdoxX" and verb.precision is not None
    if "0" in verb.flags and not whole_with_precision:
        return sign + "0" * missing + digits
    return " " * missing + sign + digits


def _digits(verb: _Verb, number: Number) -> str:
    if verb.mode in "bdoxX":
        if isinstance(number, Decimal):
            raise Failed(f'"{verb.text}" needs a whole number')
        return format(number, verb.mode).rjust(verb.precision or 0, "0")
    if verb.mode in "gG" and verb.precision is None:
        text = general_text(number)
        return text.upper() if verb.mode == "G" else text
    places = 6 if verb.precision is None else verb.precision
    if verb.mode == "f":
        return fixed_text(number, places)
    text = _scientific(*_rounded(number, places + 1)) if verb.mode in "eE" else _general(number, places or 1)
    return text.upper() if verb.mode in "EG" else text


def _rounded(number: Number, count: int) -> tuple[str, int]:
    """So many digits of a number, which is not negative, and the power of ten of the first."""
    if not number:
        return "0" * count, 0
    value = exact(number)
    power = Decimal(number).adjusted()
    unit = power - count + 1
    digits = str(round(value * Fraction(10) ** -unit))
    return (digits[:count], power + 1) if len(digits) > count else (digits, power)


def _scientific(digits: str, power: int) -> str:
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if power < 0 else '+'}{abs(power):02}"


def _general(number: Number, count: int) -> str:
    """At most so many digits, without zeros at their end, with an exponent where it is large."""
    digits, power = _rounded(number, count)
    digits = digits.rstrip("0") or "0"
    most = len(digits) if count > len(digits) > power else count
    if power < _SHORTEST_EXPONENT or power >= most:
        return _scientific(digits, power)
    if power < 0:
        return f"0.{'0' * (-power - 1)}{digits}"
    whole_part, fraction = digits[: power + 1].ljust(power + 1, "0"), digits[power + 1 :]
    return f"{whole_part}.{fraction}" if fraction else whole_part
