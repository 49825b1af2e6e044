"""`--fix`, `--unsafe-fixes` and `--diff` → mended files, or the diff of what would become of them."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from packlint.commands.paths import CLEAN, FOUND, Named
from packlint.errors import UsageError
from packlint.files import LARGEST, Unsaved, reason
from packlint.options import Command
from packlint.record import record
from packlint.request import AUTO_VARIABLES, TEMPLATES, VARIABLES, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.inputs import Inputs
    from packlint.mend import Mended
    from packlint.outcome import Outcome
    from packlint.settings import Choose


@record
class Fixing:
    """What the command line says of fixes."""

    fix: bool = False
    unsafe: bool = False
    diff: bool = False

    def __bool__(self) -> bool:
        return self.fix or self.diff

    def refuse_misuse(self, formats: Sequence[str]) -> None:
        """Raises UsageError for options that do not go together."""
        if self.fix and self.diff:
            raise UsageError("`--fix` and `--diff` exclude one another", "`--diff` shows what `--fix` does")
        if self.unsafe and not self:
            raise UsageError(
                "`--unsafe-fixes` only says which fixes are meant", "add `--diff` to see them, or `--fix`"
            )
        if self.diff and formats:
            raise UsageError(
                "`--diff` prints a diff in the place of a report",
                "leave out `--format` and `PACKLINT_FORMAT`",
            )


def _options() -> tuple[Callable[[Command], Command], ...]:
    import click

    return (
        click.option("--fix", is_flag=True, help="Apply the fixes that are safe, and report what remains."),
        click.option(
            "unsafe",
            "--unsafe-fixes",
            is_flag=True,
            help="With --fix or --diff: apply those as well that may change what a build does.",
        ),
        click.option(
            "--diff",
            is_flag=True,
            help="Print what --fix would change, and change nothing; exits with 1 if that is anything.",
        ),
    )


def fix_options(command: Command) -> Command:
    """A command with these options, which it is given together as `fixing`, a `Fixing`."""

    @functools.wraps(command)
    def with_fixing(*, fix: bool, unsafe: bool, diff: bool, **others: object) -> int:
        return command(fixing=Fixing(fix, unsafe, diff), **others)

    wrapped: Command = with_fixing
    for option in reversed(_options()):
        wrapped = option(wrapped)
    return wrapped


@record
class Repair:
    """The fixing of what a command line names.

    `run` checks paths with texts in the place of files, and `given` are the inputs of that.
    """

    fixing: Fixing
    named: Named
    choose: Choose
    root: Path | None
    run: Callable[[Named, Sequence[Unsaved]], Outcome]
    given: Callable[[Sequence[Unsaved]], Inputs]

    @property
    def prints(self) -> bool:
        """Whether standard output is for the text of standard input."""
        return self.fixing.fix and any(isinstance(it, Unsaved) for it in self.named)

    def mended(self) -> tuple[Mended, Outcome]:
        """The fixes, in memory, and the run over what is named as it is after them."""
        from packlint.discover import discover
        from packlint.mend import mend
        from packlint.write import barrier

        text = self.standard_input()
        outcome = first = self.run(self.named, ())
        shows, inputs = discover(self.named, self.choose, self.root).shows, self.given(()).paths
        paths = [*self.named, *_beside(self.named)]
        wider = len(paths) > len(self.named) and any(it.fix for it in first.diagnostics)
        if wider:
            first = self.run(paths, ())  # a fix may break what was not asked for
        result = mend(
            lambda texts: self.again(paths if wider else self.named, texts),
            first,
            unsafe=self.fixing.unsafe,
            asked=lambda it: shows(it) or it.range.document.path in inputs,
            barrier=barrier if text is None else lambda path: _closed(path, text),
        )
        if not result.changes:
            return result, outcome
        if not wider:
            return result, result.outcome
        return result, self.again(self.named, [Unsaved(it.after, it.path) for it in result.changes])

    def standard_input(self) -> Unsaved | None:
        """What standard input holds and the file that it stands for; None where files are fixed."""
        text = self.named[0]
        if not isinstance(text, Unsaved):
            return None
        if len(text.data) > LARGEST:
            raise UsageError("standard input is too large to be fixed", f"it may have {LARGEST} bytes")
        placed = request(text, self.root).unsaved
        assert placed is not None
        assert placed.path is not None
        return Unsaved(text.data, Path(os.path.realpath(placed.path)))

    def again(self, paths: Named, texts: Sequence[Unsaved]) -> Outcome:
        """Run with texts in the place of files and of what standard input holds."""
        text = self.standard_input()
        if text is not None:
            data = next((it.data for it in texts if it.path == text.path), text.data)
            paths = [Unsaved(data, it.path) if isinstance(it, Unsaved) else it for it in paths]
        return self.run(paths, texts)

    def show(self, result: Mended, color: str) -> int:
        """Print the diff; gives the exit code, which tells whether there is any."""
        import click

        from packlint.deliver import is_colored, to_standard_output
        from packlint.difference import Version, difference
        from packlint.quantity import count
        from packlint.report.mask import Mask
        from packlint.sensitive import sensitive

        texts = [Unsaved(it.after, it.path) for it in result.changes]
        old, new = [it.old for it in result.changes], [it.new for it in result.changes]
        hidden = Mask(sensitive(result.first.configurations, self.given(()), old))
        later = Mask(sensitive(result.outcome.configurations, self.given(texts), new))
        colored = is_colored(color, sys.stdout)
        terminal = colored or (sys.stdout is not None and sys.stdout.isatty())
        diff = difference(
            [(Version(it.old, hidden, it.bom), Version(it.new, later, it.bom)) for it in result.changes],
            terminal=terminal,
            style=click.style if colored else lambda text, **_: text,
        )
        shown = diff.text if terminal else diff.text.encode("utf-8", "surrogateescape")
        to_standard_output(shown, color, "write it to a file: `--diff > FILE`")
        if diff.altered and not terminal:
            _say(
                f"{count(diff.altered, 'line')} of the diff masked or escaped, so that it cannot be applied "
                "as a whole: `--fix` makes the changes"
            )
        self.tell(result, {it.path for it in new})
        return FOUND if result.changes else CLEAN

    def write(self, result: Mended, debug: bool) -> bool:
        """Put the texts into their files, or print that of standard input; False where that failed."""
        import click

        from packlint.deliver import is_colored, to_standard_output
        from packlint.visible import visible
        from packlint.write import write

        text = self.standard_input()
        if text is not None:
            data = next((it.after for it in result.changes), text.data)
            to_standard_output(data, "never")
            self.tell(result, {it.new.path for it in result.changes}, debug)
            return True
        failed = list(result.barred)
        written: set[str] = set()
        for it in result.changes:
            try:
                write(it.path, it.after, expected=it.before)
                written.add(it.new.path)
            except OSError as error:
                failed.append((it.new.path, reason(error)))
        for name, why in failed:
            style = click.style if is_colored("auto", sys.stderr) else lambda text, **_: text
            _say(f"{style('error', fg='red', bold=True)}: {visible(f'`{name}` cannot be changed: {why}')}")
        self.tell(result, written, debug)
        return not failed

    def tell(self, result: Mended, written: set[str], debug: bool = False) -> None:
        """Say on standard error what was fixed, and what was not."""
        from packlint.quantity import count
        from packlint.visible import visible

        done = [
            it
            for it in result.applied
            if it.fix and {edit.range.document.path for edit in it.fix.edits} <= written
        ]
        if done:
            verb = "Would fix" if self.fixing.diff else "Fixed"
            _say(f"{verb} {count(len(done), 'finding')} in {count(len(written), 'file')}")
        if result.refused:
            advice = "" if debug else ": `--debug` says why"
            _say(f"{count(len(result.refused), 'fix', 'es')} left out{advice}")
        for it, why in result.refused if debug else ():
            line, column = it.range.first
            _say(visible(f"{it.range.document.path}:{line}:{column}: {it.message} ({it.rule}): {why}"))
        if result.unsafe and self.fixing.diff:  # else the report says so
            _say(f"{count(result.unsafe, 'more fix', 'es')} with `--unsafe-fixes`")


def _closed(path: Path, text: Unsaved) -> str | None:
    return None if path == text.path else "it is not what standard input holds"


def _beside(named: Named) -> Iterator[Path]:
    """The other files of the templates that named files belong to."""
    paths = {it.path if isinstance(it, Unsaved) else it for it in named}
    files = {it for it in paths if it and it.name.endswith((*TEMPLATES, *VARIABLES)) and not it.is_dir()}
    from contextlib import suppress

    for folder in sorted({it.parent for it in files}):
        with suppress(OSError):  # the run has told of it
            for path in sorted(folder.iterdir()):
                if path.name.endswith((*TEMPLATES, *AUTO_VARIABLES)) and path not in files:
                    yield path


def _say(text: str) -> None:
    import click

    click.echo(text, err=True)
