"""The options about rules and settings → what they ask for, and the settings that each place has then."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from packlint.commands.completion import complete_rules
from packlint.diagnostic import Severity
from packlint.errors import UsageError
from packlint.options import schemas_option
from packlint.record import record
from packlint.settings import Flags, PresetName

if TYPE_CHECKING:
    from packlint.configure import Nearest
    from packlint.plugins import PluginManager
    from packlint.rule import Rule

DEBUG = "packlint.debug"
"""Where the context keeps whether tracebacks are wanted."""


def _remember_debug(context: click.Context, _: click.Parameter, value: bool) -> bool:
    context.meta[DEBUG] = value
    return value


PATHS = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(allow_dash=True))
ROOT = click.option(
    "--root",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Read nothing outside DIR.  [default: the repository of each PATH]",
)
DEBUG_OPTION = click.option(
    "--debug", is_flag=True, callback=_remember_debug, help="Show tracebacks of packlint's failures."
)


@record
class Wanted:
    """What a command line says of rules and settings, as it is written."""

    preset: PresetName | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    force_exclude: bool = False
    schemas: tuple[Path, ...] = ()
    settings: Path | None = None
    isolated: bool = False
    plugins: tuple[str, ...] = ()

    def chosen(self) -> tuple[Nearest, PluginManager]:
        """The settings of each place, and the plugins; raises PacklintError for what cannot be had."""
        from packlint.configure import Nearest
        from packlint.plugins import installed, load_packs, load_plugins, load_schemas
        from packlint.rule import Category

        if self.preset and self.select:
            raise UsageError(
                "`--preset` and `--select` both say which rules run",
                "leave one of them out; `--select` takes the rules of any preset",
            )
        if self.settings and self.isolated:
            raise UsageError("`--settings` and `--no-settings` exclude one another", "leave one of them out")
        manager = load_plugins(self.plugins)
        rules = _rules(manager)
        select, ignore = _names("--select", self.select, rules), _names("--ignore", self.ignore, rules)
        known = {*rules, *(category.value for category in Category)}
        flags = Flags(
            preset=self.preset,
            select=select or None,
            ignore=ignore,
            strangers=(select | ignore) - known,
            fail_on=None if self.fail_on is None else Severity(self.fail_on),
            force_exclude=self.force_exclude,
            schemas=self.schemas,
            said=_said(),
        )
        nearest = Nearest(
            rules,
            flags,
            self.settings,
            isolated=self.isolated,
            plugins=installed,
            packs=partial(load_packs, manager),
            schemas=partial(load_schemas, manager),
        )
        return nearest, manager


KEYS = frozenset({"preset", "select", "ignore", "fail-on", "schemas", "baseline"})
"""Keys of settings that parameters of the same names stand for."""


def _said() -> dict[str, str]:
    """Where the command line or the environment says something, by the keys of settings."""
    context = click.get_current_context(silent=True)
    if context is None:
        return {}
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


_PLACE = (
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

_RULES = (
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
        help="Run these rules, or those of a category, and no others, whatever their presets; what cannot be "
        "read is always said.",
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


Command = Callable[..., int]


def _wanted(
    options: tuple[Callable[[Command], Command], ...], names: tuple[str, ...]
) -> Callable[[Command], Command]:
    """A decorator that gives a command these options, together as `wanted`."""

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def with_wanted(**others: object) -> int:
            said = {name: others.pop(name) for name in names}
            return command(wanted=Wanted(**said), **others)  # type: ignore[arg-type]

        wrapped: Command = with_wanted
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped

    return decorate


place_options = _wanted(_PLACE, ("settings", "isolated", "plugins"))
rule_options = _wanted(
    (*_RULES, *_PLACE),
    ("preset", "select", "ignore", "fail_on", "force_exclude", "schemas", "settings", "isolated", "plugins"),
)
