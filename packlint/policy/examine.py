"""A policy file → what is wrong with its policies, before any template is seen."""

from __future__ import annotations

from packlint.policy.policy import PolicyFile
from packlint.policy.values import params_of, scope_of


def examine(sheet: PolicyFile) -> None:
    """Raises PolicyError for the first policy that cannot work, at the place in it."""
    scope_of(sheet, params_of(sheet, {}))
