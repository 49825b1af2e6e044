"""A text with a syntax error → the stretches behind the error that can be read on their own.

A file's blocks begin, by universal habit, at the start of a line with one of Packer's words. A stretch is
used only if all of it is sound, and none is used behind one that might begin a heredoc or a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADER = re.compile(
    r"^(?:packer|variables?|locals?|data|source|build|hcp_packer_registry)[ \t]+[^\n=]*\{", re.MULTILINE
)


def stretches(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Offsets from one block's beginning to the next one's, behind the offset `start`."""
    previous: int | None = None
    for found in _HEADER.finditer(text, start):
        if previous is not None:
            yield previous, found.start()
        previous = found.start()
    if previous is not None:
        yield previous, len(text)
