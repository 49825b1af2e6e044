"""The digits of a number → its value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_EXPONENTS = (-2_147_483_649, 2_147_483_646)  # those that math/big parses; nobody can write such a number out


def number(text: str) -> int | Decimal | None:
    """The value of a number as HCL and JSON write it; None where Go's math/big refuses its exponent."""
    if len(text) < 16 and text.isdigit():
        return int(text)
    from decimal import Decimal

    digits, _, exponent = text.lower().partition("e")
    exponent = exponent.lstrip("+") or "0"
    least, most = _EXPONENTS
    if len(exponent) > len(str(least)) or not least <= int(exponent) <= most:
        return None
    short = len(text) < 600  # int() refuses thousands of digits
    return int(text) if short and digits == text and "." not in text else Decimal(text)
