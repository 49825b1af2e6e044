"""Timestamps → timestamps, text and parts (`cty/function/stdlib`, datetime.go; Packer's own additions)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from packlint.evaluate.functions.function import Family, Result, Wrong, integer
from packlint.evaluate.functions.moments import moment, offset_text, written, zone
from packlint.evaluate.giving_up import Failed, TooLarge
from packlint.evaluate.numbers import Number
from packlint.evaluate.types import object_type
from packlint.value import NUMBER, STRING, Known, Type, Value

FAMILY = Family()
function = FAMILY.function

_MONTHS = ["January", "February", "March", "April", "May", "June"]
_MONTHS += ["July", "August", "September", "October", "November", "December"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DATE = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_CLOCK = (
    r"(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:POINT(?P<fraction>[0-9]+))?"
    r"(?:Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))"
)
_TIMESTAMP = re.compile(rf"{_DATE}T(?P<hour>[0-9]{{2}}):{_CLOCK.replace('POINT', '[.]')}")
_LENIENT = re.compile(rf"{_DATE}[T ](?P<hour>[0-9]{{1,2}}):{_CLOCK.replace('POINT', '[.,]')}")
"""What Go's own parser takes, which `rfc3339_parse` uses."""

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_UNITS["h"] = 60 * _UNITS["m"]
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_LONGEST_DURATION = 40
_LONGEST_FORMAT = 1000
_DURATION_BITS = 63
_NO_TIMESTAMP = "the text is not a timestamp of RFC 3339"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _parsed(text: str, pattern: re.Pattern[str] = _TIMESTAMP) -> datetime | None:
    """A timestamp of RFC 3339, or None."""
    match = pattern.fullmatch(text)
    return moment(match) if match else None


_VERBS: dict[str, Callable[[datetime], str]] = {
    "YY": lambda at: f"{at.year % 100:02}",
    "YYYY": lambda at: f"{at.year:04}",
    "M": lambda at: f"{at.month}",
    "MM": lambda at: f"{at.month:02}",
    "MMM": lambda at: _MONTHS[at.month - 1][:3],
    "MMMM": lambda at: _MONTHS[at.month - 1],
    "D": lambda at: f"{at.day}",
    "DD": lambda at: f"{at.day:02}",
    "EEE": lambda at: _DAYS[at.weekday()][:3],
    "EEEE": lambda at: _DAYS[at.weekday()],
    "h": lambda at: f"{at.hour}",
    "hh": lambda at: f"{at.hour:02}",
    "H": lambda at: f"{at.hour % 12 or 12}",
    "HH": lambda at: f"{at.hour % 12 or 12:02}",
    "AA": lambda at: "AM" if at.hour < 12 else "PM",
    "aa": lambda at: "am" if at.hour < 12 else "pm",
    "m": lambda at: f"{at.minute}",
    "mm": lambda at: f"{at.minute:02}",
    "s": lambda at: f"{at.second}",
    "ss": lambda at: f"{at.second:02}",
    "Z": zone,
    "ZZZ": lambda at: "UTC" if not at.utcoffset() else offset_text(at, ""),
    "ZZZZ": lambda at: offset_text(at, ""),
    "ZZZZZ": lambda at: offset_text(at, ":"),
}
_TOKEN = re.compile(r"'(?:''|[^'])*'|([a-zA-Z])\1*|[^a-zA-Z']+|'.*", re.DOTALL)


@function("formatdate", STRING, STRING, returns=STRING)
def _formatdate(pattern: str, text: str) -> Result:
    if len(pattern) > _LONGEST_FORMAT:
        raise TooLarge
    at = _parsed(text)
    if at is None:
        raise Wrong(1, _NO_TIMESTAMP)
    parts = []
    for match in _TOKEN.finditer(pattern):
        token = match[0]
        if token.startswith("'"):
            if len(token) == 1 or not token.endswith("'"):
                raise Wrong(0, "a quote is not closed")
            parts.append("'" if token == "''" else token[1:-1].replace("''", "'"))
        elif match[1]:
            if token not in _VERBS:
                raise Wrong(0, f'"{token}" is not a part of a date')
            parts.append(_VERBS[token](at))
        else:
            parts.append(token)
    return "".join(parts)


@function("timeadd", STRING, STRING, returns=STRING)
def _timeadd(text: str, duration: str) -> Result:
    at = _parsed(text)
    if at is None:
        raise Wrong(0, _NO_TIMESTAMP)
    if len(duration) > _LONGEST_DURATION:
        raise TooLarge
    match = re.fullmatch(rf"([+-]?)((?:{_PART.pattern})+|0)", duration)
    if not match:
        raise Wrong(1, "the text is not a duration")
    parts = _PART.findall(match[2])
    span = sum(int(Fraction(amount.rstrip(".")) * _UNITS[unit]) for amount, unit in parts)
    if span >= 1 << _DURATION_BITS:
        raise Wrong(1, "the duration is longer than 292 years")
    try:
        return written(at + timedelta(microseconds=(-span if match[1] == "-" else span) // 1000))
    except OverflowError:
        raise TooLarge from None


_NUMBERS = (
    *("year", "year_day", "day", "month", "weekday", "hour", "minute", "second", "iso_year", "iso_week"),
)
_NAMES = ("month_name", "weekday_name")


def _parts_type(name: str, type_: Type) -> Type:
    """The type of the parts of a moment, with the moment itself in another notation."""
    parts = {**dict.fromkeys(_NUMBERS, NUMBER), **dict.fromkeys(_NAMES, STRING), name: type_}
    return Type("object", attributes=tuple(sorted(parts.items())))


def _parts(at: datetime, name: str, value: Known) -> Known:
    iso_year, iso_week, _ = at.isocalendar()
    day = (at.year, at.timetuple().tm_yday, at.day, at.month, at.isoweekday() % 7)
    numbers = (*day, at.hour, at.minute, at.second, iso_year, iso_week)
    parts: dict[str, Value] = {
        part: Known(number, NUMBER) for part, number in zip(_NUMBERS, numbers, strict=True)
    }
    parts["month_name"] = Known(_MONTHS[at.month - 1], STRING)
    parts["weekday_name"] = Known(_DAYS[at.weekday()], STRING)
    parts[name] = value
    return Known(parts, object_type(parts))


@function("rfc3339_parse", STRING, returns=_parts_type("unix", NUMBER))
def _rfc3339_parse(text: str) -> Result:
    at = _parsed(text, _LENIENT)
    if at is None:
        raise Failed(_NO_TIMESTAMP)
    return _parts(at, "unix", Known((at - _EPOCH) // timedelta(seconds=1), NUMBER))


@function("unix_timestamp_parse", NUMBER, returns=_parts_type("rfc3339", STRING))
def _unix_timestamp_parse(seconds: Number) -> Result:
    try:
        at = _EPOCH + timedelta(seconds=integer(seconds))
    except OverflowError:
        raise TooLarge from None
    return _parts(at, "rfc3339", Known(written(at), STRING))
