"""A document in HCL's native syntax or in JSON → its syntax tree."""

from __future__ import annotations

from functools import lru_cache

from packlint.diagnostic import Diagnostic, in_order
from packlint.document import Document, Range
from packlint.syntax import Body, Comment, Expression, File, Parentheses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.parse.native import NativeParser
    from packlint.parse.quick import Items, Quick
    from packlint.parse.token import Token


def parse(document: Document, values: bool = False) -> tuple[File, tuple[Diagnostic, ...]]:
    """The file, and what is wrong with its syntax.

    With errors the file is not `complete`: its body holds the items that could still be made out. An empty
    string is a `Template` without parts. Never raises.

    A document is JSON if its name ends in `.json`: HCL's JSON syntax in `*.pkr.json` and `*.pkrvars.json`, so
    that the body is that of the native twin, and a legacy template in any other. With `values` it is a
    variable file, whatever its name.
    """
    if document.is_json:
        from packlint.parse.json_file import parse_json

        file, found = parse_json(document, _parser, values)
        return file, in_order(problem.diagnostic(document) for problem in found)
    quick = None if document.undecoded else _quick().read(document)
    if quick is not None:
        return _file(document, *quick), ()
    from packlint.parse.encoding import with_undecoded

    result = _parser().parse(document)
    problems = with_undecoded(document, result.comments, result.problems)
    diagnostics = in_order(problem.diagnostic(document) for problem in problems)
    file = _file(document, result.items, result.comments, not diagnostics, not result.problems)
    return file, diagnostics


def _file(
    document: Document,
    items: Items,
    comments: list[tuple[int, int]],
    complete: bool = True,
    whole: bool = True,
) -> File:
    found = tuple(Comment(Range(document, start, end)) for start, end in comments)
    return File(document, Body(items, Range(document, 0, len(document.text))), found, complete, whole=whole)


def parse_expression(document: Document) -> Expression | None:
    """The one expression that a text is, as values on a command line are read; None where it is none.

    Line breaks part nothing in it, as if it stood in brackets (hashicorp/hcl, `hclsyntax.ParseExpression`).
    """
    length = len(document.text)
    places = (0, *range(length), length, length, length)
    found, problems = _parser().expression(document, f"({document.text}\n)", places)
    return found.inner if isinstance(found, Parentheses) and not problems else None


def parse_template(document: Document) -> Expression | None:
    """The template that a text is as a whole (hashicorp/hcl, `ParseTemplate`); None where it is none."""
    places = range(len(document.text) + 1)
    found, _ = _parser().template(document, document.text, places)
    return found


def tokens(text: str) -> list[Token] | None:
    """The tokens of a text in native syntax; None where there is something that cannot be one."""
    scan = _parser().scan(text)
    return scan.tokens if scan.problem is None else None


@lru_cache(maxsize=1)
def _quick() -> Quick:
    from packlint.parse.grammar import tables
    from packlint.parse.quick import Quick

    return Quick(tables())


@lru_cache(maxsize=1)
def _parser() -> NativeParser:
    from packlint.parse.native import NativeParser

    return NativeParser()
