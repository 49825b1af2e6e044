"""`packlint check`: the findings of templates."""

from __future__ import annotations

from typing import Any

import click

from packlint.answers import SWITCH, VARIABLE
from packlint.commands.building import build_options
from packlint.commands.checking import checked
from packlint.commands.completion import complete_format
from packlint.commands.fixing import fix_options
from packlint.commands.limits import limit_options
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import debug_option, paths_argument, root_option, rule_options
from packlint.options import color_option, inputs_options
from packlint.report import FORMATS


@click.command(cls=Sectioned)
@paths_argument
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
@click.option(
    "--statistics",
    is_flag=True,
    help="Tell how often each rule has findings, and on standard error what time the run took for what.",
)
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
@click.option(
    SWITCH,
    is_flag=True,
    expose_value=False,
    envvar=VARIABLE,
    show_envvar=True,
    help="Check again what has not changed since the last time, too.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1),
    envvar="PACKLINT_JOBS",
    show_envvar=True,
    help="Check many templates in so many processes.  [default: one for each processor]",
)
@limit_options
@build_options
@root_option
@inputs_options
@debug_option
def check(**asked: Any) -> int:
    """Check the templates at and below each PATH.

    PATH is a directory, which is searched, or a file, which is checked as part of its template, or `-` for
    standard input. The default is the current directory.

    Exits with 1 if a finding is at least as severe as --fail-on says, 2 if the check could not be done, else
    with 0. With --fix, what counts is what remains. With --build, exits with 3 if Packer cannot be run or an
    image could not be built, and with 130 if somebody stopped it.
    """
    return checked(**asked)
