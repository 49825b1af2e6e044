"""`--baseline` and `--changed-since` → what of a run's findings is left of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from packlint.commands.paths import Named
from packlint.errors import UsageError
from packlint.files import Unsaved
from packlint.options import Command
from packlint.record import record
from packlint.request import Request, base, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from packlint.baseline import Baseline
    from packlint.outcome import Outcome
    from packlint.settings import Choose

Limit: TypeAlias = "Callable[[Outcome], Outcome]"


def baseline_option(command: Command) -> Command:
    """A command with `--baseline`, the file of what is accepted."""
    import click

    return click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(path_type=Path),
        envvar="PACKLINT_BASELINE",
        show_envvar=True,
        help="Do not report the findings that FILE accepts; `packlint baseline write` makes it.",
    )(command)


@record
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
        if self.baseline is not None:
            baseline = existing(self.baseline, named, root, own=True)
            limits.append(lambda outcome: _accepted(outcome, baseline, named, root))
        else:
            limits.append(lambda outcome: _accepted_by_settings(outcome, named, root, choose))
        return lambda outcome: functools.reduce(lambda left, limit: limit(left), limits, outcome)


def limit_options(command: Command) -> Command:
    """A command with these options, which it is given together as `limits`, a `Limits`."""
    import click

    @baseline_option
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

    wrapped: Command = with_limits
    return wrapped


def base_of(named: Named, root: Path | None) -> Path:
    """The directory that the paths of a run are relative to."""
    return base({request(path, root).root for path in named}) or Path()


def settings_baseline(asked: Sequence[Request], choose: Choose) -> Path | None:
    """The baseline that the settings of all paths name, or else those of the outermost root."""
    places = dict.fromkeys((it.directory, it.root) for it in asked)
    own = {choose(*place).baseline for place in places}
    if len(own) == 1:
        return own.pop()
    outermost = min({it.root for it in asked}, key=lambda it: (len(it.parts), it))
    return choose(outermost, outermost).baseline


def _accepted_by_settings(outcome: Outcome, named: Named, root: Path | None, choose: Choose) -> Outcome:
    """The outcome without what the baselines accept that are in force where something is found."""
    asked = [request(path, root) for path in named]
    where = base({it.root for it in asked}) or Path()
    roots = sorted({it.root for it in asked}, key=lambda it: len(it.parts), reverse=True)
    folders = {(where / it.range.document.path).parent for it in outcome.diagnostics}
    tops = ((folder, next(filter(folder.is_relative_to, roots), None)) for folder in sorted(folders))
    names = [choose(folder, top).baseline for folder, top in tops if top is not None]
    for path in dict.fromkeys((settings_baseline(asked, choose), *names)):
        if path is not None:
            outcome = _accepted(outcome, existing(path, named, root, own=False), named, root)
    return outcome


def _accepted(outcome: Outcome, baseline: Baseline, named: Named, root: Path | None) -> Outcome:
    from packlint.baseline import accept
    from packlint.baseline_file import gone

    return accept(outcome, baseline, gone(base_of(named, root), baseline))


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
