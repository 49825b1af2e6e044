"""JSON documents → values with exact ranges; what is wrong with them, in sentences at the right place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from packlint import syntax
from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.parse import parse
from packlint.parse.problem import MOST

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def plain(node: syntax.Expression | syntax.File) -> Any:
    """The value of nodes as the standard library has it."""
    if isinstance(node, syntax.File):
        return {attribute.name: plain(attribute.expression) for attribute in node.body.attributes}
    if isinstance(node, syntax.Object):
        keys = [item.key for item in node.items]
        assert all(isinstance(key, syntax.Text) for key in keys)
        return {item.key.value: plain(item.value) for item in node.items if isinstance(item.key, syntax.Text)}
    if isinstance(node, syntax.Tuple):
        return [plain(item) for item in node.items]
    if isinstance(node, syntax.Template):
        return node.literal
    assert isinstance(node, syntax.Literal)
    return float(node.value) if isinstance(node.value, Decimal) else node.value


def said(text: str, path: str = "x.json") -> list[tuple[str, str]]:
    """What stands at each diagnostic, and its message."""
    return [(diagnostic.range.text, diagnostic.message) for diagnostic in parse(Document(path, text))[1]]


def only(text: str, path: str = "x.json") -> Diagnostic:
    (diagnostic,) = parse(Document(path, text))[1]
    return diagnostic


def test_values_and_ranges() -> None:
    text = '{ "name" : ["a\\n\\u00e9\\ud83d\\ude00", "", 1, -2.50, 1e3, true, null, {"k": "v"}] }'
    file, diagnostics = parse(Document("x.json", text))
    assert diagnostics == ()
    assert file.legacy
    assert file.complete
    (attribute,) = file.body.attributes
    assert attribute.name == "name"
    assert attribute.name_range.text == '"name"'
    assert attribute.range.text == text[2:-2]
    value = attribute.expression
    assert isinstance(value, syntax.Tuple)
    string, empty, *numbers, true, null, inner = value.items
    assert isinstance(string, syntax.Template)
    assert string.range.text == '"a\\n\\u00e9\\ud83d\\ude00"'
    (part,) = string.parts
    assert part.range.text == string.range.text[1:-1]
    assert string.literal == "a\n\u00e9\U0001f600"
    assert isinstance(empty, syntax.Template)
    assert empty.parts == ()
    assert [plain(number) for number in numbers] == [1, -2.5, 1000.0]
    assert [type(n.value) for n in numbers if isinstance(n, syntax.Literal)] == [int, Decimal, Decimal]
    assert (plain(true), plain(null), plain(inner)) == (True, None, {"k": "v"})
    assert isinstance(inner, syntax.Object)
    assert inner.items[0].key.range.text == '"k"'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\"\\\/\b\f\n\r\t", '"\\/\b\f\n\r\t'),
        (r"\u0041\u00E9", "A\u00e9"),
        (r"\uD83D\uDE00", "\U0001f600"),
        (r"\uD83D", "\ufffd"),
        (r"\uDE00\uD83D", "\ufffd\ufffd"),
        (r"\uD83D\u0041", "\ufffdA"),
        (r"\\u0041", r"\u0041"),
    ],
)
def test_escapes_mean_what_they_mean_to_go(written: str, meant: str) -> None:
    file, diagnostics = parse(Document("x.json", f'{{"a": "{written}"}}'))
    assert diagnostics == ()
    assert plain(file) == {"a": meant}


@pytest.mark.parametrize(
    ("text", "value", "messages"),
    [
        ('{"a": 1,}', {"a": 1}, [(",", "no item follows this comma before the object ends")]),
        ('{"a": [1, 2,]}', {"a": [1, 2]}, [(",", "no item follows this comma before the array ends")]),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}, [("", "a comma is missing here, before the next key")]),
        ('{"a": ["x" "y"]}', {"a": ["x", "y"]}, [("", "a comma is missing here, before a string")]),
        ('{"a": [1,,2]}', {"a": [1, 2]}, [(",", "nothing stands before this comma")]),
        ('{"a": 1; "b": 2}', {"a": 1, "b": 2}, [(";", "items are separated by commas, not by `;`")]),
        ('{"a" 1}', {"a": 1}, [("", "a colon is missing here, between a key and its value")]),
        ('{"a" = 1}', {"a": 1}, [("=", "a colon, not `=`, stands between a key and its value")]),
        ('{"a" => 1}', {"a": 1}, [("=>", "a colon, not `=>`, stands between a key and its value")]),
        ('{"a": x",\n "b": 1}', {"b": 1}, [("x", "a quote is missing where this text begins")]),
        ('{"a": 8.1.1"\n}', {}, [("8.1.1", "a quote is missing where this text begins")]),
        ('{"a": ["x", y"\n]}', {"a": ["x"]}, [("y", "a quote is missing where this text begins")]),
        ("{a: 1}", {"a": 1}, [("a", "a key in JSON stands in double quotes")]),
        ("{\"a\": 'b'}", {"a": "b"}, [("'b'", 'JSON quotes text with `"` only')]),
        ('{"a": \u201cb\u201d}', {"a": "b"}, [("\u201cb\u201d", 'JSON quotes text with `"` only')]),
        ('{"a": True, "b": 1}', {"b": 1}, [("True", "`True` is no value in JSON")]),
        ('{"a": NaN, "b": 1}', {"b": 1}, [("NaN", "`NaN` is no number in JSON")]),
        ('{"a": 012, "b": 1}', {"b": 1}, [("012", "a number in JSON does not begin with `0`")]),
        ('{"a": +1, "b": 1}', {"b": 1}, [("+1", "a number in JSON has no `+` before it")]),
        ('{"a": .5, "b": 1}', {"b": 1}, [(".5", "a number in JSON has a digit before its point")]),
        ('{"a": 0x10, "b": 1}', {"b": 1}, [("0x10", "this is no number in JSON")]),
        ('{"a": "C:\\dir", "b": 1}', {"b": 1}, [("\\d", "`\\d` is no escape sequence in JSON")]),
        ('{"a": "\\u12", "b": 1}', {"b": 1}, [("\\u", "`\\u` is not followed by four hexadecimal digits")]),
        ('{"a": "\t", "b": 1}', {"b": 1}, [("\t", "a string in JSON cannot hold a tab as it is")]),
        ('{"a": "x\n y", "b": 1}', {"b": 1}, [('"x', "a string in JSON ends on its line")]),
        ('{"a": "x,\n "b": 1}', {"b": 1}, [('"x,', "the string is not closed on its line")]),
        ('{"a": , "b": 1}', {"b": 1}, [('"a"', "this key has no value")]),
        ('{"a", "b": 1}', {"b": 1}, [('"a"', "this key has no value")]),
        ('{"b": 1, "a": }', {"b": 1}, [('"a"', "this key has no value")]),
        ('{"a": ["x", "b": 1}', {"a": ["x"], "b": 1}, [('"b"', "the array is not closed before this key")]),
        ('{"a": ["x" "b": 1}', {"a": ["x"], "b": 1}, [('"b"', "the array is not closed before this key")]),
        (
            '{"a": [{"x": 1, {"y": 2}]}',
            {"a": [{"x": 1}, {"y": 2}]},
            [("{", "the object is not closed before this `{`")],
        ),
        (
            '{"a": [{"x": 1], "b": 1}',
            {"a": [{"x": 1}], "b": 1},
            [("]", "the object is not closed before this `]`")],
        ),
        ('{"a": ["x": 1], "b": 1}', None, [(":", "an array holds values without keys")]),
        ('{"a": {"x": 1]}', {"a": {"x": 1}}, [("]", "the object ends with the wrong bracket")]),
        ('{"a": 1}}', {"a": 1}, [("}", "this `}` closes nothing")]),
        ('{"a": 1}\n{"b": 2}', {"a": 1}, [("{", "the file goes on with `{` after its JSON has ended")]),
        ('{"a": 1, 2, "b": 3}', {"a": 1, "b": 3}, [("2", "a key in double quotes must stand here, not `2`")]),
        ('{"a": 1 / 2, "b": 3}', {"a": 1, "b": 3}, [("/", "`,` or `}` must follow an item, not `/`")]),
        ('{"a": (1), "b": 3}', {"b": 3}, [("(", "a value must stand here, not `(`")]),
        ('{"a": {{ b }}}', {"a": {}}, [("{{", "`{{` is not JSON but another template language")]),
        ('// c\n{"a": 1} # d', {"a": 1}, [("// c", "JSON has no comments")]),
        ('{"a": [1, {"b": 2', {"a": [1, {"b": 2}]}, [("{", "this `{` is never closed")]),
        ("", {}, [("", "the file is empty")]),
        ('\ufeff{"a": 1}', {"a": 1}, [("\ufeff", "JSON cannot begin with a byte-order mark")]),
        ("\ufeff{}", {}, [("\ufeff", "JSON cannot begin with a byte-order mark")]),
        ("[]", {}, [("[]", "the root of this file must be an object")]),
        ('{"a": 1, "a": 2}', {"a": 2}, [('"a"', "the key `a` is set twice")]),
        ('{"a": [{"b": 1, "b": 2}]}', {"a": [{"b": 2}]}, [('"b"', "the key `b` is set twice")]),
        ('{"a": 1e400}', None, [("1e400", "this number is too large")]),
        ('{"a": 1e999999999999}', {"a": 0.0}, [("1e999999999999", "this number is out of range")]),
    ],
)  # fmt: skip
def test_a_slip_costs_no_more_than_itself(text: str, value: Any, messages: list[tuple[str, str]]) -> None:
    file, _ = parse(Document("x.json", text))
    assert said(text) == messages
    assert not file.complete
    if value is not None:
        assert plain(file) == value


def test_every_slip_that_can_mean_only_one_thing_is_told() -> None:
    text = """{
      "a": 1,
      b: 2,
      "c": 'x',
      "d": [1, 2,],
      "e" = True
      "f": 3
    }"""
    assert [found for found, _ in said(text)] == ["b", "'x'", ",", "=", "True", ""]
    assert plain(parse(Document("x.json", text))[0]) == {"a": 1, "b": 2, "c": "x", "d": [1, 2], "f": 3}


def test_what_may_follow_from_an_error_is_not_told() -> None:
    assert len(said('{"a": 1 ( 2 { 3, x: 4 ] , "b": 5')) == 1
    assert len(said('{"a": 1, "x", "a": 2}')) == 1  # what is hidden may have made another key of it


def test_an_error_says_where_it_comes_from() -> None:
    error = only('{"a": {"b": 1, "c": 2],\n "d": 3}')
    (related,) = error.related
    assert (related.range.start, related.message) == (6, "the object begins here")
    error = only('{"a": 1, "b": [1,\n 2,\n]}')
    assert [it.range.start for it in error.related] == [14]


def test_an_unclosed_bracket_is_found_by_its_indentation() -> None:
    text = '{\n  "a": {\n    "b": {\n      "x": 1\n  },\n  "c": 2\n}\n'
    error = only(text)
    assert error.range.start == text.index('{\n      "x"')
    assert [it.range.start for it in error.related] == [text.index("},")]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{"a": "C:\\dir\\"}', "for a backslash"),
        ('{"a": None}', "did you mean `null`?"),
        ('{"a": yes}', "did you mean `true`?"),
        ('{"a": x}', "double quotes"),
        ("// a\n{}", '`"//"`'),
        ("{a: 1}", 'write `"a"`'),
        ('{"a": "x\ny"}', "`\\n`"),
        ('{"a": "\x01"}', "`\\u0001`"),
        ('{"a": "b "c" d"}', '`\\"`'),
        ('{"a": "{{user "b"}}"}', "with backticks"),
        ('{"a": "{{b}} "c" d"}', '`\\"`'),
        ("{} {}", "in files of their own"),
        ('variable "a" {}', "`.pkr.hcl`"),
        ("# c\na = 1\n", "`.pkrvars.hcl`"),
    ],
)
def test_a_hint_says_what_to_do(text: str, hint: str) -> None:
    assert hint in str(only(text).hint)


def test_a_string_is_never_shown() -> None:
    texts = (
        '{"k": "hunter2" "b": 1}',
        '{"k": "hunter2',
        '{"k": ["hunter2": 1]}',
        '{"k": "hunter2\\d"}',
        '"hunter2"',
    )
    for text in texts:
        assert said(text)
        assert all("hunter2" not in message for _, message in said(text))


def test_many_errors_are_not_all_told() -> None:
    for text in ("{" + "k: 1, " * 1000 + "}", '{"a": 1, ' + '"a": 1, ' * 1000 + "}"):
        messages = said(text)
        assert len(messages) == 101
        assert messages[-1][1] == "there are more syntax errors from here on than the 100 that are shown"


def test_a_document_is_not_read_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packlint.parse.json.MOST", 50)
    message = f"the file has more than {MOST:,} words and signs"
    for item in ("1", "[]", '{"b": 1}', '"b", "c"'):
        text = '{"a": [' + ", ".join([item] * 50) + "]}"
        assert said(text) == [("", message)]
        assert plain(parse(Document("x.json", text))[0]) == {}


def test_a_legacy_template_may_be_null() -> None:
    assert said("null") == []


def test_a_file_of_another_encoding_is_sound_within_strings() -> None:
    assert parse(Document("x.json", '{"a": "\ufffd"}', undecoded=(7,)))[1] == ()


def templates() -> Iterator[Path]:
    """Legacy templates of the corpus; the other files are empty stand-ins."""
    return (path for path in sorted(CORPUS.rglob("*.json")) if path.stat().st_size)


needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


@needs_corpus
def test_the_corpus_reads_as_the_standard_library_reads_it() -> None:
    refused = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        file, diagnostics = parse(Document("x.json", text))
        assert plain(file) == json.loads(text), path
        refused += [(path.parent.name, path.name, it.range.text) for it in diagnostics]
    assert refused == [  # a key that is set twice; so says Packer of them
        ("windows-8.1-enterprise-eval", "packer.json", '"enable_secure_boot"'),
        ("windows", "windows-vagrant.json", '"qemuargs"'),
        ("windows", "windows.json", '"qemuargs"'),
    ]


@needs_corpus
def test_every_range_of_the_corpus_holds_the_text_of_its_node() -> None:
    for path in templates():
        file, _ = parse(Document("x.json", path.read_text(encoding="utf-8")))
        for node in syntax.walk(file):
            if isinstance(node, syntax.Attribute):
                assert json.loads(node.name_range.text) == node.name
                assert json.loads("{" + node.range.text + "}") == {node.name: plain(node.expression)}
            elif isinstance(node, syntax.Text):
                written = node.range.text  # a key's range has the quotes, that of a part of a string has not
                assert json.loads(written if written.startswith('"') else f'"{written}"') == node.value
            elif isinstance(node, syntax.ObjectItem):
                assert isinstance(node.key, syntax.Text)
                assert json.loads(node.key.range.text) == node.key.value
            elif isinstance(node, syntax.Expression):
                assert json.loads(node.range.text) == plain(node)


@needs_corpus
def test_damaged_templates_are_refused_as_the_standard_library_refuses_them() -> None:
    """Keys that are set twice are no matter to it, and are to Packer."""
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for at in range(0, len(text), max(1, len(text) // 4)):
            for damaged in (
                text[:at] + text[at + 1 :],
                text[:at] + "," + text[at:],
                text[:at] + '"' + text[at:],
            ):
                _, diagnostics = parse(Document("x.json", damaged))
                errors = [it for it in diagnostics if "is set twice" not in it.message]
                assert (not errors) == _is_json(damaged), (path, at)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
