"""Rules and configurations → diagnostics; a rule that crashes becomes one itself, and the run goes on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from packlint.components import Component
from packlint.diagnostic import Diagnostic, Finding, Severity, in_order
from packlint.document import Document, Range
from packlint.model import Configuration
from packlint.project import Project
from packlint.rule import Rule

Subject = tuple[str, Range, tuple[Any, ...]]
"""The check method that a thing is for, where the thing stands, and the arguments of the method."""


def check(
    rules: Sequence[Rule],
    project: Project,
    conformed: Sequence[tuple[Component, ...]],
    debug: bool = False,
) -> tuple[Diagnostic, ...]:
    """What the rules find in the templates of a run, of each of which `conformed` has the components.

    `debug` puts tracebacks into the hints of crashes.
    """
    subjects = [
        subject
        for configuration, components in zip(project.configurations, conformed, strict=True)
        for subject in _subjects(configuration, components)
    ]
    if subjects:
        subjects.append(("check_project", subjects[0][1], (project,)))
    return in_order(diagnostic for rule in rules for diagnostic in _findings(rule, subjects, debug))


def over_projects(rule: Rule) -> bool:
    """Whether a rule looks at all templates of a run together."""
    return _overrides(rule, "check_project")


def _overrides(rule: Rule, method: str) -> bool:
    return getattr(type(rule), method) is not getattr(Rule, method)


def _findings(rule: Rule, subjects: list[Subject], debug: bool) -> Iterator[Diagnostic]:
    methods: dict[str, Callable[..., Iterator[Finding]]] = {
        name: getattr(rule, name)
        for name in vars(Rule)
        if name.startswith("check_") and _overrides(rule, name)
    }
    for method, place, arguments in subjects:
        if method not in methods:
            continue
        try:
            for finding in methods[method](*arguments):
                yield Diagnostic.of(rule.name(), rule.severity, finding)
        except Exception as error:
            yield internal_error(f"rule `{rule.name()}`", place, error, debug)


def internal_error(who: str, place: Range, error: Exception, debug: bool) -> Diagnostic:
    """Our own failure, at the place that was being looked at."""
    hint = "this is a bug in packlint or in a plugin; please report it, and `--debug` shows where it arose"
    return Diagnostic(
        rule="internal-error",
        severity=Severity.ERROR,
        message=f"{who} failed here: {type(error).__name__}: {error}",
        range=Range(place.document, place.start, place.start),
        hint="".join(traceback.format_exception(error)) if debug else hint,
    )


def _subjects(configuration: Configuration, components: tuple[Component, ...]) -> Iterator[Subject]:
    whole = _beginning(configuration)
    yield "check_configuration", whole, (configuration,)
    yield "check_components", whole, (components, configuration)
    for component in components:
        yield "check_component", component.range, (component, configuration)
    for file in configuration.syntax:
        yield "check_file", Range(file.document, 0, 0), (file, configuration)
    for plugin in configuration.required_plugins:
        yield "check_required_plugin", plugin.argument.range, (plugin, configuration)
    for variable in configuration.variables:
        yield "check_variable", variable.range, (variable, configuration)
    for local in configuration.locals:
        yield "check_local", local.range, (local, configuration)
    for data in configuration.data_sources:
        yield "check_data_source", data.range, (data, configuration)
    for source in configuration.sources:
        yield "check_source", source.range, (source, configuration)
    for build in configuration.builds:
        yield "check_build", build.range, (build, configuration)
        for provisioner in (*build.provisioners, *build.error_cleanup):
            yield "check_provisioner", provisioner.range, (provisioner, build, configuration)
        for step in build.post_processors:
            yield "check_post_processor", step.range, (step, build, configuration)


def _beginning(configuration: Configuration) -> Range:
    syntax = configuration.syntax
    document = syntax[0].document if syntax else Document(configuration.template.path, "")
    return Range(document, 0, 0)
