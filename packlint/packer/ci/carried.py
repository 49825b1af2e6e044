"""Jobs that run on machines of their own → the files that have to be carried from one to the other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from packlint.chain.host import local, machines
from packlint.chain.images import ArtifactGraph, Derivation
from packlint.chain.written import output_of
from packlint.packer.job import Job, Plan
from packlint.packer.standing import is_path
from packlint.record import record

_NO_PATH = re.compile(r"/|\.\.(?:/|\Z)|[A-Za-z]:|\w+://|.*[*?\[\]{}!\r\n]", re.DOTALL)
"""Paths outside the checkout, those that are fetched, and those that mean something as a pattern."""


@record
class Carried:
    """A path, relative to the base of a run, that job `producer` makes and job `consumer` needs.

    `producer` and `consumer` are numbers in the plan; `is_directory` tells that all in it is meant.
    """

    producer: int
    consumer: int
    path: str
    is_directory: bool


def carried(plan: Plan, graph: ArtifactGraph) -> tuple[tuple[Carried, ...], tuple[str, ...]]:
    """What is to be carried between the jobs of a plan, each once, and sentences about what cannot be."""
    number = {image: at for at, job in enumerate(plan.jobs) for image in job.images}
    found: dict[Carried, None] = {}
    notes: dict[str, None] = {}
    for at, job in enumerate(plan.jobs):
        for it in (it for image in job.images for it in graph.bases(image)):
            producer = number.get(it.producer)
            if producer is None or producer == at:
                continue
            what = _path(it, plan.jobs[producer], job)
            if what is not None:
                found[Carried(producer, at, *what)] = None
            elif note := _left(it):
                notes[note] = None
    return tuple(found), tuple(notes)


def _path(it: Derivation, producer: Job, consumer: Job) -> tuple[str, bool] | None:
    if it.link is None or not is_path(it.link):
        return None
    path = _placed(it.artifact, consumer.directory)
    output = output_of(it.producer.use)
    if output is not None and output.path is not None:
        folder = _placed(output.path, producer.directory)
        if f"{path}/".startswith(f"{folder}/") and not _NO_PATH.match(folder) and folder != ".":
            return folder, True
    return None if _NO_PATH.match(path) or path == "." else (path, False)


def _placed(path: str, directory: str) -> str:
    return posixpath.normpath(posixpath.join(directory, path.replace("\\", "/")))


def _left(it: Derivation) -> str | None:
    """What is to be said of an artifact that stays where it was made; None where all machines see it."""
    if it.link is not None and not is_path(it.link) and not _stays(it):
        return None
    names = f"`{it.consumer.name}` starts from what `{it.producer.name}` makes"
    return f"{names}, which has to be brought to its machine"


def _stays(it: Derivation) -> bool:
    """Whether the producer makes something on the machine that Packer runs on."""
    return it.producer.use in machines(it.producer.build) and local(it.producer.use)


def by_producer(carries: tuple[Carried, ...], number: int) -> Iterator[tuple[int, Carried]]:
    """What a job makes that others need, each with its number among all, every path once."""
    seen: set[str] = set()
    for at, it in enumerate(carries):
        if it.producer == number and it.path not in seen:
            seen.add(it.path)
            yield at, it
