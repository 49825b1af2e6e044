"""A text → for each line the hash by which GitHub code scanning knows a finding again after edits elsewhere.

The algorithm is that of github/codeql-action (`src/fingerprints.ts`), whose upload warns about any other
value: a polynomial over the 100 UTF-16 units from the line on, spaces and tabs left out, line breaks as LF.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

SPAN = 100
BASE = 37
MASK = 2**64 - 1
END = 0xFFFF


def line_hashes(text: str) -> list[str]:
    """One hash a line, with how often it has occurred; each of CR, LF and CRLF ends a line."""
    units: list[int] = []
    starts: list[int] = []
    fresh = True
    after_return = False
    for unit in _units(text):
        skipped = unit in (0x20, 0x09) or (after_return and unit == 0x0A)
        after_return = unit == 0x0D
        if skipped:
            continue
        if fresh:
            starts.append(len(units))
        units.append(0x0A if after_return else unit)
        fresh = units[-1] == 0x0A
    sums = [0]
    for unit in (*units, *[0] * SPAN):
        sums.append((sums[-1] * BASE + unit) & MASK)
    power = pow(BASE, SPAN, MASK + 1)
    seen: Counter[str] = Counter()
    hashes: list[str] = []
    for start in starts:
        value = f"{(sums[start + SPAN] - sums[start] * power) & MASK:x}"
        seen[value] += 1
        hashes.append(f"{value}:{seen[value]}")
    return hashes


def _units(text: str) -> Iterator[int]:
    for character in text:
        code = ord(character)
        if code > 0xFFFF:
            code -= 0x10000
            yield 0xD800 + (code >> 10)
            code = 0xDC00 + (code & 0x3FF)
        yield code
    yield END
