"""Installed plugins → the rules and schemas they bring; the built-in rules are found in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from packlint import witness
from packlint.diagnostic import Severity
from packlint.environment import entry_points
from packlint.errors import CatalogError, PluginError
from packlint.pattern import pattern
from packlint.rule import Category, Fixable, Precision, Preset, Rule
from packlint.shelf import StandIn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    import pluggy

GROUP = "packlint"
"""The group of entry points that name plugins."""

OWN_RULES = "packlint.rules"
OWN = ("packlint.policies", OWN_RULES)
"""The plugins that packlint itself has."""


class OwnPlugins:
    """Stands for the plugins where there are none but packlint's own; only its hooks need pluggy."""

    @property
    def hook(self) -> Any:
        """The hooks."""
        return _registered(OWN).hook


PluginManager: TypeAlias = "pluggy.PluginManager | OwnPlugins"

METADATA = {
    "category": Category,
    "severity": Severity,
    "precision": Precision,
    "preset": Preset,
    "fixable": Fixable,
}
"""What every rule has to say of itself, and of which type."""

_NAME = pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def load_rules(plugins: PluginManager | None = None) -> tuple[type[Rule], ...]:
    """The rules of all plugins, or of these that are loaded, sorted by name.

    Raises PluginError, naming the plugin, where one does not load, is unsound or claims a taken name.
    """
    plugins = plugins or load_plugins()
    if isinstance(plugins, OwnPlugins):
        return tuple(import_module(OWN_RULES).packlint_rules())  # in order, and sound: a test looks at them
    return _collected(plugins)


def by_name(rules: Iterable[type[Rule]]) -> dict[str, type[Rule]]:
    """Rules by every name that is good for them, their own and those they had before."""
    return {name: rule for rule in rules for name in (rule.name(), *rule.former)}


def load_schemas(plugins: PluginManager | None = None) -> tuple[Path, ...]:
    """The folders of schemas of all plugins, or of these that are loaded, those of one plugin together.

    Raises PluginError, naming the plugin, where one does not load or brings a folder without schemas.
    """
    plugins = plugins or load_plugins()
    if isinstance(plugins, OwnPlugins):
        return ()
    from packlint.foreign import folders_of

    found: list[Path] = []
    for plugin, brought in _brought(plugins.hook.packlint_schemas):
        for thing in brought:
            if not isinstance(thing, Path):
                raise PluginError(
                    f"plugin `{plugin}` brings {thing!r}, which is no folder of schemas",
                    "return `pathlib.Path` objects",
                )
        try:
            found += folders_of(brought)
        except CatalogError as error:
            raise PluginError(f"plugin `{plugin}` brings a folder of schemas: {error}", error.hint) from error
    return tuple(found)


def load_packs(plugins: PluginManager) -> dict[str, tuple[Path, str]]:
    """The policy files of these plugins, each with its plugin, by the names of the packs, sorted.

    Raises PluginError, naming the plugin, where one brings no folder of such files, or a name that is taken.
    """
    from packlint.policy.policy import SUFFIX

    found: dict[str, tuple[Path, str]] = {}
    for plugin, brought in _brought(plugins.hook.packlint_policies):
        for thing in brought:
            files = sorted(thing.glob(f"*{SUFFIX}")) if isinstance(thing, Path) else ()
            if not files:
                raise PluginError(
                    f"plugin `{plugin}` brings {thing!r}, which is no folder of policies",
                    f"return `pathlib.Path` objects of folders with files that end in `{SUFFIX}`",
                )
            for file in files:
                name = file.name.removesuffix(SUFFIX)
                taken, bringer = found.setdefault(name, (file, plugin))
                if taken is not file:
                    raise PluginError(
                        f"plugins `{bringer}` and `{plugin}` both bring a pack `{name}`",
                        "give one of the two files another name",
                    )
    return dict(sorted(found.items()))


def load_plugins(named: Iterable[str] = ()) -> PluginManager:
    """All plugins under the entry-point group `packlint`, and these modules by their dotted names.

    Raises PluginError where one does not load.
    """
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.value)
    named = tuple(dict.fromkeys(named))
    if not named and tuple(entry.value for entry in found) == OWN:
        return OwnPlugins()
    witness.give_up()  # what others bring may depend on anything
    return _registered([entry.value for entry in found], [entry.load for entry in found], named)


def installed() -> frozenset[str]:
    """The packages that bring plugins, by their names with dashes."""
    found = (entry.package for entry in entry_points(group=GROUP))
    return frozenset(name.lower().replace("_", "-") for name in found if name)


def _registered(
    values: Sequence[str], loads: Sequence[Callable[[], object]] | None = None, named: Iterable[str] = ()
) -> pluggy.PluginManager:
    """Plugins by the names of their entry points, and modules by their own."""
    import pluggy

    from packlint import hookspecs

    manager = pluggy.PluginManager(hookspecs.NAME)
    manager.add_hookspecs(hookspecs)
    for value, load in zip(values, loads or [partial(import_module, it) for it in values], strict=True):
        try:
            plugin = load()
            if value == OWN_RULES:  # it bears no mark, which would cost pluggy whenever a rule is imported
                hookspecs.hookimpl(import_module(OWN_RULES).packlint_rules)
            manager.register(plugin, name=value)
        except Exception as error:
            raise _broken(value, error) from error
    for name in named:
        try:
            if not manager.has_plugin(name):
                manager.register(import_module(name), name=name)
        except Exception as error:
            raise _broken(name, error) from error
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise _broken(str(manager.get_name(error.plugin)), error) from error
    return manager


def _brought(hook: pluggy.HookCaller) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What each plugin gives for a hook."""
    for implementation in hook.get_hookimpls():
        try:
            yield implementation.plugin_name, tuple(implementation.function())  # type: ignore[arg-type]
        except Exception as error:
            raise _broken(implementation.plugin_name, error) from error


def _collected(manager: PluginManager) -> tuple[type[Rule], ...]:
    rules: dict[str, type[Rule]] = {}
    bringers: dict[str, str] = {}
    for plugin, brought in _brought(manager.hook.packlint_rules):
        for thing in brought:
            rule = _examined(thing, plugin)
            bringer = bringers.setdefault(rule.name(), plugin)
            if rules.setdefault(rule.name(), rule) is not rule:
                raise PluginError(
                    f"plugins `{bringer}` and `{plugin}` both bring a rule `{rule.name()}`",
                    "give one of the two rules another name",
                )
    if not rules:
        raise PluginError("no rules are installed", "install packlint with `pip install packlint`")
    _check_former(rules, bringers)
    return tuple(rules[name] for name in sorted(rules))


def _check_former(rules: dict[str, type[Rule]], bringers: dict[str, str]) -> None:
    """Raises PluginError where a rule claims to have had a name that is another's."""
    owners = {name: name for name in rules}
    for name, rule in rules.items():
        for former in rule.former:
            if owners.setdefault(former, name) != name or former == name:
                raise PluginError(
                    f"rule `{name}` of plugin `{bringers[name]}` claims the former name `{former}`, which is "
                    f"that of rule `{owners[former]}`",
                    "leave it out of `former`; a name that was given up may not be given again",
                )


def _examined(rule: object, plugin: str) -> type[Rule]:
    if not (isinstance(rule, type) and issubclass(rule, Rule)):
        raise PluginError(
            f"plugin `{plugin}` brings {rule!r}, which is not a rule", "return subclasses of `packlint.Rule`"
        )
    if issubclass(rule, StandIn):  # its index was made of a rule that is sound
        return rule
    title = f"rule `{rule.name()}` of plugin `{plugin}`"
    for name, wanted in METADATA.items():
        if not isinstance(getattr(rule, name, None), wanted):
            hint = f"set it in the class to a `packlint.{wanted.__name__}`"
            raise PluginError(f"{title} has no `{name}` that packlint knows", hint)
    for name, hint in _unsound(rule):
        raise PluginError(f"{title} has no `{name}` that packlint knows", hint)
    if not rule.page():
        raise PluginError(f"{title} has no docstring", "write its page there")
    return rule


def _unsound(rule: type[Rule]) -> Iterator[tuple[str, str]]:
    """What a rule may say of itself and says wrongly, and how it is said."""
    score: Any = rule.security_severity
    if score is not None and not (_is_number(score, float) and 0.1 <= score <= 10):
        yield "security_severity", "set it in the class to a number from 0.1 to 10, or leave it out"
    cwe: Any = rule.cwe
    if not (isinstance(cwe, tuple) and all(_is_number(it) and it > 0 for it in cwe)):
        yield "cwe", "set it in the class to a tuple of numbers such as `(798,)`"
    former: Any = rule.former
    if not (isinstance(former, tuple) and all(isinstance(it, str) and _NAME.fullmatch(it) for it in former)):
        yield "former", 'set it in the class to a tuple of names such as `("old-name",)`'


def _is_number(value: object, *kinds: type) -> bool:
    """Whether it is an integer or one of these kinds; Python takes truth values for integers."""
    return isinstance(value, (int, *kinds)) and not isinstance(value, bool)


def _broken(plugin: str, error: Exception) -> PluginError:
    return PluginError(
        f"plugin `{plugin}` does not load: {type(error).__name__}: {error}",
        "update the package that brings it, or uninstall it",
    )
