"""What the command line and settings say of the machine that runs Packer, and its size → what it bears."""

from __future__ import annotations

import functools
from collections.abc import Callable

from packlint.limits import MAX_PARALLEL, Limits
from packlint.options import Command
from packlint.record import record

MEGABYTE = 1024 * 1024

SHARE = (3, 4)
"""How much of the memory machines may take where nobody says: three quarters."""


@record
class Bounds:
    """The limits in force, each of them in words that say where it comes from."""

    limits: Limits
    said: tuple[str, ...]


def _options() -> tuple[Callable[[Command], Command], ...]:
    import click

    return (
        click.option(
            "--max-parallel",
            metavar="N",
            type=click.IntRange(1),
            help=f"Build at most N images at once.  [default: {MAX_PARALLEL}]",
        ),
        click.option(
            "--memory",
            metavar="MB",
            type=click.IntRange(1),
            help="Let machines on this host take at most MB megabytes at once.  [default: 3/4 of its memory]",
        ),
        click.option(
            "--cpus",
            metavar="N",
            type=click.IntRange(1),
            help="Let machines on this host take at most N processors at once.  [default: all]",
        ),
    )


def limit_on_host_options(command: Command) -> Command:
    """A command with these options, which it is given together as `host`, a `Limits`."""

    @functools.wraps(command)
    def with_host(*, max_parallel: int | None, memory: int | None, cpus: int | None, **others: object) -> int:
        return command(host=Limits(max_parallel, memory, cpus), **others)

    wrapped: Command = with_host
    for option in reversed(_options()):
        wrapped = option(wrapped)
    return wrapped


def bounds(asked: Limits, settings: Limits) -> Bounds:
    """What the machine bears: as the command line asks, then as settings say, then by its size."""
    from packlint.quantity import count

    said = asked.over(settings)
    measured = Limits(MAX_PARALLEL) if None not in (said.memory, said.cpus) else _measured()
    limits = said.over(measured)

    def by(name: str, otherwise: str) -> str:
        if getattr(asked, name) is not None:
            return f"--{name.replace('_', '-')}"
        return "settings" if getattr(settings, name) is not None else otherwise

    words = [f"at most {count(limits.max_parallel or 0, 'image')} at once ({by('max_parallel', 'default')})"]
    if limits.memory is not None:
        words.append(f"{limits.memory} MB of memory ({by('memory', '3/4 of this machine')})")
    if limits.cpus is not None:
        words.append(f"{count(limits.cpus, 'processor')} ({by('cpus', 'all of this machine')})")
    return Bounds(limits, tuple(words))


def _measured() -> Limits:
    """What this machine has; no limit where that cannot be told."""
    import psutil

    over, under = SHARE
    try:
        memory: int | None = psutil.virtual_memory().total * over // under // MEGABYTE
    except (OSError, psutil.Error, RuntimeError):
        memory = None
    return Limits(MAX_PARALLEL, memory or None, psutil.cpu_count() or None)
