"""JSON that nobody writes by accident: `parse` answers soon, never raises, points into the document."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packlint import syntax
from packlint.document import Document, Range
from packlint.json_text import decoded
from packlint.parse import parse
from packlint.parse.problem import DEEPEST

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
PATHS = ("x.json", "x.pkr.json", "x.pkrvars.json")
LONG = 200_000
MANY = 20_000

DEEP = {
    "arrays": "[" * LONG,
    "closed arrays": "[" * LONG + "]" * LONG,
    "objects": '{"a":' * LONG,
    "closed objects": '{"a":' * LONG + "1" + "}" * LONG,
    "braces": "{" * LONG,
    "wrong brackets": "[" * 90 + "}" * LONG,
    "arrays in a block": '{"build": ' + "[" * LONG,
    "sequences": '{"locals": {"a": "' + "${" * MANY + '"}}',
    "closed sequences": '{"locals": {"a": "' + "${[" * MANY + "1" + "]}" * MANY + '"}}',
    "expressions in arrays": '{"locals": {"a": '
    + "[" * 80
    + '"${'
    + "[" * 80
    + "]" * 80
    + '}"'
    + "]" * 80
    + "}}",
}

LARGE = {
    "blanks": " " * LONG,
    "line breaks in an object": "{" + "\n" * LONG,
    "keys": "{" + ",".join(f'"k{n}": {n}' for n in range(MANY)) + "}",
    "repeated keys": "{" + ",".join(['"k": 1'] * MANY) + "}",
    "repeated keys in a value": '{"locals": {"a": {' + ",".join(['"k": 1'] * MANY) + "}}}",
    "strings": '{"a": [' + ",".join(['"b"'] * MANY) + "]}",
    "sources": '{"source": {"null": {' + ",".join(f'"s{n}": {{}}' for n in range(MANY)) + "}}}",
    "builds": '{"build": [' + ",".join(['{"name": "b"}'] * MANY) + "]}",
    "templates": '{"locals": {"a": [' + ",".join(['"${b}"'] * (MANY // 10)) + "]}}",
    "a string": '{"locals": {"a": "' + "x" * LONG + '"}}',
    "escapes": '{"locals": {"a": "' + "\\n" * LONG + '"}}',
    "escapes and a sequence": '{"locals": {"a": "${b}' + "\\n" * LONG + '"}}',
    "dollars": '{"locals": {"a": "' + "$" * LONG + '{"}}',
    "quotes": '"' * LONG,
    "unclosed strings": '"a\n' * LONG,
    "unclosed string": '{"a": "' + "x" * LONG,
    "backslashes": '"' + "\\" * LONG,
    "quotes behind backslashes": '"\n' + '\\"\n' * LONG,
    "bad escapes": '"' + "\\d" * LONG + '"',
    "control characters": '"' + "\t" * LONG + '"',
    "digits": '{"a": ' + "1" * LONG + "}",
    "digits behind a point": '{"a": 0.' + "1" * LONG + "}",
    "exponent": '{"a": 1e' + "9" * LONG + "}",
    "signs": "-" * LONG,
    "letters": "x" * LONG,
    "commas": "{" + "," * LONG,
    "colons": '{"a"' + ":" * LONG,
    "comments": "//\n" * LONG,
    "open comments": "/*" * LONG,
    "stars": "/*" + "*" * LONG,
    "single quotes": "'" * LONG,
    "single quotes on lines": "['\n" * 90 + "'\n" * LONG,
    "backticks": "`" * LONG,
    "curly quotes": "\u201c" * LONG,
    "NUL": "\0" * LONG,
    "closing brackets": "[{}" + "]" * LONG,
    "unclosed on one line": '{"a": [' + '{"b": {}},' * MANY,
    "objects on lines": "[" + "{},\n" * MANY + "{",
    "brackets behind blanks": "[\n" + " " * LONG + "[]," * LONG,
    "bad indentation": "{\n" * 90 + "}\n {\n" * MANY,
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", DEEP)
def test_no_depth_overwhelms(name: str, path: str) -> None:
    file, diagnostics = parse(Document(path, DEEP[name]))
    assert file.complete is not bool(diagnostics)
    assert _depth(file) <= DEEPEST


@pytest.mark.parametrize("path", PATHS[:2])
@pytest.mark.parametrize("name", LARGE)
def test_no_size_takes_long(name: str, path: str) -> None:
    """Seconds would mean that the time grows with the square of the size."""
    start = time.process_time()
    file, diagnostics = parse(Document(path, LARGE[name]))
    assert time.process_time() - start < 5
    assert _within(file, len(LARGE[name]))
    assert len(diagnostics) <= 101


def _depth(file: syntax.File) -> int:
    deepest = 0
    waiting: list[tuple[syntax.Node, int]] = [(file.body, 0)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        counted = isinstance(node, syntax.Expression | syntax.Block)
        waiting.extend((child, depth + counted) for child in syntax.children(node))
    return deepest


def _within(file: syntax.File, length: int) -> bool:
    """Whether all ranges lie in the document."""
    return all(
        0 <= node.range.start <= node.range.end <= length
        for node in syntax.walk(file)
        if not isinstance(node, syntax.File | syntax.ObjectItem)
    )


def survives(path: str, text: str) -> None:
    file, diagnostics = parse(Document(path, text))
    assert file.complete is not bool(diagnostics)
    assert _within(file, len(text))
    for diagnostic in diagnostics:
        for place in (diagnostic.range, *(related.range for related in diagnostic.related)):
            assert 0 <= place.start <= place.end <= len(text)


_PIECES = r"""
    { } [ ] , : " \ ' ` # // /* */ = => ; true null None x 1 - 0 . e9 \u00 \ud83d ${ %{ $ ~ ( ) {} []
    "a" "a": "//": "variable": "locals": "source": "build": "dynamic": "content": "null": "amazon-ebs": "tag":
    "default": "type": "labels": "for_each": "builders": "${a}" "list(string)" "\"${a[\"b\"]}"
"""
PIECES = st.sampled_from(
    [*_PIECES.split(), "\n", " ", "\t", "\ufeff", "\0", "\u201c", "\u201d", "\U0001f600"],
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(text=TEXTS, path=st.sampled_from(PATHS))
def test_any_text(text: str, path: str) -> None:
    survives(path, text)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(inner=TEXTS, path=st.sampled_from(PATHS))
def test_any_text_within_a_template(inner: str, path: str) -> None:
    survives(
        path, '{"source": {"amazon-ebs": {"a": {"tag": [' + inner + ']}}}, "locals": {"a": "' + inner + '"}}'
    )


_HCL = r"""
    ${ ${~ } ~} %{ if else endif for x in endfor var.x [0] ["k"] [*] ( ) f( , "a" "" "${x}" "$${x}" { =
    : ? && ! - + 1 2.5 true null $${ %%{ $ % \ é
"""
HCL = st.lists(st.sampled_from([*_HCL.split(), " ", "\n", "\t", "\U0001f600"]), max_size=15).map("".join)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=HCL | HCL.map("${{{}}}".format) | HCL.map('${{f("{}")}}'.format))
def test_escapes_move_ranges_and_nothing_else(text: str) -> None:
    """A template is the same however its characters are written in JSON."""
    plain = json.dumps(text, ensure_ascii=False)
    escaped = '"' + "".join(f"\\u{unit:04x}" for unit in _units(text)) + '"'
    assert _told(plain) == _told(escaped)


def _units(text: str) -> list[int]:
    """The text in UTF-16."""
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def _told(string: str) -> list[tuple[str, str]]:
    """The nodes of a string, and its problems, with what they stand for."""
    file, diagnostics = parse(Document("x.pkr.json", '{"locals": {"a": ' + string + "}}"))
    nodes: list[tuple[str, Range]] = [
        (type(node).__name__, node.range) for node in syntax.walk(file) if isinstance(node, syntax.Expression)
    ]
    nodes += [(diagnostic.message, diagnostic.range) for diagnostic in diagnostics]
    return [(name, decoded(place.text)) for name, place in nodes]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_truncated_and_damaged_templates_of_the_corpus() -> None:
    files = [path for path in sorted(CORPUS.rglob("*.json")) if path.stat().st_size]
    assert len(files) == 208
    for number, path in enumerate(files):
        text = path.read_text(encoding="utf-8")
        for at in range(number % 7, len(text), max(1, len(text) // 6)):
            survives("x.json", text[:at])
            survives("x.json", text[at:])
            survives("x.pkr.json", text[:at].replace('"builders"', '"source"') + text[at + 9 :])
