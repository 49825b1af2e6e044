"""Templates that are all at hand → what every rule finds in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from packlint.check import RulesOf, check
from packlint.choice import Choice
from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.inputs import Inputs
from packlint.model import Configuration, SourceUse, Template
from packlint.project import Link, Project
from packlint.reading import Reading
from packlint.rule import Rule
from packlint.seen import Seen
from packlint.waivers import waivers


def together(
    choice: Choice,
    reading: Reading,
    wide: AbstractSet[str],
    progress: Callable[[int, int], None],
    elsewhere: Callable[[], Sequence[Template]],
) -> Seen:
    """What is found; `wide` names the rules over all templates, for which it counts what lies elsewhere."""
    asked = len(reading.configurations)
    project, found = _checked(choice, reading, progress)
    if any(diagnostic.rule in wide for diagnostic in found):
        found = _confirmed(found, choice, reading, elsewhere())
    configurations = tuple(reading.configurations[:asked])
    files = {file.document.path: file for it in configurations for file in it.syntax}
    return Seen(
        told=tuple(reading.diagnostics),
        found=found,
        sheets=waivers((*reading.files(), *reading.inputs.var_files)),
        readers=reading.readers(),
        asked=frozenset(files),
        templates=sum(it.template.counts for it in configurations),
        secrets=partial(_sensitive, reading.configurations, reading.inputs),
        syntax=lambda document: files.get(document.path),
        configurations=configurations,
        components=tuple(component for of in reading.components[:asked] for component in of),
        links=project.links,
    )


def _confirmed(
    found: tuple[Diagnostic, ...], choice: Choice, reading: Reading, elsewhere: Sequence[Template]
) -> tuple[Diagnostic, ...]:
    """What is found still with the templates that were not asked for.

    What a rule misses may stand there: look before saying so. What is found only there was not asked for.
    """
    for template in elsewhere:
        reading.read(template)
    if not elsewhere:
        return found
    first = {(d.rule, d.range.order) for d in found}
    _, wider = _checked(choice, reading)
    return tuple(d for d in wider if (d.rule, d.range.order) in first)


def _checked(
    choice: Choice, reading: Reading, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[Project, tuple[Diagnostic, ...]]:
    configurations = tuple(reading.configurations)
    declared = _declared(configurations, choice)
    project = Project(configurations, _links(configurations), reading.inputs.var_files, declared)
    reading.conform()
    watch = reading.watch
    times = watch.rules if watch.clock is not None else None

    def found() -> tuple[Diagnostic, ...]:
        rules, clock = _rules(choice), watch.clock or (lambda: 0.0)
        return check(rules, project, reading.components, reading.debug, progress, times=times, clock=clock)

    return project, watch.time("check", found)


def _links(configurations: Sequence[Configuration]) -> tuple[Link, ...]:
    """The links between sources; of one alone there are none."""
    sources = [source for it in configurations for source in it.sources]
    uses = (use for it in configurations for build in it.builds for use in build.uses)
    if not sources or (len(sources) == 1 and all(use.source is sources[0] for use in uses)):
        return ()
    from packlint.chain.artifacts import links

    return links(configurations)


def _sensitive(
    configurations: Sequence[Configuration], inputs: Inputs, shown: Iterable[Document]
) -> tuple[Range, ...]:
    from packlint.sensitive import sensitive

    return sensitive(configurations, inputs, shown)


def _declared(configurations: Sequence[Configuration], choice: Choice) -> frozenset[SourceUse]:
    """From what others start by word of the settings; raises SettingsError for an image that is not there."""
    said = choice.declared(it.template for it in configurations)
    if not said:
        return frozenset()
    from packlint.chain.images import artifact_graph

    return frozenset(it.producer.use for it in artifact_graph(configurations, (), said).derivations)


def _rules(choice: Choice) -> RulesOf:
    """The rules that look at each template; the policies among them share what they may compute."""
    if not choice.policies:
        return choice.rules
    from packlint.policy import PolicyRule, Pool

    pool = Pool()

    def rules(configuration: Configuration | None) -> tuple[Rule, ...]:
        found = choice.rules(configuration)
        for rule in found:
            if isinstance(rule, PolicyRule):
                rule.pool = pool
        return found

    return rules
