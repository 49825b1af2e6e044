"""A text → for each line the hash by which GitHub code scanning knows a finding again after edits elsewhere.

The algorithm is that of github/codeql-action (`src/fingerprints.ts`), whose upload warns about any other
value: a polynomial over the 100 UTF-16 units from the line on, spaces and tabs left out, line breaks as LF.
"""

from __future__ import annotations

import struct
from itertools import accumulate
from operator import mul

SPAN = 100
BASE = 37
MASK = 2**64 - 1
END, NOTHING = "\uffff", "\0"
"""What follows the last line, and what stands in the place of units after that."""

_POWERS = tuple(pow(BASE, SPAN - 1 - place, MASK + 1) for place in range(SPAN))

_WINDOW = struct.Struct(f"<{SPAN}H")


class LineHashes:
    """One hash for each line of a text; each of CR, LF and CRLF ends a line.

    A hash is made when it is asked for. Lines are told apart by the units that their hashes are made of, so
    that the others need none.
    """

    def __init__(self, text: str) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
        self._units = _encoded(f"{text}{END}{NOTHING * SPAN}")
        size = len if text.isascii() else _size
        self._starts = [0, *accumulate(size(line) + 1 for line in text.split("\n")[:-1])]
        self._seen: dict[bytes, int] = {}
        self._numbers: list[int] = []

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, line: int) -> str:
        """The hash of a line, counted from 0, with how often it has occurred down to there."""
        for start in self._starts[len(self._numbers) : line + 1]:
            window = self._units[2 * start : 2 * start + 2 * SPAN]
            self._seen[window] = number = self._seen.get(window, 0) + 1
            self._numbers.append(number)
        units = _WINDOW.unpack_from(self._units, 2 * self._starts[line])
        return f"{sum(map(mul, units, _POWERS)) & MASK:x}:{self._numbers[line]}"


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", errors="surrogatepass")


def _size(text: str) -> int:
    return len(_encoded(text)) // 2
