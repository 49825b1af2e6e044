"""A rule → the address of its page among the documents in packlint's repository."""

from __future__ import annotations

from functools import cache
from importlib.metadata import metadata

from packlint.rule import Rule

OWN = "packlint.rules."
"""Where the built-in rules are; packlint's documents have no page of another one."""


def page_of(rule: type[Rule]) -> str | None:
    """Where the rule's page can be read; None for a rule of a plugin, and where packlint names no home."""
    at = home()
    return f"{at}/blob/main/docs/rules/{rule.name()}.md" if at and rule.__module__.startswith(OWN) else None


@cache
def home() -> str | None:
    """The address of packlint's repository, as the installed package names it; None where it names none."""
    # Each is "label, address", as `project.urls` of pyproject.toml has them.
    entries = (entry.partition(", ") for entry in metadata("packlint").get_all("Project-URL") or ())
    return next((address.rstrip("/") for label, _, address in entries if label == "Repository"), None)
