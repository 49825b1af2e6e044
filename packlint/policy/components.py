"""The components of a template → the blocks that policies of a source, data source or step look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packlint.catalog import Kind, properties
from packlint.components import Component, noun
from packlint.document import Range
from packlint.model import (
    Argument,
    Arguments,
    Build,
    Configuration,
    DataSource,
    Provisioner,
    Source,
    SourceUse,
    Step,
)
from packlint.policy.bodies import PART, TOO_MANY, Bodies
from packlint.policy.discreet import discreet
from packlint.policy.names import FIXED
from packlint.policy.policy import Target
from packlint.policy.subject import Subject
from packlint.record import replace
from packlint.value import BOOL, NULL, OTHERS, STRING, Known, Unknown, Value
from packlint.written import inside

MOST_PAIRS = 50_000
"""Steps with a filter times sources of a template; nothing is said of more."""


MANY = "there are too many steps and sources"
FURTHER_SOURCES = "the build may have further sources"


class Components:
    """Makes the subjects of one configuration that are components, each once."""

    def __init__(self, configuration: Configuration, components: Sequence[Component]) -> None:
        self.complete = configuration.complete
        self.used = components
        self.bodies = Bodies(configuration.complete)
        self.pairs = MOST_PAIRS
        self._by_meta = {id(it.meta): it for it in components if it.meta is not None}
        self._by_arguments = {id(it.arguments): it for it in components}
        self._names: dict[Kind, Mapping[str, Value]] = {}
        self._objects: dict[int, tuple[dict[str, Value], Known]] = {}
        blocks: tuple[Source | DataSource, ...] = (*configuration.sources, *configuration.data_sources)
        self._blocks = {id(it.range): it for it in blocks}

    def top(self, kind: Kind) -> list[Subject]:
        """The sources or data sources."""
        return [self._top(it) for it in self.used if it.kind == kind]

    def _top(self, component: Component) -> Subject:
        block = self._blocks.get(id(component.range))
        name = block.name if block else ""
        what = "source" if component.kind == "builder" else noun(component.kind)
        found, arguments = self.body(component)
        own: dict[str, Value] = {
            "type": Known(component.type, STRING),
            "name": Known(name, STRING),
            "arguments": arguments,
        }
        written = {"type": component.type_range, "name": _label(component, name)}
        return Subject(
            f"{what} `{component.type}.{name}`",
            Known({**found, **own}),
            component.header_range,
            component.arguments,
            component,
            written=written,
            complete=self.complete,
        )

    def of_use(self, use: SourceUse) -> tuple[Component | None, Mapping[str, Value], Value]:
        """The component of a source in a build, its arguments by name, and the same as a value."""
        component = self._by_arguments.get(id(use.arguments))
        if component is None:
            missing = Unknown(f"`{use.key}` is not declared, or is one of too many sources")
            return None, {OTHERS: missing}, missing
        return component, *self.body(component)

    def body(self, component: Component) -> tuple[Mapping[str, Value], Value]:
        """The arguments of a component by name, and the same as a value, made once.

        The former have the names that other components of the kind have in the template as null.
        """
        made = self._objects.get(id(component))
        if made is None:
            made = self._objects[id(component)] = self._made(component, component.arguments, {})
        return made

    def _made(
        self, component: Component, arguments: Arguments, elsewhere: Mapping[str, Unknown]
    ) -> tuple[dict[str, Value], Known]:
        found = self.bodies.of(component, arguments, elsewhere)
        if found is None:
            found = {OTHERS: TOO_MANY}
        if OTHERS in found:
            return found, Known(found)
        self.bodies.left -= len(found)
        return {**self._named(component.kind), **found}, Known(found)

    def _named(self, kind: Kind) -> Mapping[str, Value]:
        """What the schemas of all components of a kind in the template have names for, as nulls."""
        if kind not in self._names:
            schemas = {id(it.schema): it.schema for it in self.used if it.kind == kind and it.schema}
            self._names[kind] = {name: NULL for schema in schemas.values() for name in properties(schema)}
        return self._names[kind]

    def step(self, step: Step, build: Build, cleanup: bool = False) -> Subject:
        """A provisioner or post-processor of a build."""
        elsewhere = _elsewhere(step)
        return self._step(step, step.arguments, elsewhere, self._runs_on(step, build), cleanup)

    def effective(
        self, step: Step, arguments: Arguments, use: SourceUse, runs_on: Value, cleanup: bool
    ) -> Subject:
        """A step as one source has it, with the arguments for that."""
        made = self._step(step, arguments, {}, runs_on, cleanup)
        override = step.override if isinstance(step, Provisioner) else None
        given = (override.value.entries or {}).get(use.local_name) if override is not None else None
        if override is None or given is None:
            return made
        names = given.entries or ()
        places = {name: inside(override, (use.local_name, name)).range for name in names}
        return replace(made, written={**made.written, **places})

    def _step(
        self,
        step: Step,
        arguments: Arguments,
        elsewhere: Mapping[str, Unknown],
        runs_on: Value,
        cleanup: bool,
    ) -> Subject:
        target: Target = "provisioner" if isinstance(step, Provisioner) else "post_processor"
        kind: Kind = "provisioner" if isinstance(step, Provisioner) else "post-processor"
        component = self._by_meta.get(id(step.meta))
        left_out: Value = NULL if self.complete else Unknown(PART)
        values: dict[str, Value] = dict.fromkeys(FIXED[target], left_out)
        values |= {it.name: discreet(it.name, it.worth) for it in step.meta}
        if component is None:
            found: Mapping[str, Value] = {OTHERS: TOO_MANY}
            given: Value = TOO_MANY
        else:
            found, given = self._made(component, arguments, elsewhere)
        values |= {"type": Known(step.type, STRING), "arguments": given, "runs_on": runs_on}
        if isinstance(step, Provisioner):
            values["error_cleanup"] = Known(cleanup, BOOL)
        written: dict[str, Range | Argument] = {it.name: it for it in step.meta}
        return Subject(
            f"{kind} `{step.type}`",
            Known({**found, **values}),
            step.header_range,
            arguments,
            component,
            elsewhere,
            {**written, "type": step.type_range},
            complete=self.complete,
        )

    def _runs_on(self, step: Step, build: Build) -> Value:
        """The keys of the sources that a step runs on."""
        if build.open:
            return Unknown(FURTHER_SOURCES)
        filtered = step.only is not None or step.exclude is not None or step.cut or not step.certain
        if filtered:
            self.pairs -= len(build.uses)
            if self.pairs < 0:
                return Unknown(MANY)
        runs = [(use, step.runs_on(use) if filtered else True) for use in build.uses]
        if any(run is None for _, run in runs):
            return Unknown(f"it is not known for which sources `{step.type}` runs")
        return Known(tuple(Known(use.key, STRING) for use, run in runs if run))


def _elsewhere(step: Step) -> Mapping[str, Unknown]:
    """The arguments that `override` gives a step for some of its sources, and that it has not itself."""
    override = step.override if isinstance(step, Provisioner) else None
    if override is None:
        return {}
    unknown = Unknown("`override` gives it for some sources")
    entries = override.value.entries
    given = [it.entries for it in entries.values()] if entries is not None else [None]
    if any(it is None for it in given):
        return {OTHERS: unknown}
    return {name: unknown for it in given if it is not None for name in it}


def _label(component: Component, name: str) -> Range:
    """Where the name of a source stands in the header of its block; the header where it does not."""
    header, type_ = component.header_range, component.type_range
    start = type_.end if type_ is not header else header.start
    at = header.document.text.find(f'"{name}"', start, header.end)
    return Range(header.document, at + 1, at + 1 + len(name)) if at >= 0 else header
