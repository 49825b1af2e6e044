"""Names → as much of them as there is room for, and how much that takes in a picture."""

from __future__ import annotations

from packlint.visible import columns, visible


def middle(text: str, room: int, separator: str = "/") -> str:
    """The text as it may be shown, with its middle left out if it takes more columns than there is room for.

    Of a path the first names are left out, if there is room for the last one, and so with another separator.
    """
    text = visible(text)
    if columns(text[: room + 1]) <= room:
        return text
    tail = text[-room:]
    for start in (at for at, character in enumerate(tail) if character == separator and at < len(tail) - 1):
        if columns(tail[start:]) < room:
            return f"…{tail[start:].lstrip('.')}"
    half = (room - 1) // 2
    return f"{_taken(text, half)}…{_taken(text[::-1], half)[::-1]}"


def end(text: str, room: int) -> str:
    """The text as it may be shown, without its end if it takes more columns than there is room for."""
    text = visible(text)
    return text if columns(text[: room + 1]) <= room else _taken(text, room - 1).rstrip(" ·") + "…"


def _taken(text: str, room: int) -> str:
    """As much of the beginning as there is room for."""
    end = 0
    while end < len(text) and (room := room - columns(text[end])) >= 0:
        end += 1
    return text[:end]
