"""A text → the seconds that it is to Go."""

from __future__ import annotations

from packlint.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_UNITS["h"] = 60 * _UNITS["m"]
_PART = pattern(r"([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h)")
_DURATION = pattern(r"([-+]?)(0|(?:(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:ns|us|µs|μs|ms|s|m|h))+)")
_DIGITS = 20
"""More digits than these are more nanoseconds than there may be, or less than one."""


def seconds(text: str) -> int | Decimal | None:
    """What Go's `time.ParseDuration` makes of a text, in seconds; None where it takes none."""
    span = _nanoseconds(text)
    if span is None or span % 10**9 == 0:
        return None if span is None else span // 10**9
    from decimal import Decimal

    return Decimal(span).scaleb(-9)


def _nanoseconds(text: str) -> int | None:
    """The same in nanoseconds.

    `"1m30s"` is 90 seconds and `"-1.5s"` is -1.5. A text is signed as a whole, every number but a lone 0 has
    its unit, and there are no more than 2^63 nanoseconds, about 292 years (src/time/format.go).
    """
    if (plain := _plain(text)) is not None:
        return plain
    match = _DURATION.fullmatch(text)
    if not match:
        return None
    span = 0
    for whole, fraction, unit in _PART.findall(match[2]):
        number, part = whole.lstrip("0"), fraction[:_DIGITS]
        if len(number) > _DIGITS:
            return None
        # A fraction is a floating-point number to Go too.
        span += int(number or 0) * _UNITS[unit] + int(int(part or 0) * (_UNITS[unit] / 10 ** len(part)))
    negative = match[1] == "-"
    if span >= (1 << 63) + negative:
        return None
    return -span if negative else span


def _plain(text: str) -> int | None:
    """The nanoseconds of a text such as `1h30m0s`, as nearly all are written; None for any other."""
    if not text.isascii() or len(text) > _DIGITS or " " in text:
        return None
    *parts, rest = text.replace("h", "h ").replace("m", "m ").replace("s", "s ").split(" ")
    if rest or not parts or not all(part[:-1].isdigit() and len(part) < 7 for part in parts):
        return None
    return sum(int(part[:-1]) * _UNITS[part[-1]] for part in parts)


def is_duration(text: str) -> bool:
    """Whether Go's `time.ParseDuration` takes a text."""
    return _nanoseconds(text) is not None
