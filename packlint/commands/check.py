"""`packlint check`: the findings of templates."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import click

from packlint.commands.building import Building, build_options
from packlint.commands.completion import complete_format
from packlint.commands.fixing import Fixing, Repair, fix_options
from packlint.commands.limits import Limit, Limits, base_of, limit_options
from packlint.commands.paths import CLEAN, FAILED, FOUND, Named, Progress, asked, say_nothing_found
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import DEBUG_OPTION, PATHS, ROOT, Wanted, rule_options
from packlint.deliver import deliver, targets_of
from packlint.files import Unsaved
from packlint.inputs import Inputs
from packlint.options import Asked, color_option, inputs_options
from packlint.outcome import Outcome
from packlint.report import FORMATS, Look


@click.command(cls=Sectioned)
@PATHS
@click.option(
    "formats",
    "--format",
    metavar="NAME[:FILE]",
    multiple=True,
    envvar="PACKLINT_FORMAT",
    show_envvar=True,
    shell_complete=complete_format,
    help=f"Report as {', '.join(FORMATS)}, to standard output or to FILE. May be repeated.  [default: text]",
)
@rule_options
@fix_options
@color_option
@click.option("--statistics", is_flag=True, help="Tell how often each rule has findings.")
@click.option("--show-suppressed", "suppressed", is_flag=True, help="Report what is waived or accepted, too.")
@click.option(
    "--stdin-filename",
    metavar="PATH",
    type=click.Path(),
    help="Check standard input as this file of its template; PATH is `-`.",
)
@click.option(
    "--sarif-category",
    metavar="NAME",
    envvar="PACKLINT_SARIF_CATEGORY",
    show_envvar=True,
    help="Tell this run apart from others of the same commit in code scanning.",
)
@click.option(
    "--sarif-limit",
    metavar="N",
    type=click.IntRange(1, 25_000),
    default=5000,
    show_default=True,
    help="Write at most N results, the most severe ones; GitHub keeps 5000.",
)
@limit_options
@build_options
@ROOT
@inputs_options
@DEBUG_OPTION
def check(
    *,
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    wanted: Wanted,
    fixing: Fixing,
    limits: Limits,
    building: Building,
    color: str,
    statistics: bool,
    suppressed: bool,
    stdin_filename: str | None,
    sarif_category: str | None,
    sarif_limit: int,
    root: Path | None,
    debug: bool,
    inputs: Asked,
) -> int:
    """Check the templates at and below each PATH.

    PATH is a directory, which is searched, or a file, which is checked as part of its template, or `-` for
    standard input. The default is the current directory.

    Exits with 1 if a finding is at least as severe as --fail-on says, 2 if the check could not be done, else
    with 0. With --fix, what counts is what remains. With --build, exits with 3 if Packer cannot be run or an
    image could not be built, and with 130 if somebody stopped it.
    """
    fixing.refuse_misuse(formats)
    building.refuse_misuse(fixing, limits, paths)
    inputs = building.asked(inputs)
    targets = targets_of(formats)
    choose, plugins = wanted.chosen()
    named = asked(paths, stdin_filename)
    from packlint import pipeline
    from packlint.gather import gather

    today = date.today()

    def given(texts: Sequence[Unsaved] = ()) -> Inputs:
        return gather(inputs, os.environ, named, root, texts)

    def whole(paths: Named, texts: Sequence[Unsaved] = (), limit: Limit = lambda outcome: outcome) -> Outcome:
        return pipeline.run(
            paths,
            choose,
            root,
            debug,
            progress.tell,
            inputs=given(texts),
            texts=texts,
            plugins=plugins,
            today=today,
            finish=lambda outcome, _: limit(outcome),
        )

    run = partial(whole, limit=limits.of(named, root, choose, whole))
    repair = Repair(fixing, named, choose, root, run, given)
    with Progress() as progress:
        result, outcome = repair.mended() if fixing else (None, run(named))
    if not outcome.documents and not outcome.diagnostics:
        say_nothing_found(paths)
    look = Look(statistics=statistics, suppressed=suppressed, category=sarif_category, limit=sarif_limit)
    done = True
    if result is not None:
        if fixing.diff:
            return repair.show(result, color)
        done = repair.write(result, debug)
        outcome = outcome if done else run(named)
    deliver(outcome, targets, color, look, err=repair.prints)
    if not done or any(diagnostic.rule == "internal-error" for diagnostic in outcome.diagnostics):
        return FAILED
    code = FOUND if outcome.failing else CLEAN
    if building:
        from packlint.commands.making import Making
        from packlint.packer.run.signals import stoppable

        # What a program reads from standard output is the report alone.
        stream = sys.stderr if any(name != "text" for name, path in targets if path is None) else sys.stdout
        making = Making(building, choose, inputs, base_of(named, root), color, stream, code)
        with stoppable():
            code = making.make(outcome)
    return code
