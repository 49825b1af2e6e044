"""`packlint baseline write` and `packlint baseline prune`: the findings that are accepted as they are."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.commands.limits import base_of, existing, settings_baseline
from packlint.commands.paths import CLEAN, FAILED, Named, Progress, asked, say_nothing_found
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import Wanted, debug_option, paths_argument, root_option, rule_options
from packlint.errors import UsageError
from packlint.files import reason
from packlint.options import Asked, inputs_options
from packlint.outcome import Outcome
from packlint.quantity import count
from packlint.record import record
from packlint.request import request
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.baseline import Baseline
    from packlint.identity import Identity


@click.group()
def baseline() -> None:
    """Accept the findings that there are, so that only new ones are reported.

    `packlint check --baseline FILE` leaves out what FILE accepts. Its entries name the block or argument and
    not the line, so that they hold when lines move; a `reason` may be written into each of them by hand.
    """


@baseline.command(cls=Sectioned)
@paths_argument
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write FILE.  [default: what the settings name, or packlint-baseline.json]",
)
@rule_options
@root_option
@inputs_options
@debug_option
def write(
    *,
    paths: tuple[str, ...],
    output: Path | None,
    wanted: Wanted,
    root: Path | None,
    debug: bool,
    inputs: Asked,
) -> int:
    """Accept all findings of the templates at and below each PATH.

    What FILE accepts already keeps its day and its reason, and stays if it is about other templates or rules
    than those that were checked. Syntax errors and files that cannot be read are never accepted.

    Exits with 2 if the check could not be done, else with 0.
    """
    from packlint.baseline import NEVER, extended, pruned
    from packlint.baseline_file import empty, gone, read_baseline

    run = _Run.of(paths, wanted, root, debug, inputs)
    if run.failed:
        return FAILED
    path, own = run.file(output)
    old = read_baseline(path, run.base, None if own else run.base) or empty(path, run.base)
    is_gone = gone(run.base, old)
    kept = pruned(run.outcome, old, run.covers(old, is_gone), is_gone)
    new = extended(run.outcome, kept, date.today().isoformat(), is_gone)
    _save(path, new)
    added, removed = len(new.entries) - len(kept.entries), len(old.entries) - len(kept.entries)
    _say(f"`{path}` accepts {count(len(new.entries), 'finding')}: {added} added, {removed} removed")
    if left := sum(it.rule in NEVER for it in run.outcome.diagnostics):
        _say(
            f"{count(left, 'finding')} about what could not be read cannot be accepted; "
            "`packlint check` shows them"
        )
    if run.settings is None and not os.environ.get("PACKLINT_BASELINE"):
        where = Path(os.path.relpath(os.path.realpath(path), run.base)).as_posix()
        advice = f"hint: write `baseline = {json.dumps(where)}` into `packlint.toml`, or say `--baseline`"
        click.echo(visible(advice), err=True)
    return CLEAN


@baseline.command(cls=Sectioned)
@paths_argument
@click.option(
    "file",
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Prune FILE.  [default: what the settings name, or packlint-baseline.json]",
)
@rule_options
@root_option
@inputs_options
@debug_option
def prune(
    *,
    paths: tuple[str, ...],
    file: Path | None,
    wanted: Wanted,
    root: Path | None,
    debug: bool,
    inputs: Asked,
) -> int:
    """Remove what is accepted but no longer found in the templates at and below each PATH.

    An entry about other templates or rules than those that were checked stays, and so does one about a
    template that could not be read as a whole.

    Exits with 2 if the check could not be done, else with 0.
    """
    from packlint.baseline import pruned
    from packlint.baseline_file import gone

    run = _Run.of(paths, wanted, root, debug, inputs)
    if run.failed:
        return FAILED
    path, own = run.file(file)
    old = existing(path, run.named, root, own=own)
    is_gone = gone(run.base, old)
    new = pruned(run.outcome, old, run.covers(old, is_gone), is_gone)
    if new != old:
        _save(path, new)
    removed = len(old.entries) - len(new.entries)
    _say(f"`{path}` accepts {count(len(new.entries), 'finding')}: {removed} removed")
    return CLEAN


@record
class _Run:
    """A check as the baseline needs it: with nothing accepted, and with what has been looked at."""

    named: Named
    base: Path
    settings: Path | None
    outcome: Outcome
    ran: Callable[[str], frozenset[str]]
    asked: tuple[str, ...]

    @classmethod
    def of(
        cls, paths: tuple[str, ...], wanted: Wanted, root: Path | None, debug: bool, inputs: Asked
    ) -> _Run:
        """Check; raises PacklintError where that cannot be done."""
        from packlint import pipeline
        from packlint.gather import gather

        choose, plugins = wanted.chosen()
        named = asked(paths, None)
        given = gather(inputs, os.environ, named, root)
        looked: list[Callable[[str], frozenset[str]]] = []

        def remember(outcome: Outcome, ran: Callable[[str], frozenset[str]]) -> Outcome:
            looked.append(ran)
            return outcome

        with Progress() as progress:
            outcome = pipeline.run(
                named,
                choose,
                root,
                debug,
                progress.tell,
                inputs=given,
                plugins=plugins,
                today=date.today().isoformat(),
                finish=remember,
            )
        if not outcome.documents and not outcome.diagnostics:
            say_nothing_found(paths)
        where = base_of(named, root)
        folders = (os.path.relpath(os.path.realpath(it), where) for it in named if isinstance(it, Path))
        return cls(
            named=named,
            base=where,
            settings=settings_baseline([request(path, root) for path in named], choose),
            outcome=outcome,
            ran=looked[0],
            asked=tuple(Path(it).as_posix() for it in folders),
        )

    @property
    def failed(self) -> bool:
        """Whether packlint has failed somewhere, which is told."""
        failures = [it for it in self.outcome.diagnostics if it.rule == "internal-error"]
        for it in failures:
            click.echo(visible(f"{it.range.document.path}: {it.message}"), err=True)
        return bool(failures)

    def file(self, given: Path | None) -> tuple[Path, bool]:
        """The file of the baseline, and whether it is not one that settings name."""
        from packlint.baseline_file import NAME

        if given is None and self.settings is not None:
            return self.settings, False
        path = given or Path(NAME)
        # Where nobody has named it, a link may have been laid there that leads out of the repository.
        return path, given is not None or not path.is_symlink()

    def covers(self, baseline: Baseline, is_gone: Callable[[str], bool]) -> Callable[[Identity], bool]:
        """Tells of an entry whether the run would have found it: both file and rule were looked at."""
        known = {name for rule in self.outcome.rules for name in (rule.name(), *rule.former)}
        current = {name: rule.name() for rule in self.outcome.rules for name in rule.former}

        def covered(identity: Identity) -> bool:
            path = baseline.back(identity.path)
            # Rules over all templates may have read others besides, of which nothing is found here.
            if not any(it in (".", path) or path.startswith(f"{it}/") for it in self.asked):
                return False
            if is_gone(identity.path):
                return True
            ran = self.ran(path)
            return bool(ran) and (
                current.get(identity.rule, identity.rule) in ran or identity.rule not in known
            )

        return covered


def _save(path: Path, baseline: Baseline) -> None:
    """Replace the file as a whole."""
    from packlint.baseline import to_json
    from packlint.request import TEMPLATES, VARIABLES
    from packlint.write import write as replace_file

    if path.name.endswith((*TEMPLATES, *VARIABLES)):
        raise UsageError(f"the baseline `{path}` would be taken for a template", "name it `NAME.json`")
    try:
        replace_file(Path(os.path.realpath(path)), to_json(baseline).encode("ascii"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the baseline `{path}` cannot be written: {reason(error)}", "name another file"
        ) from None


def _say(text: str) -> None:
    click.echo(visible(text))
