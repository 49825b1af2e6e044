"""A template by itself → what is found in it and what it shows to others, without its syntax and values."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from packlint.chain.artifacts import links
from packlint.check import RulesOf, check
from packlint.diagnostic import Diagnostic, shown_in
from packlint.document import Range
from packlint.outlook import Outlook, outlook
from packlint.project import Project
from packlint.reading import Reading
from packlint.record import record
from packlint.seen import Reader
from packlint.sensitive import declared_names, keys_by_path, sensitive
from packlint.waiver import Sheet
from packlint.waivers import waivers


@record
class Look:
    """What one template gives by itself; it holds no syntax and no values.

    `told` is what kept it from being read, `found` what rules find that look at one template, and `wide` what
    those find that look at all, as if it were the only one. `sheets` are the waivers in its files. `secret`
    are the places that no report may show, and `names` what it declares to be so; `keys` are those of a known
    form, by the paths of all documents in which something was found. `templates` counts it.
    """

    told: tuple[Diagnostic, ...]
    found: tuple[Diagnostic, ...]
    wide: tuple[Diagnostic, ...]
    sheets: tuple[Sheet, ...]
    readers: tuple[Reader, ...]
    secret: tuple[Range, ...]
    names: frozenset[str]
    keys: dict[str, tuple[Range, ...]]
    templates: int
    outlook: Outlook


def look(reading: Reading, rules_of: RulesOf, wide: AbstractSet[str]) -> Look:
    """What a reading of one template gives; `wide` names the rules over all templates."""
    configurations = tuple(reading.configurations)
    project = Project(configurations, links(configurations), reading.inputs.var_files)
    reading.conform()
    found = check(rules_of, project, reading.components, reading.debug)
    alone = tuple(it for it in found if it.rule in wide)
    return Look(
        told=tuple(reading.diagnostics),
        found=tuple(it for it in found if it.rule not in wide),
        wide=alone,
        sheets=waivers(reading.files()),
        readers=reading.readers(),
        secret=sensitive(configurations, reading.inputs),
        names=declared_names(configurations),
        keys=keys_by_path(shown_in((*reading.diagnostics, *found))),
        templates=sum(it.template.counts for it in configurations),
        outlook=outlook(configurations, alone),
    )
