"""The values of a configuration → what in them Packer would stop at, each place once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packlint.model import Arguments, Build, Configuration, Dynamic
from packlint.once import once
from packlint.value import Failure, Value, failures_in

MOST = 100
"""Failures of one template; one with more of them has one cause, which the first ones show."""


@once
def failures(configuration: Configuration) -> tuple[Failure, ...]:
    """The failures of a template by their place, in the order of its files; a sensitive one among them."""
    found: dict[tuple[str, int, int], Failure] = {}
    for failure in failures_in(_values(configuration)):
        if failure.range is not None:
            found.setdefault(failure.range.order, failure)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _values(configuration: Configuration) -> Iterator[Value]:
    for variable in configuration.variables:
        # What does not fit its type is told as such. Packer evaluates a default also where it is not needed.
        if variable.default is not None and not any(it.origin.kind == "default" for it in variable.misfits):
            yield variable.default.value
        if not variable.misfits:
            yield variable.value
        for validation in variable.validations:
            if validation.condition is not None:
                yield validation.condition.value
    for local in configuration.locals:
        yield local.value
    for data in configuration.data_sources:
        yield from _arguments(data.arguments)
    for source in configuration.sources:
        yield from _arguments(source.arguments)
    for build in configuration.builds:
        yield from _build(build)


def _build(build: Build) -> Iterator[Value]:
    for argument in (build.name, build.sources):
        if argument is not None:
            yield argument.value
    yield from _dynamics(build.dynamics)
    for use in build.uses:
        if use.source is None or use.arguments is not use.source.arguments:
            yield from _arguments(use.arguments)
    for step in (*build.provisioners, *build.error_cleanup, *build.post_processors):
        yield from _arguments(step.meta)
        yield from _arguments(step.arguments)


def _arguments(arguments: Arguments) -> Iterator[Value]:
    for argument in arguments:
        yield argument.value
        if argument.rendered is not None:
            yield argument.rendered
    yield from _dynamics(arguments.dynamics)
    for block in arguments.blocks:
        yield from _arguments(block.arguments)


def _dynamics(dynamics: Iterable[Dynamic]) -> Iterator[Value]:
    for dynamic in dynamics:
        if dynamic.for_each is not None:
            yield dynamic.for_each.value
        if dynamic.failure is not None:
            yield dynamic.failure
