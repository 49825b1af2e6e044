"""Which rules a run has: presets, names and categories."""

from __future__ import annotations

import pytest

from packlint.diagnostic import Severity
from packlint.plugins import load_rules
from packlint.rule import Category, Preset, Rule
from packlint.settings import PresetName, Settings


def rule(name: str, category: Category, preset: Preset = Preset.DEFAULT) -> type[Rule]:
    """A rule whose class has that name."""
    members = {"category": category, "severity": Severity.NOTE, "preset": preset, "__doc__": "Flags it."}
    return type(name, (Rule,), members)


RULES = (
    rule("SyntaxError", Category.LANGUAGE),
    rule("InternalError", Category.LANGUAGE),
    rule("Broken", Category.STRUCTURE),
    rule("Unsaid", Category.STRUCTURE, Preset.STRICT),
    rule("OpenPort", Category.SECURITY),
    rule("WeakPort", Category.SECURITY, Preset.STRICT),
    rule("OddPort", Category.SECURITY, Preset.ALL),
    rule("Ugly", Category.STYLE, Preset.ALL),
)
ALWAYS = "syntax-error internal-error"


def selected(settings: Settings) -> str:
    return " ".join(it.name() for it in RULES if settings.selects(it))


@pytest.mark.parametrize(
    ("preset", "rules"),
    [
        ("default", "broken open-port"),
        ("strict", "broken unsaid open-port weak-port"),
        ("security", "open-port weak-port"),
        ("all", "broken unsaid open-port weak-port odd-port ugly"),
    ],
)
def test_presets(preset: PresetName, rules: str) -> None:
    assert selected(Settings(preset=preset)) == f"{ALWAYS} {rules}"


def test_without_a_word_the_preset_is_the_default_one() -> None:
    assert selected(Settings()) == selected(Settings(preset="default"))


@pytest.mark.parametrize(
    ("select", "rules"),
    [
        ({"ugly"}, "ugly"),
        ({"security"}, "open-port weak-port odd-port"),
        ({"style", "broken"}, "broken ugly"),
        (set(), ""),
    ],
)
def test_who_selects_gets_exactly_that_whatever_the_presets(select: set[str], rules: str) -> None:
    assert selected(Settings(select=frozenset(select))) == f"{ALWAYS} {rules}".strip()
    assert selected(Settings(preset="all", select=frozenset(select))) == f"{ALWAYS} {rules}".strip()


def test_what_is_ignored_is_left_out_even_where_it_is_selected() -> None:
    some = frozenset({"security", "ugly"})
    assert selected(Settings(select=some, ignore=frozenset({"odd-port", "style"}))) == (
        f"{ALWAYS} open-port weak-port"
    )


def test_what_cannot_be_read_may_be_ignored_and_failures_of_packlint_may_not() -> None:
    everything = frozenset(category.value for category in Category)
    assert selected(Settings(ignore=everything)) == "internal-error"


def test_no_rule_has_the_name_of_a_category() -> None:
    assert not {it.name() for it in load_rules()} & {category.value for category in Category}
