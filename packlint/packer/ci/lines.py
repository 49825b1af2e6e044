"""A job and its commands → the lines of a shell that an engine of continuous integration runs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from packlint.named import NamedTuple
from packlint.packer import command
from packlint.packer.command import Commands
from packlint.packer.job import Job, Plan
from packlint.quantity import listed


class Lines(NamedTuple):
    """Commands of a POSIX shell, to be run in the directory of a job; `init` is "" where nothing is to be."""

    init: str
    validate: str
    build: str


def called(job: Job) -> str:
    """What a job of an engine is called: by its image, where it is one of several that its template has."""
    return job.images[0].name if job.only and len(job.images) == 1 else job.name


def lines(job: Job, commands: Commands) -> Lines:
    """The commands of a job without what is secret, which the engine keeps and gives to Packer itself."""
    commands = commands.without_secrets()
    return Lines(
        shlex.join(command.init(job)),
        shlex.join(commands.validate(job)),
        shlex.join(commands.build(job)),
    )


def left_out(plan: Plan, commands: Commands) -> Iterator[str]:
    """Sentences about the variables that `lines` leaves out."""
    found: dict[str, dict[str, None]] = {}
    for job in plan.jobs:
        secret = command.secrets(job)
        names = [
            it.partition("=")[0] for it in commands.passed(job).variables if command.is_secret(it, secret)
        ]
        for name in names:
            legacy = job.images[0].configuration.legacy
            how = "a variable file" if legacy else f"the environment variable PKR_VAR_{name}"
            found.setdefault(how, {})[name] = None
    for how, them in found.items():
        yield f"give the secret {listed([f'`{name}`' for name in them])} to Packer by {how}"
