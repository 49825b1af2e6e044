"""`--build` and its options → what is asked of a build."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from packlint.errors import UsageError
from packlint.limits import Limits
from packlint.options import Asked, Command
from packlint.record import field, record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

    from packlint.commands.fixing import Fixing
    from packlint.commands.limits import Limits as Left


@record
class Building:
    """What the command line says of building; `timeout` is in seconds."""

    build: bool = False
    dry_run: bool = False
    rebuild: bool = False
    trust: bool = False
    timeout: float | None = None
    report: Path | None = None
    on_error: str | None = None
    force: bool = False
    packer: str | None = None
    host: Limits = field(default_factory=Limits)

    def __bool__(self) -> bool:
        return self.build

    def refuse_misuse(self, fixing: Fixing, left: Left, paths: Sequence[str]) -> None:
        """Raises UsageError for options that do not go together."""
        if not self.build:
            if self != Building():
                raise UsageError(f"`{_given()}` says how to build, and nothing is built", "add `--build`")
            return
        if fixing:
            raise UsageError(
                "`--build` builds what is there, not what fixes make of it", "fix first, then build"
            )
        if left.changed_since is not None:
            raise UsageError(
                "`--changed-since` hides errors that keep Packer from being run",
                "leave it out; what is unchanged is not built again anyway",
            )
        if "-" in paths:
            raise UsageError("Packer cannot build standard input", "name a file or a directory")
        if self.report is not None:
            from packlint.deliver import check_target

            check_target(self.report)

    def asked(self, inputs: Asked) -> Asked:
        """What counts of variables: Packer sees the environment, so that we have to."""
        return replace(inputs, environment=True) if self else inputs


def _seconds(context: click.Context, parameter: click.Parameter, text: str | None) -> float | None:
    if text is None:
        return None
    from packlint.duration import seconds

    span = seconds(text)
    if span is None or span <= 0:
        raise UsageError(f"`--timeout {text}` is no span of time", "write it as `90m` or `2h30m`")
    return float(span)


def _options() -> tuple[Callable[[Command], Command], ...]:
    import click

    return (
        click.option("--build", is_flag=True, help="Build the images if no error is found: runs Packer."),
        click.option("--dry-run", is_flag=True, help="Print what would be built, and run nothing."),
        click.option("--rebuild", is_flag=True, help="Build what is unchanged as well."),
        click.option(
            "trust",
            "--trust-stamps",
            is_flag=True,
            help="Take images that cannot be seen from here for what an earlier build made of them.",
        ),
        click.option(
            "--timeout",
            metavar="SPAN",
            callback=_seconds,
            help="Stop a run of Packer after so long, as 90m or 2h30m.",
        ),
        click.option(
            "report",
            "--build-report",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Write how the builds went to FILE, as JSON.",
        ),
        click.option(
            "--on-error",
            type=click.Choice(["cleanup", "abort", "run-cleanup-provisioner"]),
            help="What Packer does when a build fails.  [default: cleanup]",
        ),
        click.option("--force", is_flag=True, help="Have Packer delete artifacts that are in the way."),
        click.option(
            "--packer",
            metavar="PROGRAM",
            envvar="PACKLINT_PACKER",
            show_envvar=True,
            help="The Packer to run.  [default: packer]",
        ),
    )


def build_options(command: Command) -> Command:
    """A command with these options, which it is given together as `building`, a `Building`."""
    from packlint.commands.host import limit_on_host_options

    @functools.wraps(command)
    def with_building(
        *,
        build: bool,
        dry_run: bool,
        rebuild: bool,
        trust: bool,
        timeout: float | None,
        report: Path | None,
        on_error: str | None,
        force: bool,
        packer: str | None,
        host: Limits,
        **others: object,
    ) -> int:
        building = Building(
            build, dry_run, rebuild, trust, timeout, report, on_error, force, packer if build else None, host
        )
        return command(building=building, **others)

    wrapped: Command = limit_on_host_options(with_building)
    for option in reversed(_options()):
        wrapped = option(wrapped)
    return wrapped


def _given() -> str:
    """The first option about building that the command line has."""
    import click
    from click.core import ParameterSource

    from packlint.commands.sections import SECTIONS

    context = click.get_current_context()
    return next(
        it.opts[0]
        for it in context.command.params
        if it.name in SECTIONS["Building"]
        and context.get_parameter_source(it.name) is ParameterSource.COMMANDLINE
    )
