"""A configuration → the components it uses, each with its plugin, its schema and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.catalog import SHIPPED, Catalog, Kind, Schema
from packlint.components import Component, packer_versions
from packlint.conform.instance import UNWRITTEN
from packlint.conform.judge import judged
from packlint.conform.provide import Providers
from packlint.document import Range
from packlint.model import Arguments, Configuration, DataSource, Provisioner, Source, Step
from packlint.record import replace
from packlint.version import ANY_VERSION, Constraints

REPEATED = 10_000_000
"""How many elements of sources are looked at again for further builds, far above any real template's."""


def conform(configuration: Configuration, known: Catalog = SHIPPED) -> tuple[Component, ...]:
    """Every component of a template; one that a build runs with further arguments has them.

    Raises CatalogError where a schema that the user brings is of no use.
    """
    versions = _Versions(configuration)
    used = (versions.given(component) for component in _components(configuration))
    return tuple(_judged(component, known, configuration.complete) for component in used)


def _judged(component: Component, known: Catalog, complete: bool) -> Component:
    """The component with its schema, where there is one, and with what does not fit it."""
    source = component.entry.source if component.entry is not None else None
    schema = known.schema(component.kind, component.name, component.plugin, source)
    if schema is None:
        return component
    component = replace(component, schema=schema)
    problems = judged(component, schema, complete and component.runs)
    if _is_beyond(component, schema):
        # What was gone then is gone still; all else may have changed.
        return replace(component, beyond=True, problems=tuple(it for it in problems if it.fault == "unknown"))
    return replace(component, problems=problems)


def _is_beyond(component: Component, schema: Schema) -> bool:
    """Whether the template admits only versions that are newer than the one that was read."""
    read = schema.get("x-component", {}).get("version")
    reach = component.reach(read, passed=True) if read else None
    return reach is not None and reach.since and not reach.before


class _Versions:
    """What a template says of the versions of Packer and of its plugins."""

    def __init__(self, configuration: Configuration) -> None:
        self.providers = Providers(configuration.required_plugins)
        self.packer = packer_versions(configuration)
        self._of: Mapping[int, Constraints] = {
            id(entry): _constraints(entry.version) for entry in configuration.required_plugins
        }

    def given(self, component: Component) -> Component:
        """The component with who brings it, and in which versions."""
        found = self.providers.of(component.kind, component.type)
        return replace(
            component,
            name=found.name,
            bundled=found.bundled,
            entry=found.entry,
            plugin=found.plugin,
            plugin_versions=None if found.entry is None else self._of[id(found.entry)],
            packer_versions=self.packer,
        )


def _constraints(text: str | None) -> Constraints:
    found = Constraints.parse(text) if text else None
    return ANY_VERSION if found is None else found


def _components(configuration: Configuration) -> Iterator[Component]:
    legacy = {file.document.path for file in configuration.syntax if file.legacy}
    for data in configuration.data_sources:
        yield _component("data-source", data, data.arguments, legacy)
    yield from _builders(configuration, legacy)
    for build in configuration.builds:
        for provisioner in (*build.provisioners, *build.error_cleanup):
            yield _of_step("provisioner", provisioner, legacy)
        for post_processor in build.post_processors:
            yield _of_step("post-processor", post_processor, legacy)


def _builders(configuration: Configuration, legacy: set[str]) -> Iterator[Component]:
    """Each source, with what builds add to it; one that no build uses by itself."""
    used: set[int] = set()
    seen: set[int] = set()
    left = REPEATED
    for build in configuration.builds:
        for use in build.uses:
            if use.source is None or id(use.arguments) in seen:
                continue
            if id(use.source) in used:
                left -= _elements(use.arguments) if left > 0 else 0
                if left < 0:
                    continue
            used.add(id(use.source))
            seen.add(id(use.arguments))
            yield _of_source(use.source, use.arguments, legacy)
    for source in configuration.sources:
        if id(source) not in used:
            yield replace(_of_source(source, source.arguments, legacy), runs=False)


def _elements(arguments: Arguments) -> int:
    """How many elements are looked at of some arguments, at most."""
    expressions = (argument.expression.range for argument in arguments)
    own = sum(UNWRITTEN + range_.end - range_.start for range_ in expressions)
    return own + sum(UNWRITTEN + _elements(block.arguments) for block in arguments.blocks)


def _of_source(source: Source, arguments: Arguments, legacy: set[str]) -> Component:
    return _component("builder", source, arguments, legacy)


def _of_step(kind: Kind, step: Step, legacy: set[str]) -> Component:
    arguments = step.arguments
    if isinstance(step, Provisioner) and step.override is not None:
        arguments = replace(arguments, open=True)  # what it lacks, `override` may give it
    return replace(_component(kind, step, arguments, legacy), type_range=step.type_range, meta=step.meta)


def _component(
    kind: Kind, block: DataSource | Source | Step, arguments: Arguments, legacy: set[str]
) -> Component:
    label = _label(block.header_range, block.type)
    is_legacy = block.range.document.path in legacy
    return Component(
        kind, block.type, block.type, arguments, block.range, block.header_range, label, legacy=is_legacy
    )


def _label(header: Range, type_: str) -> Range:
    """Where the type of a component stands in the header of its block; the header where it does not."""
    at = header.text.find(f'"{type_}"') + 1
    return Range(header.document, header.start + at, header.start + at + len(type_)) if at else header
