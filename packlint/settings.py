"""What the command line asks for → Settings, the one noun that says how a run is to go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packlint.diagnostic import Severity
from packlint.rule import Category, Preset, Rule

VENDORED = (".*", "node_modules", "vendor", "venv", "packer_cache", "__pycache__")
"""Directories, by glob on their name, that hold what others wrote or what tools made."""


UNREAD = frozenset({"syntax-error", "unreadable-file"})
"""Rules that say what could not be checked at all."""

PresetName = Literal["default", "strict", "security", "all"]
"""The choices of rules that have a name: those of `Preset`, and what `strict` has on security alone."""

_WIDTH = {Preset.DEFAULT: 0, Preset.STRICT: 1, Preset.ALL: 2}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is to go.

    `preset` says which rules run, unless `select` names them; `ignore` leaves some of them out. Both hold
    names of rules and of categories, which stand for all their rules. `schemas` are folders of schemas of
    components; a later one goes before an earlier one.
    """

    preset: PresetName = "default"
    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    fail_on: Severity = Severity.WARNING
    exclude: tuple[str, ...] = VENDORED
    force_exclude: bool = False
    schemas: tuple[Path, ...] = ()

    def selects(self, rule: type[Rule]) -> bool:
        """Whether findings of a rule are wanted.

        What could not be read can be ignored but not left out by selecting other rules, and packlint's own
        failures cannot even be ignored: what was not checked must not look checked.
        """
        name = rule.name()
        called = {name, rule.category.value}
        selected = name in UNREAD or (self._has(rule) if self.select is None else bool(called & self.select))
        return name == "internal-error" or (selected and not called & self.ignore)

    def _has(self, rule: type[Rule]) -> bool:
        """Whether the preset has a rule."""
        if self.preset == "security":
            return rule.category is Category.SECURITY and rule.preset is not Preset.ALL
        return _WIDTH[rule.preset] <= _WIDTH[Preset(self.preset)]
