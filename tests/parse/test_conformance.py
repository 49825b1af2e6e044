"""What the official HCL parser says of real files and of damaged ones, against what `parse` says."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from packlint import syntax
from packlint.document import Document, Range
from packlint.parse import parse

SHARED = Path(__file__).resolve().parents[3] / "shared"
CONFORMANCE = SHARED / "conformance"

pytestmark = pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the conformance files are not here")

KINDS: dict[type[syntax.Expression], str] = {
    syntax.Literal: "LiteralValueExpr",
    syntax.Template: "TemplateExpr",
    syntax.TemplateWrap: "TemplateWrapExpr",
    syntax.Tuple: "TupleConsExpr",
    syntax.Object: "ObjectConsExpr",
    syntax.Traversal: "ScopeTraversalExpr",
    syntax.RelativeTraversal: "RelativeTraversalExpr",
    syntax.Index: "IndexExpr",
    syntax.Splat: "SplatExpr",
    syntax.Call: "FunctionCallExpr",
    syntax.Conditional: "ConditionalExpr",
    syntax.Binary: "BinaryOpExpr",
    syntax.Unary: "UnaryOpExpr",
    syntax.Parentheses: "ParenthesesExpr",
    syntax.For: "ForExpr",
}

OTHER_VERDICT: dict[int, str] = {}
"""Pieces, by id, that the two parsers judge differently, and why."""

SAME_LINE = 871
"""Of the damaged pieces, those whose first error stands on the same line for both parsers.

The official parser names what its scanner meets before what its parser meets, and the files hold five errors
at most: for nearly all of the others, its first errors by place are not in the list.
"""


@cache
def lines(name: str) -> list[dict[str, Any]]:
    text = (CONFORMANCE / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def read(name: str) -> Document:
    return Document(name, (SHARED / "corpus" / name).read_bytes().decode("utf-8-sig"))


@cache
def parsed() -> list[tuple[dict[str, Any], syntax.File, bool]]:
    """What is expected of every file of the corpus, the file, and whether it has errors."""
    found = []
    for expected in lines("corpus-syntax.jsonl"):
        file, diagnostics = parse(read(expected["file"]))
        found.append((expected, file, bool(diagnostics)))
    return found


def characters(text: str) -> int:
    """Grapheme clusters, as far as the files need it: marks and selectors join what precedes them."""
    text = re.sub("\u200d.", "", text)
    return sum(1 for character in text if unicodedata.category(character) not in ("Mn", "Me", "Mc"))


def place(document: Document, offset: int) -> list[int]:
    line = document.position(offset).line
    return [line, characters(document.text[document.line_starts[line - 1] : offset]) + 1]


def span(range_: Range) -> list[int]:
    return [*place(range_.document, range_.start), *place(range_.document, range_.end)]


def reference(traversal: syntax.Traversal) -> str:
    """As the conformance files write it: `a.0` is `a[0]`."""
    steps = (
        f".{step.key}" if step.attribute else f"[{json.dumps(step.key, ensure_ascii=False)}]"
        for step in traversal.steps
    )
    return traversal.root + "".join(steps)


def shown(body: syntax.Body) -> dict[str, Any]:
    """A body in the form of the conformance files."""
    attributes = [
        {
            "name": attribute.name,
            "name_range": span(attribute.name_range),
            "expr_range": span(attribute.expression.range),
            "kind": KINDS[type(attribute.expression)],
            "vars": [reference(traversal) for traversal in syntax.traversals(attribute)],
        }
        for attribute in body.attributes
    ]
    blocks = []
    for block in body.blocks:
        end = block.range.end
        close = Range(block.range.document, end - 1, end)
        blocks.append(
            {
                "type": block.type,
                "labels": [label.value for label in block.labels],
                "def_range": span(block.header_range),
                "close_brace_range": span(close),
                **shown(block.body),
            }
        )
    return {"attrs": attributes, "blocks": blocks}


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """An expected body with the empty lists that the file leaves out."""
    attributes = [{"vars": [], **attribute} for attribute in body.get("attrs", [])]
    blocks = [{"labels": [], **block, **filled(block)} for block in body.get("blocks", [])]
    return {"attrs": attributes, "blocks": blocks}


def test_every_file_of_the_corpus_is_judged_alike() -> None:
    other = [expected["file"] for expected, _, errors in parsed() if errors != ("errors" in expected)]
    assert other == []


def test_valid_files_have_the_same_blocks_arguments_ranges_and_references() -> None:
    other = [
        expected["file"]
        for expected, file, _ in parsed()
        if "errors" not in expected and shown(file.body) != filled(expected)
    ]
    assert other == []


def nodes(file: syntax.File) -> Iterator[Any]:
    return (node for node in syntax.walk(file) if not isinstance(node, syntax.File))


def test_every_range_of_the_corpus_spans_its_own_text() -> None:
    for expected, file, _ in parsed():
        for node in nodes(file):
            where = (expected["file"], node)
            match node:
                case syntax.Traversal():
                    assert node.root_range.text == node.root, where
                    assert all(step.range.text[0] in ".[" for step in node.steps), where
                case syntax.Call():
                    assert node.name_range.text == node.name and node.range.text.endswith(")"), where
                case syntax.Template(heredoc=False) | syntax.TemplateWrap():
                    assert node.range.text[0] == node.range.text[-1] == '"', where
                case syntax.Template():
                    assert node.range.text.startswith("<<"), where
                case syntax.Attribute():
                    assert node.name_range.text == node.name, where
                    assert node.range.end == node.expression.range.end, where
                case syntax.Block():
                    assert node.type_range.text == node.type and node.range.text.endswith("}"), where
                    assert node.header_range.text.startswith(node.type), where


def test_every_node_of_the_corpus_lies_within_its_parent_behind_its_sibling() -> None:
    for expected, file, _ in parsed():
        for node in nodes(file):
            if isinstance(node, syntax.ObjectItem):
                continue
            at = node.range.start
            for child in syntax.children(node):
                parts = [child.key, child.value] if isinstance(child, syntax.ObjectItem) else [child]
                for part in parts:
                    if isinstance(part, syntax.SplatItem) or isinstance(node, syntax.For | syntax.Splat):
                        continue  # a splat's item stands at its marker; a `for` names its parts by meaning
                    assert node.range.contains(part.range), (expected["file"], node)
                    assert part.range.start >= at, (expected["file"], node)
                    at = part.range.end


def test_comments_of_the_corpus_begin_with_their_marker() -> None:
    count = 0
    for _, file, _ in parsed():
        for comment in file.comments:
            count += 1
            assert comment.text.startswith(("#", "//", "/*"))
            assert not comment.text.endswith(("\n", "\r"))
    assert count > 1000


def test_damaged_pieces_are_judged_alike() -> None:
    other = set()
    for piece in lines("mutations.jsonl"):
        _, diagnostics = parse(Document("piece.pkr.hcl", piece["text"].removeprefix("\ufeff")))
        if piece["valid"] != (not diagnostics):
            other.add(piece["id"])
    assert other == set(OTHER_VERDICT)


def test_the_first_error_of_most_damaged_pieces_stands_on_the_same_line() -> None:
    same = 0
    for piece in lines("mutations.jsonl"):
        _, diagnostics = parse(Document("piece.pkr.hcl", piece["text"].removeprefix("\ufeff")))
        if piece["errors"] and diagnostics:
            official = min(error["range"][0] for error in piece["errors"])
            same += diagnostics[0].range.first.line == official
    assert same >= SAME_LINE


def test_no_message_spells_out_what_is_quoted() -> None:
    for piece in lines("mutations.jsonl"):
        _, diagnostics = parse(Document("piece.pkr.hcl", piece["text"].removeprefix("\ufeff")))
        for diagnostic in diagnostics:
            assert '"' not in diagnostic.message, diagnostic.message
            assert len(diagnostic.message) < 160
