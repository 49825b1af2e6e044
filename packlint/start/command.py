"""`packlint init`: a directory → new files in its repository, and a word on what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.errors import UsageError
from packlint.files import Files, reason
from packlint.quantity import count, listed
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.outcome import Outcome
    from packlint.start.plan import Plan


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def init(*, directory: Path) -> int:
    """Set up packlint in the repository of DIR.

    Writes settings, an entry for pre-commit and, where the repository is on GitHub, a workflow. Nothing is
    asked, and a file that is there already stays as it is; what one of these lacks is printed. The default
    is the current directory.
    """
    from packlint import pipeline
    from packlint.commands.paths import Progress
    from packlint.commands.wanted import Wanted
    from packlint.request import request
    from packlint.start.look import look
    from packlint.start.plan import plan

    try:
        is_directory = directory.is_dir()
    except (OSError, ValueError):
        is_directory = False
    if not is_directory:
        raise UsageError(f"there is no directory `{directory}`", "name the folder of a repository")
    root = request(directory).root
    choose, plugins = Wanted().chosen()
    with Progress() as progress:
        outcome = pipeline.run((root,), choose, root, progress=progress.tell, plugins=plugins)
    repository = look(Files(root))
    if not (outcome.documents or repository.git):
        raise UsageError(
            f"`{directory}` has no templates in it and is no repository, so that nothing was written",
            "name the folder of a repository",
        )
    wanted = plan(repository, [configuration.template for configuration in outcome.configurations])
    if not root == Path.cwd() == directory.resolve():
        click.echo(f"in {visible(str(root))}:")
    _write(root, wanted)
    for name, text in wanted.snippets.items():
        click.echo(f"\nto run packlint by {name}, add this to it:\n\n{text}", nl=False)
    _say_what_next(root, outcome)
    return 0


def _write(root: Path, wanted: Plan) -> None:
    """Write the new files and say so; raises UsageError where one cannot be written."""
    from packlint.start.create import create

    for name in wanted.kept:
        click.echo(f"kept   {visible(name)}")
    for name, text in wanted.new.items():
        try:
            create(root, name, text)
        except FileExistsError:
            click.echo(f"kept   {name}")
        except OSError as error:
            raise UsageError(
                f"`{name}` cannot be written: {reason(error)}", "nothing that was there has changed"
            ) from error
        else:
            click.echo(f"wrote  {name}")


def _say_what_next(root: Path, outcome: Outcome) -> None:
    """How much there is to do, and with which commands to begin."""
    from packlint.report.tally import by_severity

    if not outcome.documents:
        click.echo("\nno templates yet; `packlint check` checks those that come")
        return
    counts = [told for _, told in by_severity(it.severity for it in outcome.diagnostics)]
    click.echo(f"\n{count(outcome.templates, 'template')}, with {listed(counts) or 'no findings'}")
    where = "" if root == Path.cwd() else f" {_quoted(root)}"
    steps = {f"packlint check{where}": "shows every finding, with its place and what to do"}
    if counts:
        steps |= {
            "packlint explain RULE": "says what a rule is about, and why",
            "packlint baseline write": "accepts what is there today, so that only new findings count",
        }
    width = max(map(len, steps))
    for command, meaning in steps.items():
        click.echo(f"  {command:{width}}  {meaning}")


def _quoted(root: Path) -> str:
    import shlex

    return visible(shlex.quote(str(root)))
