"""The command line: arguments in, a report out, and an exit code that says how it went."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Self

import click

from packlint.browse import explain, rules
from packlint.deliver import deliver, is_colored, targets_of, to_standard_output, width_of_output
from packlint.diagnostic import Severity
from packlint.errors import PacklintError, UsageError, unknown
from packlint.files import LARGEST, Unsaved, reason
from packlint.model import Configuration
from packlint.options import Asked, color_option, inputs_options, schemas_option
from packlint.reference.command import schema
from packlint.report.frame import visible
from packlint.settings import PresetName, Settings

CLEAN, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130
DEBUG = "packlint.debug"
"""Where the context keeps whether tracebacks are wanted."""

MANY = 30
"""Templates; fewer are read before a line about them could be."""

STDIN = "-"
"""The path that stands for standard input."""


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
            context = getattr(error, "ctx", None)
            hint = f"`{context.command_path} --help` says more" if context else None
            code = _fail(_worded(error.format_message()), hint)
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
            return _fail(str(error), error.hint)
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


def _remember_debug(context: click.Context, _: click.Parameter, value: bool) -> bool:
    context.meta[DEBUG] = value
    return value


_PATHS = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
_ROOT = click.option(
    "--root",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Read nothing outside DIR.  [default: the repository of each PATH]",
)
_DEBUG = click.option(
    "--debug", is_flag=True, callback=_remember_debug, help="Show tracebacks of packlint's failures."
)


@cli.command()
@_PATHS
@click.option(
    "formats",
    "--format",
    metavar="NAME[:FILE]",
    multiple=True,
    help="Report as text or sarif, to standard output or to FILE. May be repeated.  [default: text]",
)
@click.option(
    "--preset",
    type=click.Choice(["default", "strict", "security", "all"]),
    help="Run the rules of a preset: strict has those of default and more, security has those on security.  "
    "[default: default]",
)
@click.option(
    "--select",
    metavar="RULE,...",
    multiple=True,
    help="Run these rules, or those of a category, and no others, whatever their presets; what cannot be "
    "read is always said.",
)
@click.option(
    "--ignore", metavar="RULE,...", multiple=True, help="Leave these rules, or those of a category, out."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="warning",
    show_default=True,
    help="Exit with 1 if a finding is at least that severe.",
)
@color_option
@click.option(
    "--stdin-filename",
    metavar="PATH",
    type=click.Path(),
    help="Check standard input as this file of its template; PATH is `-`.",
)
@click.option(
    "--force-exclude",
    is_flag=True,
    help="Skip excluded directories, and JSON that is no template, even where a PATH names them.",
)
@_ROOT
@inputs_options
@schemas_option
@_DEBUG
def check(
    *,
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    preset: PresetName | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    color: str,
    stdin_filename: str | None,
    force_exclude: bool,
    root: Path | None,
    schemas: tuple[Path, ...],
    debug: bool,
    inputs: Asked,
) -> int:
    """Check the templates at and below each PATH.

    PATH is a directory, which is searched, or a file, which is checked as part of its template, or `-` for
    standard input. The default is the current directory.

    Exits with 1 if a finding is at least as severe as --fail-on says, 2 if the check could not be done, else
    with 0.
    """
    targets = targets_of(formats)
    if preset and select:
        raise UsageError(
            "`--preset` and `--select` both say which rules run",
            "leave one of them out; `--select` takes the rules of any preset",
        )
    settings = Settings(
        preset=preset or "default",
        select=_names("--select", select) if select else None,
        ignore=_names("--ignore", ignore) if ignore else frozenset(),
        fail_on=Severity(fail_on),
        force_exclude=force_exclude,
        schemas=schemas,
    )
    asked = _asked(paths, stdin_filename)
    from packlint import pipeline
    from packlint.gather import gather

    given = gather(inputs, os.environ, asked, root)
    with _Progress() as progress:
        outcome = pipeline.run(asked, settings, root, debug, progress.tell, inputs=given)
    if not outcome.documents and not outcome.diagnostics:
        _say_nothing_found(paths)
    deliver(outcome, targets, color)
    if any(diagnostic.rule == "internal-error" for diagnostic in outcome.diagnostics):
        return FAILED
    return FOUND if outcome.reaches(settings.fail_on) else CLEAN


@cli.command()
@_PATHS
@click.option(
    "format_",
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or JSON for tools; its schema is part of packlint.",
)
@click.option(
    "address",
    "--why",
    metavar="ADDRESS",
    help="Tell where one value comes from, step by step: `--why source.qemu.base.disk_size`.",
)
@color_option
@_ROOT
@inputs_options
@_DEBUG
def inspect(
    *,
    paths: tuple[str, ...],
    format_: str,
    address: str | None,
    color: str,
    root: Path | None,
    debug: bool,
    inputs: Asked,
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
    asked = _asked(paths, None)
    from packlint import pipeline
    from packlint.gather import gather

    given = gather(inputs, os.environ, asked, root)
    with _Progress() as progress:
        configurations, diagnostics = pipeline.understand(
            asked, Settings(), root, debug, progress.tell, inputs=given
        )
    for diagnostic in diagnostics:
        where = ":".join(map(str, (diagnostic.range.document.path, *diagnostic.range.first)))
        click.echo(visible(f"{where}: {diagnostic.message}"), err=True)
        if debug and diagnostic.rule == "internal-error":
            click.echo(diagnostic.hint, err=True)
    if not (configurations or diagnostics):
        _say_nothing_found(paths)
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


cli.add_command(rules)
cli.add_command(explain)
cli.add_command(schema)


def _say_nothing_found(paths: tuple[str, ...]) -> None:
    where = ", ".join(f"`{visible(path)}`" for path in paths or (".",))
    click.echo(f"no templates found in {where}", err=True)


class _Progress:
    """Keeps who waits at a terminal informed, on one line that is gone at the end."""

    def __init__(self) -> None:
        # Standard error is None where whoever started packlint has closed it.
        self.wanted = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.shown = False

    def tell(self, done: int, total: int) -> None:
        """Say how far the reading is."""
        if self.wanted and total >= MANY and done % 10 == 0:
            self.shown = True
            click.echo(f"\rreading template {done + 1} of {total}\x1b[K", err=True, nl=False, color=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            click.echo("\r\x1b[K", err=True, nl=False, color=True)


def _asked(paths: tuple[str, ...], stdin_filename: str | None) -> tuple[Path | Unsaved, ...]:
    """What is to be checked; reads standard input where that is it."""
    if "" in paths or stdin_filename == "":
        raise UsageError("an empty path names nothing", "write `.` for the current directory")
    if STDIN not in paths:
        if stdin_filename is not None:
            raise UsageError(
                "`--stdin-filename` says what standard input holds, which is not to be read",
                "`packlint check - --stdin-filename PATH` reads it",
            )
        return tuple(map(Path, paths or (".",)))
    if set(paths) != {STDIN}:
        raise UsageError(
            "standard input is checked by itself", "leave out the other paths, or `./-` names a file"
        )
    return (Unsaved(_standard_input(), None if stdin_filename is None else Path(stdin_filename)),)


def _standard_input() -> bytes:
    """What it holds, but no more than tells that it is too large."""
    if sys.stdin is None:
        raise UsageError("standard input is closed", "name a file or a directory")
    try:
        return sys.stdin.buffer.read(LARGEST + 1)
    except OSError as error:
        message = f"standard input cannot be read: {reason(error)}"
        raise UsageError(message, "name a file or a directory") from None


def _names(option: str, values: tuple[str, ...]) -> frozenset[str]:
    """The rules and categories that an option names; raises UsageError for one that does not exist."""
    from packlint.plugins import load_rules
    from packlint.rule import Category

    names = frozenset(filter(None, (name.strip() for value in values for name in value.split(","))))
    if not names:
        raise UsageError(
            f"`{option}` names no rule", "leave the option out, or `packlint rules` lists the rules"
        )
    known = {rule.name() for rule in load_rules()} | {category.value for category in Category}
    for name in sorted(names - known):
        raise unknown("rule", name, known, "`packlint rules` lists the rules")
    return names


def _fail(message: str, hint: str | None) -> int:
    """Say what went wrong on standard error."""
    colored = is_colored("auto", sys.stderr)
    style: Callable[..., str] = click.style if colored else lambda text, **_: text
    click.echo(f"{style('error', fg='red', bold=True)}: {visible(message)}", err=True, color=colored)
    if hint:
        click.echo(f"{style('hint', bold=True)}: {visible(hint)}", err=True, color=colored)
    return FAILED


def _worded(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")
