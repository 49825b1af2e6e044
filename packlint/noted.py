"""A function that looks at the disk → the same, which looks once and has noted each time what it saw then."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps

from packlint import witness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")


def noted(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As `functools.lru_cache` with such a size."""

    def decorated(work: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(size)
        def kept(*args: P.args, **kwargs: P.kwargs) -> tuple[R, witness.Notes | None]:
            with witness.Part(shares=True) as part:
                found = work(*args, **kwargs)
            return found, part.notes

        @wraps(work)
        def again(*args: P.args, **kwargs: P.kwargs) -> R:
            found, notes = kept(*args, **kwargs)  # type: ignore[arg-type] # of what can be hashed
            witness.seen_again(notes)
            return found

        return again

    return decorated
