"""A text → whether it may have a secret in it, or name one: most have none, and need no closer look."""

from __future__ import annotations

from packlint.pattern import pattern

_SIGNS = (
    *("AKIA", "ASIA", "ABIA", "ACCA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"),
    *("gldt-", "glrt-", "glsoat-", "xox", "hooks.slack.com", "k_live_", "SG.", "eyJ", "AccountKey="),
    *("pypi-AgE", "T3BlbkFJ", "npm_", "AIza", "hvs.", "hvb.", ".atlasv1.", "_v1_", "PRIVATE KEY"),
)
"""What no key of a known form is without: looking for it takes a fraction of the time."""

_NAMED = pattern("(?i)pass|secret|token|(?:private|api)[-_]?key|key_material")
"""What is in all names of secrets."""


def may_have_key(text: str) -> bool:
    """Whether it may have a key or token of a known form."""
    for sign in _SIGNS:  # noqa: SIM110 - `any` takes twice as long
        if sign in text:
            return True
    return False


def may_name_secret(text: str) -> bool:
    """Whether a name in it may be one of a secret."""
    return _NAMED.search(text) is not None
