"""An outcome → its reports, on standard output and in files, each of them whole or not written at all."""

from __future__ import annotations

import errno
import os
import stat
import sys

from packlint import witness
from packlint.errors import UsageError, unknown
from packlint.record import replace
from packlint.report import FORMATS, PLAIN, Look, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from packlint.outcome import Outcome

    Target = tuple[str, Path | None]
    """A format and the file it goes to; None is standard output."""

NARROWEST, WIDTH, WIDEST = 60, 100, 200
"""Columns of what is not a report: on a terminal at least and at most, and elsewhere."""


def targets_of(formats: tuple[str, ...]) -> list[Target]:
    """What is to be written where; raises UsageError for what cannot be, before anything is checked."""
    targets: list[Target] = []
    for value in formats or ("text",):
        # Split at the first colon: `sarif:C:\reports\packlint.sarif` names a file on a drive.
        name, colon, file = value.partition(":")
        if name not in FORMATS:
            raise unknown("format", name, FORMATS, f"choose one of {', '.join(sorted(FORMATS))}")
        if colon and not file:
            raise UsageError(f"`--format {value}` names no file", f"`--format {name}` is standard output")
        targets.append((name, _path(file) if file else None))
    for name, path in targets:
        if sum(other == path for _, other in targets) > 1:
            where = f"the file `{path}`" if path else "standard output"
            raise UsageError(f"two reports would go to {where}", f"give one a file: `--format {name}:FILE`")
        if path:
            check_target(path)
    return targets


def _path(file: str) -> Path:
    from pathlib import Path

    return Path(file)


def check_target(path: Path) -> None:
    """Raises UsageError for a file that cannot or must not take a report."""
    from contextlib import suppress

    from packlint.request import PYPROJECT, SETTINGS_FILES, TEMPLATES, VARIABLES

    try:
        real = os.path.realpath(path)
        with suppress(FileNotFoundError):
            path.lstat()
        misplaced = path.is_dir() or not path.parent.is_dir()
    except OSError as error:
        raise _unwritable(path, error) from error
    if misplaced:
        raise UsageError(f"the report `{path}` cannot be written", "name a file in a folder that exists")
    endings = (*TEMPLATES, *VARIABLES, *SETTINGS_FILES, PYPROJECT)
    named = any(name.lower().endswith(endings) for name in (path.name, real))
    if named or _holds_template(path):
        raise UsageError(f"the report `{path}` would replace a template or settings", "name another file")


def _holds_template(path: Path) -> bool:
    from packlint.files import Files
    from packlint.legacy import is_legacy

    try:
        return is_legacy(Files(path.parent).read(path.name))
    except OSError:
        return False


def deliver(
    outcome: Outcome, targets: list[Target], color: str, look: Look = PLAIN, *, err: bool = False
) -> None:
    """Write the reports, files first: a reader of standard output may go away.

    With `err` standard error takes the place of standard output, which has something else to say.
    """
    for name, path in sorted(targets, key=lambda target: target[1] is None):
        colored = is_colored(color, None if path else sys.stderr if err else sys.stdout)
        text = render(name, outcome, replace(look, color=colored))
        if path:
            put(path, text)
            witness.reports(text, path)
        else:
            to_standard_output(text, color, "name a file: `--format text:FILE`", err=err)


def to_standard_output(text: str | bytes, color: str, hint: str | None = None, *, err: bool = False) -> None:
    """Print a text that has its colors already; raises UsageError with the hint where that cannot be done.

    Bytes are printed as they are. With `err` all goes to standard error.
    """
    try:
        stream = sys.stderr if err else sys.stdout
        if isinstance(text, str) and _takes_as_it_is(stream, text, color):
            stream.write(text)
            stream.flush()
            witness.says(text, witness.ERRORS if err else witness.OUTPUT)
        else:
            import click

            witness.give_up()  # what becomes of it is not known
            click.echo(text, nl=False, err=err, color=True if color != "never" else None)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        from packlint.files import reason

        message = f"standard output cannot be written: {reason(error)}"
        raise UsageError(message, hint) from None


def _takes_as_it_is(stream: TextIO | None, text: str, color: str) -> bool:
    """Whether `click.echo` would only write the text: which knows Windows and odd encodings."""
    plain = stream is not None and os.name == "posix" and stream.encoding in ("utf-8", "UTF-8")
    return plain and (color != "never" or "\x1b" not in text)


def width_of_output() -> int:
    """How many columns the lines on standard output may have; on a terminal they are as wide as that."""
    if sys.stdout is None or not sys.stdout.isatty():
        return WIDTH
    from shutil import get_terminal_size

    return min(max(NARROWEST, get_terminal_size().columns), WIDEST)


def is_colored(color: str, stream: TextIO | None) -> bool:
    """Whether what goes to a stream, None for a file, has colors; `color` is what `--color` says."""
    if color != "auto":
        return color == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream is not None and stream.isatty() and not plain


def put(path: Path, text: str) -> None:
    """Put a report in place as a whole; what is no regular file, as a pipe, is written to.

    A link is followed, as by a compiler's `-o`: who names one wants the file behind it.
    """
    from pathlib import Path

    from packlint.write import takes_no_file, write

    data = text.encode()
    try:
        if _is_special(path):
            path.write_bytes(data)  # as it was named: a pipe behind `/dev/stdout` has no other name
            return
        path = Path(os.path.realpath(path))
        try:
            write(path, data)
        except OSError as error:
            # A folder that takes no new file may hold an old one that can be written.
            if not takes_no_file(error) or not path.is_file():
                raise
            path.write_bytes(data)
    except OSError as error:
        raise _unwritable(path, error) from error


def _is_special(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


def _unwritable(path: Path, error: OSError) -> UsageError:
    from packlint.files import reason

    return UsageError(f"the report `{path}` cannot be written: {reason(error)}", "name another file")
