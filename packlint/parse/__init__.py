"""A document in HCL's native syntax or in JSON → its syntax tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from packlint.diagnostic import Diagnostic, in_order
from packlint.document import Document, Range
from packlint.parse.encoding import with_undecoded
from packlint.syntax import Body, Comment, File

if TYPE_CHECKING:
    from packlint.parse.native import NativeParser


def parse(document: Document) -> tuple[File, tuple[Diagnostic, ...]]:
    """The file, and what is wrong with its syntax.

    With errors the file is not `complete`: its body holds the items that could still be made out. An empty
    string is a `Template` without parts. Never raises.

    A document is JSON if its name ends in `.json`: HCL's JSON syntax in `*.pkr.json` and `*.pkrvars.json`, so
    that the body is that of the native twin, and a legacy template in any other.
    """
    if document.path.endswith(".json"):
        from packlint.parse.json_file import parse_json

        file, found = parse_json(document, _parser)
        return file, in_order(problem.diagnostic(document) for problem in found)
    result = _parser().parse(document)
    comments = tuple(Comment(Range(document, start, end)) for start, end in result.comments)
    body = Body(result.items, Range(document, 0, len(document.text)))
    problems = with_undecoded(document, result.comments, result.problems)
    diagnostics = in_order(problem.diagnostic(document) for problem in problems)
    return File(document, body, comments, not diagnostics, whole=not result.problems), diagnostics


@lru_cache(maxsize=1)
def _parser() -> NativeParser:
    from packlint.parse.native import NativeParser

    return NativeParser()
