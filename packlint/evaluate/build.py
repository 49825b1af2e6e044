"""A build → its sources resolved, its steps with their values, its `dynamic` blocks expanded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from packlint.document import Range
from packlint.evaluate import context
from packlint.evaluate.budget import STEPS_EACH, size_of
from packlint.evaluate.component import evaluated, valued
from packlint.evaluate.made import Made, Making
from packlint.evaluate.scope import Component, Scope
from packlint.evaluate.steps import StepEvaluation
from packlint.model import Argument, Arguments, Build, NameLists, Source, SourceUse, referred
from packlint.record import replace
from packlint.syntax import Tuple
from packlint.value import STRING, Known

STEPS = frozenset({"provisioner", "error-cleanup-provisioner", "post-processor", "post-processors"})

MOST_PAIRS = 200_000
"""Sources times steps of one build; no machine runs as many, and nothing is concluded of them."""

MOST_USES = 100_000
"""Sources of all builds of a template together."""

MOST_ARGUMENTS = 1_000_000
"""Arguments of sources that builds add to, again for each that does."""


class BuildEvaluation:
    """Evaluates the builds of one configuration.

    `sources` have their values. `lowered` are those of them that are to be evaluated again for each use,
    under its local name.
    """

    def __init__(self, lowered: Sequence[Source], sources: Sequence[Source], scope: Scope) -> None:
        self.sources = {(source.type, source.name): source for source in reversed(sources)}
        self.speaking = {(source.type, source.name): source for source in reversed(lowered)}
        self.own_name: dict[tuple[str, str], Arguments] = {}
        self.scope = scope
        self.lists = NameLists()
        self.uses = self.arguments = 0

    def evaluated(self, build: Build) -> Build:
        """The build with its values; `open` and `open_steps` where its sources or steps are not all known."""
        listed = valued(build.sources, self.scope) if build.sources else None
        name = valued(build.name, self.scope) if build.name else None
        making = Making(build, self.scope)
        nested = making.uses()
        provisioners, error_cleanup = making.steps(build.provisioners), making.steps(build.error_cleanup)
        chains = list(making.chains())
        steps = len(provisioners) + len(error_cleanup) + sum(map(len, chains))
        beyond = self._beyond(nested, steps, listed)
        references = _references(listed) if listed and not beyond else ()
        uses = [
            self._use(reference, *referred(reference), place)
            for reference, place in references or ()
            if reference
        ]
        uses += [self._nested_use(use) for use in nested if not beyond]
        known = references is not None and all(reference is not None for reference, _ in references)
        step = StepEvaluation(self.scope, name.value if name else Known("", STRING), uses, self.lists)
        incomplete = {dynamic.type for dynamic in making.dynamics if not dynamic.complete}
        return replace(
            build,
            name=name,
            sources=listed,
            uses=tuple(uses),
            open=beyond or build.open or not known or "source" in incomplete,
            provisioners=tuple(map(step.evaluated, provisioners)),
            error_cleanup=tuple(map(step.evaluated, error_cleanup)),
            chains=tuple(tuple(map(step.evaluated, chain)) for chain in chains),
            open_steps=build.open_steps or bool(incomplete & STEPS),
            dynamics=tuple(making.dynamics),
        )

    def _beyond(self, nested: Sequence[Made[SourceUse]], steps: int, listed: Argument | None) -> bool:
        """Whether a build has more sources than are looked at; which step runs is asked for each of them."""
        uses = len(nested) + len((listed.value.items if listed else None) or ())
        added_to = [
            self.sources.get(_named(made.block))
            for made in nested
            if made.block.own.by_name.keys() - {"name"} or made.block.own.blocks
        ]
        arguments = sum(len(s.arguments.by_name) + len(s.arguments.blocks) for s in added_to if s)
        if (
            uses * steps > MOST_PAIRS
            or self.uses + uses > MOST_USES
            or self.arguments + arguments > MOST_ARGUMENTS
            or not self._affords(nested)
        ):
            return True
        self.uses += uses
        self.arguments += arguments
        return False

    def _affords(self, nested: Sequence[Made[SourceUse]]) -> bool:
        """Whether the sources that speak of themselves can be evaluated again under each local name."""
        again = (self.speaking.get(_named(made.block)) for made in nested if "name" in made.block.own)
        cost = STEPS_EACH * sum(1 + size_of(source.arguments) for source in again if source)
        total = self.scope.total
        if cost > total.left:
            return not cost
        total.left -= cost
        return True

    def _use(self, reference: str, type_: str, name: str, range_: Range) -> SourceUse:
        source = self.sources.get((type_, name))
        arguments = source.arguments if source else Arguments({})
        if (type_, name) in self.speaking:
            arguments = self._again(type_, name, name)
        return SourceUse(reference, type_, name, name, source, arguments, Arguments({}), range_)

    def _again(self, type_: str, name: str, local_name: str) -> Arguments:
        """The arguments of a source under a local name; under its own, once for all uses."""
        if local_name == name and (type_, name) in self.own_name:
            return self.own_name[type_, name]
        scope = self._within(type_, name, local_name)
        arguments = evaluated(self.speaking[type_, name].arguments, scope, self.scope)
        if local_name == name:
            self.own_name[type_, name] = arguments
        return arguments

    def _within(self, type_: str, name: str, local_name: str) -> Scope:
        roots = {"source": context.source(type_, Known(local_name, STRING))}
        return self.scope.within(Component("builder", type_, name), roots)

    def _nested_use(self, made: Made[SourceUse]) -> SourceUse:
        """A `source` block of the build: its `name` is the local name, the rest adds to the source."""
        use, names = made.block, made.names
        type_, name = _named(use)
        plain = self._use(use.reference, type_, name, use.range)
        given = use.own.get("name")
        named = valued(given, self.scope.bound(names)).value if given else None
        # A sensitive name would stand in every message about the source.
        local_name = (named.known(str) if named and not named.sensitive else None) or name
        scope = self._within(type_, name, local_name)
        own = evaluated(use.own, scope.bound(names), self.scope.bound(names))
        own = replace(own, by_name={name: a for name, a in own.by_name.items() if name != "name"})
        arguments = plain.arguments
        if local_name != name and (type_, name) in self.speaking:
            arguments = self._again(type_, name, local_name)
        return replace(
            plain,
            local_name=local_name,
            own=own,
            arguments=arguments.with_more(own),
            written=use.written,
            dynamic=use.dynamic,
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


def renamed(builds: Iterable[Build], sources: Sequence[Source]) -> list[Source]:
    """The sources that speak of themselves and that a build may use under another name."""
    uses = [use for build in builds for use in build.uses if "name" in use.own]
    names = {_named(use) for use in uses}
    return [
        source
        for source in sources
        if ((source.type, source.name) in names or any(use.dynamic is not None for use in uses))
        and any(it.root == "source" for it in context.mentioned(source.arguments, source.range.text))
    ]


def _named(use: SourceUse) -> tuple[str, str]:
    """Type and name of the source that a `source` block of a build stands for."""
    return (use.type, use.name) if use.type else referred(use.reference)
