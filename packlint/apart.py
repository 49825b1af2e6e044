"""Templates → what is found in each by itself, and again in those that touch each other.

It is what a check of all of them together finds (`packlint.company` tells why), in several processes and with
less in memory at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from packlint.bench import Bench
from packlint.company import companies
from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.load import load
from packlint.look import Look
from packlint.looked import Looked
from packlint.model import Template
from packlint.parse import parse
from packlint.seen import Seen
from packlint.sensitive import each_once, in_variable_file, keys_by_path

FEW = 12
"""For fewer templates another process takes longer to begin than they take."""

PARTS = 4
"""A lot is one of so many parts, for each process, of what is left: none waits long for the last one."""

MOST = 32
"""Templates in a lot: a process that nobody waits for any more sees it after one lot."""

Share = Callable[[Sequence[Any]], Iterator[Any]]


def apart(bench: Bench, jobs: int, progress: Callable[[int, int], None]) -> Seen | None:
    """What is found; None where something has failed, of which a check of all together will tell."""
    looked = Looked(bench.templates, bench.choice)
    jobs = min(jobs, (len(bench.templates) - len(looked.looks)) // FEW)
    if jobs > 1:
        from packlint.crew import POSSIBLE, Crew, CrewError

        if POSSIBLE:
            try:
                with Crew(bench.do, jobs, bench.about) as crew:
                    seen = _seen(bench.templates, looked, crew.share, jobs, progress)
                    crew.dismiss()
            except CrewError:
                return None
            return _kept(seen, looked)
    return _kept(_seen(bench.templates, looked, partial(map, bench.do), 1, progress), looked)


def _kept(seen: Seen | None, looked: Looked) -> Seen | None:
    if seen is not None:  # else something has failed, which need not fail the next time
        looked.keep()
    return seen


def _seen(
    templates: Sequence[Template],
    looked: Looked,
    share: Share,
    jobs: int,
    progress: Callable[[int, int], None],
) -> Seen | None:
    count = len(templates)
    by_number = dict(looked.looks)
    others = [number for number in range(count) if number not in by_number]
    for found in share([*_lots(others, jobs)]):
        progress(len(by_number), count)
        for number, look, needed in found:
            by_number[number] = look
            looked.look(number, look, needed)
    looks = [by_number[number] for number in range(count)]
    met: set[int] = set()
    wide: list[Diagnostic] = []
    meetings = []
    for company in companies([it.outlook for it in looks]):
        met.update(company.members)
        diagnostics = looked.meeting(company)
        if diagnostics is None:
            meetings.append(company)
        else:
            wide += diagnostics
    for company, diagnostics, needed in chain.from_iterable(share(meetings)):
        wide += diagnostics
        looked.met(company, diagnostics, needed)
    wide += (it for number, look in enumerate(looks) if number not in met for it in look.wide)
    told = tuple(it for look in looks for it in look.told)
    found = (*(it for look in looks for it in look.found), *wide)
    if any(it.rule == "internal-error" for it in (*told, *found)):
        return None
    readers = tuple(it for look in looks for it in look.readers)
    asked = frozenset(path for it in readers for path in it.paths)
    return Seen(
        told=told,
        found=found,
        sheets=tuple(it for look in looks for it in look.sheets),
        readers=readers,
        asked=asked,
        templates=sum(look.templates for look in looks),
        secrets=partial(_secrets, templates, looks),
        syntax=lambda document: parse(document)[0] if document.path in asked else None,
    )


def _lots(numbers: Sequence[int], jobs: int) -> Iterator[Sequence[int]]:
    """Lots of templates that get ever smaller."""
    while numbers:
        size = min(-(-len(numbers) // (jobs * PARTS)), MOST)
        yield numbers[:size]
        numbers = numbers[size:]


def _secrets(
    templates: Sequence[Template], looks: Sequence[Look], shown: Sequence[Document]
) -> tuple[Range, ...]:
    """The places that no report may show; a variable file that no template has may be meant for any."""
    places = [place for look in looks for place in look.secret]
    if names := frozenset[str]().union(*(look.names for look in looks)):
        for template in templates:
            for document in () if template.documents else load(template)[0]:
                places += in_variable_file(parse(document)[0], names)
    keys = {path: found for look in looks for path, found in look.keys.items()}
    keys |= keys_by_path(document for document in shown if document.path not in keys)
    places += (place for document in shown for place in keys[document.path])
    return each_once(places)
