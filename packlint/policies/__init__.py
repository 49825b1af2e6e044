"""Packs of policies that come with packlint; each is off until settings name it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from packlint import hookimpl


@hookimpl
def packlint_policies() -> Iterable[Path]:
    """The folder of the packs."""
    return (Path(__file__).parent,)
