"""A lowered configuration → its values, by Packer's order: variables, locals, sources, builds."""

from __future__ import annotations

from dataclasses import replace

from packlint.evaluate.build import BuildEvaluation
from packlint.evaluate.component import evaluated
from packlint.evaluate.locals import local_values
from packlint.evaluate.scope import Scope
from packlint.evaluate.variables import variable_values
from packlint.inputs import NOTHING, Inputs
from packlint.model import Configuration, Source
from packlint.value import STRING, Known, Unknown, Value


def evaluate(configuration: Configuration, inputs: Inputs = NOTHING) -> Configuration:
    """Every argument with its value, every source that a build uses resolved.

    The names in scope are those of hcl2template/types.packer_config.go (`EvalContext`): `data`, `build` and
    what only a run knows are unknown.
    """
    scope = Scope({}, configuration.files, configuration.template.directory)
    names: dict[str, Value] = {
        "path": Known({"root": Known(configuration.template.directory, STRING), "cwd": _at_run("path.cwd")}),
        "packer": _at_run("packer"),
        "data": _at_run("data"),
        "source": _at_run("source"),
        "build": _at_run("build"),
    }
    variables = variable_values(configuration, scope, names, inputs)
    scope = scope.having({**names, "var": Known({v.name: v.value for v in reversed(variables)})})
    locals_ = local_values(configuration, scope)
    scope = scope.having({"local": Known({local.name: local.value for local in reversed(locals_)})})
    sources = tuple(_source(source, scope) for source in configuration.sources)
    with_sources = replace(configuration, variables=variables, locals=locals_, sources=sources)
    building = BuildEvaluation(with_sources, scope)
    return replace(
        with_sources,
        data_sources=tuple(
            replace(data, arguments=evaluated(data.arguments, scope)) for data in configuration.data_sources
        ),
        builds=tuple(building.evaluated(build) for build in configuration.builds),
    )


def _source(source: Source, scope: Scope) -> Source:
    """A source with its values; `source.type` and `source.name` are known in its own body."""
    own = Known({"type": Known(source.type, STRING), "name": Known(source.name, STRING)})
    return replace(source, arguments=evaluated(source.arguments, scope.having({"source": own})))


def _at_run(name: str) -> Unknown:
    return Unknown(f"`{name}` is known only when the build runs")
