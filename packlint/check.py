"""Rules and configurations → diagnostics; a rule that crashes becomes one itself, and the run goes on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from packlint.components import Component
from packlint.diagnostic import Diagnostic, Finding, Severity, in_order
from packlint.document import Document, Range
from packlint.errors import PolicyError
from packlint.model import Configuration
from packlint.project import Project
from packlint.rule import Rule

Subject = tuple[str, Range, tuple[Any, ...]]
"""The check method that a thing is for, where the thing stands, and the arguments of the method."""

RulesOf = Callable[[Configuration | None], Sequence[Rule]]
"""The rules that look at a template, or, for None, at all templates together."""


def check(
    rules_of: RulesOf,
    project: Project,
    conformed: Sequence[tuple[Component, ...]],
    debug: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Diagnostic, ...]:
    """What the rules find in the templates of a run, of each of which `conformed` has the components.

    `debug` puts tracebacks into the hints of crashes. `progress` is told before each template how many have
    been looked at, and of how many.
    """
    lots = [
        (rules_of(configuration), _by_method(_subjects(configuration, components)))
        for configuration, components in zip(project.configurations, conformed, strict=True)
    ]
    if project.configurations:
        whole = ("check_project", _beginning(project.configurations[0]), (project,))
        lots.append((rules_of(None), _by_method([whole])))
    methods_of = {rule: _methods(rule) for rule in {rule for rules, _ in lots for rule in rules}}
    found: list[Diagnostic] = []
    # One template after the other: what several rules ask of one is worked out once.
    for done, (rules, lot) in enumerate(lots):
        progress(done, len(lots))
        found += (
            diagnostic
            for rule in rules
            for method in lot
            if method in methods_of[rule]
            for diagnostic in _findings(rule, lot[method], debug)
        )
    return in_order(found)


def over_projects(rule: type[Rule]) -> bool:
    """Whether a rule looks at all templates of a run together."""
    return _overrides(rule, "check_project")


def _overrides(rule: type[Rule], method: str) -> bool:
    return getattr(rule, method) is not getattr(Rule, method)


def _methods(rule: Rule) -> frozenset[str]:
    """The check methods that a rule has of its own."""
    checks = (name for name in vars(Rule) if name.startswith("check_"))
    return frozenset(name for name in checks if _overrides(type(rule), name))


def _by_method(subjects: Iterable[Subject]) -> dict[str, list[Subject]]:
    found: dict[str, list[Subject]] = {}
    for subject in subjects:
        found.setdefault(subject[0], []).append(subject)
    return found


def _findings(rule: Rule, subjects: Sequence[Subject], debug: bool) -> Iterator[Diagnostic]:
    for method, place, arguments in subjects:
        check: Callable[..., Iterator[Finding]] = getattr(rule, method)
        try:
            for finding in check(*arguments):
                yield Diagnostic.of(rule.name(), rule.severity, finding)
        except PolicyError:
            raise  # the user's policy is at fault, not packlint
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
