"""Numbers → numbers and text, as HCL has them: binary floats of 512 bits, written as short as can be.

A number is an int where it is whole, else the shortest Decimal that stands for its 512-bit float; so equal
floats are equal data (reference: `cty.Number` and `math/big.Float` with precision 512).
"""

from __future__ import annotations

from decimal import Decimal

from packlint.evaluate.giving_up import TooLarge
from packlint.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

Number = int | Decimal

PRECISION = 512
LARGEST_EXPONENT = 1000
"""Powers of ten; beyond them numbers are legal in HCL, and useless in a template."""

EFFORT = 64
"""Steps of an operation that goes by way of fractions."""

_NUMBER = pattern(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eEpP][+-]?[0-9]+)?")
_INFINITE = pattern(r"[+-]?[iI]nf")
_DIGITS = 160
_CERTAIN = 150
"""Decimal digits that 512 bits always tell apart."""
_SMALL = 1 << 64


def parse_number(text: str) -> Number | None:
    """The number that a string stands for in decimal notation, or None (`cty.ParseNumberVal`).

    Go's own notation, with a power of two behind a `p`, is taken as well. Raises TooLarge for what is too
    large or too long, and for infinity.
    """
    if not (text.isascii() and text.isdigit()) and not _NUMBER.fullmatch(text):
        if _INFINITE.fullmatch(text):
            raise TooLarge
        return None
    if len(text) > _CERTAIN:
        raise TooLarge
    mantissa, _, power = text.lower().partition("p")
    if power and abs(int(power)) > LARGEST_EXPONENT:
        raise TooLarge
    try:
        number = Decimal(mantissa)
        return rounded(_fraction(number) * _fraction(2) ** int(power) if power else number)
    except ArithmeticError:  # an exponent that Decimal itself refuses
        raise TooLarge from None


def effort(*data: object) -> int:
    """Steps that adding or multiplying these takes: none for small integers."""
    return 0 if all(isinstance(number, int) and abs(number) < _SMALL for number in data) else EFFORT


def number_text(number: Number) -> str:
    """How a template writes a number: no exponent, no digits that say nothing."""
    checked = _checked(number)
    return format(checked, "f") if isinstance(checked, Decimal) else str(checked)


def general_text(number: Number) -> str:
    """How Go's `%g` writes a number: an exponent below 10⁻⁴ and from 10⁶ on."""
    checked = Decimal(_checked(number))
    sign, digits, power = checked.as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    first = len(digits) + int(power) - 1
    if not text or -4 <= first < 6:
        return number_text(number)
    fraction = f".{text[1:]}" if len(text) > 1 else ""
    return f"{'-' if sign else ''}{text[0]}{fraction}e{'-' if first < 0 else '+'}{abs(first):02}"


def fixed_text(number: Number, places: int) -> str:
    """A number with so many decimal places; a tie rounds to even, as its 512-bit float has it."""
    scaled = round(abs(exact(number)) * 10**places)
    text = str(scaled).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{text[:-places]}.{text[-places:]}" if places else sign + text


def rounded(number: Number | Fraction) -> Number:
    """The nearest 512-bit float, as the shortest decimal that stands for it."""
    if isinstance(number, int) and -(1 << PRECISION) < number < 1 << PRECISION:
        return number
    if isinstance(number, int | Decimal):
        _checked(number)
    if isinstance(number, Decimal):
        digits = len(number.as_tuple().digits)
        if digits <= _CERTAIN:
            return _plain(number)
        if digits > LARGEST_EXPONENT:
            raise TooLarge
    fraction = _fraction(number)
    if not fraction:
        return 0
    mantissa, exponent = _mantissa(abs(fraction))
    if exponent > LARGEST_EXPONENT * 4 or exponent < -LARGEST_EXPONENT * 4:
        raise TooLarge
    shortest = _shortest(mantissa, exponent)
    if shortest == shortest.to_integral_value():
        return int(shortest) if fraction > 0 else -int(shortest)
    return shortest if fraction > 0 else shortest.copy_negate()


def _plain(number: Decimal) -> Number:
    """The number as it is, without zeros that say nothing."""
    if number == number.to_integral_value():
        return int(number)
    sign, digits, power = number.as_tuple()
    kept = "".join(map(str, digits)).rstrip("0")
    return Decimal((sign, tuple(map(int, kept)), int(power) + len(digits) - len(kept)))


def _checked(number: Number) -> Number:
    if isinstance(number, Decimal):
        if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
            raise TooLarge
    elif number.bit_length() > LARGEST_EXPONENT * 4:
        raise TooLarge
    return number


def _mantissa(fraction: Fraction) -> tuple[int, int]:
    """The mantissa of 512 bits and the exponent of two; halves round to even."""
    exponent = fraction.numerator.bit_length() - fraction.denominator.bit_length() - PRECISION
    while True:
        scaled = fraction / (_fraction(2) ** exponent)
        mantissa = round(scaled)
        if mantissa >= 1 << PRECISION:
            exponent += 1
        elif mantissa < 1 << (PRECISION - 1):
            exponent -= 1
        else:
            return mantissa, exponent


def _shortest(mantissa: int, exponent: int) -> Decimal:
    """The decimal with the fewest digits that rounds to this float, the nearest one among them."""
    value = mantissa * _fraction(2) ** exponent
    half = _fraction(2) ** (exponent - 1)
    below = half / 2 if mantissa == 1 << (PRECISION - 1) else half
    low, high, closed = value - below, value + half, mantissa % 2 == 0
    magnitude = _magnitude(value)
    first, last = 1, _DIGITS
    best = _at(value, magnitude, last)
    while first < last:  # whether n digits are enough is monotonous in n
        middle = (first + last) // 2
        candidate = _at(value, magnitude, middle)
        if low < candidate < high or (closed and candidate in (low, high)):
            best, last = candidate, middle
        else:
            first = middle + 1
    return _decimal(best)


def _magnitude(value: Fraction) -> int:
    """The power of ten of the first digit."""
    guess = int((value.numerator.bit_length() - value.denominator.bit_length()) * 0.30103)
    ten = _fraction(10)
    while ten**guess > value:
        guess -= 1
    while ten ** (guess + 1) <= value:
        guess += 1
    return guess


def _at(value: Fraction, magnitude: int, digits: int) -> Fraction:
    unit = _fraction(10) ** (magnitude - digits + 1)
    return round(value / unit) * unit


def _decimal(fraction: Fraction) -> Decimal:
    """An exact decimal fraction as a Decimal, whatever the context's precision is."""
    digits, numerator, denominator = 0, fraction.numerator, fraction.denominator
    twos = (denominator & -denominator).bit_length() - 1
    fives, rest = 0, denominator >> twos
    while rest > 1:
        rest //= 5
        fives += 1
    digits = max(twos, fives)
    scaled = numerator * 10**digits // denominator
    return Decimal((0, tuple(map(int, str(scaled))), -digits))


def negate(number: Number) -> Number:
    """The number with the other sign; `-` alone would round a Decimal to the context's precision."""
    return number.copy_negate() if isinstance(number, Decimal) else -number


def add(left: Number, right: Number) -> Number:
    """Left + right."""
    if isinstance(left, int) and isinstance(right, int):
        return rounded(left + right)
    return rounded(exact(left) + exact(right))


def subtract(left: Number, right: Number) -> Number:
    """Left - right."""
    return add(left, negate(right))


def multiply(left: Number, right: Number) -> Number:
    """Left * right."""
    if isinstance(left, int) and isinstance(right, int):
        return rounded(_checked(left) * _checked(right))
    return rounded(exact(left) * exact(right))


def divide(left: Number, right: Number) -> Number:
    """Left / right, which is not zero."""
    return rounded(exact(left) / exact(right))


def modulo(left: Number, right: Number) -> Number:
    """What the division leaves, with the sign of `left`; everything, where the divisor is zero."""
    if not right:
        return left
    times = int(exact(divide(left, right)))  # each step is rounded, as in `cty`
    return subtract(left, multiply(right, times))


def exact(number: Number) -> Fraction:
    """The 512-bit float that the number stands for, exactly."""
    checked = _checked(number)
    if isinstance(checked, int):
        return _fraction(checked)
    mantissa, exponent = _mantissa(abs(_fraction(checked))) if checked else (0, 0)
    value = mantissa * _fraction(2) ** exponent
    return value if checked > 0 else -value


def _fraction(number: Number | Fraction) -> Fraction:
    """The number as a fraction; few templates have one that needs it."""
    from fractions import Fraction

    return Fraction(number)
