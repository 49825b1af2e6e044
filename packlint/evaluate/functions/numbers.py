"""Numbers → numbers (`cty/function/stdlib`, number.go; Packer's `sum`)."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

from packlint.evaluate.convert import convert
from packlint.evaluate.failure import Failed, NotKnown, TooLarge
from packlint.evaluate.functions.function import Family, Result, integer, items, known
from packlint.evaluate.numbers import LARGEST_EXPONENT, Number, add, effort, rounded
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import type_of
from packlint.value import ANY, NUMBER, STRING, Known, Unknown

FAMILY = Family()
function = FAMILY.function

_LARGEST_POWER = 1000
_FLOAT_DIGITS = 64
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@function("abs", NUMBER, returns=NUMBER)
def _abs(number: Number) -> Result:
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


@function("ceil", NUMBER, returns=NUMBER)
def _ceil(number: Number) -> Result:
    return math.ceil(number)


@function("floor", NUMBER, returns=NUMBER)
def _floor(number: Number) -> Result:
    return math.floor(number)


@function("signum", NUMBER, returns=NUMBER)
def _signum(number: Number) -> Result:
    whole = integer(number)
    return (whole > 0) - (whole < 0)


@function("log", NUMBER, NUMBER, returns=NUMBER)
def _log(number: Number, base: Number) -> Result:
    """Go's logarithms differ in their last digit from Python's, and from one processor to the other."""
    raise NotKnown(Unknown("`log` is not computed", NUMBER))


def _is_float(number: Fraction) -> bool:
    """Whether a float of 64 bits has exactly this value."""
    try:
        return Fraction(float(number)) == number
    except OverflowError:
        return False


@function("pow", NUMBER, NUMBER, returns=NUMBER)
def _pow(number: Number, power: Number) -> Result:
    """Computed where the 64-bit float that Go has is exact; the last digit of others differs."""
    if isinstance(power, int) and 0 <= power <= _LARGEST_POWER:
        _, digits, _ = Decimal(number).as_tuple()
        if power * len(digits) <= _FLOAT_DIGITS * 4 and _is_float(Fraction(number)):
            result = Fraction(number) ** power
            if _is_float(result):
                return rounded(Decimal(repr(float(result))))
    raise NotKnown(Unknown("`pow` is computed only where its result is exact", NUMBER))


@function("max", returns=NUMBER, rest=NUMBER)
def _max(*numbers: Number) -> Result:
    if not numbers:
        raise Failed("at least one number is required")
    return max(numbers)


@function("min", returns=NUMBER, rest=NUMBER)
def _min(*numbers: Number) -> Result:
    if not numbers:
        raise Failed("at least one number is required")
    return min(numbers)


@function("sum", ANY, returns=NUMBER, scoped=True)
def _sum(scope: Scope, value: Known) -> Result:
    numbers = items(value)
    if not numbers:
        raise Failed("there is nothing to sum up")
    total: Number = 0
    for item in numbers:
        number = known(convert(known(item), NUMBER)).data
        if not isinstance(number, int | Decimal):
            raise Failed("an element is null")
        scope.budget.spend(effort(total, number))
        total = add(total, number)
    return total


@function("parseint", ANY, NUMBER, returns=NUMBER, scoped=True)
def _parseint(scope: Scope, value: Known, base: Number) -> Result:
    if type_of(value) != STRING or not isinstance(value.data, str):
        raise Failed("a string is required")
    radix = integer(base)
    if not 2 <= radix <= 62:
        raise Failed("the base must be between 2 and 62")
    if len(value.data) > LARGEST_EXPONENT:
        raise TooLarge
    scope.budget.spend(len(value.data))
    digits = value.data if radix > 36 else value.data.lower()
    match = re.fullmatch(r"([+-]?)([0-9a-zA-Z]+)", digits)
    places = [_DIGITS.index(digit) for digit in match[2]] if match else []
    if not match or max(places) >= radix:
        raise Failed(f'"{value.data}" is not a number of base {radix}')
    number = 0
    for place in places:
        number = number * radix + place
    return rounded(-number if match[1] == "-" else number)
