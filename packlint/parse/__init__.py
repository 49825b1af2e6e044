"""A document in HCL's native syntax → its syntax tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from packlint.diagnostic import Diagnostic, in_order
from packlint.document import Document, Range
from packlint.syntax import Body, Comment, File

if TYPE_CHECKING:
    from packlint.parse.native import NativeParser


def parse(document: Document) -> tuple[File, tuple[Diagnostic, ...]]:
    """The file, and what is wrong with its syntax.

    With errors the file is not `complete`: its body holds the items that could still be made out. An empty
    string is a `Template` without parts. Never raises.
    """
    result = _parser().parse(document)
    comments = tuple(Comment(Range(document, start, end)) for start, end in result.comments)
    body = Body(result.items, Range(document, 0, len(document.text)))
    diagnostics = in_order(problem.diagnostic(document) for problem in result.problems)
    return File(document, body, comments, not diagnostics), diagnostics


@lru_cache(maxsize=1)
def _parser() -> NativeParser:
    from packlint.parse.native import NativeParser

    return NativeParser()
