"""How plugins are found, and what becomes of broken ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from packlint import Category, Finding, Rule, Severity, hookimpl, plugins
from packlint.cli import cli
from packlint.components import Component
from packlint.errors import PluginError
from packlint.model import Configuration
from packlint.plugins import load_rules, load_schemas


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


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("security_severity", 0),
        ("security_severity", 10.1),
        ("security_severity", float("nan")),
        ("security_severity", True),
        ("security_severity", "7.5"),
        ("cwe", 798),
        ("cwe", [798]),
        ("cwe", ("CWE-798",)),
        ("cwe", (True,)),
        ("cwe", (0,)),
        ("former", "old-name"),
        ("former", ("OldName",)),
        ("former", ("old-name\n",)),
        ("former", (1,)),
    ],
)
def test_what_a_rule_says_of_its_weakness_and_names_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, attribute: str, value: object
) -> None:
    install(monkeypatch, lambda: plugin(type("OddName", (OddName,), {attribute: value, "__doc__": "Odd."})))
    message = f"rule `odd-name` of plugin `stranger` has no `{attribute}` that packlint knows"
    with pytest.raises(PluginError, match=message):
        load_rules()


def test_a_sound_weakness_and_sound_names_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"security_severity": 10, "cwe": (798, 79), "former": ("odd", "name-2"), "__doc__": "Odd."}
    install(monkeypatch, lambda: plugin(type("OddName", (OddName,), said)))
    (rule,) = (rule for rule in load_rules() if rule.name() == "odd-name")
    assert rule.cwe == (798, 79)


class Misfit(Rule):
    """Flags whatever does not fit the schema of a component."""

    category = Category.STRUCTURE
    severity = Severity.NOTE

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        """Tell of every problem."""
        for problem in component.problems:
            yield Finding(problem.range, f"{component.type}: {problem.fault} {problem.name}")


SCHEMA = """
{
  "x-component": {"plugin": "github.com/acme/acme", "version": "v1.0.0"},
  "type": "object",
  "properties": {"%s": {"type": "integer"}},
  "additionalProperties": false
}
"""

TEMPLATE = """
packer {
  required_plugins {
    acme = { source = "github.com/acme/acme", version = "~> 1.0" }
  }
}

source "acme-box" "a" {
  size = "large"
}

source "acme-disk" "a" {
  size = 1
}

build {
  sources = ["source.acme-box.a", "source.acme-disk.a"]
}
"""


def folder(path: Path, *names: str, argument: str = "size") -> Path:
    """A folder of schemas for these builders."""
    (path / "builder").mkdir(parents=True)
    for name in names:
        (path / "builder" / f"{name}.json").write_text(SCHEMA % argument, encoding="utf-8")
    return path


def bringing(*brought: Any) -> object:
    class Plugin:
        @hookimpl
        def packlint_rules(self) -> Iterable[Any]:
            return [Misfit]

        @hookimpl
        def packlint_schemas(self) -> Iterable[Any]:
            return brought

    return Plugin()


def misfits(tmp_path: Path, *options: object) -> list[str]:
    """What the rule above says of the template."""
    template = tmp_path / "a.pkr.hcl"
    template.write_text(TEMPLATE, encoding="utf-8")
    arguments = ["check", str(template), "--select", "misfit", *map(str, options)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.stderr
    return [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("note[misfit]")]


def test_the_schemas_of_a_plugin_are_those_of_its_components(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    brought = folder(tmp_path / "brought", "acme-box", "acme-disk")
    install(monkeypatch, lambda: bringing(brought))
    assert load_schemas() == (brought,)
    assert misfits(tmp_path) == ["acme-box: type size"]


def test_without_its_schema_nothing_is_said_of_a_component(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, bringing)
    assert load_schemas() == ()
    assert misfits(tmp_path) == []


def test_the_folders_of_the_command_line_go_before_those_of_plugins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    brought = folder(tmp_path / "brought", "acme-box", "acme-disk")
    install(monkeypatch, lambda: bringing(brought))
    first = folder(tmp_path / "first", "acme-disk", argument="amount")
    assert misfits(tmp_path, "--schemas", first) == ["acme-box: type size", "acme-disk: unknown size"]
    last = folder(tmp_path / "last", "acme-disk")
    assert misfits(tmp_path, "--schemas", first, "--schemas", last) == ["acme-box: type size"]


def test_a_broken_schema_ends_the_run_with_a_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    brought = folder(tmp_path / "brought", "acme-box")
    (brought / "builder" / "acme-box.json").write_text("{", encoding="utf-8")
    install(monkeypatch, lambda: bringing(brought))
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert done.exit_code == 2
    assert f"schema `{brought / 'builder' / 'acme-box.json'}` is not JSON" in done.stderr
    assert "hint: " in done.stderr


@pytest.mark.parametrize(
    ("brought", "message"),
    [
        ("schemas", "plugin `stranger` brings 'schemas', which is no folder of schemas"),
        (Path("nowhere"), "plugin `stranger` brings a folder of schemas: `nowhere` is not a folder"),
    ],
)
def test_a_plugin_that_brings_no_folder_is_named(
    monkeypatch: pytest.MonkeyPatch, brought: Any, message: str
) -> None:
    install(monkeypatch, lambda: bringing(brought))
    with pytest.raises(PluginError, match=message):
        load_schemas()


def test_a_hook_for_schemas_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plugin:
        @hookimpl
        def packlint_schemas(self) -> Iterable[Any]:
            raise OSError("no disk")

    install(monkeypatch, Plugin)
    with pytest.raises(PluginError, match="plugin `stranger` does not load: OSError: no disk"):
        load_schemas()
