"""The command line: arguments in, a report out, and an exit code that says how it went."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from packlint import __version__
from packlint.commands.paths import CLEAN, FAILED
from packlint.commands.plain import tolerate_few_characters
from packlint.commands.wanted import DEBUG
from packlint.errors import PacklintError

if TYPE_CHECKING:
    from packlint.document import Range

INTERRUPTED = 130

COMMANDS = {
    "baseline": (
        "packlint.commands.baseline",
        "Accept the findings that there are, so that only new ones are reported.",
    ),
    "check": ("packlint.commands.check", "Check the templates at and below each PATH."),
    "completion": (
        "packlint.commands.completion",
        "Print what makes a SHELL complete commands, options and rules.",
    ),
    "explain": (
        "packlint.commands.browse",
        "Print the page of a RULE: what it flags, why, and examples.",
    ),
    "graph": (
        "packlint.commands.graph",
        "Show which images start from what others are, in the templates at and below each PATH.",
    ),
    "init": ("packlint.start.command", "Set up packlint in the repository of DIR."),
    "inspect": (
        "packlint.commands.inspect",
        "Show what packlint sees in the templates at and below each PATH.",
    ),
    "plan": (
        "packlint.commands.plan",
        "Show the commands of Packer that build the templates at and below each PATH, in order.",
    ),
    "policy": ("packlint.commands.policy", "Write rules of your own in HCL, and test them."),
    "rules": ("packlint.commands.browse", "List the rules, or those of one CATEGORY."),
    "schema": (
        "packlint.reference.command",
        "Look up the components of Packer and of its plugins, offline.",
    ),
    "settings": (
        "packlint.commands.settings",
        "Tell which settings are in force, and what there is to set.",
    ),
    "waivers": (
        "packlint.commands.waivers",
        "List the waivers in the templates at and below each PATH, and those of the settings.",
    ),
}
"""The commands: the module that has each, and how its help begins."""


class Commands(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module, _ = COMMANDS[name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Program(click.Group):
    """The command, with every failure turned into a message and an exit code."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run and exit; click's own errors, which it would word in its way, are worded in ours."""
        extra |= {"standalone_mode": False, "prog_name": "packlint"}
        tolerate_few_characters()
        try:
            code = super().main(*args, **extra)
        except click.ClickException as error:
            from packlint.commands.misuse import help_of, misuse

            if (text := help_of(error)) is not None:
                click.echo(text, err=True)
                code = FAILED
            else:
                said = misuse(error)
                code = _fail(str(said), said.hint)
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except PacklintError as error:
            _fail(str(error), error.hint, getattr(error, "range", None))
            return error.code
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # whoever reads our output has had enough; click ends quietly
            if ctx.meta.get(DEBUG):
                import traceback

                traceback.print_exc()
            advice = "; `--debug` shows where it arose" if DEBUG in ctx.meta else ""
            return _fail(
                f"packlint itself failed: {type(error).__name__}: {error}",
                f"this is a bug in packlint or in a plugin, please report it{advice}",
            )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, of which none has to be imported for that."""
        told = {name: click.Command(name, help=begins) for name, (_, begins) in COMMANDS.items()}
        click.Group(commands=told).format_commands(ctx, formatter)


@click.group(
    cls=Program,
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    invoke_without_command=True,
)
@click.version_option(__version__, message="packlint %(version)s")
@click.pass_context
def cli(context: click.Context) -> int:
    """Check HashiCorp Packer templates."""
    if context.invoked_subcommand is None:
        # Not a success: a job that forgot to say `check` has checked nothing.
        click.echo(context.get_help(), err=True)
        return FAILED
    return CLEAN


def ended(error: BaseException) -> NoReturn:
    """Exit as a command does that has raised this and was not asked for tracebacks."""

    @click.pass_context
    def again(context: click.Context) -> NoReturn:
        context.meta[DEBUG] = False
        raise error

    Program(callback=again, invoke_without_command=True).main([])


def _fail(message: str, hint: str | None, place: Range | None = None) -> int:
    """Say what went wrong on standard error, with the place in a settings file."""
    from packlint.deliver import is_colored
    from packlint.visible import visible

    colored = is_colored("auto", sys.stderr)
    style: Callable[..., str] = click.style if colored else lambda text, **_: text
    lines = [f"{style('error', fg='red', bold=True)}: {visible(message)}"]
    if place is not None:
        from packlint.report.frame import frame, gutter
        from packlint.report.mask import Mask

        paint = partial(style, fg="red", bold=True)
        dim = partial(style, fg="blue")
        width = gutter([place])
        lines.append(dim(f"{'':{width}}-->") + f" {visible(place.document.path)}:{place.first.line}")
        lines += frame(place, width, "^", mask=Mask(()), paint=paint, dim=dim)
    if hint:
        lines.append(f"{style('hint', bold=True)}: {visible(hint)}")
    click.echo("\n".join(lines), err=True, color=colored)
    return FAILED
