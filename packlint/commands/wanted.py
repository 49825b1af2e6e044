"""The options about rules and settings → what they ask for, and the settings that each place has then."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from packlint.errors import UsageError
from packlint.options import Command, schemas_option
from packlint.record import field, record
from packlint.settings import Flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

    from packlint.configure import Nearest
    from packlint.diagnostic import Severity
    from packlint.plugins import PluginManager
    from packlint.rule import Rule
    from packlint.settings import PresetName

DEBUG = "packlint.debug"
"""Where the context keeps whether tracebacks are wanted."""


def _remember_debug(context: click.Context, _: click.Parameter, value: bool) -> bool:
    context.meta[DEBUG] = value
    return value


def paths_argument(command: Command) -> Command:
    """A command that takes paths, or `-`."""
    import click

    return click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))(command)


def root_option(command: Command) -> Command:
    """A command with `--root`, outside which nothing is read."""
    import click

    return click.option(
        "--root",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Read nothing outside DIR.  [default: the repository of each PATH]",
    )(command)


def debug_option(command: Command) -> Command:
    """A command with `--debug`, which counts where packlint fails."""
    import click

    return click.option(
        "--debug", is_flag=True, callback=_remember_debug, help="Show tracebacks of packlint's failures."
    )(command)


@record
class Wanted:
    """What a command line says of rules and settings, as it is written.

    `said` tells for keys of settings where the command line or the environment says them.
    """

    preset: PresetName | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    force_exclude: bool = False
    schemas: tuple[Path, ...] = ()
    settings: Path | None = None
    isolated: bool = False
    plugins: tuple[str, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    def chosen(self) -> tuple[Nearest, PluginManager]:
        """The settings of each place, and the plugins; raises PacklintError for what cannot be had."""
        from packlint.configure import Nearest
        from packlint.plugins import installed, load_packs, load_plugins, load_schemas

        if self.preset and self.select:
            raise UsageError(
                "`--preset` and `--select` both say which rules run",
                "leave one of them out; `--select` takes the rules of any preset",
            )
        if self.settings and self.isolated:
            raise UsageError("`--settings` and `--no-settings` exclude one another", "leave one of them out")
        manager = load_plugins(self.plugins)
        nearest = Nearest(
            partial(_rules, manager),
            self._flags(manager),
            self.settings,
            isolated=self.isolated,
            plugins=installed,
            packs=partial(load_packs, manager),
            schemas=partial(load_schemas, manager),
        )
        return nearest, manager

    def _flags(self, manager: PluginManager) -> Flags:
        """The same as settings have it; names of rules are looked up where there are any."""
        select: frozenset[str] = frozenset()
        ignore, strangers = select, select
        if self.select or self.ignore:
            from packlint.rule import Category

            rules = _rules(manager)
            select, ignore = _names("--select", self.select, rules), _names("--ignore", self.ignore, rules)
            strangers = (select | ignore) - {*rules, *(category.value for category in Category)}
        return Flags(
            preset=self.preset,
            select=select or None,
            ignore=ignore,
            strangers=strangers,
            fail_on=None if self.fail_on is None else _severity(self.fail_on),
            force_exclude=self.force_exclude,
            schemas=self.schemas,
            said=self.said,
        )


PLACE = ("settings", "isolated", "plugins")
RULES = ("preset", "select", "ignore", "fail_on", "force_exclude", "schemas")
"""Names of parameters that are said together."""

KEYS = frozenset({"preset", "select", "ignore", "fail-on", "schemas", "baseline"})
"""Keys of settings that parameters of the same names stand for."""


def _said() -> dict[str, str]:
    """Where the command line or the environment says something, by the keys of settings."""
    import click
    from click.core import ParameterSource

    context = click.get_current_context()
    found = {}
    for parameter in context.command.params:
        name = parameter.name or ""
        source, key = context.get_parameter_source(name), name.replace("_", "-")
        if key not in KEYS:
            continue
        if source is ParameterSource.ENVIRONMENT:
            found[key] = str(parameter.envvar)
        elif source is ParameterSource.COMMANDLINE:
            found[key] = parameter.opts[0]
    return found


def _severity(name: str) -> Severity:
    from packlint.diagnostic import Severity

    return Severity(name)


def _rules(manager: PluginManager) -> Mapping[str, type[Rule]]:
    from packlint.plugins import by_name, load_rules

    return by_name(load_rules(manager))


def _names(option: str, values: tuple[str, ...], rules: Mapping[str, type[Rule]]) -> frozenset[str]:
    """The rules, categories and perhaps policies that an option names; raises UsageError for none."""
    names = frozenset(filter(None, (name.strip() for value in values for name in value.split(","))))
    if values and not names:
        raise UsageError(
            f"`{option}` names no rule", "leave the option out, or `packlint rules` lists the rules"
        )
    return frozenset(rules[name].name() if name in rules else name for name in names)


def _place() -> tuple[Callable[[Command], Command], ...]:
    import click

    return (
        click.option(
            "settings",
            "--settings",
            metavar="FILE",
            envvar="PACKLINT_SETTINGS",
            show_envvar=True,
            type=click.Path(path_type=Path),
            help="Take the settings of FILE, and of no other file.",
        ),
        click.option("isolated", "--no-settings", is_flag=True, help="Take no settings of any file."),
        click.option(
            "plugins",
            "--plugin",
            metavar="MODULE",
            multiple=True,
            help="Load the rules of this module of Python, too. May be repeated.",
        ),
    )


def _rules_options() -> tuple[Callable[[Command], Command], ...]:
    import click

    from packlint.commands.completion import complete_rules

    return (
        click.option(
            "--preset",
            type=click.Choice(["default", "strict", "security", "all"]),
            envvar="PACKLINT_PRESET",
            show_envvar=True,
            help="Run the rules of a preset: strict has those of default and more, security has those on "
            "security.  [default: default]",
        ),
        click.option(
            "--select",
            metavar="RULE,...",
            multiple=True,
            envvar="PACKLINT_SELECT",
            show_envvar=True,
            shell_complete=complete_rules,
            help="Run these rules, or those of a category, and no others, whatever their presets; what "
            "cannot be read is always said.",
        ),
        click.option(
            "--ignore",
            metavar="RULE,...",
            multiple=True,
            envvar="PACKLINT_IGNORE",
            show_envvar=True,
            shell_complete=complete_rules,
            help="Leave these rules, or those of a category, out.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "note"]),
            envvar="PACKLINT_FAIL_ON",
            show_envvar=True,
            help="Exit with 1 if a finding is at least that severe.  [default: warning]",
        ),
        click.option(
            "--force-exclude",
            is_flag=True,
            help="Skip what is excluded, and JSON that is no template, even where a PATH names it.",
        ),
        schemas_option,
    )


def place_options(command: Command) -> Command:
    """A command with the options about the place of settings, which it is given together as `wanted`."""
    return _wanted(command, _place(), PLACE)


def rule_options(command: Command) -> Command:
    """A command with the options about rules and settings, which it is given together as `wanted`."""
    return _wanted(command, (*_rules_options(), *_place()), (*RULES, *PLACE))


def _wanted(
    command: Command, options: tuple[Callable[[Command], Command], ...], names: tuple[str, ...]
) -> Command:
    @functools.wraps(command)
    def with_wanted(**others: object) -> int:
        wanted = {name: others.pop(name) for name in names}
        return command(wanted=Wanted(**wanted, said=_said()), **others)  # type: ignore[arg-type]

    wrapped: Command = with_wanted
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped
