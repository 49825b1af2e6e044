"""A value → a line that fits: as HCL writes it, what is long cut short, what is sensitive not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from packlint.document import Range
from packlint.inspect.awaited import Awaited, is_awaited
from packlint.model import Origin
from packlint.record import record
from packlint.report.frame import shortened
from packlint.value import Failure, Known, Unknown, Value
from packlint.visible import columns, visible


@record
class Screen:
    """Where a text is to be shown: its columns, and what adds colors as `click.style` does, or nothing."""

    width: int
    style: Callable[..., str]


MORE = "…"
LEAST_VALUE = 24
LEAST_NOTE = 30
"""Columns that values and notes may take however little room there is."""

USUAL_NOTE = 44
"""Columns that are kept for a note beside a long value."""

LEAST = 8
"""Columns that a part of a collection may take however little room there is."""

DEEPEST = 8
"""How deep collections lie within each other that are shown."""

MOST_SEARCHED = 10_000
"""Parts of a value among which the first one that is not known is looked for."""

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def shown(value: Value, room: int) -> str:
    """The value in about `room` columns."""
    return _shown(value, room, 0)


def line(label: str, value: Value, note: str, screen: Screen, *, column: int = 0, sign: str = "=") -> str:
    """`label = value  # note` as far as there is room; red where Packer would stop.

    The note begins where `column` columns would be taken by the value, if there is room for that.
    """
    room = screen.width - columns(label) - 3
    text = fitted(value, note, room)
    told = f"{label} {sign} {painted(text, value, screen)}"
    if not note:
        return told
    noted = f"  # {visible(shortened(note))}"
    gap = max(0, column - columns(text))
    if columns(text) + gap + columns(noted) > room:
        gap = 0
    return told + " " * gap + screen.style(cut(noted, max(LEAST_NOTE, room - columns(text) - gap)), dim=True)


def painted(text: str, value: Value, screen: Screen) -> str:
    """What is shown of a value, in color where that is not what it is worth."""
    if isinstance(value, Failure) and not value.sensitive:
        return screen.style(text, fg="red")
    return screen.style(text, fg="magenta") if value.sensitive or isinstance(value, Unknown) else text


def fitted(value: Value, note: str, room: int) -> str:
    """The value in what the note leaves of the room."""
    return shown(value, max(LEAST_VALUE, room - (min(len(note) + 4, USUAL_NOTE) if note else 0)))


def reason(value: Value, names: Awaited) -> str:
    """Why a value, or a part of it, is not known, or what else there is to say of it; empty for nothing."""
    if value.sensitive:
        return ""
    if is_awaited(value, names):
        return f"to be supplied by var.{value.default_of}"
    given = f"default of var.{value.default_of}" if value.default_of and isinstance(value, Known) else ""
    return ", ".join(filter(None, (lack(value, names), given)))


def lack(value: Value, names: Awaited) -> str:
    """What is missing of a value, and why."""
    if is_awaited(value, names) and not value.sensitive:
        return "to be supplied"
    missing = next(_missing(value), None)
    return missing.because if missing else ""


def _missing(value: Value) -> Iterator[Unknown]:
    """The parts of a collection that are not known, among the first `MOST_SEARCHED` of it."""
    waiting: list[Iterator[Value]] = [iter((value,))]
    for _ in range(MOST_SEARCHED):
        while (current := next(waiting[-1], None)) is None:
            waiting.pop()
            if not waiting:
                return
        if current.sensitive:
            continue
        if isinstance(current, Unknown):
            yield current
        elif len(waiting) <= DEEPEST and isinstance(current.data, tuple | Mapping):
            inner = current.data.values() if isinstance(current.data, Mapping) else current.data
            waiting.append(iter(inner))


def origin(variable: Origin, value: Value, names: Awaited) -> str:
    """Who says what a variable is worth, in words."""
    kinds = {kind: kind for kind in ("default", "environment", "settings")}
    kinds |= {"var": "--var", "var-file": "variable file"}
    said = kinds.get(variable.kind) or ("not set" if value.sensitive else "")
    return ", ".join(filter(None, (said, lack(value, names))))


def place(range_: Range) -> str:
    """`path:line:column` of where a range begins."""
    line, column = range_.first
    return f"{visible(range_.document.path)}:{line}:{column}"


def code(range_: Range, room: int) -> str:
    """What is written there, on one line."""
    text = range_.document.text[range_.start : min(range_.end, range_.start + 4 * room)]
    line = visible(" ".join(text.split()))
    whole = range_.end <= range_.start + 4 * room
    return cut(line if whole else f"{line} {MORE}", room)


def cut(text: str, room: int) -> str:
    """The beginning of a visible text, with an ellipsis where that is not all of it."""
    if columns(text) <= room:
        return text
    left = max(1, room - 1)
    kept = 0
    while left >= 0 and kept < len(text):
        left -= columns(text[kept])
        kept += left >= 0
    return text[:kept] + MORE


def _shown(value: Value, room: int, depth: int) -> str:
    if value.sensitive:
        return "sensitive"
    if isinstance(value, Unknown):
        return "error" if isinstance(value, Failure) else "unknown"
    data = value.data
    if isinstance(data, str):
        return _string(data, room)
    if isinstance(data, bool) or data is None:
        return "null" if data is None else "true" if data else "false"
    if isinstance(data, int | Decimal):
        return cut(str(Decimal(data)), room)
    if not data or depth == DEEPEST:
        inside = MORE if data else ""
        return f"{{{inside}}}" if isinstance(data, Mapping) else f"[{inside}]"
    if isinstance(data, Mapping):
        parts = (lambda left, name=name: _entry(name, data[name], left, depth) for name in data)
        return _collection(("{ ", " }"), parts, len(data), room)
    items = (lambda left, item=item: _shown(item, left, depth + 1) for item in data)
    return _collection(("[", "]"), items, len(data), room)


def _entry(name: str, value: Value, room: int, depth: int) -> str:
    name = name if _IDENTIFIER.fullmatch(name) else _string(name, max(LEAST, room // 2))
    lead = f"{cut(name, max(LEAST, room // 2))} = "
    return lead + _shown(value, room - columns(lead), depth + 1)


def _collection(
    brackets: tuple[str, str], parts: Iterable[Callable[[int], str]], count: int, room: int
) -> str:
    """As many parts as there is room for; each is asked for its text in the room that is left."""
    opening, closing = brackets
    left = room - columns(opening + closing)
    taken: list[str] = []
    for part in parts:
        rest = count - len(taken) - 1
        note = columns(_more(rest)) + 2 if rest else 0
        text = part(max(LEAST, left - note))
        if taken and columns(text) + 2 + note > left:
            break
        taken.append(text)
        left -= columns(text) + 2
    if rest := count - len(taken):
        taken.append(_more(rest))
    return opening + ", ".join(taken) + closing


def _more(count: int) -> str:
    return f"{MORE} {count} more"


def _string(text: str, room: int) -> str:
    """The text in quotes, what does not fit left out; of several lines it says how many there are."""
    lines = text.count("\n") + (not text.endswith("\n"))
    note = f" ({lines} lines)" if lines > 1 else ""
    if len(text) <= 2 * room and columns(quoted(text)) <= room:
        return quoted(text)
    head = text.lstrip("\n")[: 2 * room]
    first = head.partition("\n")[0] if note else head
    left = max(LEAST, room - len(note) - 2)
    return f'"{cut(_escaped(first) + MORE, left)}"{note}'


def quoted(text: str) -> str:
    """The text as a string of HCL, made visible."""
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return visible(text.translate(_ESCAPES))
