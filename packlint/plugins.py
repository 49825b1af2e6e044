"""Installed plugins → the rules they bring; the built-in rules are found in the same way."""

from __future__ import annotations

from importlib.metadata import entry_points

import pluggy

from packlint import hookspecs
from packlint.diagnostic import Severity
from packlint.errors import PluginError
from packlint.rule import Category, Precision, Rule

METADATA = {"category": Category, "severity": Severity, "precision": Precision}
"""What every rule has to say of itself, and of which type."""


def load_rules() -> tuple[type[Rule], ...]:
    """The rules of all plugins under the entry-point group `packlint`, sorted by name.

    Raises PluginError, naming the plugin, where one does not load, is unsound or claims a taken name.
    """
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
    return _collected(manager)


def _collected(manager: pluggy.PluginManager) -> tuple[type[Rule], ...]:
    rules: dict[str, type[Rule]] = {}
    bringers: dict[str, str] = {}
    for implementation in manager.hook.packlint_rules.get_hookimpls():
        plugin = implementation.plugin_name
        try:
            brought: tuple[object, ...] = tuple(implementation.function())  # type: ignore[arg-type]
        except Exception as error:
            raise _broken(plugin, error) from error
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
