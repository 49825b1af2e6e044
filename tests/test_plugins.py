"""How plugins are found, and what becomes of broken ones."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from packlint import Category, Rule, Severity, hookimpl, plugins
from packlint.errors import PluginError
from packlint.plugins import load_rules


class OddName(Rule):
    """Flags odd names."""

    category = Category.STRUCTURE
    severity = Severity.NOTE


class SyntaxError(Rule):  # noqa: A001 - the name of a built-in rule, claimed by a stranger
    """Claims a name that is taken."""

    category = Category.LANGUAGE
    severity = Severity.NOTE


class Bare(Rule):
    """Lacks a category."""

    severity = Severity.NOTE


class Loud(Rule):
    """States its severity in a word of its own."""

    category = Category.STRUCTURE
    severity = "loud"  # type: ignore[assignment]


def plugin(*rules: Any) -> object:
    class Plugin:
        @hookimpl
        def packlint_rules(self) -> Iterable[Any]:
            return rules

    return Plugin()


def install(monkeypatch: pytest.MonkeyPatch, load: Any) -> None:
    """Adds a plugin beside the installed ones."""
    real = plugins.entry_points

    def found(group: str) -> list[Any]:
        return [*real(group=group), SimpleNamespace(value="stranger", load=load)]

    monkeypatch.setattr(plugins, "entry_points", found)


def test_a_strangers_rule_stands_beside_the_built_in_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda: plugin(OddName))
    names = [rule.name() for rule in load_rules()]
    assert "odd-name" in names
    assert "missing-provisioners" in names
    assert names == sorted(names)


def test_a_plugin_that_does_not_import_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> object:
        raise ImportError("no module named `acme`")

    install(monkeypatch, load)
    with pytest.raises(PluginError, match="plugin `stranger` does not load: ImportError: no module named"):
        load_rules()


def test_a_hook_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plugin:
        @hookimpl
        def packlint_rules(self) -> Iterable[Any]:
            yield OddName
            raise ValueError("out of rules")

    install(monkeypatch, Plugin)
    with pytest.raises(PluginError, match="plugin `stranger` does not load: ValueError: out of rules"):
        load_rules()


def test_an_unknown_hook_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plugin:
        @hookimpl
        def packlint_rulez(self) -> Iterable[Any]:
            return ()

    install(monkeypatch, Plugin)
    with pytest.raises(PluginError, match="packlint_rulez"):
        load_rules()


@pytest.mark.parametrize(
    ("brought", "message"),
    [
        (SyntaxError, "plugins `packlint.rules` and `stranger` both bring a rule `syntax-error`"),
        (Bare, "rule `bare` of plugin `stranger` has no `category` that packlint knows"),
        (Loud, "rule `loud` of plugin `stranger` has no `severity` that packlint knows"),
        ("odd-name", "brings 'odd-name', which is not a rule"),
    ],
)
def test_an_unsound_rule_is_refused(monkeypatch: pytest.MonkeyPatch, brought: Any, message: str) -> None:
    install(monkeypatch, lambda: plugin(brought))
    with pytest.raises(PluginError, match=message):
        load_rules()
