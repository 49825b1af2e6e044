"""A build → what its `dynamic` blocks make of sources and steps, not yet evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.blocks import ROOT
from packlint.evaluate.budget import size_of
from packlint.evaluate.scope import Scope
from packlint.model import Build, Dynamic, PostProcessor, Provisioner, SourceUse, Step
from packlint.record import field, record, replace
from packlint.typed import Generic, TypeVar
from packlint.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.evaluate.dynamic import Expansion, Round

B = TypeVar("B", SourceUse, Provisioner, PostProcessor)
S = TypeVar("S", Provisioner, PostProcessor)

LABELS = {name: len(type_.labels) for name, type_ in ROOT.blocks["build"].blocks.items()}


@record
class Made(Generic[B]):
    """A source or step to be evaluated: `names` are those that the `dynamic` blocks around it bind.

    It is not `certain` where the block stands for any number of them.
    """

    block: B
    names: Mapping[str, Value] = field(default_factory=dict)
    certain: bool = True


class Making:
    """Expands the `dynamic` blocks of one build; `dynamics` are these with their values."""

    def __init__(self, build: Build, scope: Scope) -> None:
        self.build = build
        self.scope = scope
        self.dynamics: list[Dynamic] = []
        self._sizes: dict[int, int] = {}
        self._outer: dict[int, Expansion] = {}
        if build.dynamics:
            for use in build.uses:
                self._count(use)
            for step in (*build.provisioners, *build.error_cleanup, *build.post_processors):
                self._count(step)
            self._outer = {id(dynamic): self._expanded(dynamic, {}) for dynamic in build.dynamics}

    def uses(self) -> list[Made[SourceUse]]:
        """The nested `source` blocks; of those of which it is not known whether there are any, none."""
        found: list[Made[SourceUse]] = []
        for use in self.build.uses:
            if use.dynamic is None:
                found.append(Made(use))
                continue
            expansion = self._outer[id(use.dynamic)]
            found += [
                Made(replace(use, reference=label, dynamic=expansion.dynamic), round_.names, round_.certain)
                for round_ in expansion.rounds
                if round_.certain and (label := _label(round_))
            ]
        return found

    def steps(self, steps: tuple[S, ...]) -> list[Made[S]]:
        """The steps of a list."""
        return [made for step in steps for made in self._step(Made(step), step.dynamics, self._outer)]

    def chains(self) -> Iterator[list[Made[PostProcessor]]]:
        """The chains of post-processors; `dynamic "post-processors"` makes one in each round."""
        for chain in self.build.chains:
            around = chain[0].dynamics if chain else ()
            if not around or around[0].type != "post-processors":
                if (steps := self.steps(chain)) or not chain:
                    yield steps
                continue
            for round_ in self._outer[id(around[0])].rounds:
                inner = {
                    id(step.dynamics[1]): self._expanded(step.dynamics[1], round_.names, round_.certain)
                    for step in chain
                    if len(step.dynamics) > 1
                }
                yield [
                    made
                    for step in chain
                    for made in self._step(Made(step, round_.names, round_.certain), step.dynamics[1:], inner)
                ]

    def _step(
        self, made: Made[S], around: tuple[Dynamic, ...], expansions: Mapping[int, Expansion]
    ) -> Iterator[Made[S]]:
        """A step once for each round of the innermost `dynamic` block around it."""
        if not around:
            yield made
            return
        for round_ in expansions[id(around[0])].rounds:
            label = _label(round_)
            if label:
                certain = made.certain and round_.certain
                yield Made(replace(made.block, type=label), {**made.names, **round_.names}, certain)

    def _count(self, block: SourceUse | Step) -> None:
        """Adds the size of a block to the `dynamic` blocks that make it."""
        if isinstance(block, Step):
            size, around = size_of(block.arguments), block.dynamics
        else:
            size, around = size_of(block.own), (block.dynamic,) if block.dynamic else ()
        for dynamic in around:
            self._sizes[id(dynamic)] = self._sizes.get(id(dynamic), 0) + size + 1

    def _expanded(self, dynamic: Dynamic, names: Mapping[str, Value], certain: bool = True) -> Expansion:
        from packlint.evaluate.dynamic import doubted, expanded

        scope = self.scope.bound(names) if names else self.scope
        size = self._sizes.get(id(dynamic), 0)
        expansion = expanded(dynamic, scope, size, LABELS.get(dynamic.type))
        self.dynamics.append(expansion.dynamic if certain else doubted(expansion.dynamic))
        return expansion


def _label(round_: Round) -> str | None:
    return round_.labels[0] if round_.labels else None
