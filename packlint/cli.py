"""The command line: arguments in, a report out, and an exit code that says how it went."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, Self, TextIO

import click

from packlint.diagnostic import Severity
from packlint.errors import PacklintError, UsageError
from packlint.files import LARGEST, Files, Unsaved, reason
from packlint.legacy import is_legacy
from packlint.outcome import Outcome
from packlint.report import FORMATS, render
from packlint.report.frame import visible
from packlint.request import TEMPLATES, VARIABLES
from packlint.settings import Settings

CLEAN, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130
DEBUG = "packlint.debug"
"""Where the context keeps whether tracebacks are wanted."""

MANY = 30
"""Templates; fewer are read before a line about them could be."""

STDIN = "-"
"""The path that stands for standard input."""

Target = tuple[str, Path | None]
"""A format and the file it goes to; None is standard output."""


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
            advice = "; `--debug` shows where it arose" if ctx.invoked_subcommand == check.name else ""
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


@cli.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
@click.option(
    "formats",
    "--format",
    metavar="NAME[:FILE]",
    multiple=True,
    help="Report as text or sarif, to standard output or to FILE. May be repeated.  [default: text]",
)
@click.option(
    "--select",
    metavar="RULE,...",
    multiple=True,
    help="Run these rules and no others; what cannot be read is always said.",
)
@click.option("--ignore", metavar="RULE,...", multiple=True, help="Leave these rules out.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="warning",
    show_default=True,
    help="Exit with 1 if a finding is at least that severe.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Color the text; auto means on a terminal, unless NO_COLOR is set.",
)
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
@click.option(
    "--root",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Read nothing outside DIR.  [default: the repository of each PATH]",
)
@click.option(
    "--debug", is_flag=True, callback=_remember_debug, help="Show tracebacks of packlint's failures."
)
def check(
    *,
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    color: str,
    stdin_filename: str | None,
    force_exclude: bool,
    root: Path | None,
    debug: bool,
) -> int:
    """Check the templates at and below each PATH.

    PATH is a directory, which is searched, or a file, which is checked as part of its template, or `-` for
    standard input. The default is the current directory.

    Exits with 1 if a finding is at least as severe as --fail-on says, 2 if the check could not be done, else
    with 0.
    """
    targets = _targets(formats)
    settings = Settings(
        select=_names("--select", select) if select else None,
        ignore=_names("--ignore", ignore) if ignore else frozenset(),
        fail_on=Severity(fail_on),
        force_exclude=force_exclude,
    )
    asked = _asked(paths, stdin_filename)
    from packlint import pipeline

    with _Progress() as progress:
        outcome = pipeline.run(asked, settings, root, debug, progress.tell)
    if not outcome.documents and not outcome.diagnostics:
        where = ", ".join(f"`{visible(path)}`" for path in paths or (".",))
        click.echo(f"no templates found in {where}", err=True)
    _report(outcome, targets, color)
    if any(diagnostic.rule == "internal-error" for diagnostic in outcome.diagnostics):
        return FAILED
    return FOUND if outcome.reaches(settings.fail_on) else CLEAN


@cli.command()
def rules() -> int:
    """List the rules."""
    from packlint.plugins import load_rules

    known = load_rules()
    width = max(len(rule.name()) for rule in known)
    for rule in known:
        click.echo(f"{rule.name():<{width}}  {rule.severity.value:<7}  {rule.category.value}")
        click.echo(f"    {rule.summary()}")
    return CLEAN


@cli.command()
@click.argument("rule")
def explain(rule: str) -> int:
    """Print the page of a RULE: what it flags, why, and examples."""
    from packlint.explain import page
    from packlint.plugins import load_rules

    by_name = {known.name(): known for known in load_rules()}
    if rule not in by_name:
        raise _unknown("rule", rule, by_name, "`packlint rules` lists the rules")
    click.echo(page(by_name[rule]), nl=False)
    return CLEAN


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
    """The rules that an option names; raises UsageError for one that does not exist."""
    from packlint.plugins import load_rules

    names = frozenset(filter(None, (name.strip() for value in values for name in value.split(","))))
    if not names:
        raise UsageError(
            f"`{option}` names no rule", "leave the option out, or `packlint rules` lists the rules"
        )
    known = {rule.name() for rule in load_rules()}
    for name in sorted(names - known):
        raise _unknown("rule", name, known, "`packlint rules` lists the rules")
    return names


def _unknown(noun: str, name: str, known: Iterable[str], otherwise: str) -> UsageError:
    from packlint.suggest import suggest

    near = suggest(name, known)
    return UsageError(f"there is no {noun} `{name}`", f"did you mean `{near}`?" if near else otherwise)


def _targets(formats: tuple[str, ...]) -> list[Target]:
    """What is to be written where; raises UsageError for what cannot be, before anything is checked."""
    targets: list[Target] = []
    for value in formats or ("text",):
        # Split at the first colon: `sarif:C:\reports\packlint.sarif` names a file on a drive.
        name, colon, file = value.partition(":")
        if name not in FORMATS:
            raise _unknown("format", name, FORMATS, f"choose one of {', '.join(sorted(FORMATS))}")
        if colon and not file:
            raise UsageError(f"`--format {value}` names no file", f"`--format {name}` is standard output")
        targets.append((name, Path(file) if file else None))
    for name, path in targets:
        if sum(other == path for _, other in targets) > 1:
            where = f"the file `{path}`" if path else "standard output"
            raise UsageError(f"two reports would go to {where}", f"give one a file: `--format {name}:FILE`")
        if path:
            _check_target(path)
    return targets


def _check_target(path: Path) -> None:
    """Raises UsageError for a file that cannot or must not take a report."""
    try:
        real = os.path.realpath(path)
        with suppress(FileNotFoundError):
            path.lstat()
        misplaced = path.is_dir() or not path.parent.is_dir()
    except OSError as error:
        raise _unwritable(path, error) from error
    if misplaced:
        raise UsageError(f"the report `{path}` cannot be written", "name a file in a folder that exists")
    named = any(name.lower().endswith((*TEMPLATES, *VARIABLES)) for name in (path.name, real))
    if named or _holds_template(path):
        raise UsageError(f"the report `{path}` would replace a template", "name another file")


def _holds_template(path: Path) -> bool:
    try:
        return is_legacy(Files(path.parent).read(path.name))
    except OSError:
        return False


def _report(outcome: Outcome, targets: list[Target], color: str) -> None:
    """Write the reports, files first: a reader of standard output may go away."""
    for name, path in sorted(targets, key=lambda target: target[1] is None):
        text = render(name, outcome, color=_colored(color, None if path else sys.stdout))
        if path:
            _write(path, text)
        else:
            _print(text, color)


def _print(text: str, color: str) -> None:
    try:
        click.echo(text, nl=False, color=True if color != "never" else None)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        message = f"standard output cannot be written: {reason(error)}"
        raise UsageError(message, "name a file: `--format text:FILE`") from None


def _colored(color: str, stream: TextIO | None) -> bool:
    if color != "auto":
        return color == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream is not None and stream.isatty() and not plain


def _write(path: Path, text: str) -> None:
    """Put a report in place as a whole; what is no regular file, as a pipe, is written to.

    A link is followed, as by a compiler's `-o`: who names one wants the file behind it.
    """
    import secrets

    data = text.encode()
    try:
        if _is_special(path):
            path.write_bytes(data)  # as it was named: a pipe behind `/dev/stdout` has no other name
            return
        path = Path(os.path.realpath(path))
        # A short name that nobody can foresee, and `x` follows no link: a checked repository may hold some.
        beside = path.with_name(f".packlint-{secrets.token_hex(8)}")
        try:
            file = beside.open("xb")
        except OSError as error:
            # A folder that takes no new file may hold an old one that can be written.
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS) or not path.is_file():
                raise
            path.write_bytes(data)
            return
        try:
            with file:
                file.write(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _is_special(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"the report `{path}` cannot be written: {reason(error)}", "name another file")


def _fail(message: str, hint: str | None) -> int:
    """Say what went wrong on standard error."""
    colored = _colored("auto", sys.stderr)
    style: Callable[..., str] = click.style if colored else lambda text, **_: text
    click.echo(f"{style('error', fg='red', bold=True)}: {visible(message)}", err=True, color=colored)
    if hint:
        click.echo(f"{style('hint', bold=True)}: {visible(hint)}", err=True, color=colored)
    return FAILED


def _worded(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")
