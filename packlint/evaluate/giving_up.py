"""Why a computation gave up: its arguments do not fit, it met an unknown, or it is too large."""

from __future__ import annotations

from packlint.value import Unknown

TOO_LARGE = "too large to compute"
TOO_DEEP = "nested too deeply to compute"
NO_NUMBER = "cannot be computed"
LONG_PATTERN = "a regular expression that is too long to compute"
SLOW_PATTERN = "a regular expression that might take too long"
OTHER_PATTERN = "a regular expression that is not computed"
OUTSIDE = "lies outside the checked root"
UNREADABLE = "cannot be read"
EMPTY = "is empty"
"""Reasons of unknowns that are so for packlint's sake alone; those of files come after the path."""


class Failed(Exception):  # noqa: N818 - it is caught where the call is, and is not an error of the program
    """A function's arguments do not fit; `reason` is in words for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotKnown(Exception):  # noqa: N818
    """A computation met an unknown that it needs."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.because)
        self.unknown = unknown


class TooLarge(Exception):  # noqa: N818
    """A computation would take more time or memory than a linter may give to one expression."""
