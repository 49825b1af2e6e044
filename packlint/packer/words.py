"""States, times and what Packer says → the marks and words in which people are told of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from packlint.named import NamedTuple
from packlint.packer.event import Event, Garbled, Said
from packlint.packer.result import ImageResult, JobResult, State
from packlint.visible import visible

COLORS = {
    State.BUILT: "green",
    State.UNCHANGED: "cyan",
    State.FAILED: "red",
    State.SKIPPED: "yellow",
    State.STOPPED: "magenta",
}

LONGEST = 2000
"""Characters of a line of Packer that are shown; its log has the rest."""

REASON = 200
"""Characters of a reason beside the name of an image; the final table has the rest."""

_STYLE = re.compile(r"\x1b\[[0-9;:]*+m")
"""What sets colors, and nothing else (ECMA-48, SGR)."""


class Marks(NamedTuple):
    """The signs of a screen: for what became of an image, for one that runs, and between and beside texts."""

    states: dict[State, str]
    running: str
    cut: str
    dot: str
    edge: str


_UNICODE = Marks(
    {State.BUILT: "✓", State.UNCHANGED: "=", State.FAILED: "✗", State.SKIPPED: "-", State.STOPPED: "!"},
    *("•", "…", "·", "│"),
)
_ASCII = Marks(
    {State.BUILT: "+", State.UNCHANGED: "=", State.FAILED: "x", State.SKIPPED: "-", State.STOPPED: "!"},
    *("*", "...", "-", "|"),
)


def marks(encoding: str | None) -> Marks:
    """The signs that can be written in an encoding; ASCII where that has no others, or is not known."""
    signs = "".join((*_UNICODE.states.values(), *_UNICODE[1:]))
    try:
        signs.encode(encoding or "ascii")
    except (LookupError, UnicodeError):
        return _ASCII
    return _UNICODE


def duration(seconds: float) -> str:
    """A time in words that people read: `950ms`, `12s`, `3m 05s`, `2h 07m`; what is begun does not count."""
    if not 0 < seconds < float("inf"):
        return "0s"
    whole = int(seconds)
    if not whole:
        return f"{int(seconds * 1000)}ms"
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02}s"
    return f"{whole // 3600}h {whole // 60 % 60:02}m"


def span(results: Iterable[JobResult]) -> tuple[float, float]:
    """When the first of some jobs began, in seconds since the epoch, and how long all took; 0 for none."""
    ran = [result for result in results if result.started]
    if not ran:
        return 0.0, 0.0
    begun = min(result.started for result in ran)
    return begun, max(result.started + result.seconds for result in ran) - begun


def counted(results: Iterable[JobResult]) -> str:
    """How many images went how: `3 built, 1 unchanged, 1 failed`; "" for none."""
    counts = Counter(image.state for result in results for image in result.images)
    return ", ".join(f"{counts[state]} {state.value}" for state in State if counts[state])


def became(image: ImageResult, result: JobResult) -> str:
    """What became of an image, for a line after its name: `failed after 1m 02s: it did not boot`."""
    took = duration(result.seconds)
    said = {
        State.BUILT: f"built in {took}",
        State.UNCHANGED: "unchanged",
        State.FAILED: f"failed after {took}" if result.started else "failed",
        State.SKIPPED: "skipped",
        State.STOPPED: f"stopped after {took}" if result.started else "stopped",
    }[image.state]
    reason = " ".join(image.because[:LONGEST].split())
    if not reason or image.state is State.BUILT:
        return said
    return f"{said}: {visible(reason[:REASON])}{'...' if len(reason) > REASON else ''}"


def spoken(event: Event, longest: int | None = LONGEST) -> list[str]:
    """What Packer says for people, as the lines it would write, without control characters.

    Each has at most so many characters of Packer's; all of them for None. None of them begins with anything
    but `==> ` or blanks, as Packer's own and those of what it runs do (packer/ui.go), so that none can be
    taken for a line of packlint's. Other events tell nothing that is not said as well.
    """
    if isinstance(event, Garbled):
        first, rest, text = "    ", "    ", event.text
    elif isinstance(event, Said):
        label = f"{event.build}: " if event.build else ""
        rest = f"    {label}"
        first, text = f"==> {label}" if event.header else rest, event.text
    else:
        return []
    lines = text.strip("\r\n").split("\n")
    starts = [first, *[rest] * (len(lines) - 1)]
    return [visible(start) + shown(line, longest) for start, line in zip(starts, lines, strict=True)]


def shown(line: str, longest: int | None = LONGEST) -> str:
    """A line of Packer as it may be shown: cut where it is endless, without colors, the rest made visible.

    What runs in a machine may color its words; without a terminal of its own that would be noise.
    """
    line = line.rstrip("\r")
    cut = line if longest is None or len(line) <= longest else f"{line[:longest]}..."
    return visible(_STYLE.sub("", cut))


def fitted(text: str, room: int, cut: str, *, at_end: bool = False) -> str:
    """A visible text in at most so many columns, its middle left out or, `at_end`, what comes last.

    They are counted as `most` does: what is fitted never goes on in the next line.
    """
    if len(text) <= room and (text.isascii() or most(text) <= room):
        return text
    if room <= len(cut):
        return cut[: max(room, 0)]
    room -= len(cut)
    tail = "" if at_end else _taken(text[::-1], (room + 1) // 2)[::-1]
    return _taken(text, room - most(tail)) + cut + tail


def _taken(text: str, room: int) -> str:
    """As much of a text as has room."""
    used = 0
    for number, character in enumerate(text):
        used += most(character)
        if used > room:
            return text[:number]
    return text


def most(text: str) -> int:
    """How many columns of a terminal a visible text takes at most, as terminals do not agree on it.

    A mark that combines with the sign before it may stand alone, and pictures may be wide.
    """
    return sum(2 if ord(it) >= 0x1F000 or unicodedata.east_asian_width(it) in "WF" else 1 for it in text)


def folded(text: str, room: int) -> list[str]:
    """A visible text as lines of at most so many columns, with nothing left out."""
    lines = []
    while True:
        lines.append(_taken(text, max(room, 2)))
        text = text[len(lines[-1]) :]
        if not text:
            return lines
