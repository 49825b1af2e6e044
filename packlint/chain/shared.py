"""The builds of a run → groups of those that begin with the same work on the same base image."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.chain.content import Contents
from packlint.chain.lineage import lineage
from packlint.chain.steps import SharedStep, steps_of
from packlint.model import Build, Configuration, SourceUse
from packlint.named import NamedTuple
from packlint.once import once
from packlint.project import Project


class Run(NamedTuple):
    """A build's work on one source."""

    build: Build
    use: SourceUse
    steps: tuple[SharedStep, ...]


class Group(NamedTuple):
    """Runs whose first `depth` steps are the same, and no more."""

    runs: tuple[Run, ...]
    depth: int

    @property
    def weight(self) -> int:
        """How much of the work is shared."""
        return sum(step.weight for step in self.runs[0].steps[: self.depth])

    @property
    def same(self) -> bool:
        """Whether the runs do the same from beginning to end, for all that is known."""
        return all(len(run.steps) == self.depth for run in self.runs)


def groups(project: Project) -> Iterator[Group]:
    """All groups of two runs and more, the larger ones before those that go on together."""
    linked = {id(link.producer.source) for link in project.links}
    for runs in _by_lineage(project).values():
        apart = tuple(run for run in runs if id(run.use.source) not in linked)
        if len(apart) > 1:
            yield from _grouped(apart)


def _grouped(runs: tuple[Run, ...]) -> Iterator[Group]:
    """A walk through the tree of the steps, which is as deep as there are steps: it keeps its own stack."""
    waiting = [(runs, 0)]
    while waiting:
        together, depth = waiting.pop()
        while all(len(run.steps) > depth for run in together):
            if len({run.steps[depth].signature for run in together}) > 1:
                break
            depth += 1
        yield Group(together, depth)
        apart: dict[str, list[Run]] = {}
        ended = tuple(run for run in together if len(run.steps) == depth)
        if 1 < len(ended) < len(together):
            yield Group(ended, depth)
        for run in together:
            if len(run.steps) > depth:
                apart.setdefault(run.steps[depth].signature, []).append(run)
        waiting += [(tuple(some), depth + 1) for some in reversed(apart.values()) if len(some) > 1]


@once
def _by_lineage(project: Project) -> dict[str, list[Run]]:
    """Every build once for each lineage it has a source of, in the order of the files."""
    found: dict[str, dict[tuple[str, int, int], Run]] = {}
    for configuration in project.configurations:
        for key, run in runs(configuration):
            found.setdefault(key, {}).setdefault(run.build.range.order, run)
    return {key: [them[place] for place in sorted(them)] for key, them in found.items()}


@once
def runs(configuration: Configuration) -> tuple[tuple[str, Run], ...]:
    """The builds of a template, each once for each lineage it has a source of, with that."""
    found: dict[tuple[str, tuple[str, int, int]], Run] = {}
    contents = Contents()
    for build in configuration.builds:
        for use in build.uses:
            key = lineage(use, configuration, contents)
            if key is None or (key, build.range.order) in found:
                continue
            steps = steps_of(build, use, configuration, contents)
            if steps:
                found[key, build.range.order] = Run(build, use, steps)
    return tuple((key, run) for (key, _), run in found.items())
