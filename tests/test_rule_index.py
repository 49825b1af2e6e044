"""rules/index.py and the stand-ins that are made of it: they say what the rules say, and import them late."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from runpy import run_path
from subprocess import run
from types import SimpleNamespace
from typing import Any

import pytest

from packlint import plugins
from packlint.configure.schema import settings_schema
from packlint.record import fields
from packlint.rule import Rule
from packlint.settings import RuleSetting, Settings
from packlint.shelf import StandIn

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = import_module("packlint.rules")
REAL: dict[str, type[Rule]] = {rule.name(): rule for rule in PACKAGE.every()}
INDEXED: dict[str, type[Rule]] = {rule.name(): rule for rule in PACKAGE.packlint_rules()}

SAID = (
    *("category", "severity", "precision", "preset", "fixable", "security_severity", "cwe", "former"),
    *("looks_for", "examples", "__module__", "__name__"),
)


def test_the_index_is_that_of_the_rules() -> None:
    made: str = run_path(str(ROOT / ".ci" / "index_rules.py"))["text"]()
    written = (ROOT / "rules" / "index.py").read_text(encoding="utf-8")
    assert written == made, "`python .ci/generate_docs.py` writes it anew"


@pytest.mark.parametrize("name", REAL)
def test_a_stand_in_says_what_its_rule_says(name: str) -> None:
    real, indexed = REAL[name], INDEXED[name]
    assert {it: getattr(indexed, it) for it in SAID} == {it: getattr(real, it) for it in SAID}
    assert (indexed.page(), indexed.summary(), indexed.methods()) == (
        real.page(),
        real.summary(),
        real.methods(),
    )


def test_the_rules_are_in_order_and_sound() -> None:
    assert [*INDEXED] == sorted(REAL)
    for rule in REAL.values():
        plugins._examined(rule, "packlint.rules")
    plugins._check_former(REAL, dict.fromkeys(REAL, "packlint.rules"))


def test_settings_are_asked_the_same_of_both() -> None:
    assert settings_schema(INDEXED.values()) == settings_schema(REAL.values())


def test_options_reach_the_rule() -> None:
    said = {it.name: it.default for it in fields(REAL["unchained-duplicate-steps"].Options)}
    assert said == {"min_steps": 3, "min_ratio": 0.5}
    settings = Settings(rules={"unchained-duplicate-steps": RuleSetting(options={"min_steps": 7})})
    rule = settings.rule(INDEXED["unchained-duplicate-steps"])
    awake = rule.awake()
    assert type(awake) is REAL["unchained-duplicate-steps"]
    assert awake.options == type(awake).Options(min_steps=7)
    assert rule.awake() is awake


def test_a_stand_in_checks_as_its_rule_does() -> None:
    name, rule = next((it, rule) for it, rule in INDEXED.items() if rule.methods() == ("check_variable",))
    assert [*rule().check_variable(SimpleNamespace(validations=(), misfits=()), SimpleNamespace())] == []  # type: ignore[arg-type]
    with pytest.raises(AttributeError, match=r"validations|misfits"):
        [*INDEXED[name]().check_variable(SimpleNamespace(), SimpleNamespace())]  # type: ignore[arg-type]


def test_a_rule_with_options_always_looks() -> None:
    rule = INDEXED["duplicate-build"]
    assert rule().looks_for == REAL["duplicate-build"]().looks_for == ("<several uses>",)
    assert rule(rule.Options()).looks_for == REAL["duplicate-build"](rule.Options()).looks_for == ()


def test_a_rule_over_a_stand_in_is_one_itself() -> None:
    other: Any = type("Unused", (INDEXED["unused-local"],), {"former": ("idle-local",), "__doc__": "It."})
    assert issubclass(other, StandIn)
    assert (other.name(), other.summary(), other.page()) == ("unused", "It", "It.")
    assert other.severity is REAL["unused-local"].severity
    assert type(other().awake()) is REAL["unused-local"]


def imported(code: str, *, before: str = "") -> set[str]:
    """The modules that some code imports in a fresh process, beside those that other code does."""
    lines = (before, "import sys", "known = {*sys.modules}", code, "print(*{*sys.modules} - known)")
    command = [sys.executable, "-I", "-c", "\n".join(lines)]
    return {*run(command, capture_output=True, text=True, check=True).stdout.split()}


LOAD = "from packlint.plugins import load_plugins, load_rules\nrules = load_rules(load_plugins())"


def test_no_rule_is_imported_to_know_what_there_is() -> None:
    imported(LOAD)  # which looks for plugins where that has never been done
    found = imported(f"{LOAD}\n[(it.name(), it.category, it.summary(), it()) for it in rules]")
    assert {it for it in found if it.startswith("packlint.rules.")} == {"packlint.rules.index"}
    assert not found & {"pluggy", "importlib.metadata", "inspect", "dataclasses", "tree_sitter"}


def test_a_rule_is_imported_when_it_is_read() -> None:
    found = imported("next(it for it in rules if it.name() == 'unused-local').page()", before=LOAD)
    assert {it for it in found if it.startswith("packlint.rules.")} == {
        "packlint.rules.structure",
        "packlint.rules.structure.unused_local",
    }
