"""Files and scripts → the waivers that are written in them."""

from __future__ import annotations

from collections.abc import Iterable

from packlint.document import Document
from packlint.syntax import File
from packlint.waiver import Sheet


def waivers(files: Iterable[File], others: Iterable[Document] = ()) -> tuple[Sheet, ...]:
    """What each of the files, and of other documents that have findings, says of waivers.

    A document without a word for packlint costs no more than a look for one.
    """
    read = {file.document.path: _of_file(file) for file in files if _speaks(file.document)}
    for document in others:
        if _speaks(document) and document.path not in read:
            from packlint.waivers.script import script_waivers

            read[document.path] = script_waivers(document)
    return tuple(read[path] for path in sorted(read))


def _speaks(document: Document) -> bool:
    return any(name in document.text for name in ("packlint", "Packlint", "PACKLINT"))


def _of_file(file: File) -> Sheet:
    if file.document.is_json:
        from packlint.waivers.json import legacy_waivers, property_waivers

        return legacy_waivers(file.document) if file.legacy else property_waivers(file)
    from packlint.waivers.comments import waivers_of

    return waivers_of(file)
