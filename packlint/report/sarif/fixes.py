"""A fix → the replacements by which a viewer of SARIF applies it."""

from __future__ import annotations

import sarif_om as sarif

from packlint.diagnostic import Edit, Fix
from packlint.document import Document
from packlint.fix import change, written
from packlint.report.leaks import Leaks
from packlint.report.sarif.places import file, region
from packlint.report.sarif.plain import JsonObject, plain
from packlint.report.sarif.texts import sentence


def fix(it: Fix, leaks: Leaks) -> JsonObject | None:
    """The fix, its description beginning with "Unsafe" where it is; None where it must not be shown.

    That is one which would show a secret, or changes a file that is not all UTF-8 or writes what is not.
    """
    documents: dict[str, Document] = {}
    edits: dict[str, list[Edit]] = {}
    for edit in it.edits:
        documents[edit.range.document.path] = edit.range.document
        edits.setdefault(edit.range.document.path, []).append(edit)
    broken = any(document.undecoded for document in documents.values())
    if not edits or broken or not all(_is_text(edit.replacement) for edit in it.edits) or leaks(it):
        return None
    description = sentence(it.message) if it.safe else f"Unsafe: {sentence(it.message)}"
    return plain(
        sarif.Fix,
        description=plain(sarif.Message, text=description),
        artifact_changes=[_changed(document, edits[path]) for path, document in documents.items()],
    )


def _changed(document: Document, edits: list[Edit]) -> JsonObject:
    return plain(
        sarif.ArtifactChange,
        artifact_location=file(document.path),
        replacements=[_replacement(edit) for edit in sorted(edits, key=lambda edit: edit.range.order)],
    )


def _replacement(edit: Edit) -> JsonObject:
    text = written(change(edit), edit.range.document.text)
    return plain(
        sarif.Replacement,
        deleted_region=region(edit.range),
        inserted_content=plain(sarif.ArtifactContent, text=text) if text else None,
    )


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
