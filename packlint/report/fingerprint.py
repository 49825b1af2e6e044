"""A text → for each line the hash by which GitHub code scanning knows a finding again after edits elsewhere.

The algorithm is that of github/codeql-action (`src/fingerprints.ts`), whose upload warns about any other
value: a polynomial over the 100 UTF-16 units from the line on, spaces and tabs left out, line breaks as LF.
"""

from __future__ import annotations

import struct
from collections import Counter
from itertools import accumulate

SPAN = 100
BASE = 37
MASK = 2**64 - 1
END = 0xFFFF
LINE_FEED = 0x0A


def line_hashes(text: str) -> list[str]:
    """One hash a line, with how often it has occurred; each of CR, LF and CRLF ends a line."""
    units = _units(text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", ""))
    starts = [0, *(place + 1 for place, unit in enumerate(units) if unit == LINE_FEED)]
    sums = [
        *accumulate((*units, END, *[0] * SPAN), lambda sum_, unit: (sum_ * BASE + unit) & MASK, initial=0)
    ]
    power = pow(BASE, SPAN, MASK + 1)
    seen: Counter[str] = Counter()
    hashes: list[str] = []
    for start in starts:
        value = f"{(sums[start + SPAN] - sums[start] * power) & MASK:x}"
        seen[value] += 1
        hashes.append(f"{value}:{seen[value]}")
    return hashes


def _units(text: str) -> tuple[int, ...]:
    data = text.encode("utf-16-le", errors="surrogatepass")
    return struct.unpack(f"<{len(data) // 2}H", data)
