"""Data → JSON text with every number exact: Python's own writer would make floats of decimals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import TypeAlias

Json: TypeAlias = "str | int | Decimal | bool | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]


def written(data: Json) -> str:
    """The data as indented JSON in ASCII, ending in a line break; what holds only scalars takes one line."""
    text = StringIO()
    _write(data, "\n", text)
    text.write("\n")
    return text.getvalue()


def _write(data: Json, line: str, text: StringIO) -> None:
    """Adds the text; `line` is a line break with the indentation of what holds the data."""
    if isinstance(data, Mapping):
        members = [(f"{json.dumps(name)}: ", item) for name, item in data.items()]
        opening, closing = "{}"
    elif isinstance(data, Sequence) and not isinstance(data, str):
        members = [("", item) for item in data]
        opening, closing = "[]"
    else:
        text.write(_scalar(data))
        return
    inner = line + " "
    between = ", "
    if any(isinstance(item, Mapping | list | tuple) for _, item in members):
        opening, closing, between = opening + inner, line + closing, "," + inner
    text.write(opening)
    for count, (name, item) in enumerate(members):
        text.write(between + name if count else name)
        _write(item, inner, text)
    text.write(closing)


def _scalar(data: str | int | Decimal | bool | None) -> str:
    if isinstance(data, str):
        return json.dumps(data)
    if data is None or isinstance(data, bool):
        return "null" if data is None else "true" if data else "false"
    return str(Decimal(data))  # `str` refuses an int of many digits
