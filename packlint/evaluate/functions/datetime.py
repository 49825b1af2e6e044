"""Timestamps → timestamps, text and parts (`cty/function/stdlib`, datetime.go; Packer's own additions)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

from packlint.evaluate.failure import Failed, TooLarge
from packlint.evaluate.functions.function import Family, Result, integer
from packlint.evaluate.numbers import Number
from packlint.evaluate.types import object_type
from packlint.value import NUMBER, STRING, Known, Value

FAMILY = Family()
function = FAMILY.function

_MONTHS = ["January", "February", "March", "April", "May", "June"]
_MONTHS += ["July", "August", "September", "October", "November", "December"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})([T ])([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))"
)
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_UNITS["h"] = 60 * _UNITS["m"]
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_LONGEST_DURATION = 40
_LONGEST_FORMAT = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _parsed(text: str, separators: str = "T") -> datetime:
    """A timestamp of RFC 3339."""
    match = _TIMESTAMP.fullmatch(text)
    if not match or match[4] not in separators:
        raise Failed(f'"{text}" is not a timestamp of RFC 3339')
    offset = timedelta(hours=int(match[11] or 0), minutes=int(match[12] or 0))
    zone = timezone(-offset if match[10] == "-" else offset) if offset < timedelta(days=1) else None
    fraction = (match[8] or "").ljust(6, "0")[:6]
    year, month, day, hour, minute, second, micro = map(int, (*match.group(1, 2, 3, 5, 6, 7), fraction))
    try:
        return datetime(year, month, day, hour, minute, second, micro, zone or UTC)
    except ValueError:
        raise Failed(f'"{text}" is not a timestamp of RFC 3339') from None


def _offset(moment: datetime, colon: str) -> str:
    seconds = int((moment.utcoffset() or timedelta()).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{colon}{minutes:02}"


def _zone(moment: datetime) -> str:
    return _offset(moment, ":") if moment.utcoffset() else "Z"


def _written(moment: datetime) -> str:
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}{_zone(moment)}"


_VERBS: dict[str, Callable[[datetime], str]] = {
    "YY": lambda moment: f"{moment.year % 100:02}",
    "YYYY": lambda moment: f"{moment.year:04}",
    "M": lambda moment: f"{moment.month}",
    "MM": lambda moment: f"{moment.month:02}",
    "MMM": lambda moment: _MONTHS[moment.month - 1][:3],
    "MMMM": lambda moment: _MONTHS[moment.month - 1],
    "D": lambda moment: f"{moment.day}",
    "DD": lambda moment: f"{moment.day:02}",
    "EEE": lambda moment: _DAYS[moment.weekday()][:3],
    "EEEE": lambda moment: _DAYS[moment.weekday()],
    "h": lambda moment: f"{moment.hour}",
    "hh": lambda moment: f"{moment.hour:02}",
    "H": lambda moment: f"{moment.hour % 12 or 12}",
    "HH": lambda moment: f"{moment.hour % 12 or 12:02}",
    "AA": lambda moment: "AM" if moment.hour < 12 else "PM",
    "aa": lambda moment: "am" if moment.hour < 12 else "pm",
    "m": lambda moment: f"{moment.minute}",
    "mm": lambda moment: f"{moment.minute:02}",
    "s": lambda moment: f"{moment.second}",
    "ss": lambda moment: f"{moment.second:02}",
    "Z": _zone,
    "ZZZ": lambda moment: "UTC" if not moment.utcoffset() else _offset(moment, ""),
    "ZZZZ": lambda moment: _offset(moment, ""),
    "ZZZZZ": lambda moment: _offset(moment, ":"),
}
_TOKEN = re.compile(r"'(?:''|[^'])*'|([a-zA-Z])\1*|[^a-zA-Z']+|'.*", re.DOTALL)


@function("formatdate", STRING, STRING, returns=STRING)
def _formatdate(pattern: str, text: str) -> Result:
    if len(pattern) > _LONGEST_FORMAT:
        raise TooLarge
    moment = _parsed(text)
    written = []
    for match in _TOKEN.finditer(pattern):
        token = match[0]
        if token.startswith("'"):
            if len(token) == 1 or not token.endswith("'"):
                raise Failed("a quote is not closed")
            written.append("'" if token == "''" else token[1:-1].replace("''", "'"))
        elif match[1]:
            if token not in _VERBS:
                raise Failed(f'"{token}" is not a part of a date')
            written.append(_VERBS[token](moment))
        else:
            written.append(token)
    return "".join(written)


@function("timeadd", STRING, STRING, returns=STRING)
def _timeadd(text: str, duration: str) -> Result:
    moment = _parsed(text)
    if len(duration) > _LONGEST_DURATION:
        raise TooLarge
    match = re.fullmatch(rf"([+-]?)((?:{_PART.pattern})+|0)", duration)
    if not match:
        raise Failed(f'"{duration}" is not a duration')
    parts = _PART.findall(match[2])
    span = sum(int(Fraction(amount.rstrip(".")) * _UNITS[unit]) for amount, unit in parts)
    try:
        sum_ = moment + timedelta(microseconds=(-span if match[1] == "-" else span) // 1000)
    except OverflowError:
        raise TooLarge from None
    return _written(sum_)


def _parts(moment: datetime) -> dict[str, Value]:
    iso_year, iso_week, _ = moment.isocalendar()
    numbers = {
        "year": moment.year,
        "year_day": moment.timetuple().tm_yday,
        "day": moment.day,
        "month": moment.month,
        "weekday": moment.isoweekday() % 7,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": moment.second,
        "iso_year": iso_year,
        "iso_week": iso_week,
    }
    parts: dict[str, Value] = {name: Known(number, NUMBER) for name, number in numbers.items()}
    parts["month_name"] = Known(_MONTHS[moment.month - 1], STRING)
    parts["weekday_name"] = Known(_DAYS[moment.weekday()], STRING)
    return parts


@function("rfc3339_parse", STRING)
def _rfc3339_parse(text: str) -> Result:
    moment = _parsed(text, "T ")
    parts = _parts(moment)
    parts["unix"] = Known((moment - _EPOCH) // timedelta(seconds=1), NUMBER)
    return Known(parts, object_type(parts))


@function("unix_timestamp_parse", NUMBER)
def _unix_timestamp_parse(seconds: Number) -> Result:
    try:
        moment = _EPOCH + timedelta(seconds=integer(seconds))
    except OverflowError:
        raise TooLarge from None
    parts = _parts(moment)
    parts["rfc3339"] = Known(_written(moment), STRING)
    return Known(parts, object_type(parts))
