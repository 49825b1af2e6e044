"""A text → whether it is a duration to Go."""

from __future__ import annotations

import re

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_UNITS["h"] = 60 * _UNITS["m"]
_PART = re.compile(r"([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h)")
_DURATION = re.compile(r"([-+]?)(0|(?:(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:ns|us|µs|μs|ms|s|m|h))+)")
_DIGITS = 20
"""More digits than these are more nanoseconds than there may be, or less than one."""


def is_duration(text: str) -> bool:
    """Whether Go's `time.ParseDuration` takes a text."""
    match = _DURATION.fullmatch(text)
    if not match:
        return False
    span = 0
    for whole, fraction, unit in _PART.findall(match[2]):
        seconds, part = whole.lstrip("0"), fraction[:_DIGITS]
        if len(seconds) > _DIGITS:
            return False
        span += int(seconds or 0) * _UNITS[unit] + int(part or 0) * _UNITS[unit] // 10 ** len(part)
    return span < (1 << 63) + (match[1] == "-")
