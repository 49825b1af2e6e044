"""What the command line asks for → Settings, the one noun that says how a run is to go."""

from __future__ import annotations

from dataclasses import dataclass

from packlint.diagnostic import Severity

VENDORED = (".*", "node_modules", "vendor", "venv", "packer_cache", "__pycache__")
"""Directories, by glob on their name, that hold what others wrote or what tools made."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is to go; `select` is None for all rules."""

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    fail_on: Severity = Severity.WARNING
    exclude: tuple[str, ...] = VENDORED
    force_exclude: bool = False

    def selects(self, rule: str) -> bool:
        """Whether findings of a rule are wanted; packlint's own failures always are."""
        wanted = self.select is None or rule in self.select
        return rule == "internal-error" or (wanted and rule not in self.ignore)
