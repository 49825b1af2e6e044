"""Installed plugins → the rules and schemas they bring; the built-in rules are found in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pluggy

from packlint import hookspecs
from packlint.diagnostic import Severity
from packlint.errors import CatalogError, PluginError
from packlint.foreign import folders_of
from packlint.rule import Category, Fixable, Precision, Preset, Rule

METADATA = {
    "category": Category,
    "severity": Severity,
    "precision": Precision,
    "preset": Preset,
    "fixable": Fixable,
}
"""What every rule has to say of itself, and of which type."""


def load_rules(plugins: pluggy.PluginManager | None = None) -> tuple[type[Rule], ...]:
    """The rules of all plugins, or of these that are loaded, sorted by name.

    Raises PluginError, naming the plugin, where one does not load, is unsound or claims a taken name.
    """
    return _collected(plugins or load_plugins())


def load_schemas(plugins: pluggy.PluginManager | None = None) -> tuple[Path, ...]:
    """The folders of schemas of all plugins, or of these that are loaded, those of one plugin together.

    Raises PluginError, naming the plugin, where one does not load or brings a folder without schemas.
    """
    found: list[Path] = []
    for plugin, brought in _brought((plugins or load_plugins()).hook.packlint_schemas):
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


def load_plugins() -> pluggy.PluginManager:
    """All plugins under the entry-point group `packlint`; raises PluginError where one does not load."""
    manager = pluggy.PluginManager(hookspecs.NAME)
    manager.add_hookspecs(hookspecs)
    for entry_point in sorted(entry_points(group=hookspecs.NAME), key=lambda entry: entry.value):
        try:
            manager.register(entry_point.load(), name=entry_point.value)
        except Exception as error:
            raise _broken(entry_point.value, error) from error
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


def _collected(manager: pluggy.PluginManager) -> tuple[type[Rule], ...]:
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
    return tuple(rules[name] for name in sorted(rules))


def _examined(rule: object, plugin: str) -> type[Rule]:
    if not (isinstance(rule, type) and issubclass(rule, Rule)):
        raise PluginError(
            f"plugin `{plugin}` brings {rule!r}, which is not a rule", "return subclasses of `packlint.Rule`"
        )
    title = f"rule `{rule.name()}` of plugin `{plugin}`"
    for name, wanted in METADATA.items():
        if not isinstance(getattr(rule, name, None), wanted):
            hint = f"set it in the class to a `packlint.{wanted.__name__}`"
            raise PluginError(f"{title} has no `{name}` that packlint knows", hint)
    if not rule.page():
        raise PluginError(f"{title} has no docstring", "write its page there")
    return rule


def _broken(plugin: str, error: Exception) -> PluginError:
    return PluginError(
        f"plugin `{plugin}` does not load: {type(error).__name__}: {error}",
        "update the package that brings it, or uninstall it",
    )
