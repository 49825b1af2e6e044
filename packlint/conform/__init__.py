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
    components = _Components(configuration, known).used()
    return tuple(_judged(component, configuration.complete) for component in components)


def _judged(component: Component, complete: bool) -> Component:
    """The component with what does not fit its schema, where it has one."""
    schema = component.schema
    if schema is None:
        return component
    problems = judged(component, schema, complete and component.runs)
    if _is_beyond(component, schema):
        # What was gone then is gone still; all else may have changed.
        return replace(component, beyond=True, problems=tuple(it for it in problems if it.fault == "unknown"))
    return replace(component, problems=problems) if problems else component


def _is_beyond(component: Component, schema: Schema) -> bool:
    """Whether the template admits only versions that are newer than the one that was read."""
    read = schema.get("x-component", {}).get("version")
    reach = component.reach(read, passed=True) if read else None
    return reach is not None and reach.since and not reach.before


class _Components:
    """The components of a template, with who brings each, in which versions, and its schema."""

    def __init__(self, configuration: Configuration, known: Catalog) -> None:
        self.configuration, self.known = configuration, known
        self.providers = Providers(configuration.required_plugins)
        self.packer = packer_versions(configuration)
        self.legacy = {file.document.path for file in configuration.syntax if file.legacy}
        self._versions: Mapping[int, Constraints] = {
            id(entry): _constraints(entry.version) for entry in configuration.required_plugins
        }

    def used(self) -> Iterator[Component]:
        """Each of them."""
        for data in self.configuration.data_sources:
            yield self._component("data-source", data, data.arguments)
        yield from self._builders()
        for build in self.configuration.builds:
            for provisioner in (*build.provisioners, *build.error_cleanup):
                yield self._of_step("provisioner", provisioner)
            for post_processor in build.post_processors:
                yield self._of_step("post-processor", post_processor)

    def _builders(self) -> Iterator[Component]:
        """Each source, with what builds add to it; one that no build uses by itself."""
        used: set[int] = set()
        seen: set[int] = set()
        left = REPEATED
        for build in self.configuration.builds:
            for use in build.uses:
                if use.source is None or id(use.arguments) in seen:
                    continue
                if id(use.source) in used:
                    left -= _elements(use.arguments) if left > 0 else 0
                    if left < 0:
                        continue
                used.add(id(use.source))
                seen.add(id(use.arguments))
                yield self._component("builder", use.source, use.arguments)
        for source in self.configuration.sources:
            if id(source) not in used:
                yield self._component("builder", source, source.arguments, runs=False)

    def _of_step(self, kind: Kind, step: Step) -> Component:
        arguments = step.arguments
        if isinstance(step, Provisioner) and step.override is not None:
            arguments = replace(arguments, open=True)  # what it lacks, `override` may give it
        return self._component(kind, step, arguments)

    def _component(
        self, kind: Kind, block: DataSource | Source | Step, arguments: Arguments, runs: bool = True
    ) -> Component:
        step = block if isinstance(block, Step) else None
        found = self.providers.of(kind, block.type)
        source = found.entry.source if found.entry is not None else None
        return Component(
            kind,
            block.type,
            found.name,
            arguments,
            block.range,
            block.header_range,
            step.type_range if step is not None else _label(block.header_range, block.type),
            step.meta if step is not None else None,
            found.bundled,
            found.entry,
            found.plugin,
            None if found.entry is None else self._versions[id(found.entry)],
            self.packer,
            self.known.schema(kind, found.name, found.plugin, source),
            runs,
            legacy=block.range.document.path in self.legacy,
        )


def _constraints(text: str | None) -> Constraints:
    found = Constraints.parse(text) if text else None
    return ANY_VERSION if found is None else found


def _elements(arguments: Arguments) -> int:
    """How many elements are looked at of some arguments, at most."""
    expressions = (argument.expression.range for argument in arguments)
    own = sum(UNWRITTEN + range_.end - range_.start for range_ in expressions)
    return own + sum(UNWRITTEN + _elements(block.arguments) for block in arguments.blocks)


def _label(header: Range, type_: str) -> Range:
    """Where the type of a component stands in the header of its block; the header where it does not."""
    at = header.text.find(f'"{type_}"') + 1
    return Range(header.document, header.start + at, header.start + at + len(type_)) if at else header
