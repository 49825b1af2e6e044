"""Data → JSON in ASCII, laid out with one blank more a level: what `json.dumps(data, indent=1)` writes.

That goes through all data in Python, three generators deep; a large report took longer to write than to make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

_SCALARS: dict[type, Callable[[Any], str]] = {
    str: quoted,
    int: repr,
    float: repr,
    bool: lambda it: "true" if it else "false",
    type(None): lambda _: "null",
}


def pieces(data: object, margin: str = "\n") -> Iterator[str]:
    """The text of objects, arrays, texts, finite numbers, truth values and None, piece by piece.

    `margin` begins the lines after the first. What an iterator gives becomes an array, and each item is text
    before the next is asked for. No text in the data is in two pieces.
    """
    inner = margin + " "
    lead = inner
    if isinstance(data, dict) and data:
        yield "{"
        for key, value in data.items():
            yield f"{lead}{quoted(key)}: "
            yield from pieces(value, inner)
            lead = f",{inner}"
        yield margin + "}"
    elif isinstance(data, Iterator):
        yield "["
        for item in data:
            yield lead + _whole(item, inner)
            lead = f",{inner}"
        yield "]" if lead is inner else margin + "]"
    elif isinstance(data, list) and any(isinstance(item, dict) for item in data):
        yield "["
        for item in data:
            yield lead
            yield from pieces(item, inner)
            lead = f",{inner}"
        yield margin + "]"
    else:
        yield _whole(data, margin)


def _whole(data: object, margin: str) -> str:
    """The same in one text, and faster; there are no iterators in it."""
    if scalar := _SCALARS.get(type(data)):
        return scalar(data)
    inner = margin + " "
    parts: list[str] = []
    if isinstance(data, dict):
        for key, value in data.items():
            scalar = _SCALARS.get(type(value))
            parts.append(f"{quoted(key)}: {scalar(value) if scalar else _whole(value, inner)}")
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}" if parts else "{}"
    if isinstance(data, list | tuple):
        parts += [_whole(item, inner) for item in data]
        return f"[{inner}{f',{inner}'.join(parts)}{margin}]" if parts else "[]"
    raise TypeError(f"JSON has no {type(data).__name__}")
