"""The hooks by which plugins give packlint something; the built-in rules come the same way."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from packlint.rule import Rule

NAME = "packlint"

hookspec = pluggy.HookspecMarker(NAME)
hookimpl = pluggy.HookimplMarker(NAME)


@hookspec
def packlint_rules() -> Iterable[type[Rule]]:  # type: ignore[empty-body]
    """Called once, before anything is read: the rule classes that the plugin adds."""


@hookspec
def packlint_schemas() -> Iterable[Path]:  # type: ignore[empty-body]
    """Called once, before anything is read: folders of schemas that the plugin adds (docs/schemas.md)."""


@hookspec
def packlint_policies() -> Iterable[Path]:  # type: ignore[empty-body]
    """Called when settings name a pack: folders of policy files, each of which is a pack by its own name."""
