"""Text → a moment in time, as Go reads timestamps."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from packlint.evaluate.giving_up import NotKnown
from packlint.value import Unknown

_LAST_OFFSET = (24, 60)
"""Hours and minutes of an offset that Go still takes; a sum of 24 hours is more than Python's zones have."""


def moment(match: re.Match[str]) -> datetime | None:
    """The moment that a match names by its groups, or None where there is no such moment.

    The groups are `year`, `month`, `day`, perhaps `hour`, `minute`, `second`, `fraction`, and `sign`,
    `hours` and `minutes` of the offset; None stands for 0. Raises NotKnown where only Go's calendar goes on.
    """
    found = match.groupdict()
    year, month, day, hour, minute, second = (
        int(found.get(part) or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    hours, minutes = int(found.get("hours") or 0), int(found.get("minutes") or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    if hours > _LAST_OFFSET[0] or minutes > _LAST_OFFSET[1]:
        return None
    if year == 0 or offset >= timedelta(days=1):
        raise NotKnown(Unknown("a moment that is not computed"))
    micro = int((found.get("fraction") or "").ljust(6, "0")[:6])
    zone = timezone(-offset if found.get("sign") == "-" else offset) if offset else UTC
    try:
        return datetime(year, month, day, hour, minute, second, micro, zone)
    except ValueError:
        return None


def zone(at: datetime) -> str:
    """The offset as RFC 3339 has it: `Z` or `+02:00`."""
    return offset_text(at, ":") if at.utcoffset() else "Z"


def offset_text(at: datetime, colon: str) -> str:
    """The offset in hours and minutes."""
    seconds = int((at.utcoffset() or timedelta()).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{colon}{minutes:02}"


def written(at: datetime) -> str:
    """The moment as RFC 3339 has it, without fractions of a second."""
    return f"{at.year:04}-{at:%m-%dT%H:%M:%S}{zone(at)}"
