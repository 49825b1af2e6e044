"""`packlint settings`: what is in force where, and the schema of settings files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from packlint.commands.limits import baseline_option
from packlint.commands.paths import CLEAN
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import Wanted, debug_option, root_option, rule_options
from packlint.deliver import to_standard_output
from packlint.errors import UsageError
from packlint.record import replace
from packlint.visible import visible


@click.group()
def settings() -> None:
    """Tell which settings are in force, and what there is to set."""


@settings.command()
def schema() -> int:
    """Print the JSON Schema of a settings file.

    It knows the options of all rules that are installed, and takes any other name for that of a policy.
    """
    from packlint.configure.schema import published
    from packlint.plugins import load_rules

    to_standard_output(json.dumps(published(load_rules()), indent=2) + "\n", "never")
    return CLEAN


@settings.command(cls=Sectioned)
@click.argument("path", default=".", type=click.Path(path_type=Path))
@rule_options
@baseline_option
@root_option
@debug_option
def show(*, path: Path, wanted: Wanted, baseline: Path | None, root: Path | None, debug: bool) -> int:
    """Print the settings in force for PATH, and where each of them is written.

    PATH is a file, or a directory with templates.  [default: the current directory]
    """
    from packlint.choice import refuse_strangers
    from packlint.configure.show import show as shown
    from packlint.plugins import load_rules
    from packlint.request import root_of

    try:
        place = Path(os.path.realpath(path))  # fails where the working directory is gone
        place.lstat()
    except (OSError, ValueError):
        raise UsageError(f"there is no file or directory `{path}`") from None
    directory = place if place.is_dir() else place.parent
    file = directory / "template.pkr.hcl" if place.is_dir() else place
    top = Path(os.path.realpath(root)) if root else root_of(directory)
    choose, manager = wanted.chosen()
    found = choose(directory, top).at(file)
    found = replace(found, baseline=baseline or found.baseline)
    rules = (*load_rules(manager), *found.policies)
    refuse_strangers(found.strangers, rules)
    runs = sum(found.selects(rule) for rule in rules)
    text = f"{shown(found, top, file)}# {runs} of {len(rules)} rules run\n"
    if found.excludes(place, place.is_dir()):
        text += "# a search leaves this path out\n"
    to_standard_output("".join(f"{visible(line)}\n" for line in text.splitlines()), "never")
    return CLEAN
