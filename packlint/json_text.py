"""A JSON string as it is written → what it means, and which of its characters came from where.

Go's encoding/json decodes the strings of both of Packer's JSON readers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ESCAPE = re.compile(
    r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)", re.DOTALL
)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def decoded(raw: str) -> str:
    """What stands between the quotes; an escape that JSON does not have means its second character."""
    return _ESCAPE.sub(_character, raw) if "\\" in raw else raw


def places(raw: str, start: int) -> Sequence[int]:
    """The offset in the document of each character of the decoded text, and of its end.

    `start` is the offset of `raw`, the text between the quotes.
    """
    if "\\" not in raw:
        return range(start, start + len(raw) + 1)
    offsets: list[int] = []
    at = 0
    for escape in _ESCAPE.finditer(raw):
        offsets.extend(range(start + at, start + escape.start() + 1))
        at = escape.end()
    offsets.extend(range(start + at, start + len(raw) + 1))
    return offsets


def _character(escape: re.Match[str]) -> str:
    high, low, unit, letter = escape.groups()
    if letter is not None:
        return _LETTERS.get(letter, letter)
    if unit is not None:
        code = int(unit, 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)  # half of a pair means nothing alone
    return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
