"""A value → whether it is not known because packlint gave up computing it, which is a policy's own fault."""

from __future__ import annotations

from packlint.evaluate.giving_up import (
    EMPTY,
    LONG_PATTERN,
    NO_NUMBER,
    OTHER_PATTERN,
    OUTSIDE,
    SLOW_PATTERN,
    TOO_DEEP,
    TOO_LARGE,
    UNREADABLE,
)
from packlint.value import Failure, Unknown, Value

_REASONS = (TOO_LARGE, TOO_DEEP, NO_NUMBER, LONG_PATTERN, SLOW_PATTERN, OTHER_PATTERN, OUTSIDE)


def gave_up(value: Value) -> bool:
    """Whether a value is an Unknown for packlint's limits: too large, too deep, a pattern that may take too
    long, a file outside the root.

    A value of the template may be unknown for the same reason: then so is what a policy makes of it.
    """
    return isinstance(value, Unknown) and not isinstance(value, Failure) and value.because.endswith(_REASONS)


def unusable(value: Value) -> bool:
    """Whether it is an Unknown whatever a template says: given up, or of a file without a text."""
    unread = (
        isinstance(value, Unknown)
        and not isinstance(value, Failure)
        and value.because.endswith((UNREADABLE, EMPTY))
    )
    return unread or gave_up(value)


def what_to_do(value: Unknown) -> str:
    """What to do about a value that is `unusable`."""
    if value.because.endswith((OUTSIDE, UNREADABLE, EMPTY)):
        return "paths start from the folder of the policy file, and lead to files of the repository"
    return "let it go through less"
