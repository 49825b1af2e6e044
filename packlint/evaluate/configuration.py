"""A lowered configuration → its values, by Packer's order: variables, locals and data, sources, builds."""

from __future__ import annotations

from collections.abc import Callable

from packlint.document import Document
from packlint.evaluate import context
from packlint.evaluate.build import BuildEvaluation, renamed
from packlint.evaluate.component import evaluated
from packlint.evaluate.scope import Component, Scope
from packlint.evaluate.variables import in_scope, variable_values
from packlint.inputs import NOTHING, Inputs
from packlint.model import Configuration, Source
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import STRING, Known


def evaluate(
    configuration: Configuration,
    inputs: Inputs = NOTHING,
    parse_template: Callable[[Document], Expression | None] | None = None,
) -> Configuration:
    """Every argument with its value, every source that a build uses resolved, and only the chosen builds.

    What an expression may refer to is that of its place: see `context.py`. `parse_template` reads the files
    that `templatefile` renders.
    """
    legacy = configuration.legacy
    directory = configuration.template.directory
    scope = Scope({}, configuration.files, directory, legacy=legacy, parse_template=parse_template)
    names = context.general(directory)
    variables = variable_values(configuration, scope, names, inputs)
    scope = scope.having({**names, "var": in_scope(variables)})
    if configuration.locals or configuration.data_sources:
        from packlint.evaluate.locals import declared_values

        declared = declared_values(configuration, scope)
        scope = scope.having(declared.roots)
    else:
        declared = None
        scope = scope.having({"local": Known({}), "data": Known({})})
    again = renamed(configuration.builds, configuration.sources)
    sources = tuple(_source(source, scope, source in again) for source in configuration.sources)
    building = BuildEvaluation(again, sources, scope)
    builds = [building.evaluated(build) for build in configuration.builds]
    if inputs.only or inputs.exclude:
        from packlint.evaluate.selection import Selection

        selection = Selection(inputs, legacy)
        builds = [left for build in builds if (left := selection.left(build)) is not None]
    return replace(
        configuration,
        variables=variables,
        locals=declared.locals if declared else (),
        data_sources=declared.data_sources if declared else (),
        sources=sources,
        builds=tuple(builds),
        cycles=declared.cycles if declared else (),
    )


def _source(source: Source, scope: Scope, renamed: bool) -> Source:
    """A source with its values; `source.name` is known in its own body unless builds give it other names."""
    name = context.NO_ONE_NAME if renamed else Known(source.name, STRING)
    roots = {"source": context.source(source.type, name)}
    own = scope.within(Component("builder", source.type, source.name), roots)
    return replace(source, arguments=evaluated(source.arguments, own, scope))
