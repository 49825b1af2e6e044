"""Nouns for what a part of a Go template is worth."""

from __future__ import annotations

from collections.abc import Callable

from packlint.named import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TypeAlias

Plain: TypeAlias = str | int | bool


class Later(NamedTuple):
    """What only a run of the build decides; `because` says so in words for the user."""

    because: str


Worth: TypeAlias = str | int | bool | Later


def at_run(shown: str) -> Later:
    """What stands for a part of a template that a run decides."""
    shown = " ".join(shown.split())
    return Later(f"`{shown if len(shown) <= 60 else f'{shown[:57]}…'}` is known only when the build runs")


class Wrong(Exception):  # noqa: N818 - it is caught where the call is
    """A call fails; `reason` is in words for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def failing(reason: str) -> Callable[..., NoReturn]:
    """A function every call of which fails."""

    def body(*_: object) -> NoReturn:
        raise Wrong(reason)

    return body
