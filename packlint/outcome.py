"""Noun for what a run has to tell: the diagnostics, the rules they name, and how much was read."""

from __future__ import annotations

from collections.abc import Callable

from packlint.components import Component
from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.limits import Limits
from packlint.model import Configuration
from packlint.project import Declared, Link
from packlint.record import field, record
from packlint.rule import Rule
from packlint.syntax import File
from packlint.waiver import Waiver


def no_syntax(document: Document) -> File | None:
    """What is known of the syntax of a file where nobody has asked for any."""
    return None


@record
class Outcome:
    """The end of a run: `diagnostics` in order, `rules` in the order of their names.

    `sensitive` are the places that no report may show the text of, `configurations` the templates that
    were asked for, with their values, `components` those that they use, and `links` the chains of builds,
    beside those that the settings have `declared`.
    `suppressed` are the diagnostics that somebody has excused, in order; they are not among `diagnostics`.
    `failing` counts those of the latter that are severe enough for their settings to fail the run.
    `waivers` are those that are written in the files, by path and place, and `limits` what the settings say
    of the machine. `syntax` gives the parsed file of a document, None for one that no template has.
    """

    diagnostics: tuple[Diagnostic, ...]
    rules: tuple[type[Rule], ...]
    templates: int
    documents: int
    sensitive: tuple[Range, ...] = ()
    configurations: tuple[Configuration, ...] = ()
    components: tuple[Component, ...] = ()
    links: tuple[Link, ...] = ()
    declared: tuple[Declared, ...] = ()
    suppressed: tuple[Diagnostic, ...] = ()
    failing: int = 0
    waivers: tuple[Waiver, ...] = ()
    limits: Limits = field(default_factory=Limits)
    syntax: Callable[[Document], File | None] = no_syntax

    def count(self, severity: Severity) -> int:
        """How many diagnostics have exactly that severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)
