"""A graph of images and what a machine bears → the runs of Packer that make them, in order."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import reduce

from packlint.chain.apart import Hold
from packlint.chain.images import ArtifactGraph, Image
from packlint.chain.selection import pattern
from packlint.chain.units import Unit, units
from packlint.chain.waves import alone, needs, waves
from packlint.limits import MAX_PARALLEL, Limits
from packlint.model import Configuration
from packlint.packer.job import Job, Plan
from packlint.packer.standing import standing
from packlint.record import replace

UNLIMITED = 1_000_000
"""More images than anybody builds."""


def plan(graph: ArtifactGraph, limits: Limits, *, built: AbstractSet[Image] = frozenset()) -> Plan:
    """The jobs that make the images of a graph, wave by wave, without those that need not be `built` again.

    Where the limits do not say how many images may be built at once, it is `MAX_PARALLEL`. Raises UsageError
    for images that start from one another in a circle.
    """
    limits = limits.over(Limits(MAX_PARALLEL))
    found = units(graph, standing(graph), limits, built)
    in_waves = waves(found, needs(found, graph), limits)
    groups = [(wave, group) for wave, numbers in enumerate(in_waves) for group in _grouped(found, numbers)]
    notes = (*dict.fromkeys(note for unit in found for note in (*unit.notes, *alone([unit], limits))),)
    return Plan(tuple(_jobs(groups, graph)), limits, notes)


def spread(graph: ArtifactGraph) -> Plan:
    """The jobs for as many machines as there are: a wave holds all that starts from nothing but earlier ones.

    Each job is as small as Packer lets it be. Raises UsageError as `plan` does.
    """
    limits = Limits(MAX_PARALLEL)
    found = tuple(replace(it, hold=Hold()) for it in units(graph, standing(graph), limits))
    in_waves = waves(found, needs(found, graph), Limits(UNLIMITED))
    groups = [(wave, [found[number]]) for wave, numbers in enumerate(in_waves) for number in numbers]
    return Plan(tuple(_jobs(groups, graph)), limits, tuple(note for unit in found for note in unit.notes))


def _grouped(found: Sequence[Unit], numbers: Iterable[int]) -> list[list[Unit]]:
    """The units of a wave by their templates; one that holds its images back is by itself."""
    groups: dict[object, list[Unit]] = {}
    for number in numbers:
        unit = found[number]
        groups.setdefault(unit if unit.parallel else unit.configuration, []).append(unit)
    return list(groups.values())


def _jobs(groups: Sequence[tuple[int, Sequence[Unit]]], graph: ArtifactGraph) -> Iterator[Job]:
    every: Counter[Configuration] = Counter(image.configuration for image in graph.images)
    makes = {
        image: number for number, (_, group) in enumerate(groups) for unit in group for image in unit.images
    }
    names = _names([group[0].images[0].place for _, group in groups])
    for number, (wave, group) in enumerate(groups):
        images = tuple(image for unit in group for image in unit.images)
        bases = (it.producer for image in images for it in graph.bases(image))
        directory = group[0].directory
        yield Job(
            names[number],
            images,
            directory,
            target(images[0].place, directory),
            _only(images, every),
            group[0].parallel,
            tuple(sorted({makes[it] for it in bases if makes.get(it, number) != number})),
            wave,
            sum(unit.memory for unit in group),
            sum(unit.cpus for unit in group),
            reduce(Hold.with_more, (unit.hold for unit in group)),
        )


def _names(places: Sequence[str]) -> list[str]:
    """The places, each with a number where it is there several times, such that no two are equal."""
    taken = set(places)
    several = Counter(places)
    numbers: Counter[str] = Counter()
    names = []
    for place in places:
        name = place
        while several[place] > 1 and name in taken:
            numbers[place] += 1
            name = f"{place}#{numbers[place]}"
        taken.add(name)
        names.append(name)
    return names


def _only(images: Sequence[Image], every: Mapping[Configuration, int]) -> tuple[str, ...]:
    """The patterns that choose images of a template, none where these are all that it has."""
    configuration = images[0].configuration
    if len(images) == every[configuration] and not any(it.unchosen for it in configuration.builds):
        return ()
    patterns = map(pattern, images)
    return tuple(dict.fromkeys(it for it in patterns if it is not None))


def target(place: str, directory: str) -> str:
    """The path of a template from the directory that Packer is run in, never to be taken for an option."""
    path = posixpath.relpath(place, directory)
    return f"./{path}" if path.startswith("-") else path
