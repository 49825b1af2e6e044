"""A plan → a text for people: what is built together, what that takes, and the commands."""

from __future__ import annotations

import os
import shlex
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from packlint.model import Configuration
from packlint.packer import command
from packlint.packer.command import Commands
from packlint.packer.job import Command, Job, Plan
from packlint.quantity import count, listed
from packlint.record import record
from packlint.visible import visible

Paint = Callable[..., str]
"""Adds colors to a text as `click.style` does, or nothing."""

MOST_LISTED = 20
"""Images of a job, or jobs before it, that are named."""


@record
class Reader:
    """Who reads a plan: where he stands, `here`, how many columns he has, and what adds colors for him.

    `windows` tells whose shell the commands are for.
    """

    here: Path
    width: int
    paint: Paint
    windows: bool = False

    def line(self, job: Job, argv: Command, base: Path) -> str:
        """A command, with the way to the directory in which it is run; it leaves a shell where it was."""
        said = command.shown(argv, command.secrets(job), windows=self.windows)
        directory = os.path.normpath(base / job.directory)
        if directory == os.path.normpath(self.here):
            return said
        try:
            path = min(os.path.relpath(directory, self.here), directory, key=len)
        except ValueError:  # another drive
            path = directory
        path = visible(f"./{path}" if path.startswith("-") else path)
        return f'pushd "{path}" && {said} && popd' if self.windows else f"(cd {shlex.quote(path)} && {said})"

    def wrapped(self, text: str, indent: str = "") -> list[str]:
        """A text in lines that fit; words that are longer are not broken."""
        return textwrap.wrap(
            visible(text),
            self.width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        )


def outline(plan: Plan, bounds: Sequence[str], commands: Commands, reader: Reader) -> str:
    """The text of a plan; `bounds` say in words what the limits are and where they come from."""
    if not plan.jobs:
        return "Nothing is to be built\n"
    images = sum(len(job.images) for job in plan.jobs)
    told = f"{count(images, 'image')} in {count(len(plan.waves), 'wave')}, with {listed(bounds)}"
    lines = [*reader.wrapped(told), ""]
    started: set[Configuration] = set()
    for number, jobs in enumerate(plan.waves, 1):
        lines.append(reader.paint(f"Wave {number}", bold=True) + f": {_taken(jobs)}")
        for job in jobs:
            lines += _job(job, plan, commands, reader, first=job.images[0].configuration not in started)
            started.add(job.images[0].configuration)
        lines.append("")
    lines += (line for note in plan.notes for line in reader.wrapped(f"note: {note}"))
    return "\n".join(lines).rstrip("\n") + "\n"


def _job(job: Job, plan: Plan, commands: Commands, reader: Reader, *, first: bool) -> Iterator[str]:
    """The lines of a job; the `first` of its template installs the plugins."""
    indent = " " * 4
    yield f"  {reader.paint(visible(job.name), fg='cyan')}"
    yield from reader.wrapped(_some([image.label for image in job.images]), indent)
    if job.needs:
        yield from reader.wrapped(f"after {_some([plan.jobs[it].name for it in job.needs])}", indent)
    if first and (argv := command.init(job)):
        yield f"{indent}{reader.line(job, argv, commands.base)}"
    yield f"{indent}{reader.line(job, commands.build(job), commands.base)}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join([*names[:MOST_LISTED], *([f"and {more} more"] if more > 0 else [])])


def _taken(jobs: Sequence[Job]) -> str:
    """What jobs take of the machine together: `3 images, 4096 MB, 4 processors`."""
    at_once, images = sum(job.at_once for job in jobs), sum(len(job.images) for job in jobs)
    parts = [count(images, "image") + (f", {at_once} at once" if at_once < images else "")]
    if memory := sum(job.memory for job in jobs):
        parts.append(f"{memory} MB")
    if cpus := sum(job.cpus for job in jobs):
        parts.append(count(cpus, "processor"))
    return ", ".join(parts)
