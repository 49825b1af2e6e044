"""A template → the blocks that policies are about, each with the values that `self` stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from packlint.components import Component
from packlint.model import Configuration
from packlint.policy.names import KINDS
from packlint.policy.plain import plain
from packlint.policy.policy import Target
from packlint.policy.subject import Subject
from packlint.policy.whole import Whole
from packlint.record import replace
from packlint.value import NULL, OTHERS, Known

__all__ = ["Subject", "plain", "subjects", "template_value"]


def subjects(
    target: Target,
    mentions: AbstractSet[str],
    configuration: Configuration,
    components: Sequence[Component],
) -> Iterator[Subject]:
    """The blocks of a template that a policy of this target looks at.

    `mentions` are the names that it asks of `self`, "" where it asks for all: of a component, those that its
    schema does not have are null, and what takes time is only made where it is asked for.
    """
    for subject in _whole(configuration, tuple(components)).of(target, mentions):
        yield _with(subject, mentions) if target in KINDS else subject


def template_value(configuration: Configuration, components: Sequence[Component]) -> Known:
    """What the root `template` stands for."""
    return _whole(configuration, tuple(components)).template.value


@lru_cache(maxsize=1)
def _whole(configuration: Configuration, components: tuple[Component, ...]) -> Whole:
    """All blocks of a template: many policies look at one after the other."""
    return Whole(configuration, components)


def _with(subject: Subject, mentions: AbstractSet[str]) -> Subject:
    """The subject with nulls for the names that only the schemas of other components have."""
    entries = subject.value.entries or {}
    if OTHERS in entries:
        return subject
    missing = dict.fromkeys(sorted(mentions - entries.keys() - {""}), NULL)
    return replace(subject, value=Known({**entries, **missing})) if missing else subject
