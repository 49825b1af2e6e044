"""A function of one noun → the same function that works out once what it makes of it: the noun keeps that.

The noun has a slot `_kept` for it. What is kept goes when the noun goes, and must not hold the noun itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol, TypeVar

    class Keeping(Protocol):
        """A noun that keeps what has been worked out of it, by the names of the functions that have."""

        @property
        def _kept(self) -> dict[str, Any]: ...

    N = TypeVar("N", bound=Keeping)
    R = TypeVar("R")


def once(work: Callable[[N], R]) -> Callable[[N], R]:
    """The function, which is called once for each noun; others must not change what it gives."""
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def kept(noun: N) -> R:
        found = noun._kept
        if name not in found:
            found[name] = work(noun)
        made: R = found[name]
        return made

    return kept
