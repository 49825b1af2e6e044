"""Diagnostics that name policy files from their own roots → the same with names from another folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.policy.policy import PolicyFile
from packlint.policy.rule import PolicyRule
from packlint.record import replace
from packlint.rule import Rule


def renamed(diagnostics: Iterable[Diagnostic], rules: Iterable[Rule], base: Path) -> Iterator[Diagnostic]:
    """The diagnostics with the files of these policies named from `base`, as templates are.

    A file that is not below it, as one beside settings of the command line may be, is no related place.
    """
    sheets = {it.sheet for it in rules if isinstance(it, PolicyRule)}
    documents = {id(it.document): _named(it, base) for it in sheets if it.files.base != base}
    if not documents:
        yield from diagnostics
        return

    def moved(place: Range) -> Range:
        document = documents.get(id(place.document), place.document)
        return Range(document, place.start, place.end)

    for it in diagnostics:
        places = (replace(also, range=moved(also.range)) for also in it.related)
        related = tuple(also for also in places if not also.range.document.path.startswith("../"))
        yield replace(it, range=moved(it.range), related=related)


def _named(sheet: PolicyFile, base: Path) -> Document:
    path = Path(os.path.relpath(sheet.files.base / sheet.document.path, base)).as_posix()
    return Document(path, sheet.document.text)
