"""Why a computation gave up: its arguments do not fit, it met an unknown, or it is too large."""

from __future__ import annotations

from packlint.value import Unknown


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
