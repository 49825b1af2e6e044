"""A regular expression → the same, compiled when it is first used: a run uses few of those that there are."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for the constants of a module."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))


class _Pattern:
    """Has the methods of the compiled one from the first use on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._said: tuple[Any, int] = text, flags

    def __getattr__(self, name: str) -> Any:
        made = re.compile(*self._said)
        vars(self).update((method, getattr(made, method)) for method in _METHODS)
        return getattr(made, name)
