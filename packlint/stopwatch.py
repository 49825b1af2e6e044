"""Noun for where the time of a run goes: seconds by stage, and by rule."""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")


SLOWEST = 10
"""Rules that are told, those that take longest."""


class Stopwatch:
    """Adds up what stages and rules take by a clock of seconds; without one it only does their work."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self.clock = clock
        self.stages: dict[str, float] = {}
        self.rules: dict[str, float] = {}

    def time(self, stage: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of some work, which counts for a stage."""
        if self.clock is None:
            return work(*args, **kwargs)
        began = self.clock()
        try:
            return work(*args, **kwargs)
        finally:
            self.stages[stage] = self.stages.get(stage, 0.0) + self.clock() - began

    def told(self) -> str:
        """Milliseconds by stage, in their order, and by rule, the slowest first; "" with nothing timed."""
        if not self.stages:
            return ""
        slowest = sorted(self.rules.items(), key=lambda it: (-it[1], it[0]))[:SLOWEST]
        lines = [_line("stages", [*self.stages.items()])]
        if slowest:
            lines.append(_line("slowest rules", slowest))
        return "\n".join(lines) + "\n"


def _line(what: str, times: list[tuple[str, float]]) -> str:
    return f"{what}: " + ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in times)
