"""A template → the texts of its files; what cannot be read becomes a diagnostic and is left out."""

from __future__ import annotations

import errno
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.files import reason
from packlint.model import Template
from packlint.pattern import pattern

MARKS = {
    BOM_UTF32_LE: "UTF-32",  # before UTF-16, whose mark it begins with
    BOM_UTF32_BE: "UTF-32",
    BOM_UTF16_LE: "UTF-16",
    BOM_UTF16_BE: "UTF-16",
}
"""Byte-order marks of encodings that Packer does not read."""

_STRANGE = pattern(r"[\x00\udc80-\udcff]")
_UNDECODED = pattern(r"[\udc80-\udcff]")
_SHELTER = pattern(r"\"|#|//|/\*|<<")
"""What may begin a string, a comment or a heredoc: Packer takes a NUL in all of them."""


class _NoTextError(ValueError):
    """A file that holds no text; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def load(template: Template) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The template's documents and then its variable files, each in the template's order.

    A byte-order mark is dropped, as Packer's lexer does (hashicorp/hcl, `hclsyntax/scan_tokens.rl`), but kept
    in JSON, where Packer refuses it. Line breaks and NUL bytes stay.
    """
    documents: list[Document] = []
    diagnostics: list[Diagnostic] = []
    for name in (*template.documents, *template.var_files):
        try:
            documents.append(_document(name, template.files.read(name)))
        except _NoTextError as error:
            diagnostics.append(_unreadable(name, str(error), error.hint))
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            diagnostics.append(_unreadable(name, reason(error), _hint(error)))
    diagnostics += (_outside(name) for name in template.unread)
    return tuple(documents), tuple(diagnostics)


def _hint(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return "keep data out of templates, which can read other files"
    return "make it a readable, regular file within the checked root, or move it away"


def _document(name: str, data: bytes) -> Document:
    """The text, with U+FFFD for every byte that is not UTF-8: Packer minds those only in some places."""
    if encoding := next((MARKS[mark] for mark in MARKS if data.startswith(mark)), None):
        raise _NoTextError(f"it is {encoding}", "save the file as UTF-8, the only encoding that Packer reads")
    marked = data.startswith(BOM_UTF8) and not name.endswith(".json")
    text = data[len(BOM_UTF8) if marked else 0 :].decode(errors="surrogateescape")
    if "\0" in text and _is_binary(text):
        raise _NoTextError("it is a binary file", "keep nothing but templates under this name")
    if text.isascii() or not _UNDECODED.search(text):
        return Document(name, text, marked=marked)
    undecoded = tuple(found.start() for found in _UNDECODED.finditer(text))
    return Document(name, _UNDECODED.sub("\ufffd", text), undecoded, marked)


def _is_binary(text: str) -> bool:
    """Whether a NUL, or the first of the bytes that are no text, stands where Packer cannot take it."""
    if text.isascii() and "\0" not in text:
        return False
    strange = _STRANGE.search(text)
    return strange is not None and not _SHELTER.search(text, 0, strange.start())


def _outside(name: str) -> Diagnostic:
    """What discovery leaves unread: Packer could read it, so the template may be sound."""
    hint = "choose a wider root with `--root`, or keep a copy of the file in this directory"
    return _unreadable(name, "it is a link that leaves the checked root", hint, Severity.WARNING)


def _unreadable(name: str, why: str, hint: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    """The finding that stands for a file without a text; it lies at the start of an empty document."""
    return Diagnostic(
        rule="unreadable-file",
        severity=severity,
        message=f"`{name}` cannot be read: {why}",
        range=Range(Document(name, ""), 0, 0),
        hint=hint,
    )
