"""The command line: arguments in, a report out, and an exit code that says how it went."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import click

from packlint.commands.baseline import baseline
from packlint.commands.browse import explain, rules
from packlint.commands.check import check
from packlint.commands.completion import completion
from packlint.commands.graph import graph
from packlint.commands.inspect import inspect
from packlint.commands.paths import CLEAN, FAILED
from packlint.commands.plan import plan
from packlint.commands.policy import policy
from packlint.commands.settings import settings
from packlint.commands.waivers import waivers
from packlint.commands.wanted import DEBUG
from packlint.deliver import is_colored
from packlint.document import Range
from packlint.errors import PacklintError
from packlint.reference.command import schema
from packlint.report.frame import frame, gutter
from packlint.report.mask import Mask
from packlint.start.command import init
from packlint.visible import visible

INTERRUPTED = 130


class Program(click.Group):
    """The command, with every failure turned into a message and an exit code."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run and exit; click's own errors, which it would word in its way, are worded in ours."""
        extra |= {"standalone_mode": False, "prog_name": "packlint"}
        for stream in (sys.stdout, sys.stderr):
            # A console of Windows may know few characters; an escape is better than a crash.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
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


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    invoke_without_command=True,
)
@click.version_option(package_name="packlint", message="packlint %(version)s")
@click.pass_context
def cli(context: click.Context) -> int:
    """Check HashiCorp Packer templates."""
    if context.invoked_subcommand is None:
        # Not a success: a job that forgot to say `check` has checked nothing.
        click.echo(context.get_help(), err=True)
        return FAILED
    return CLEAN


cli.add_command(init)
cli.add_command(check)
cli.add_command(inspect)
cli.add_command(graph)
cli.add_command(plan)
cli.add_command(settings)
cli.add_command(rules)
cli.add_command(explain)
cli.add_command(completion)
cli.add_command(schema)
cli.add_command(waivers)
cli.add_command(baseline)
cli.add_command(policy)


def _fail(message: str, hint: str | None, place: Range | None = None) -> int:
    """Say what went wrong on standard error, with the place in a settings file."""
    colored = is_colored("auto", sys.stderr)
    style: Callable[..., str] = click.style if colored else lambda text, **_: text
    lines = [f"{style('error', fg='red', bold=True)}: {visible(message)}"]
    if place is not None:
        paint = partial(style, fg="red", bold=True)
        dim = partial(style, fg="blue")
        width = gutter([place])
        lines.append(dim(f"{'':{width}}-->") + f" {visible(place.document.path)}:{place.first.line}")
        lines += frame(place, width, "^", mask=Mask(()), paint=paint, dim=dim)
    if hint:
        lines.append(f"{style('hint', bold=True)}: {visible(hint)}")
    click.echo("\n".join(lines), err=True, color=colored)
    return FAILED
