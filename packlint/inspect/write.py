"""Data → JSON text with every number exact: Python's own writer would make floats of decimals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

Json: TypeAlias = "str | int | Decimal | bool | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]


def written(data: Json) -> str:
    """The data as indented JSON in ASCII, ending in a line break; what holds only scalars takes one line."""
    chunks: list[str] = []
    _write(data, "\n", chunks)
    return "".join((*chunks, "\n"))


def _write(data: Json, line: str, chunks: list[str]) -> None:
    """Adds the text; `line` is a line break with the indentation of what holds the data."""
    if isinstance(data, Mapping):
        members = [(f"{json.dumps(name)}: ", item) for name, item in data.items()]
        opening, closing = "{}"
    elif isinstance(data, Sequence) and not isinstance(data, str):
        members = [("", item) for item in data]
        opening, closing = "[]"
    else:
        chunks.append(_scalar(data))
        return
    inner = line + " "
    between = ", "
    if any(isinstance(item, Mapping | list | tuple) for _, item in members):
        opening, closing, between = opening + inner, line + closing, "," + inner
    chunks.append(opening)
    for count, (name, item) in enumerate(members):
        chunks.append(between + name if count else name)
        _write(item, inner, chunks)
    chunks.append(closing)


def _scalar(data: str | int | Decimal | bool | None) -> str:
    if isinstance(data, str):
        return json.dumps(data)
    if data is None or isinstance(data, bool):
        return "null" if data is None else "true" if data else "false"
    return str(Decimal(data))  # `str` refuses an int of many digits
