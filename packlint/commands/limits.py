"""`--baseline` and `--changed-since` → what of a run's findings is left of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.errors import UsageError
from packlint.files import Unsaved
from packlint.outcome import Outcome
from packlint.request import base, request
from packlint.settings import Choose

if TYPE_CHECKING:
    from packlint.baseline import Baseline

Named = Sequence[Path | Unsaved]
"""What a command line asks for."""

Limit = Callable[[Outcome], Outcome]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the command line says of findings that are not to be told."""

    baseline: Path | None = None
    changed_since: str | None = None

    def of(
        self,
        named: Named,
        root: Path | None,
        choose: Choose,
        again: Callable[[Named, Sequence[Unsaved]], Outcome],
    ) -> Limit:
        """What a run's outcome becomes; `again` runs the same over other texts, with nothing left out.

        Raises UsageError for a baseline or a revision that there is not.
        """
        limits: list[Limit] = []
        if self.changed_since is not None:
            from packlint.since import Since

            since = Since(self.changed_since, named, root)
            limits.append(lambda outcome: since.limit(outcome, again))
        if (path := self.baseline or settings_baseline(named, root, choose)) is not None:
            from packlint.baseline import accept
            from packlint.baseline_file import gone

            where = base_of(named, root)
            baseline = existing(path, named, root, own=self.baseline is not None)
            limits.append(lambda outcome: accept(outcome, baseline, gone(where, baseline)))
        return lambda outcome: functools.reduce(lambda left, limit: limit(left), limits, outcome)


def limit_options(command: Callable[..., int]) -> Callable[..., int]:
    """A command with these options, which it is given together as `limits`, a `Limits`."""

    @click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(path_type=Path),
        envvar="PACKLINT_BASELINE",
        show_envvar=True,
        help="Do not report the findings that FILE accepts; `packlint baseline write` makes it.",
    )
    @click.option(
        "--changed-since",
        metavar="REV",
        envvar="PACKLINT_CHANGED_SINCE",
        show_envvar=True,
        help="Report what has come since HEAD left the git revision REV: findings in changed lines, and "
        "those elsewhere that were not there before.",
    )
    @functools.wraps(command)
    def with_limits(*, baseline: Path | None, changed_since: str | None, **others: object) -> int:
        return command(limits=Limits(baseline, changed_since), **others)

    wrapped: Callable[..., int] = with_limits
    return wrapped


def base_of(named: Named, root: Path | None) -> Path:
    """The directory that the paths of a run are relative to."""
    return base({request(path, root).root for path in named}) or Path()


def settings_baseline(named: Named, root: Path | None, choose: Choose) -> Path | None:
    """The baseline that the settings of the outermost root name."""
    roots = sorted({request(path, root).root for path in named}, key=lambda it: (len(it.parts), it))
    return choose(roots[0], roots[0]).baseline if roots else None


def existing(path: Path, named: Named, root: Path | None, *, own: bool) -> Baseline:
    """The baseline of a file; one that is not the user's `own` word lies in the checked root.

    Raises UsageError where there is none.
    """
    from packlint.baseline_file import read_baseline

    where = base_of(named, root)
    baseline = read_baseline(path, where, None if own else where)
    if baseline is None:
        raise UsageError(f"there is no baseline `{path}`", "`packlint baseline write` makes one")
    return baseline
