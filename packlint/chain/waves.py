"""Units of work, and what each starts from → waves: what a machine does together, each after all it needs."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from packlint.chain.apart import Hold
from packlint.chain.images import ArtifactGraph
from packlint.chain.units import Unit
from packlint.circles import circle, components
from packlint.errors import UsageError
from packlint.limits import MAX_PARALLEL, Limits
from packlint.record import field, record

LOOKED_AHEAD = 500
"""Units that do not fit into a wave, after which no other is tried."""

MOST_NAMED = 10
"""Images of a cycle that a message names."""


class Work(Protocol):
    """What takes something of the machine for a time: a unit, or a job."""

    @property
    def at_once(self) -> int:
        """How many images it builds at the same time."""

    @property
    def memory(self) -> int:
        """Megabytes that their machines take together."""

    @property
    def cpus(self) -> int:
        """Processors that they take together."""

    @property
    def hold(self) -> Hold:
        """What it takes for itself."""


@record(frozen=False)
class _Load:
    """What is done together, and what that takes."""

    limits: Limits
    at_once: int = 0
    memory: int = 0
    cpus: int = 0
    hold: Hold = field(default_factory=Hold)

    def bears(self, work: Work) -> bool:
        """Whether there is room for more; for a work by itself there always is."""
        if not self.at_once:
            return True
        most = self.limits.max_parallel or MAX_PARALLEL
        return (
            self.at_once + work.at_once <= most
            and _within(self.memory + work.memory, self.limits.memory)
            and _within(self.cpus + work.cpus, self.limits.cpus)
            and self.hold.bears(work.hold)
        )

    def take(self, work: Work) -> None:
        """Do this as well."""
        self.at_once += work.at_once
        self.memory += work.memory
        self.cpus += work.cpus
        self.hold = self.hold.with_more(work.hold)

    @property
    def full(self) -> bool:
        """Whether no other work can be done beside this, or none that takes more than it has left over."""
        return (
            self.at_once >= (self.limits.max_parallel or MAX_PARALLEL)
            or not _within(self.memory, self.limits.memory)
            or not _within(self.cpus, self.limits.cpus)
        )


def _within(taken: int, most: int | None) -> bool:
    return most is None or taken <= most


def over(work: Work, limits: Limits) -> str | None:
    """What of the limits a work breaks all by itself, in words; None for none."""
    if not _within(work.memory, limits.memory):
        return f"takes {work.memory} MB, over the limit of {limits.memory} MB"
    if not _within(work.cpus, limits.cpus):
        return f"takes {work.cpus} processors, over the limit of {limits.cpus}"
    return None


def fits(running: Iterable[Work], work: Work, limits: Limits) -> bool:
    """Whether a work may be begun beside those that run: within the limits, and with none it is apart from.

    What is over the limits by itself may be done alone.
    """
    load = _Load(limits)
    for other in running:
        load.take(other)
    return not load.at_once or (not load.full and load.bears(work))


def needs(units: Sequence[Unit], graph: ArtifactGraph) -> tuple[frozenset[int], ...]:
    """For each unit the numbers of those that make what it starts from."""
    number = {image: at for at, unit in enumerate(units) for image in unit.images}
    return tuple(
        frozenset(
            number[it.producer]
            for image in unit.images
            for it in graph.bases(image)
            if number.get(it.producer, at) != at
        )
        for at, unit in enumerate(units)
    )


def waves(
    units: Sequence[Unit], needed: Sequence[AbstractSet[int]], limits: Limits
) -> tuple[tuple[int, ...], ...]:
    """The numbers of the units, wave by wave: each after all that are `needed` for it, and within the limits.

    What the longest chain starts from comes first, then what comes first among the units. Raises UsageError
    where units need one another.
    """
    after: list[list[int]] = [[] for _ in units]
    left = [len(it) for it in needed]
    for at, bases in enumerate(needed):
        for base in bases:
            after[base].append(at)
    heights = _heights(_sorted(units, needed, after), after)
    ready = [(-heights[at], at) for at, number in enumerate(left) if not number]
    heapq.heapify(ready)
    found = []
    while ready:
        wave = _wave(ready, units, limits)
        found.append(tuple(sorted(wave)))
        for at in wave:
            for follower in after[at]:
                left[follower] -= 1
                if not left[follower]:
                    heapq.heappush(ready, (-heights[follower], follower))
    return tuple(found)


def _wave(ready: list[tuple[int, int]], units: Sequence[Unit], limits: Limits) -> list[int]:
    """The units of the next wave, taken out of those that are ready."""
    load, wave, waiting = _Load(limits), list[int](), list[tuple[int, int]]()
    while ready and not load.full and len(waiting) < LOOKED_AHEAD:
        entry = heapq.heappop(ready)
        unit = units[entry[1]]
        if load.bears(unit):
            load.take(unit)
            wave.append(entry[1])
        else:
            waiting.append(entry)
    for entry in waiting:
        heapq.heappush(ready, entry)
    return wave


def _sorted(
    units: Sequence[Unit], needed: Sequence[AbstractSet[int]], after: Sequence[Sequence[int]]
) -> list[int]:
    """The numbers of all units, each after what it needs."""
    left = [len(it) for it in needed]
    order = [at for at, number in enumerate(left) if not number]
    for at in order:  # which grows meanwhile
        for follower in after[at]:
            left[follower] -= 1
            if not left[follower]:
                order.append(follower)
    if len(order) < len(units):
        following = dict(enumerate(after))
        tangle = min(sorted(it) for it in components(following) if len(it) > 1)
        raise _in_a_circle(units, circle(tangle, following))
    return order


def _heights(order: Sequence[int], after: Sequence[Sequence[int]]) -> list[int]:
    """For each unit how many come after it, one after the other."""
    heights = [0] * len(order)
    for at in reversed(order):
        heights[at] = max((heights[it] + 1 for it in after[at]), default=0)
    return heights


def _in_a_circle(units: Sequence[Unit], cycle: Sequence[int]) -> UsageError:
    names = [f"`{units[at].images[0].name}`" for at in cycle[:MOST_NAMED]]
    said = " → ".join([*names, "…"] if len(cycle) > MOST_NAMED else [*names, names[0]])
    return UsageError(
        f"images start from one another in a circle: {said}",
        "let one of them start from something else, or take its `[[chain]]` out of the settings",
    )


def alone(units: Iterable[Unit], limits: Limits) -> Iterator[str]:
    """Sentences about the units that break the limits by themselves."""
    for unit in units:
        if (why := over(unit, limits)) is not None:
            yield f"{unit.subject} {why}, and is built alone"
