"""What the command line asks for → Settings, the one noun that says how a run is to go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packlint.diagnostic import Severity

VENDORED = (".*", "node_modules", "vendor", "venv", "packer_cache", "__pycache__")
"""Directories, by glob on their name, that hold what others wrote or what tools made."""


UNREAD = frozenset({"syntax-error", "unreadable-file"})
"""Rules that say what could not be checked at all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is to go; `select` is None for all rules.

    `schemas` are folders of schemas of components; a later one goes before an earlier one.
    """

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    fail_on: Severity = Severity.WARNING
    exclude: tuple[str, ...] = VENDORED
    force_exclude: bool = False
    schemas: tuple[Path, ...] = ()

    def selects(self, rule: str) -> bool:
        """Whether findings of a rule are wanted.

        What could not be read can be ignored but not left out by selecting other rules, and packlint's own
        failures cannot even be ignored: what was not checked must not look checked.
        """
        selected = self.select is None or rule in self.select or rule in UNREAD
        return rule == "internal-error" or (selected and rule not in self.ignore)
