"""`packlint waivers`: what is excused in templates, why, since when and until when."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

import click

from packlint.commands.paths import CLEAN, FAILED, Progress, asked, say_nothing_found
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import Wanted, debug_option, paths_argument, root_option, rule_options
from packlint.deliver import is_colored, to_standard_output
from packlint.files import Files
from packlint.options import Asked, color_option, format_option, inputs_options
from packlint.outcome import Outcome
from packlint.settings import Choose
from packlint.visible import visible
from packlint.waiver import PathWaiver


@click.command(cls=Sectioned)
@paths_argument
@format_option("Tables for people, or JSON for tools.")
@rule_options
@color_option
@root_option
@inputs_options
@debug_option
def waivers(
    *,
    paths: tuple[str, ...],
    format_: str,
    wanted: Wanted,
    color: str,
    root: Path | None,
    debug: bool,
    inputs: Asked,
) -> int:
    """List the waivers in the templates at and below each PATH, and those of the settings.

    Each has the place where it stands, the rules that it names, what it is good for, how many findings it
    excuses, its last day, the day on which its line was committed, and its reason. `?` stands where its rules
    have not looked at all of the file.

    PATH is a directory, which is searched, or a file. The default is the current directory.
    """
    choose, plugins = wanted.chosen()
    named = asked(paths, None)
    from packlint import pipeline
    from packlint.gather import gather
    from packlint.ledger import entries, of_settings, to_json, to_text

    looked: list[pipeline.Ran] = []

    def keep(outcome: Outcome, ran: pipeline.Ran) -> Outcome:
        looked.append(ran)
        return outcome

    given = gather(inputs, os.environ, named, root)
    today = date.today()
    with Progress() as progress:
        outcome = pipeline.run(
            *(named, choose, root, debug, progress.tell),
            inputs=given,
            plugins=plugins,
            today=today.isoformat(),
            finish=keep,
        )
    if not outcome.documents and not outcome.diagnostics:
        say_nothing_found(paths)
    files = {it.template.directory: it.files for it in outcome.configurations}
    listed = [
        *entries(outcome, looked[0], _dates(files.values())),
        *of_settings(_granted(choose, files), outcome),
    ]
    if format_ == "json":
        to_standard_output(to_json(listed, today), "never")
    elif listed:
        style = click.style if is_colored(color, sys.stdout) else lambda text, **_: text
        to_standard_output(to_text(listed, today, style), color)
    elif outcome.documents:
        where = ", ".join(f"`{visible(path)}`" for path in paths or (".",))
        click.echo(f"no waivers found in {where}", err=True)
    failed = any(it.rule == "internal-error" for it in outcome.diagnostics)
    return FAILED if failed else CLEAN


def _granted(choose: Choose, files: Mapping[str, Files]) -> list[PathWaiver]:
    """The waivers of the settings of all directories, each once."""
    found: dict[int, PathWaiver] = {}
    for directory, reader in sorted(files.items(), key=lambda it: it[0]):
        for _, waiver in choose(reader.base / directory, reader.root).waivers:
            found[id(waiver)] = waiver
    return list(found.values())


def _dates(readers: Iterable[Files]) -> Callable[[str], Mapping[int, date] | None]:
    """Asks git for the days of the lines of a file."""
    roots = {reader.root: reader.base for reader in readers}

    def dates(path: str) -> Mapping[int, date] | None:
        from packlint.git import blame_dates

        for root, base in roots.items():
            place = Path(os.path.normpath(base / path))
            if place.is_relative_to(root):
                return blame_dates(root, place.relative_to(root).as_posix())
        return None

    return dates
