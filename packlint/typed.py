"""What modules need of `typing` as they run, as good as nothing: only type checkers get the real things."""

from __future__ import annotations

__all__ = ["Generic", "TypeVar", "dataclass_transform", "overload"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar, dataclass_transform, overload
else:

    class Generic:
        """A base of no meaning."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls

    def TypeVar(*_, **__):  # noqa: N802
        """Nothing: it only stands in annotations, and in what a class is generic of."""

    def overload(function):
        """The function, until the one that does the work takes its name."""
        return function

    def dataclass_transform(**_):
        """What leaves a decorator as it is."""
        return overload
