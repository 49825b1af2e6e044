"""The order of the stages: paths → templates → documents → syntax → configurations → values → diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from packlint.catalog import SHIPPED, Catalog
from packlint.chain.artifacts import links
from packlint.check import check, internal_error, over_projects
from packlint.components import Component
from packlint.diagnostic import Diagnostic, in_order
from packlint.discover import Discovery, discover
from packlint.document import Document, Range
from packlint.errors import CatalogError
from packlint.evaluate import evaluate
from packlint.files import Unsaved
from packlint.foreign import folders_of
from packlint.inputs import NOTHING, Inputs
from packlint.load import load
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.outcome import Outcome
from packlint.parse import parse, parse_template
from packlint.plugins import load_plugins, load_rules, load_schemas
from packlint.project import Project
from packlint.rule import Rule
from packlint.sensitive import sensitive
from packlint.settings import UNREAD, Settings
from packlint.syntax import File
from packlint.unmatched import refuse_unmatched

Progress = Callable[[int, int], None]
"""Is told how many templates have been read, and of how many."""


def run(
    paths: Sequence[Path | Unsaved],
    settings: Settings,
    root: Path | None = None,
    debug: bool = False,
    progress: Progress = lambda done, total: None,
    *,
    inputs: Inputs = NOTHING,
    texts: Sequence[Unsaved] = (),
) -> Outcome:
    """Check the templates at and below `paths`; raises PacklintError where the invocation is at fault.

    `texts` are read in the place of files that are there, as after a change that is only thought of.
    """
    plugins = load_plugins()
    rules = load_rules(plugins)
    chosen = [rule() for rule in rules if settings.selects(rule)]
    catalog = Catalog((*load_schemas(plugins), *folders_of(settings.schemas)))
    discovery = discover(paths, settings, root, texts)
    reading = _read(discovery, debug, progress, inputs, catalog)
    # A variable file by itself is read as a template is, and is none.
    templates = sum(bool(it.template.documents or it.template.unread) for it in reading.configurations)
    documents = len({name for t in discovery.templates for name in (*t.documents, *t.var_files, *t.unread)})
    project, found = _checked(chosen, reading)
    asked = len(reading.configurations)
    wide = {rule.name() for rule in chosen if over_projects(rule)}
    if any(diagnostic.rule in wide for diagnostic in found):
        # What a rule misses may stand in a template that was not asked for: look before saying so. What
        # is found only there was not asked for either.
        elsewhere = _elsewhere(discovery, settings, root, texts)
        for template in elsewhere:
            reading.read(template)
        if elsewhere:
            first = {(d.rule, d.range.order) for d in found}
            wider = _checked(chosen, reading)[1]
            found = tuple(d for d in wider if (d.rule, d.range.order) in first)
    diagnostics = [
        *inputs.diagnostics,
        *(
            d
            for d in (*discovery.diagnostics, *reading.diagnostics, *found)
            if discovery.shows(d) or d.range.document.path in inputs.paths
        ),
    ]
    wanted = {rule.name() for rule in chosen}
    told = in_order(d for d in diagnostics if d.rule in wanted)
    return Outcome(
        diagnostics=told,
        rules=rules,
        templates=templates,
        documents=documents,
        sensitive=sensitive(reading.configurations, reading.inputs, _shown(told)) if told else (),
        configurations=tuple(reading.configurations[:asked]),
        components=tuple(component for of in reading.components[:asked] for component in of),
        links=project.links,
    )


def _shown(diagnostics: Sequence[Diagnostic]) -> list[Document]:
    """The documents that a report may show lines of."""
    places = (place for it in diagnostics for place in (it.range, *(also.range for also in it.related)))
    return list({place.document.path: place.document for place in places}.values())


def understand(
    paths: Sequence[Path | Unsaved],
    settings: Settings,
    root: Path | None = None,
    debug: bool = False,
    progress: Progress = lambda done, total: None,
    *,
    inputs: Inputs = NOTHING,
) -> tuple[tuple[Configuration, ...], tuple[Diagnostic, ...]]:
    """The templates at and below `paths` with their values, and what kept them from being read; no rule runs.

    Raises PacklintError where the invocation is at fault.
    """
    discovery = discover(paths, settings, root)
    reading = _read(discovery, debug, progress, inputs)
    found = (*inputs.diagnostics, *discovery.diagnostics, *reading.diagnostics)
    configurations = (it for it in reading.configurations if it.template.documents or it.template.unread)
    return tuple(configurations), in_order(d for d in found if d.rule in (*UNREAD, "internal-error"))


def _read(
    discovery: Discovery, debug: bool, progress: Progress, inputs: Inputs, catalog: Catalog = SHIPPED
) -> _Reading:
    checked = {name for template in discovery.templates for name in template.var_files}
    reading = _Reading(debug, replace(inputs, unchecked=inputs.paths - checked), catalog)
    for done, template in enumerate(discovery.templates):
        progress(done, len(discovery.templates))
        reading.read(template)
    refuse_unmatched(inputs, reading.configurations)
    return reading


def _checked(rules: Sequence[Rule], reading: _Reading) -> tuple[Project, tuple[Diagnostic, ...]]:
    configurations = tuple(reading.configurations)
    project = Project(configurations, links(configurations), reading.inputs.var_files)
    reading.conform()
    return project, check(rules, project, reading.components, reading.debug)


def _elsewhere(
    discovery: Discovery, settings: Settings, root: Path | None, texts: Sequence[Unsaved]
) -> list[Template]:
    """The templates of the checked roots that were not asked for."""
    searched = {
        template.files.root
        for template in discovery.templates
        if template.files.name(template.files.root) not in discovery.folders
    }
    known = {template.path for template in discovery.templates}
    found = discover(sorted(searched), settings, root, texts).templates
    return [template for template in found if template.path not in known]


class _Reading:
    """Templates read so far; a file that several of them share is parsed once."""

    def __init__(self, debug: bool, inputs: Inputs, catalog: Catalog = SHIPPED) -> None:
        self.debug = debug
        self.inputs = inputs
        self.catalog = catalog
        self.parsed: dict[str, tuple[File, tuple[Diagnostic, ...]]] = {}
        self.configurations: list[Configuration] = []
        self.components: list[tuple[Component, ...]] = []
        self.diagnostics: list[Diagnostic] = []

    def read(self, template: Template) -> None:
        """Load, parse, lower and evaluate a template; a stage that crashes costs no other."""
        try:
            self.configurations += self._understood(template)
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

    def _understood(self, template: Template) -> list[Configuration]:
        documents, told = load(template)
        self.diagnostics += told
        files = [self._parsed(document) for document in documents]
        lowered, told = lower(template, files)
        self.diagnostics += told
        return [evaluate(configuration, self.inputs, parse_template) for configuration in lowered]

    def _parsed(self, document: Document) -> File:
        if document.path not in self.parsed:
            self.parsed[document.path] = parse(document)
            self.diagnostics += self.parsed[document.path][1]
        return self.parsed[document.path][0]
