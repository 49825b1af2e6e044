"""Templates → their configurations with values, and the components that they use."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from packlint.catalog import Catalog
from packlint.check import internal_error
from packlint.choice import Choice
from packlint.components import Component
from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.errors import CatalogError
from packlint.evaluate import evaluate
from packlint.inputs import Inputs
from packlint.load import load
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse, parse_template
from packlint.record import replace
from packlint.seen import Reader
from packlint.settings import Settings
from packlint.stopwatch import Stopwatch
from packlint.syntax import File


class Reading:
    """Templates read so far; a file that several of them share is parsed once."""

    def __init__(
        self,
        debug: bool,
        inputs: Inputs,
        checked: AbstractSet[str],
        choice: Choice,
        catalog: Catalog,
        *,
        watch: Stopwatch | None = None,
    ) -> None:
        self.debug = debug
        self.inputs = replace(inputs, unchecked=inputs.paths - checked)
        self.checked = checked
        self.choice = choice
        self.catalog = catalog
        self.watch = watch or Stopwatch()
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
                self.components.append(self.watch.time("conform", conform, configuration, self.catalog))
            except CatalogError:
                raise
            except Exception as error:
                self.components.append(())
                self._failed("looking at the components of this template", configuration.template, error)

    def files(self) -> Iterator[File]:
        """The syntax of all that was read."""
        return (file for file, _ in self.parsed.values())

    def readers(self) -> tuple[Reader, ...]:
        """The configurations, by their files."""
        return tuple(map(_reader, self.configurations))

    def _failed(self, what: str, template: Template, error: Exception) -> None:
        first = next(iter((*template.documents, *template.var_files)), template.path)
        self.diagnostics.append(internal_error(what, Range(Document(first, ""), 0, 0), error, self.debug))

    def _understood(self, template: Template) -> list[Configuration]:
        documents, told = self.watch.time("load", load, template)
        self.diagnostics += told
        files = [self._parsed(document) for document in documents]
        lowered, told = self.watch.time("lower", lower, template, files)
        self.diagnostics += told
        inputs = self._inputs(template)
        return [self.watch.time("evaluate", evaluate, it, inputs, parse_template) for it in lowered]

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
            self.parsed[document.path] = self.watch.time("parse", parse, document)
            self.diagnostics += self.parsed[document.path][1]
        return self.parsed[document.path][0]


def _reader(configuration: Configuration) -> Reader:
    template = configuration.template
    files = (*template.documents, *template.var_files, *template.unread, template.path)
    paths = tuple(file.document.path for file in configuration.syntax)
    return Reader(paths, files[0], configuration.complete)


def _placed(template: Template, settings: Settings) -> Template:
    """A template with the directory that Packer is run in, where the settings say it."""
    if settings.working_directory is None:
        return template
    return replace(template, working_directory=template.files.name(settings.working_directory))
