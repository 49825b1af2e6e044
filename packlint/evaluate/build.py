"""A build → its sources resolved, its steps with their values."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from packlint.document import Range
from packlint.evaluate.component import evaluated, valued
from packlint.evaluate.scope import Scope
from packlint.model import (
    Argument,
    Arguments,
    Build,
    Configuration,
    NameLists,
    Source,
    SourceUse,
    Step,
    referred,
)
from packlint.syntax import Tuple
from packlint.value import STRING, Known

MOST_PAIRS = 200_000
"""Sources times steps of one build; no machine runs as many, and nothing is concluded of them."""

MOST_USES = 100_000
"""Sources of all builds of a template together."""

MOST_ARGUMENTS = 1_000_000
"""Arguments of sources that builds add to, again for each that does."""

S = TypeVar("S", bound=Step)


class BuildEvaluation:
    """Evaluates the builds of one configuration, whose sources have their values already."""

    def __init__(self, configuration: Configuration, scope: Scope) -> None:
        self.sources = {(source.type, source.name): source for source in reversed(configuration.sources)}
        self.scope = scope
        self.lists = NameLists()
        self.uses = self.arguments = 0

    def evaluated(self, build: Build) -> Build:
        """The build with its values; `open` where `sources` is not wholly known."""
        listed = valued(build.sources, self.scope) if build.sources else None
        beyond = self._beyond(build, listed)
        references = _references(listed) if listed and not beyond else ()
        uses = [
            self._use(reference, *referred(reference), place)
            for reference, place in references or ()
            if reference
        ]
        uses += [self._nested_use(use) for use in build.uses if not beyond]
        return replace(
            build,
            name=valued(build.name, self.scope) if build.name else None,
            sources=listed,
            uses=tuple(uses),
            open=beyond
            or build.open
            or references is None
            or any(reference is None for reference, _ in references),
            provisioners=tuple(map(self._step, build.provisioners)),
            error_cleanup=tuple(map(self._step, build.error_cleanup)),
            chains=tuple(tuple(map(self._step, chain)) for chain in build.chains),
        )

    def _beyond(self, build: Build, listed: Argument | None) -> bool:
        """Whether a build has more sources than are looked at; which step runs is asked for each of them."""
        uses = len(build.uses) + len((listed.value.items if listed else None) or ())
        steps = len(build.provisioners) + len(build.error_cleanup) + len(build.post_processors)
        added_to = [
            self._source(use) for use in build.uses if use.own.by_name.keys() - {"name"} or use.own.blocks
        ]
        arguments = sum(len(s.arguments.by_name) + len(s.arguments.blocks) for s in added_to if s)
        if (
            uses * steps > MOST_PAIRS
            or self.uses + uses > MOST_USES
            or self.arguments + arguments > MOST_ARGUMENTS
        ):
            return True
        self.uses += uses
        self.arguments += arguments
        return False

    def _source(self, use: SourceUse) -> Source | None:
        return self.sources.get(_named(use))

    def _use(self, reference: str, type_: str, name: str, range_: Range) -> SourceUse:
        source = self.sources.get((type_, name))
        arguments = source.arguments if source else Arguments({})
        return SourceUse(reference, type_, name, name, source, arguments, Arguments({}), range_)

    def _nested_use(self, use: SourceUse) -> SourceUse:
        """A `source` block of the build: its `name` is the local name, the rest adds to the source."""
        type_, name = _named(use)
        plain = self._use(use.reference, type_, name, use.range)
        known = {"type": Known(plain.type, STRING), "name": Known(plain.name, STRING)}
        own = evaluated(use.own, self.scope.having({"source": Known(known)}))
        local_name = own.known("name", str) or plain.name
        own = replace(own, by_name={name: a for name, a in own.by_name.items() if name != "name"})
        arguments = plain.arguments.with_more(own)
        return replace(plain, local_name=local_name, own=own, arguments=arguments, written=use.written)

    def _step(self, step: S) -> S:
        return replace(
            step,
            arguments=evaluated(step.arguments, self.scope),
            meta=evaluated(step.meta, self.scope),
            lists=self.lists,
        )


def _references(listed: Argument) -> tuple[tuple[str | None, Range], ...] | None:
    """The entries of `sources` with their places, None for an entry or a list that is not known.

    A sensitive entry counts as unknown: what it names would stand in every message about it.
    """
    items = listed.value.items
    if items is None:
        return None
    written = listed.expression.items if isinstance(listed.expression, Tuple) else ()
    places = [expression.range for expression in written] or [listed.expression.range] * len(items)
    names = (None if item.sensitive or listed.value.sensitive else item.known(str) for item in items)
    return tuple(zip(names, places, strict=True))


def _named(use: SourceUse) -> tuple[str, str]:
    """Type and name of the source that a `source` block of a build stands for."""
    return (use.type, use.name) if use.type else referred(use.reference)
