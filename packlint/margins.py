"""Blocks of HCL and a place with another margin → their text as it is written there."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.document import Range
from packlint.syntax import Block, Template, walk


def shifted(range_: Range, blocks: Sequence[Block], old: str, new: str) -> str:
    """The text of a range with the margin `new` in the place of `old` on every line but blank ones.

    `blocks` are those in it. Lines that begin within a string, such as those of a heredoc, stay as they are:
    their blanks belong to the string.
    """
    strings = [
        node.range
        for block in blocks
        for node in walk(block)
        if isinstance(node, Template) and "\n" in node.range.text
    ]
    kept = {line for string in strings for line in range(string.first.line + 1, string.last.line + 1)}
    first = range_.first.line
    lines = range_.text.split("\n")
    return "\n".join(
        line if number in kept or not line.strip() else new + line.removeprefix(old)
        for number, line in enumerate(lines, first)
    )
