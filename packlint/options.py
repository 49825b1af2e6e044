"""The options that several commands have, and those that say what a run is given beside templates."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from packlint.record import record

Command = Callable[..., int]


@record
class Asked:
    """What the command line says of variables and builds, as it is written; `Inputs` is what it means."""

    variables: tuple[str, ...] = ()
    var_files: tuple[Path, ...] = ()
    environment: bool = False
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


def color_option(command: Command) -> Command:
    """A command with `--color`, which says when there are colors."""
    import click

    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Color the text; auto means on a terminal, unless NO_COLOR is set.",
    )(command)


def schemas_option(command: Command) -> Command:
    """A command with `--schemas`, the folders of schemas that the user brings."""
    import click

    return click.option(
        "schemas",
        "--schemas",
        metavar="DIR",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Know the components of the schemas in DIR too. May be repeated; later ones win.",
    )(command)


def format_option(told: str) -> Callable[[Command], Command]:
    """`--format` of a command that has a text and JSON to print; `told` is what its help says of them."""
    import click

    return click.option(
        "format_",
        "--format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=told,
    )


def inputs_options(command: Command) -> Command:
    """A command with these options, which it is given together as `inputs`, an `Asked`."""

    @functools.wraps(command)
    def with_inputs(
        *,
        variables: tuple[str, ...],
        var_files: tuple[Path, ...],
        environment: bool,
        only: tuple[str, ...],
        exclude: tuple[str, ...],
        **others: object,
    ) -> int:
        return command(inputs=Asked(variables, var_files, environment, only, exclude), **others)

    wrapped: Command = with_inputs
    for option in reversed(_inputs()):
        wrapped = option(wrapped)
    return wrapped


def _inputs() -> tuple[Callable[[Command], Command], ...]:
    import click

    return (
        click.option(
            "variables",
            "--var",
            metavar="NAME=VALUE",
            multiple=True,
            help="Set a variable, as `packer build -var` does. May be repeated.",
        ),
        click.option(
            "var_files",
            "--var-file",
            metavar="FILE",
            multiple=True,
            type=click.Path(path_type=Path),
            help="Set the variables of a .hcl or .json file. May be repeated; later ones win.",
        ),
        click.option(
            "environment",
            "--env",
            is_flag=True,
            help="Let PKR_VAR_* variables and `env` see the environment.",
        ),
        click.option(
            "--only",
            metavar="GLOB,...",
            multiple=True,
            help="Look at the builds of these names and no others, as `packer build -only` does.",
        ),
        click.option(
            "exclude",
            "--except",
            metavar="GLOB,...",
            multiple=True,
            help="Leave the builds and post-processors of these names out.",
        ),
    )
