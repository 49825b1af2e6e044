"""Policies that have looked at all there is → those of them that never held for anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packlint.diagnostic import Diagnostic, Finding, Severity
from packlint.policy.rule import PolicyRule
from packlint.rule import Rule


def idle(rules: Iterable[Rule]) -> Iterator[Diagnostic]:
    """A diagnostic for each policy of the repository that no block of the run was looked at for.

    `rules` are all that ran; one policy may be there several times, with other parameters each.
    """
    ran = [it for it in rules if isinstance(it, PolicyRule) and not it.sheet.foreign]
    applied = {it.policy for it in ran if it.applied}
    for policy in dict.fromkeys(it.policy for it in ran):
        if policy not in applied:
            message = f"policy `{policy.name}` holds for nothing here"
            yield Diagnostic.of("idle-policy", Severity.NOTE, Finding(policy.header_range, message))
