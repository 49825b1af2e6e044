"""A lowered configuration → its values, by Packer's order: variables, locals and data, sources, builds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from packlint.document import Document
from packlint.evaluate import context
from packlint.evaluate.build import BuildEvaluation
from packlint.evaluate.component import evaluated
from packlint.evaluate.locals import declared_values
from packlint.evaluate.scope import Component, Scope
from packlint.evaluate.selection import Selection
from packlint.evaluate.variables import in_scope, variable_values
from packlint.inputs import NOTHING, Inputs
from packlint.model import Configuration, Source
from packlint.syntax import Expression


def evaluate(
    configuration: Configuration,
    inputs: Inputs = NOTHING,
    parse_template: Callable[[Document], Expression | None] | None = None,
) -> Configuration:
    """Every argument with its value, every source that a build uses resolved, and only the chosen builds.

    What an expression may refer to is that of its place: see `context.py`. `parse_template` reads the files
    that `templatefile` renders.
    """
    legacy = any(file.legacy for file in configuration.syntax)
    directory = configuration.template.directory
    scope = Scope({}, configuration.files, directory, legacy=legacy, parse_template=parse_template)
    names = context.general(directory)
    variables = variable_values(configuration, scope, names, inputs)
    scope = scope.having({**names, "var": in_scope(variables)})
    declared = declared_values(configuration, scope)
    scope = scope.having(declared.roots)
    sources = tuple(_source(source, scope) for source in configuration.sources)
    building = BuildEvaluation(configuration.sources, sources, scope)
    selection = Selection(inputs, legacy)
    builds = (selection.left(building.evaluated(build)) for build in configuration.builds)
    return replace(
        configuration,
        variables=variables,
        locals=declared.locals,
        data_sources=declared.data_sources,
        sources=sources,
        builds=tuple(build for build in builds if build is not None),
        cycles=declared.cycles,
    )


def _source(source: Source, scope: Scope) -> Source:
    """A source with its values; `source.type` and `source.name` are known in its own body."""
    own = scope.having({"source": context.source(source.type, source.name)})
    own = own.within(Component("builder", source.type, source.name))
    return replace(source, arguments=evaluated(source.arguments, own, scope))
