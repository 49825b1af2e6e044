"""A template → the texts of its files; what cannot be read becomes a diagnostic and is left out."""

from __future__ import annotations

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.files import reason
from packlint.model import Template


def load(template: Template) -> tuple[tuple[Document, ...], tuple[Diagnostic, ...]]:
    """The template's documents and then its variable files, each in the template's order.

    A byte-order mark is dropped, as Packer's lexer does (hashicorp/hcl, `hclsyntax/scan_tokens.rl`); line
    breaks and NUL bytes stay.
    """
    documents: list[Document] = []
    diagnostics: list[Diagnostic] = []
    for name in (*template.documents, *template.var_files):
        try:
            documents.append(Document(name, template.files.read(name).decode("utf-8-sig")))
        except UnicodeDecodeError as error:
            where = f"byte {error.start + 1} is not UTF-8"
            diagnostics.append(_unreadable(name, where, "save the file as UTF-8, the only encoding of HCL"))
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            hint = "make it a readable, regular file within the checked root, or move it away"
            diagnostics.append(_unreadable(name, reason(error), hint))
    diagnostics += (_outside(name) for name in template.unread if name.endswith(".hcl"))
    return tuple(documents), tuple(diagnostics)


def _outside(name: str) -> Diagnostic:
    """What discovery leaves unread although it is HCL: Packer could read it, so the template may be sound."""
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
