"""CONTRIBUTING's rule in five minutes, taken at its word."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from packlint import Rule, hookimpl, plugins
from packlint.testing import check_examples

ROOT = Path(__file__).resolve().parents[1]


def test_the_rule_of_five_minutes_works_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.+?)\n *```", text, re.DOTALL)
    assert "rules/structure/unnamed_build.py" in text
    plugin = ModuleType("stranger")
    exec(dedent(code), vars(plugin))
    rule: type[Rule] = plugin.UnnamedBuild
    assert rule.name() == "unnamed-build"
    hook = SimpleNamespace()
    hook.packlint_rules = hookimpl(lambda: [rule])
    real = plugins.entry_points

    def found(group: str) -> list[Any]:
        return [*real(group=group), SimpleNamespace(value="stranger", load=lambda: hook)]

    monkeypatch.setattr(plugins, "entry_points", found)
    check_examples(rule)
