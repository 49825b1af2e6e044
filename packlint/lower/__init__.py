"""A template's syntax → its configurations: one, or one a file where the files cannot be loaded together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packlint.blocks import ROOT
from packlint.diagnostic import Diagnostic, Related, Severity
from packlint.document import Range
from packlint.lower.hcl import lower_files
from packlint.model import Configuration, Template
from packlint.named import NamedTuple
from packlint.record import replace
from packlint.syntax import File

LABELS = {
    name: len(type_.labels) for name, type_ in ROOT.blocks.items() if type_.labels and not type_.ignored
}
"""Blocks that declare something by their labels, and how many labels make its name."""

GATHERED = {"variables": "variable", "locals": "local"}
"""Blocks whose every attribute declares something, and what."""


class Declaration(NamedTuple):
    """Something that a file declares."""

    kind: str
    name: str
    range: Range


def lower(
    template: Template, files: Sequence[File]
) -> tuple[tuple[Configuration, ...], tuple[Diagnostic, ...]]:
    """The configurations of a template, not yet evaluated.

    A directory is one template to `packer build DIRECTORY`. Where several of its files have builds and
    declare the same thing, that fails with "Duplicate variable"; such files are meant for
    `packer build FILE`, and each is lowered as a template of its own; the files without builds make a part.
    A legacy template is always one file.
    """
    own = [file for file in files if file.document.path in template.documents]
    legacy = next((file for file in own if file.legacy), None)
    if legacy is not None:
        from packlint.lower.legacy import lower_legacy

        configuration, diagnostics = lower_legacy(template, legacy)
        return (configuration,), diagnostics
    values = [file for file in files if file.document.path not in template.documents]
    complete = not template.unread and len(files) == len(template.documents) + len(template.var_files)
    clash = _clash(own)
    if clash is None:
        return (lower_files(template, own, values, complete),), ()
    alone = [
        lower_files(replace(template, path=path, documents=(path,), var_files=()), [file], [], complete=True)
        for file in own
        if _builds(file)
        for path in (file.document.path,)
    ]
    shared = [file for file in own if not _builds(file)]
    if shared:
        documents = tuple(file.document.path for file in shared)
        part = lower_files(replace(template, documents=documents), shared, values, complete)
        return (*alone, part), (_note(clash, len(alone)),)
    return tuple(alone), (_note(clash, len(alone)),)


def _builds(file: File) -> bool:
    return any(block.type == "build" for block in file.body.blocks)


def _declarations(file: File) -> Iterator[Declaration]:
    for block in file.body.blocks:
        if block.type in GATHERED:
            for attribute in block.body.attributes:
                yield Declaration(GATHERED[block.type], attribute.name, attribute.name_range)
        elif LABELS.get(block.type) == len(block.labels):
            name = ".".join(label.value for label in block.labels)
            yield Declaration(block.type, name, block.header_range)


def _clash(files: Sequence[File]) -> tuple[Declaration, Declaration] | None:
    """The first thing that two files with builds both declare, or that one does beside another file."""
    if sum(map(_builds, files)) < 2:
        return None
    declared: dict[tuple[str, str], tuple[File, Declaration]] = {}
    for file in files:
        for declaration in _declarations(file):
            other, first = declared.setdefault(declaration[:2], (file, declaration))
            if other is not file and (_builds(other) or _builds(file)):
                return first, declaration
    return None


def _note(clash: tuple[Declaration, Declaration], count: int) -> Diagnostic:
    first, second = clash
    return Diagnostic(
        rule="directory-is-not-one-template",
        severity=Severity.NOTE,
        message=f"{second.kind} `{second.name}` is declared in two files, so the {count} files with builds "
        "were checked as templates of their own",
        range=second.range,
        related=(Related(first.range, "first declared here"),),
        hint="give each template a directory of its own; `packer build` of this directory fails",
    )
