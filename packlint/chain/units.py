"""A graph of images → the units that Packer can be told to build by themselves, and what each takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations, islice

from packlint.chain.apart import Hold, conflict, hold
from packlint.chain.demand import Demand, demand
from packlint.chain.images import ArtifactGraph, Image
from packlint.chain.selection import inseparable
from packlint.limits import MAX_PARALLEL, Limits
from packlint.model import Configuration
from packlint.quantity import count
from packlint.record import field, record

MOST_COMPARED = 2_000
"""Pairs of images of one unit that are looked at for a conflict."""


@record(eq=False)
class Unit:
    """Images of one template that are built together or not at all.

    `parallel` is how many of them at the same time, 0 where that is all. `directory` is where Packer is run.
    `memory`, in megabytes, and `cpus` are what their machines take together. `notes` are sentences for the
    user.
    """

    images: tuple[Image, ...]
    directory: str
    parallel: int = 0
    memory: int = 0
    cpus: int = 0
    notes: tuple[str, ...] = ()
    hold: Hold = field(default_factory=Hold)

    @property
    def configuration(self) -> Configuration:
        """The template."""
        return self.images[0].configuration

    @property
    def at_once(self) -> int:
        """How many images it builds at the same time."""
        return self.parallel or len(self.images)

    @property
    def subject(self) -> str:
        """What sentences call it."""
        first, *others = self.images
        return f"`{first.name}`" + (f" and {count(len(others), 'more image')}" if others else "")


def units(
    graph: ArtifactGraph,
    directories: Mapping[Configuration, str],
    limits: Limits,
    built: AbstractSet[Image] = frozenset(),
) -> tuple[Unit, ...]:
    """The units of a graph in its order, without those of which every image is `built` already.

    A template with sources that only a run knows is one unit. `directories` tell where Packer is run for
    each template.
    """
    by_template: dict[Configuration, list[Image]] = {}
    for image in graph.images:
        by_template.setdefault(image.configuration, []).append(image)
    return tuple(
        _unit(group, directories[configuration], limits, graph)
        for configuration, images in by_template.items()
        for group in _groups(configuration, images)
        if not set(group) <= built
    )


def _groups(configuration: Configuration, images: Sequence[Image]) -> Iterator[tuple[Image, ...]]:
    if any(build.open for build in configuration.builds):
        return iter([tuple(images)])
    return inseparable(images)


def _unit(images: tuple[Image, ...], directory: str, limits: Limits, graph: ArtifactGraph) -> Unit:
    demands = [demand(image.use) for image in images]
    at_once = _at_once(demands, limits)
    notes = []
    pair = _at_odds(images, directory) if at_once > 1 else None
    if pair is not None:
        one, other, why = pair
        names = f"`{one.name}` and `{other.name}`" if one.name != other.name else f"two images `{one.name}`"
        notes.append(f"{names} {why}, so that they are built one after the other")
        at_once = 1
    notes += _chained(images, graph)
    more = any(build.open for build in images[0].configuration.builds)
    if more:
        notes.append(f"`{images[0].place}` may have more sources than are seen; it is built as a whole")
    elif len(images) > 1 and pair is None:
        notes.append(f"`-only` cannot tell {count(len(images), 'image')} of `{images[0].place}` apart")
    memory = sum(sorted((it.memory for it in demands), reverse=True)[:at_once])
    cpus = sum(sorted((it.cpus for it in demands), reverse=True)[:at_once])
    parallel = at_once if more or at_once < len(images) else 0
    return Unit(images, directory, parallel, memory, cpus, tuple(notes), hold(images, directory))


def _at_once(demands: Sequence[Demand], limits: Limits) -> int:
    """How many of some machines may run together; at least one, however large it is."""
    number = min(len(demands), limits.max_parallel or MAX_PARALLEL)
    for most, taken in (
        (limits.memory, sorted((it.memory for it in demands), reverse=True)),
        (limits.cpus, sorted((it.cpus for it in demands), reverse=True)),
    ):
        while most is not None and number > 1 and sum(taken[:number]) > most:
            number -= 1
    return number


def _at_odds(images: Sequence[Image], directory: str) -> tuple[Image, Image, str] | None:
    """The first two images of a unit that cannot be built at once, with the reason."""
    for one, other in islice(combinations(images, 2), MOST_COMPARED):
        if (why := conflict(one, other, directory)) is not None:
            return one, other, why
    return None


def _chained(images: Sequence[Image], graph: ArtifactGraph) -> Iterator[str]:
    """What is to be said of images of one unit of which one starts from another."""
    inside = frozenset(images)
    for image in images:
        for it in graph.bases(image):
            if it.producer in inside:
                yield f"`{image.name}` starts from `{it.producer.name}`, but `-only` cannot choose one"
                return
