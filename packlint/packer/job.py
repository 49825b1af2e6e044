"""Nouns for what Packer is to be run for: jobs, and the plan that has them in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packlint.chain.apart import Hold
from packlint.chain.images import Image
from packlint.limits import Limits
from packlint.record import field, record


@record(eq=False)
class Job:
    """One `packer build`: a template, or some of its images that are built together.

    `name` is unique in a plan: the place of the template, with a number where it has several jobs.
    `directory` is where Packer is run, relative to the checked paths' common base as names of files are, and
    `target` is the template's path from there. `only` are patterns for `-only`, none where all images are
    built. `parallel` is the number for `-parallel-builds`, 0 for no limit. `needs` are the numbers, in the
    plan, of the jobs that make what this one starts from; `wave` is the number of its wave, from 0.
    `memory`, in megabytes, and `cpus` are what its machines take of this host together, and `hold` what they
    take for themselves.
    """

    name: str
    images: tuple[Image, ...]
    directory: str
    target: str
    only: tuple[str, ...] = ()
    parallel: int = 0
    needs: tuple[int, ...] = ()
    wave: int = 0
    memory: int = 0
    cpus: int = 0
    hold: Hold = field(default_factory=Hold)

    @property
    def at_once(self) -> int:
        """How many images it builds at the same time."""
        return min(len(self.images), self.parallel) if self.parallel else len(self.images)


@record(eq=False)
class Plan:
    """Jobs in the order in which they may be run: each after all that it needs, wave by wave.

    `notes` are sentences for the user, as of a job that is over the limits all by itself.
    """

    jobs: tuple[Job, ...]
    limits: Limits
    notes: tuple[str, ...] = ()

    @property
    def waves(self) -> tuple[tuple[Job, ...], ...]:
        """The jobs of each wave."""
        count = max((job.wave for job in self.jobs), default=-1) + 1
        return tuple(tuple(job for job in self.jobs if job.wave == wave) for wave in range(count))


@record
class Passed:
    """What is passed through to every `packer build` as the command line has it.

    `variables` are `NAME=VALUE`; `exclude` is for `-except`, `on_error` for `-on-error`, and `color` is not:
    packlint colors by itself. Paths of `var_files` are those of the command line.
    """

    variables: tuple[str, ...] = ()
    var_files: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    on_error: str | None = None
    force: bool = False


Command = Sequence[str]
"""The arguments of a command, the program first."""
