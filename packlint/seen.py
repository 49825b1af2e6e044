"""Noun for what has been found in templates, whether they were looked at together or each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from packlint.components import Component
from packlint.diagnostic import Diagnostic
from packlint.document import Document, Range
from packlint.model import Configuration
from packlint.project import Link
from packlint.record import record
from packlint.syntax import File
from packlint.waiver import Sheet


@record
class Reader:
    """A configuration that has files: their `paths`, the `first`, by which its settings go, and its state."""

    paths: tuple[str, ...]
    first: str
    complete: bool


@record(eq=False)
class Seen:
    """All that is known of the templates of a run when every rule has looked.

    `told` is what kept them from being read, `found` what rules say. `sheets` are the waivers in their files,
    `readers` whoever has these files, and `asked` the files that were asked for, of so many `templates`.
    `secrets` gives the places that no report may show, of all files and of the documents that are shown, and
    `syntax` the parsed file of a document that was asked for, None for any other.
    Templates that were looked at by themselves leave no configurations, components and links.
    """

    told: tuple[Diagnostic, ...]
    found: tuple[Diagnostic, ...]
    sheets: tuple[Sheet, ...]
    readers: tuple[Reader, ...]
    asked: frozenset[str]
    templates: int
    secrets: Callable[[Sequence[Document]], tuple[Range, ...]]
    syntax: Callable[[Document], File | None]
    configurations: tuple[Configuration, ...] = ()
    components: tuple[Component, ...] = ()
    links: tuple[Link, ...] = ()
