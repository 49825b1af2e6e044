"""`packlint inspect`: what packlint sees in templates."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from packlint.commands.paths import CLEAN, FAILED, FOUND, Progress, asked, say_nothing_found, say_unread
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import Wanted, debug_option, paths_argument, place_options, root_option
from packlint.deliver import is_colored, to_standard_output, width_of_output
from packlint.errors import UsageError
from packlint.model import Configuration
from packlint.options import Asked, color_option, format_option, inputs_options


@click.command(cls=Sectioned)
@paths_argument
@format_option("Text for people, or JSON for tools; its schema is part of packlint.")
@click.option(
    "address",
    "--why",
    metavar="ADDRESS",
    help="Tell where one value comes from, step by step: `--why source.qemu.base.disk_size`.",
)
@color_option
@root_option
@inputs_options
@place_options
@debug_option
def inspect(
    *,
    paths: tuple[str, ...],
    format_: str,
    address: str | None,
    color: str,
    root: Path | None,
    debug: bool,
    inputs: Asked,
    wanted: Wanted,
) -> int:
    """Show what packlint sees in the templates at and below each PATH.

    Variables with their values and where these come from, locals, data sources, sources with their arguments,
    builds with the steps of each of their sources; what cannot be known without a build is `unknown`, with
    the reason. Nothing is run, and nothing that is sensitive is shown.

    PATH is a directory, which is searched, or a file, which is shown as part of its template, or `-` for
    standard input. The default is the current directory.

    Exits with 1 if a file could not be read or has syntax errors, which are told on standard error, 2 if the
    templates could not be shown, else with 0.
    """
    if address is not None and format_ != "text":
        raise UsageError("`--why` answers in text alone", f"leave out `--format {format_}`")
    choose, _ = wanted.chosen()
    named = asked(paths, None)
    from packlint import pipeline
    from packlint.gather import gather

    given = gather(inputs, os.environ, named, root)
    with Progress() as progress:
        understood = pipeline.understand(named, choose, root, debug, progress.tell, inputs=given)
    configurations, diagnostics = understood.configurations, understood.diagnostics
    say_unread(diagnostics, debug)
    if not (configurations or diagnostics):
        say_nothing_found(paths)
    to_standard_output(_inspected(configurations, format_, address, color), color)
    if any(diagnostic.rule == "internal-error" for diagnostic in diagnostics):
        return FAILED
    return FOUND if diagnostics else CLEAN


def _inspected(
    configurations: tuple[Configuration, ...], format_: str, address: str | None, color: str
) -> str:
    """What `inspect` prints."""
    if format_ == "json":
        from packlint.inspect.view import to_json

        return to_json(configurations)
    from packlint.inspect.show import Screen

    screen = Screen(
        width_of_output(), click.style if is_colored(color, sys.stdout) else lambda text, **_: text
    )
    if address is not None:
        from packlint.inspect.why import why

        return why(configurations, address, screen)
    from packlint.inspect.text import to_text

    return to_text(configurations, screen)
