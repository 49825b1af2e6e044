"""Rules and configurations → diagnostics; a rule that crashes becomes one itself, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from packlint.components import Component
from packlint.diagnostic import Diagnostic, Finding, Severity, in_order
from packlint.document import Document, Range
from packlint.errors import PolicyError
from packlint.glance import Glance, glance, of_all
from packlint.model import Configuration
from packlint.project import Project
from packlint.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Subject: TypeAlias = "tuple[Range, tuple[Any, ...]]"
"""Where a thing stands, and the arguments of the check method that it is for."""

RulesOf = Callable[[Configuration | None], Sequence[Rule]]
"""The rules that look at a template, or, for None, at all templates together."""

_ORDER = (
    *("check_configuration", "check_components", "check_component", "check_file", "check_required_plugin"),
    *("check_variable", "check_local", "check_data_source", "check_source", "check_build"),
    *("check_provisioner", "check_post_processor", "check_project"),
)
"""The check methods in the order in which a rule that has several is asked."""

Look = Callable[[Rule, str, Sequence[Subject]], Iterable[Diagnostic]]
"""Calls a check method of a rule for some subjects."""

Plan = tuple[tuple[Rule, list[str], tuple[str, ...]], ...]
"""Rules, each with its check methods and what it looks for."""


def check(
    rules_of: RulesOf,
    project: Project,
    conformed: Sequence[tuple[Component, ...]],
    debug: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    times: dict[str, float] | None = None,
    clock: Callable[[], float] = lambda: 0.0,
) -> tuple[Diagnostic, ...]:
    """What the rules find in the templates of a run, of each of which `conformed` has the components.

    `debug` puts tracebacks into the hints of crashes. `progress` is told before each template how many have
    been looked at, and of how many. What each rule takes by the `clock` is added to `times`, by its name.
    """
    plans = _Plans(rules_of)
    look: Look = partial(_findings, debug=debug)
    if times is not None:
        look = _timed(look, times, clock)
    found: list[Diagnostic] = []
    seen: list[Glance] = []
    total = len(project.configurations) + 1
    # One template after the other: what several rules ask of one is worked out once.
    for done, (configuration, components) in enumerate(zip(project.configurations, conformed, strict=True)):
        progress(done, total)
        seen.append(glance(configuration, components))
        subjects = _subjects(configuration, components)
        found += _looked(plans.of(configuration), subjects, seen[-1], look)
    if project.configurations:
        progress(total - 1, total)
        whole = {"check_project": [(_beginning(project.configurations[0]), (project,))]}
        found += _looked(plans.of(None), whole, of_all(seen, project), look)
    return in_order(found)


class _Plans:
    """What depends on the rules of a template alone, worked out once for those that have the same rules."""

    def __init__(self, rules_of: RulesOf) -> None:
        self._rules_of = rules_of
        self._known: dict[int, tuple[Sequence[Rule], Plan]] = {}

    def of(self, configuration: Configuration | None) -> Plan:
        """How the rules of a template are to be called."""
        rules = self._rules_of(configuration)
        known = self._known.get(id(rules))
        if known is None or known[0] is not rules:
            known = rules, tuple((it, _in_order_of_calls(it.methods()), it.looks_for) for it in rules)
            self._known[id(rules)] = known
        return known[1]


@lru_cache(maxsize=1024)
def _in_order_of_calls(methods: tuple[str, ...]) -> list[str]:
    return sorted(methods, key=_ORDER.index)


def _looked(
    plan: Plan, subjects: Mapping[str, Sequence[Subject]], at: Glance, look: Look
) -> Iterator[Diagnostic]:
    """What rules find in some subjects, those rules that may find anything there."""
    for rule, methods, looks_for in plan:
        mine = [method for method in methods if method in subjects]
        if mine and (not looks_for or at.shows(looks_for)):
            for method in mine:
                yield from look(rule, method, subjects[method])


def _timed(look: Look, times: dict[str, float], clock: Callable[[], float]) -> Look:
    """The same, which adds what it takes to the times."""

    def timed(rule: Rule, method: str, subjects: Sequence[Subject]) -> Iterable[Diagnostic]:
        began = clock()
        found = [*look(rule, method, subjects)]
        name = rule.name()
        times[name] = times.get(name, 0.0) + clock() - began
        return found

    return timed


def over_projects(rule: type[Rule]) -> bool:
    """Whether a rule looks at all templates of a run together."""
    return "check_project" in rule.methods()


def _findings(rule: Rule, method: str, subjects: Sequence[Subject], debug: bool) -> Iterator[Diagnostic]:
    name, severity = rule.name(), rule.severity
    try:
        check: Callable[..., Iterable[Finding]] = getattr(rule.awake(), method)
    except Exception as error:
        yield internal_error(f"rule `{name}`", subjects[0][0], error, debug)
        return
    for place, arguments in subjects:
        try:
            for finding in check(*arguments):
                yield Diagnostic.of(name, severity, finding)
        except PolicyError:
            raise  # the user's policy is at fault, not packlint
        except Exception as error:
            yield internal_error(f"rule `{name}`", place, error, debug)


def internal_error(who: str, place: Range, error: Exception, debug: bool) -> Diagnostic:
    """Our own failure, at the place that was being looked at."""
    import traceback

    hint = "this is a bug in packlint or in a plugin; please report it, and `--debug` shows where it arose"
    return Diagnostic(
        rule="internal-error",
        severity=Severity.ERROR,
        message=f"{who} failed here: {type(error).__name__}: {error}",
        range=Range(place.document, place.start, place.start),
        hint="".join(traceback.format_exception(error)) if debug else hint,
    )


def _subjects(configuration: Configuration, components: tuple[Component, ...]) -> dict[str, list[Subject]]:
    """What there is in a template for each check method, those left out for which there is nothing."""
    it, whole = configuration, _beginning(configuration)
    steps = [(step, build) for build in it.builds for step in (*build.provisioners, *build.error_cleanup)]
    made = [(step, build) for build in it.builds for step in build.post_processors]
    found: dict[str, list[Subject]] = {
        "check_configuration": [(whole, (it,))],
        "check_components": [(whole, (components, it))],
        "check_component": [(component.range, (component, it)) for component in components],
        "check_file": [(Range(file.document, 0, 0), (file, it)) for file in it.syntax],
        "check_required_plugin": [(plugin.argument.range, (plugin, it)) for plugin in it.required_plugins],
        "check_variable": [(variable.range, (variable, it)) for variable in it.variables],
        "check_local": [(local.range, (local, it)) for local in it.locals],
        "check_data_source": [(data.range, (data, it)) for data in it.data_sources],
        "check_source": [(source.range, (source, it)) for source in it.sources],
        "check_build": [(build.range, (build, it)) for build in it.builds],
        "check_provisioner": [(step.range, (step, build, it)) for step, build in steps],
        "check_post_processor": [(step.range, (step, build, it)) for step, build in made],
    }
    return {method: subjects for method, subjects in found.items() if subjects}


def _beginning(configuration: Configuration) -> Range:
    syntax = configuration.syntax
    document = syntax[0].document if syntax else Document(configuration.template.path, "")
    return Range(document, 0, 0)
