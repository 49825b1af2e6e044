"""Numbers → numbers (`cty/function/stdlib`, number.go; Packer's `sum`)."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from packlint.evaluate.convert import convert
from packlint.evaluate.functions.function import Family, Result, Wrong, integer, items, known, whole
from packlint.evaluate.giving_up import Failed, NotKnown, TooLarge
from packlint.evaluate.numbers import LARGEST_EXPONENT, Number, add, effort, exact, rounded
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import type_of
from packlint.value import ANY, NUMBER, STRING, Failure, Known, Unknown

FAMILY = Family()
function = FAMILY.function

_LARGEST_SHIFT = 1 << 12
"""Powers of two; a float with a larger one is infinite or nothing."""

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
    for position, value in enumerate((number, base)):
        if value < 0:
            raise Wrong(position, "there is no logarithm of a negative number")
    if (number, base) in ((1, 1), (0, 0)):
        raise Failed("the logarithm is not defined")
    if number == base and base not in (0, 1):
        return 1
    if number == 1 or (base == 0 and number):
        return 0
    raise NotKnown(Unknown("the last digit of `log` depends on the processor", NUMBER))


@function("pow", NUMBER, NUMBER, returns=NUMBER)
def _pow(number: Number, power: Number) -> Result:
    """Computed in floats of 64 bits as Go does; fractional powers but the half take its logarithms."""
    base, exponent = _float(number), _float(power)
    if not exponent or base == 1:
        return 1
    if abs(exponent) == 0.5 and base > 0:
        result = math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base)
    elif exponent != int(exponent) and base < 0:
        raise Failed("the power of a negative number is not defined")
    elif not base and exponent > 0:
        return 0
    elif exponent != int(exponent) or not base:
        raise NotKnown(Unknown("the last digit of such a `pow` depends on the processor", NUMBER))
    else:
        result = _power(base, int(abs(exponent)), exponent < 0)
    return rounded(Decimal(repr(result)))


def _float(number: Number) -> float:
    """A number as a float of 64 bits."""
    try:
        return float(exact(number))
    except OverflowError:
        raise NotKnown(Unknown("a number that is too large to compute", NUMBER)) from None


def _power(base: float, exponent: int, inverse: bool) -> float:
    """The power by squaring, mantissa and exponent apart, so that every rounding is where Go has it."""
    square, shift = math.frexp(base)
    mantissa, total = 1.0, 0
    while exponent:
        if abs(shift) > _LARGEST_SHIFT:
            total += shift
            break
        if exponent & 1:
            mantissa *= square
            total += shift
        square *= square
        shift *= 2
        if square < 0.5:
            square += square
            shift -= 1
        exponent >>= 1
    if inverse:
        mantissa, total = 1 / mantissa, -total
    try:
        return math.ldexp(mantissa, total)
    except OverflowError:
        raise NotKnown(Unknown("a power that is infinite", NUMBER)) from None


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
    numbers = items(whole(value))
    if not numbers:
        raise Failed("there is nothing to sum up")
    total: Number = 0
    for item in numbers:
        converted = convert(item, NUMBER)
        number = None if isinstance(converted, Failure) else known(converted).data
        if not isinstance(number, int | Decimal):
            raise Failed("an element is no number")
        scope.budget.spend(effort(total, number))
        total = add(total, number)
    return total


@function("parseint", ANY, NUMBER, returns=NUMBER, scoped=True)
def _parseint(scope: Scope, value: Known, base: Number) -> Result:
    if type_of(value) != STRING or not isinstance(value.data, str):
        raise Wrong(0, "a string is required")
    radix = integer(base)
    if not 2 <= radix <= 62:
        raise Wrong(1, "the base must be between 2 and 62")
    if len(value.data) > LARGEST_EXPONENT:
        raise TooLarge
    scope.budget.spend(len(value.data))
    digits = value.data if radix > 36 else value.data.lower()
    match = re.fullmatch(r"([+-]?)([0-9a-zA-Z]+)", digits)
    places = [_DIGITS.index(digit) for digit in match[2]] if match else []
    if not match or max(places) >= radix:
        raise Wrong(0, f"the text is not a number of base {radix}")
    number = 0
    for place in places:
        number = number * radix + place
    return rounded(-number if match[1] == "-" else number)
