"""The bytes of a document that are not UTF-8 → the syntax error that HCL makes of them."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.document import Document
from packlint.parse.problem import Problem


def with_undecoded(
    document: Document, comments: Sequence[tuple[int, int]], problems: list[Problem]
) -> list[Problem]:
    """The problems of a document in native syntax, and the first byte of it that is not UTF-8.

    One is enough: whoever saves the file as UTF-8 mends them all. HCL takes any byte in a comment
    (hashicorp/hcl, `hclsyntax/scan_tokens.rl`). `comments` are in order.
    """
    if not document.undecoded:
        return problems
    first = _outside(document.undecoded, comments)
    if first is None:
        return problems
    undecoded = frozenset(document.undecoded)
    others = [problem for problem in problems if problem.start not in undecoded]
    hint = "save the file as UTF-8, the only encoding that Packer reads"
    return [*others, Problem(first, first + 1, "this byte is not UTF-8", hint)]


def _outside(offsets: Sequence[int], comments: Sequence[tuple[int, int]]) -> int | None:
    """The first of the offsets that lies in no comment; both are in order."""
    at = 0
    for offset in offsets:
        while at < len(comments) and comments[at][1] <= offset:
            at += 1
        if at == len(comments) or offset < comments[at][0]:
            return offset
    return None
