"""Rules that were renamed: their former names stay good, and are nobody else's."""

from __future__ import annotations

from typing import Any

import pluggy
import pytest
from click.testing import CliRunner

from packlint import Category, Rule, Severity, hookimpl, hookspecs
from packlint.cli import cli
from packlint.errors import PluginError
from packlint.plugins import by_name, load_rules


class NewName(Rule):
    """Flags nothing."""

    category = Category.STRUCTURE
    severity = Severity.NOTE
    former = ("old-name", "older-name")


class OtherName(Rule):
    """Flags nothing either."""

    category = Category.STRUCTURE
    severity = Severity.NOTE


def manager(*rules: Any) -> pluggy.PluginManager:
    """Plugins that bring these rules and no others."""

    class Plugin:
        @hookimpl
        def packlint_rules(self) -> Any:
            return rules

    found = pluggy.PluginManager(hookspecs.NAME)
    found.add_hookspecs(hookspecs)
    found.register(Plugin(), name="theirs")
    return found


def claiming(*former: str) -> type[Rule]:
    """`OtherName`, with names that it says it had."""
    return type("OtherName", (OtherName,), {"former": former, "__doc__": OtherName.__doc__})


def test_a_rule_is_found_by_each_of_its_names() -> None:
    known = by_name(load_rules(manager(NewName, OtherName)))
    assert known == {
        **dict.fromkeys(("new-name", "old-name", "older-name"), NewName),
        "other-name": OtherName,
    }


@pytest.mark.parametrize("name", ["new-name", "old-name", "other-name"])
def test_a_former_name_is_nobody_elses(name: str) -> None:
    with pytest.raises(PluginError, match=f"former name `{name}`"):
        load_rules(manager(NewName, claiming(name)))


def test_no_built_in_rule_claims_a_name_of_another() -> None:
    load_rules()


def test_the_page_is_found_by_the_former_name(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load_rules(manager(NewName, OtherName))
    monkeypatch.setattr("packlint.plugins.load_rules", lambda *_: rules)
    old, new = (CliRunner().invoke(cli, ["explain", name]) for name in ("old-name", "new-name"))
    assert old.exit_code == new.exit_code == 0
    assert old.stdout == new.stdout
    assert old.stderr == "`old-name` is called `new-name` now\n"
    assert new.stderr == ""
