"""The paths of a command line → what is to be read, standard input among it; and how far the reading is."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from packlint import witness
from packlint.errors import UsageError
from packlint.files import LARGEST, Unsaved, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from packlint.diagnostic import Diagnostic
    from packlint.model import Configuration

MANY = 30
"""Templates; fewer are read before a line about them could be."""

STDIN = "-"
"""The path that stands for standard input."""

NOTHING_FOUND = (
    "hint: templates end in `.pkr.hcl` or `.pkr.json`, or are JSON with `builders`; folders that are hidden, "
    "vendored, ignored or excluded are not searched"
)

CLEAN, FOUND, FAILED = 0, 1, 2
"""Exit codes: nothing to complain of, findings, and a failure of anything but a template."""


Named = Sequence[Path | Unsaved]
"""What a command line asks for."""


def asked(paths: tuple[str, ...], stdin_filename: str | None) -> tuple[Path | Unsaved, ...]:
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
    witness.give_up()
    if sys.stdin is None:
        raise UsageError("standard input is closed", "name a file or a directory")
    try:
        return sys.stdin.buffer.read(LARGEST + 1)
    except OSError as error:
        message = f"standard input cannot be read: {reason(error)}"
        raise UsageError(message, "name a file or a directory") from None


def say_nothing_found(paths: tuple[str, ...]) -> None:
    """Tell who has named these paths that there was nothing to read."""
    import click

    from packlint.visible import visible

    witness.give_up()
    where = ", ".join(f"`{visible(path)}`" for path in paths or (".",))
    click.echo(f"no templates found in {where}", err=True)
    click.echo(NOTHING_FOUND, err=True)


def say_unread(diagnostics: Sequence[Diagnostic], debug: bool) -> None:
    """Tell what kept templates from being read, a line for each."""
    import click

    from packlint.visible import visible

    for diagnostic in diagnostics:
        where = ":".join(map(str, (diagnostic.range.document.path, *diagnostic.range.first)))
        click.echo(visible(f"{where}: {diagnostic.message}"), err=True)
        if debug and diagnostic.rule == "internal-error":
            click.echo(diagnostic.hint, err=True)


def say_unseen(configurations: Sequence[Configuration]) -> None:
    """Tell of templates that build something of which nothing is seen."""
    import click

    from packlint.visible import visible

    for it in configurations:
        if any(build.open for build in it.builds) and not any(build.uses for build in it.builds):
            message = f"the sources of `{it.template.path}` are not known, it is left out"
            click.echo(visible(message), err=True)


class Progress:
    """Keeps who waits at a terminal informed, on one line that is gone at the end."""

    def __init__(self) -> None:
        # Standard error is None where whoever started packlint has closed it.
        self.wanted = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.shown = False

    def tell(self, doing: str, done: int, total: int) -> None:
        """Say how far the run is, and what it is doing with a template."""
        if self.wanted and total >= MANY and done % 10 == 0:
            import click

            self.shown = True
            click.echo(f"\r{doing} template {done + 1} of {total}\x1b[K", err=True, nl=False, color=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            import click

            click.echo("\r\x1b[K", err=True, nl=False, color=True)
