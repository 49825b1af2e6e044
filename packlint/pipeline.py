"""The order of the stages: paths → templates → documents → syntax → configurations → values → diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from packlint.catalog import SHIPPED, Catalog
from packlint.chain.artifacts import links
from packlint.check import RulesOf, check, internal_error, over_projects
from packlint.choice import Choice
from packlint.components import Component
from packlint.diagnostic import Diagnostic, in_order
from packlint.discover import Discovery, discover
from packlint.document import Document, Range
from packlint.errors import CatalogError
from packlint.evaluate import evaluate
from packlint.files import Unsaved
from packlint.foreign import folders_of
from packlint.inputs import NOTHING, Inputs
from packlint.limits import Limits
from packlint.load import load
from packlint.lower import lower
from packlint.model import Configuration, SourceUse, Template
from packlint.outcome import Outcome
from packlint.parse import parse, parse_template
from packlint.plugins import PluginManager, load_plugins, load_rules, load_schemas
from packlint.project import Declared, Project
from packlint.record import replace
from packlint.report.leaks import Leaks
from packlint.rule import Category, Rule
from packlint.sensitive import sensitive
from packlint.settings import UNREAD, Choose, Settings, everywhere
from packlint.suppress import suppress
from packlint.syntax import File
from packlint.unmatched import refuse_unmatched
from packlint.waivers import waivers

Progress = Callable[[str, int, int], None]
"""Is told what is done with each template, of how many it has been done, and how many there are."""

Ran = Callable[[str], frozenset[str]]
"""Tells for each file which rules have looked at all of it."""

Finish = Callable[[Outcome, Ran], Outcome]
"""What becomes of an outcome, as where a baseline accepts a part of it."""


def run(
    paths: Sequence[Path | Unsaved],
    settings: Settings | Choose,
    root: Path | None = None,
    debug: bool = False,
    progress: Progress = lambda doing, done, total: None,
    *,
    inputs: Inputs = NOTHING,
    texts: Sequence[Unsaved] = (),
    plugins: PluginManager | None = None,
    today: date = date.min,
    finish: Finish = lambda outcome, ran: outcome,
) -> Outcome:
    """Check the templates at and below `paths`; raises PacklintError where the invocation is at fault.

    `settings` are the same everywhere, or are asked for by directory. `texts` are read in the place of files
    that are there, as after a change that is only thought of. Waivers end with their days, reckoned from
    `today`; without it none does. `finish` may take diagnostics out of the outcome before it is counted.
    """
    plugins = plugins or load_plugins()
    rules = load_rules(plugins)
    choose = everywhere(settings) if isinstance(settings, Settings) else settings
    discovery = discover(paths, choose, root, texts)
    choice = Choice(rules, choose, discovery.base, discovery.roots)
    reading = _read(discovery, choice, debug, progress, inputs, plugins=plugins)
    choice.refuse_strangers()
    rules = choice.known()
    # A variable file by itself is read as a template is, and is none.
    templates = sum(bool(it.template.documents or it.template.unread) for it in reading.configurations)
    documents = {name for t in discovery.templates for name in (*t.documents, *t.var_files, *t.unread)}
    asked = len(reading.configurations)
    wide = frozenset(rule.name() for rule in rules if over_projects(rule))
    project, found = _checked(choice, reading, partial(progress, "checking"))
    if any(diagnostic.rule in wide for diagnostic in found):
        found = _confirmed(found, choice, reading, _elsewhere(discovery, choose, root, texts))

    whole = not (_searched(discovery) or inputs.only or inputs.exclude)
    found = choice.renamed((*found, *_idle(choice, whole)))

    def shown(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        return (d for d in diagnostics if discovery.shows(d) or d.range.document.path in inputs.paths)

    wanted = shown((*discovery.diagnostics, *reading.diagnostics, *found))
    told = in_order(choice.judged((*inputs.diagnostics, *wanted)))
    sheets = waivers((*reading.files(), *inputs.var_files), _shown(told))
    ran = _ran(reading, choice, found, wide if _searched(discovery) else frozenset())
    stated = choice.stated()
    excused = suppress(
        told,
        sheets,
        rules,
        today,
        ran=ran,
        demands=choice.demands,
        granted=choice.granted,
        stated=stated,
        everywhere=_everywhere(reading.configurations[:asked], ran) if stated else frozenset(),
    )
    told = in_order((*excused.left, *choice.judged(shown(excused.about))))
    reported = (*told, *excused.suppressed)
    # Scripts and settings have been read, too, and something may be found in them.
    documents |= {it.range.document.path for it in told if it.range.document.text}
    secret: tuple[Range, ...] = ()
    if reported or project.links or excused.waivers:
        secret = sensitive(reading.configurations, reading.inputs, _shown(reported))
    outcome = Outcome(
        diagnostics=told,
        rules=rules,
        templates=templates,
        documents=len(documents),
        sensitive=secret,
        configurations=tuple(reading.configurations[:asked]),
        components=tuple(component for of in reading.components[:asked] for component in of),
        links=project.links,
        declared=choice.declared(it.template for it in reading.configurations[:asked]),
        suppressed=excused.suppressed,
        waivers=tuple(it for it in excused.waivers if discovery.has(it.range.document.path)),
        limits=choice.widest().limits,
    )
    outcome = finish(_discreet(outcome), ran)
    return replace(outcome, failing=sum(map(choice.fails, outcome.diagnostics)))


def _confirmed(
    found: tuple[Diagnostic, ...], choice: Choice, reading: _Reading, elsewhere: Sequence[Template]
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


def _idle(choice: Choice, whole: bool) -> Iterator[Diagnostic]:
    if choice.policies:
        from packlint.policy import idle

        yield from idle(choice.ran(), whole)


def _ran(reading: _Reading, choice: Choice, found: Sequence[Diagnostic], partly: AbstractSet[str]) -> Ran:
    """For each file, the rules that have looked at all of it and of every template that has it.

    None of them where builds are left out or something has failed, and never those that have seen templates
    only `partly`.
    """
    nothing: frozenset[str] = frozenset()
    failed = any(d.rule == "internal-error" for d in (*found, *reading.diagnostics))
    if failed or reading.inputs.only or reading.inputs.exclude:
        return lambda path: nothing
    having: dict[str, list[Configuration]] = {}
    for configuration in reading.configurations:
        for file in configuration.syntax:
            having.setdefault(file.document.path, []).append(configuration)

    def ran(path: str) -> frozenset[str]:
        templates = having.get(path, [])
        if not templates or not all(it.complete for it in templates):
            return nothing
        looked = (frozenset(rule.name() for rule in choice.rules(it)) for it in templates)
        return frozenset.intersection(*looked, choice.wanted(path)) - partly

    return ran


def _discreet(outcome: Outcome) -> Outcome:
    """The outcome without secrets in the words of others: in reasons of waivers and messages of policies."""
    policies = {rule.name() for rule in outcome.rules if rule.category is Category.POLICY}
    if any(it.rule in policies for it in (*outcome.diagnostics, *outcome.suppressed)):
        from packlint.policy import untold

        outcome = untold(outcome)
    if not (outcome.suppressed or outcome.waivers):
        return outcome
    leaks = Leaks(outcome.sensitive)

    def said(reason: str) -> str:
        return "(it has a secret in it)" if leaks.tells(reason) else reason

    return replace(
        outcome,
        suppressed=tuple(
            replace(it, suppression=replace(it.suppression, reason=said(it.suppression.reason)))
            for it in outcome.suppressed
            if it.suppression is not None
        ),
        waivers=tuple(replace(it, reason=said(it.reason)) for it in outcome.waivers),
    )


def _everywhere(configurations: Iterable[Configuration], ran: Ran) -> frozenset[str]:
    """The rules that have looked at all files of these templates; none where there is no file."""
    paths = {file.document.path for configuration in configurations for file in configuration.syntax}
    return frozenset.intersection(*map(ran, paths)) if paths else frozenset()


def _shown(diagnostics: Sequence[Diagnostic]) -> list[Document]:
    """The documents that a report may show something of: code, or what a fix would write."""
    places = [place for it in diagnostics for place in (it.range, *(also.range for also in it.related))]
    places += (edit.range for it in diagnostics if it.fix for edit in it.fix.edits)
    return list({place.document.path: place.document for place in places}.values())


class Understood(NamedTuple):
    """Templates with their values, and what kept some of them from being read.

    `declared` is what their settings say of chains, and `limits` what they say of the machine.
    """

    configurations: tuple[Configuration, ...]
    diagnostics: tuple[Diagnostic, ...]
    declared: tuple[Declared, ...]
    limits: Limits


def understand(
    paths: Sequence[Path | Unsaved],
    settings: Settings | Choose,
    root: Path | None = None,
    debug: bool = False,
    progress: Progress = lambda doing, done, total: None,
    *,
    inputs: Inputs = NOTHING,
    texts: Sequence[Unsaved] = (),
) -> Understood:
    """The templates at and below `paths` with their values, and what kept them from being read; no rule runs.

    `texts` are read in the place of files that are there. Raises PacklintError where the invocation is at
    fault.
    """
    choose = everywhere(settings) if isinstance(settings, Settings) else settings
    discovery = discover(paths, choose, root, texts)
    choice = Choice((), choose, discovery.base, discovery.roots)
    reading = _read(discovery, choice, debug, progress, inputs)
    found = (*inputs.diagnostics, *discovery.diagnostics, *reading.diagnostics)
    configurations = tuple(it for it in reading.configurations if it.template.documents or it.template.unread)
    return Understood(
        configurations,
        in_order(d for d in found if d.rule in (*UNREAD, "internal-error")),
        choice.declared(it.template for it in configurations),
        choice.widest().limits,
    )


def _read(
    discovery: Discovery,
    choice: Choice,
    debug: bool,
    progress: Progress,
    inputs: Inputs,
    *,
    plugins: PluginManager | None = None,
) -> _Reading:
    checked = {name for template in discovery.templates for name in template.var_files}
    settings = [choice.of(template) for template in discovery.templates]
    folders = dict.fromkeys(folder for it in (choice.widest(), *settings) for folder in it.schemas)
    catalog = Catalog((*load_schemas(plugins), *folders_of(folders))) if plugins else SHIPPED
    reading = _Reading(debug, inputs, checked, choice, catalog)
    for done, template in enumerate(discovery.templates):
        progress("reading", done, len(discovery.templates))
        reading.read(template)
    refuse_unmatched(inputs, reading.configurations)
    return reading


def _checked(
    choice: Choice, reading: _Reading, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[Project, tuple[Diagnostic, ...]]:
    configurations = tuple(reading.configurations)
    declared = _declared(configurations, choice)
    project = Project(configurations, links(configurations), reading.inputs.var_files, declared)
    reading.conform()
    return project, check(_rules(choice), project, reading.components, reading.debug, progress)


def _declared(configurations: Sequence[Configuration], choice: Choice) -> frozenset[SourceUse]:
    """From what others start by word of the settings; raises SettingsError for an image that is not there."""
    said = choice.declared(it.template for it in configurations)
    if not said:
        return frozenset()
    from packlint.chain.images import artifact_graph

    return frozenset(it.producer.use for it in artifact_graph(configurations, (), said).derivations)


def _elsewhere(
    discovery: Discovery, choose: Choose, root: Path | None, texts: Sequence[Unsaved]
) -> list[Template]:
    """The templates of the checked roots that were not asked for."""
    searched = _searched(discovery)
    known = {template.path for template in discovery.templates}
    found = discover(sorted(searched), choose, root, texts).templates
    return [template for template in found if template.path not in known]


def _searched(discovery: Discovery) -> set[Path]:
    """The checked roots that were not asked for as a whole."""
    return {
        template.files.root
        for template in discovery.templates
        if template.files.name(template.files.root) not in discovery.folders
    }


class _Reading:
    """Templates read so far; a file that several of them share is parsed once."""

    def __init__(
        self, debug: bool, inputs: Inputs, checked: AbstractSet[str], choice: Choice, catalog: Catalog
    ) -> None:
        self.debug = debug
        self.inputs = replace(inputs, unchecked=inputs.paths - checked)
        self.checked = checked
        self.choice = choice
        self.catalog = catalog
        self.parsed: dict[str, tuple[File, tuple[Diagnostic, ...]]] = {}
        self.configurations: list[Configuration] = []
        self.components: list[tuple[Component, ...]] = []
        self.diagnostics: list[Diagnostic] = []

    def read(self, template: Template) -> None:
        """Load, parse, lower and evaluate a template; a stage that crashes costs no other."""
        try:
            self.configurations += self._understood(_placed(template, self.choice.of(template)))
        except Exception as error:
            self._failed("reading this template", template, error)

    def conform(self) -> None:
        """Find the components of the templates read since the last time, and what does not fit of them."""
        from packlint.conform import conform

        for configuration in self.configurations[len(self.components) :]:
            try:
                self.components.append(conform(configuration, self.catalog))
            except CatalogError:
                raise
            except Exception as error:
                self.components.append(())
                self._failed("looking at the components of this template", configuration.template, error)

    def _failed(self, what: str, template: Template, error: Exception) -> None:
        first = next(iter((*template.documents, *template.var_files)), template.path)
        self.diagnostics.append(internal_error(what, Range(Document(first, ""), 0, 0), error, self.debug))

    def files(self) -> Iterator[File]:
        """The syntax of all that was read."""
        return (file for file, _ in self.parsed.values())

    def _understood(self, template: Template) -> list[Configuration]:
        documents, told = load(template)
        self.diagnostics += told
        files = [self._parsed(document) for document in documents]
        lowered, told = lower(template, files)
        self.diagnostics += told
        inputs = self._inputs(template)
        return [evaluate(configuration, inputs, parse_template) for configuration in lowered]

    def _inputs(self, template: Template) -> Inputs:
        """What a template is given: by its settings, and then by the invocation, which counts more."""
        settings = self.choice.of(template)
        if not (settings.variables or settings.var_files):
            return self.inputs
        # Of a file that is named over and over the last time counts.
        paths = [*dict.fromkeys(reversed(settings.var_files))][::-1]
        files = [file for path in paths for file in self._given(path, template)]
        inputs = replace(
            self.inputs,
            var_files=(*files, *self.inputs.var_files),
            variables=(*settings.variables.values(), *self.inputs.variables),
        )
        return replace(inputs, unchecked=inputs.paths - self.checked)

    def _given(self, path: Path, template: Template) -> Iterator[File]:
        """A variable file that the settings name."""
        name = template.files.name(path)
        documents, told = load(Template(name, (), template.files, var_files=(name,)))
        self.diagnostics += told
        yield from map(self._parsed, documents)

    def _parsed(self, document: Document) -> File:
        if document.path not in self.parsed:
            self.parsed[document.path] = parse(document)
            self.diagnostics += self.parsed[document.path][1]
        return self.parsed[document.path][0]


def _placed(template: Template, settings: Settings) -> Template:
    """A template with the directory that Packer is run in, where the settings say it."""
    if settings.working_directory is None:
        return template
    return replace(template, working_directory=template.files.name(settings.working_directory))
