"""The values of a configuration → what in them Packer would stop at, each place once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packlint.model import Arguments, Build, Configuration, Dynamic
from packlint.value import Failure, Known, Value

MOST = 100
"""Failures of one template; one with more of them has one cause, which the first ones show."""


def failures(configuration: Configuration) -> Iterator[Failure]:
    """The failures of a template by their place, in the order of its files; a sensitive one among them."""
    found: dict[tuple[str, int, int], Failure] = {}
    for value in _values(configuration):
        for failure in _within(value):
            if failure.range is not None and len(found) < MOST:
                found.setdefault(failure.range.order, failure)
    yield from found.values()


def _values(configuration: Configuration) -> Iterator[Value]:
    for variable in configuration.variables:
        if not variable.misfits:  # what does not fit its type is told as such
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
        yield from _arguments(use.own)
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


def _within(value: Value) -> Iterator[Failure]:
    """A failure, or those that a known collection holds."""
    waiting, seen = [value], {id(value)}
    while waiting:
        current = waiting.pop()
        if isinstance(current, Failure):
            yield current
        data = current.data if isinstance(current, Known) else None
        inner = data.values() if isinstance(data, Mapping) else data if isinstance(data, tuple) else ()
        for item in inner:
            if id(item) not in seen:
                seen.add(id(item))
                waiting.append(item)
