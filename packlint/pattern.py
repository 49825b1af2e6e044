"""A regular expression → the same, compiled when it is first used: a run uses few of those that there are."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AnyStr, TypeAlias

    Said: TypeAlias = tuple[Any, int]
    """A regular expression as it is written, and its flags."""

USED: dict[Said, re.Pattern[Any]] = {}
"""What was compiled."""

MAKERS: dict[Said, Any] = {}
"""What gives some of them sooner than compiling would."""

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for the constants of a module."""
    made: Any = _Pattern((text, int(flags)))
    found: re.Pattern[AnyStr] = made
    return found


class _Pattern:
    """Has the methods of the compiled one from the first use on."""

    def __init__(self, said: Said) -> None:
        self._said = said

    def __getattr__(self, name: str) -> Any:
        made = MAKERS.get(self._said, re.compile)(*self._said)
        USED[self._said] = made
        vars(self).update((method, getattr(made, method)) for method in _METHODS)
        return getattr(made, name)
