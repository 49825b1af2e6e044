"""The templates of a run → a look at each by itself, and what is found in those that touch each other."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, TypeAlias

from packlint import witness
from packlint.catalog import Catalog
from packlint.chain.artifacts import links
from packlint.check import check
from packlint.choice import Choice
from packlint.company import Company
from packlint.diagnostic import Diagnostic
from packlint.inputs import Inputs
from packlint.look import Look, look
from packlint.model import Configuration, Template
from packlint.project import Project
from packlint.reading import Reading
from packlint.rule import Rule

if TYPE_CHECKING:
    from typing import TypeAlias

    Needed: TypeAlias = tuple[witness.Notes | None, dict[str, witness.Notes]]
    """What was seen for something, if that is known, and notes that it shares with others from now on."""

    Done: TypeAlias = list[tuple[int, Look, Needed]] | list[tuple[Company, tuple[Diagnostic, ...], Needed]]
    """What was done, by the number of a template or for a company."""

MOST = 2_000_000
"""Characters of templates that are kept at hand; their values take some thirty times as many bytes."""


class Bench:
    """Reads the templates of a run as they are asked for, by their numbers; the last ones stay at hand.

    `wide` names the rules over all templates.
    """

    def __init__(
        self,
        templates: Sequence[Template],
        choice: Choice,
        inputs: Inputs,
        catalog: Catalog,
        wide: AbstractSet[str],
    ) -> None:
        self.templates = templates
        self.choice = choice
        self._inputs = inputs
        self._catalog = catalog
        self._wide = wide
        self._read: dict[int, Reading] = {}
        self._characters = 0

    def do(self, task: Sequence[int] | Company) -> Done:
        """Looks at templates by their numbers, or what is found where those of a company meet."""
        if isinstance(task, Company):
            with witness.Part() as part:
                found = self.meet(task)
            return [(task, found, (part.notes, witness.shared()))]
        return [self._looked(number) for number in task]

    def about(self, task: Sequence[int] | Company) -> Sequence[int]:
        """The numbers of the templates that a task is about."""
        return (*task.members, *task.context) if isinstance(task, Company) else task

    def _looked(self, number: int) -> tuple[int, Look, Needed]:
        with witness.Part() as part:
            found = self.look(number)
        return number, found, (part.notes, witness.shared())

    def look(self, number: int) -> Look:
        """What one template gives by itself."""
        return look(self._reading(number), self.choice.rules, self._wide)

    def meet(self, company: Company) -> tuple[Diagnostic, ...]:
        """What rules over all templates find in the files of the members of a company."""
        readings = {number: self._reading(number) for number in sorted({*company.members, *company.context})}
        for reading in readings.values():
            reading.conform()
        configurations = tuple(it for reading in readings.values() for it in reading.configurations)
        components = [it for reading in readings.values() for it in reading.components]
        project = Project(configurations, links(configurations), market=company.market)
        found = check(self._over_all, project, components)
        asked = {
            file.document.path
            for number in company.members
            for configuration in readings[number].configurations
            for file in configuration.syntax
        }
        return tuple(it for it in found if it.range.document.path in asked)

    def _over_all(self, configuration: Configuration | None) -> Sequence[Rule]:
        """The rules over all templates, also for what some of them find in each."""
        rules = self.choice.rules(configuration)
        return rules if configuration is None else [it for it in rules if it.name() in self._wide]

    def _reading(self, number: int) -> Reading:
        reading = self._read.pop(number, None)
        if reading is None:
            reading = Reading(False, self._inputs, frozenset(), self.choice, self._catalog)
            reading.read(self.templates[number])
            self._characters += _size(reading)
        self._read[number] = reading
        while self._characters > MOST and len(self._read) > 1:
            self._characters -= _size(self._read.pop(next(iter(self._read))))
        return reading


def _size(reading: Reading) -> int:
    return sum(len(file.document.text) for file in reading.files())
