"""`packlint plan`: the runs of Packer that make the images, in order, and what fits on a machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.commands.host import Bounds, bounds, limit_on_host_options
from packlint.commands.limits import base_of
from packlint.commands.paths import (
    CLEAN,
    FAILED,
    FOUND,
    Progress,
    asked,
    say_nothing_found,
    say_unread,
    say_unseen,
)
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import Wanted, debug_option, paths_argument, place_options, root_option
from packlint.deliver import is_colored, to_standard_output, width_of_output
from packlint.errors import UsageError
from packlint.files import Unsaved
from packlint.limits import Limits
from packlint.options import Asked, color_option, inputs_options

if TYPE_CHECKING:
    from packlint.chain.images import ArtifactGraph
    from packlint.packer.command import Commands

ENGINES = ("github-matrix", "gitlab-ci")
FORMATS = ("text", "json", *ENGINES)


@click.command(cls=Sectioned)
@paths_argument
@click.option(
    "format_",
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Text for people, the jobs of an engine that has machines enough, or JSON for tools; its schema is "
    "part of packlint.",
)
@limit_on_host_options
@color_option
@root_option
@inputs_options
@place_options
@debug_option
def plan(
    *,
    paths: tuple[str, ...],
    format_: str,
    host: Limits,
    color: str,
    root: Path | None,
    debug: bool,
    inputs: Asked,
    wanted: Wanted,
) -> int:
    """Show the commands of Packer that build the templates at and below each PATH, in order.

    Images that start from other images come after them. What fits on one machine together is a wave: so many
    images at once, so much memory and so many processors, and no two that want the same directory, name or
    port, or hypervisors that exclude one another. Nothing is run.

    PATH is a directory, which is searched, or a file, which is planned as part of its template. The default
    is the current directory.

    Exits with 1 if a file could not be read or has syntax errors, which are told on standard error, 2 if
    there is no plan, else with 0.
    """
    named = asked(paths, None)
    if any(isinstance(it, Unsaved) for it in named):
        raise UsageError("Packer cannot build standard input", "name a file or a directory")
    choose, _ = wanted.chosen()
    from packlint import pipeline
    from packlint.chain.artifacts import links
    from packlint.chain.images import artifact_graph
    from packlint.commands.passing import passing
    from packlint.gather import gather
    from packlint.packer.command import Commands

    given = gather(inputs, os.environ, named, root)
    with Progress() as progress:
        understood = pipeline.understand(named, choose, root, debug, progress.tell, inputs=given)
    configurations = understood.configurations
    say_unread(understood.diagnostics, debug)
    if not (configurations or understood.diagnostics):
        say_nothing_found(paths)
    say_unseen(configurations)
    graph = artifact_graph(configurations, links(configurations), understood.declared)
    commands = Commands(passing(choose, inputs), base_of(named, root))
    if format_ in ENGINES:
        text = _jobs(graph, format_, commands)
    else:
        text = _planned(graph, bounds(host, understood.limits), commands, color, as_json=format_ == "json")
    to_standard_output(text, color)
    if any(diagnostic.rule == "internal-error" for diagnostic in understood.diagnostics):
        return FAILED
    return FOUND if understood.diagnostics else CLEAN


def _planned(graph: ArtifactGraph, bound: Bounds, commands: Commands, color: str, *, as_json: bool) -> str:
    """The plan for one machine."""
    from packlint.packer.plan import plan as plan_of

    found = plan_of(graph, bound.limits)
    if as_json:
        from packlint.packer.show.plan_json import to_json

        return to_json(found, commands)
    from packlint.packer.show.outline import Reader, outline

    style = click.style if is_colored(color, sys.stdout) else lambda text, **_: text
    reader = Reader(Path.cwd(), width_of_output(), style, windows=os.name == "nt")
    return outline(found, bound.said, commands, reader)


def _jobs(graph: ArtifactGraph, engine: str, commands: Commands) -> str:
    """The jobs for an engine, with as many machines as there are images."""
    from packlint.packer.ci.carried import carried
    from packlint.packer.ci.lines import left_out
    from packlint.packer.plan import spread

    found = spread(graph)
    if not found.jobs:
        raise UsageError("there is nothing to build", "name a directory that has templates with builds")
    carries, notes = carried(found, graph)
    notes = (*notes, *left_out(found, commands))
    if engine == "gitlab-ci":
        from packlint.packer.ci.gitlab_ci import gitlab_ci

        return gitlab_ci(found, carries, notes, commands)
    from packlint.packer.ci.github_matrix import github_matrix

    return github_matrix(found, carries, notes, commands)
