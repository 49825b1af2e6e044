"""Every rule's own examples, through the whole pipeline, and the form of its metadata and page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packlint.plugins import load_rules
from packlint.rule import Bad, Good, Rule
from packlint.testing import check_examples

ROOT = Path(__file__).resolve().parents[2]

RULES = [rule for rule in load_rules() if rule.__module__.startswith("packlint.rules.")]

WITHOUT_EXAMPLES = {"internal-error", "unreadable-file"}
"""What no template given as text can show; tests of the pipeline and of loading do."""


@pytest.mark.parametrize("rule", RULES, ids=Rule.name.__func__)  # type: ignore[attr-defined]
def test_examples_show_what_they_say(rule: type[Rule]) -> None:
    if rule.name() in WITHOUT_EXAMPLES:
        assert not rule.examples
        return
    check_examples(rule)
    assert {type(example) for example in rule.examples} == {Bad, Good}


@pytest.mark.parametrize("rule", RULES, ids=Rule.name.__func__)  # type: ignore[attr-defined]
def test_metadata_and_page(rule: type[Rule]) -> None:
    first, _, rest = rule.page().partition("\n")
    assert len(first) <= 72
    assert first.endswith(".")
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name())
    assert rest.strip(), f"{rule.name()} has a short description and no page"
    folder = rule.__module__.split(".")[2]
    assert rule.category.value.replace("-", "_") == folder


def test_every_module_of_rules_is_found() -> None:
    files = [path for path in (ROOT / "rules").glob("*/*.py") if path.name != "__init__.py"]
    assert sorted(path.stem.replace("_", "-") for path in files) == [rule.name() for rule in RULES]
