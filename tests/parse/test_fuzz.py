"""Texts that nobody has thought of: pieces of HCL in any order, real templates cut off and damaged."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packlint import syntax
from packlint.document import Document
from packlint.parse import parse

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
CORPUS_ABSENT = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")

PIECES = (
    *(
        "a",
        "b-c",
        "in",
        "if",
        "for",
        "else",
        "endif",
        "endfor",
        "null",
        "true",
        "source",
        "build",
        "é",
        "a::b",
    ),
    *(
        "0",
        "1.5",
        "1e9",
        "1e99999",
        '"',
        '"x"',
        '"\\n"',
        '"\\q',
        "$${",
        "%%{",
        "${",
        "%{",
        "~}",
        "~",
        "$",
        "%",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "[*]",
        ".*",
        ".",
        ",",
        ":",
        "::",
        "=",
        "=>",
        "==",
        "...",
        "?",
        "!",
        "-",
        "+",
    ),
    *(
        "*",
        "/",
        "&&",
        "||",
        "<",
        ">=",
        "<<E\n",
        "<<-E\n",
        "E\n",
        "E",
        "# c\n",
        "// c\n",
        "/*",
        "*/",
        "/* c */",
    ),
    *(
        " ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\n  ",
        "\u00a0",
        "\ufeff",
        "\ud800",
        "\0",
        "'",
        "`",
        ";",
        "\u201c",
        "\\",
    ),
    *(
        "a = 1\n",
        "a = [\n",
        'b "c" {\n',
        "}\n",
        'source "a" "b" {\n  c = 1\n}\n',
        "a = {\n  b = 1\n}\n",
        "${a}",
    ),
    *(
        '"%{ if a }b%{ else }c%{ endif }"',
        "[for a in b : c if d]",
        "{for a, b in c : a => b...}",
        "a ? b : c",
    ),
)

SYMBOLS = ("LBRACE", "NL_OR_COMMENT", "NAME", "$END", "JUNK", "DBLQUOTE", "STRING")
"""Names of the grammar, which mean nothing to a user."""

FUZZ = settings(
    max_examples=1000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


def check(text: str, name: str = "t.pkr.hcl") -> None:
    """What holds for every text."""
    document = Document(name, text)
    file, diagnostics = parse(document)
    assert file.complete == (not diagnostics)
    assert list(diagnostics) == sorted(diagnostics, key=lambda diagnostic: diagnostic.order)
    length = len(text)
    places = [diagnostic.range for diagnostic in diagnostics]
    places += [related.range for diagnostic in diagnostics for related in diagnostic.related]
    for node in syntax.walk(file):
        if not isinstance(node, syntax.File | syntax.ObjectItem):
            places.append(node.range)
        match node:
            case syntax.Attribute():
                assert node.name_range.text == node.name
            case syntax.Block():
                assert node.type_range.text == node.type
                assert node.range.contains(node.header_range) and node.range.contains(node.body.range)
                assert all(node.header_range.contains(label.range) for label in node.labels)
                assert all(node.body.range.contains(item.range) for item in node.body.items)
            case syntax.Traversal():
                assert node.root_range.text == node.root
    for place in (*places, *(comment.range for comment in file.comments)):
        assert 0 <= place.start <= place.end <= length, place
        assert len(place.text) == place.end - place.start
        assert 1 <= place.first.line <= place.last.line <= document.line_count
    for diagnostic in diagnostics:
        assert diagnostic.message and "\n" not in diagnostic.message
        assert not any(symbol in diagnostic.message and symbol not in text for symbol in SYMBOLS)


@FUZZ
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_pieces_in_any_order(pieces: list[str]) -> None:
    check("".join(pieces))


@FUZZ
@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    check(text)


def real(step: int) -> list[tuple[str, str]]:
    """Every so many of the corpus' files that are not empty."""
    paths = [path for path in sorted(CORPUS.rglob("*.pkr.hcl")) if path.stat().st_size]
    return [(path.name, path.read_bytes().decode("utf-8-sig")) for path in paths[::step]]


@CORPUS_ABSENT
def test_real_templates_cut_off() -> None:
    chance = random.Random(1)
    for name, text in real(1):
        check(text[: chance.randrange(len(text))], name)


@CORPUS_ABSENT
def test_real_templates_damaged() -> None:
    chance = random.Random(2)
    for name, text in real(2):
        at = chance.randrange(len(text))
        check(text[:at] + chance.choice(PIECES) + text[at + chance.randrange(3) :], name)
