"""The content of JSON files → whether they are legacy templates, also where they are broken or hostile."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packlint.legacy import is_legacy

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.mark.parametrize(
    "text",
    [
        '{"builders": [{"type": "qemu"}]}',
        '{"builders":[{"type":"qemu"}]}',
        '\ufeff\n {"_comment": "x", "builders" :\n\t[ {"vm": {"type": 1}, "type" : "qemu"} ] }',
        '{"provisioners": [{"builders": {}}], "builders": [{}, {"type": "qemu"}]}',
        '{"a": "\\"builders\\": [", "builders": [{"type": "qemu"}]}',
    ],
)
def test_a_template_is_told(text: str) -> None:
    assert is_legacy(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '[{"builders": [{"type": "qemu"}]}]',
        '{"builders": {"type": "qemu"}}',
        '{"builders": []}',
        '{"builders": ["type"]}',
        '{"builders": [{"type": 1}]}',
        '{"builders": [{"inner": {"type": "qemu"}}]}',
        '{"builders": [[{"type": "qemu"}]]}',
        '{"builders": [], "others": [{"type": "qemu"}]}',
        '{"projects": {"builders": [{"type": "qemu"}]}}',
        '{"text": "{\\"builders\\": [{\\"type\\": \\"qemu\\"}]}"}',
        '{} {"builders": [{"type": "qemu"}]}',
    ],
)
def test_other_json_is_none(text: str) -> None:
    assert not is_legacy(text.encode())


def broken(text: str) -> Iterator[str]:
    """A text with one bracket, quote, comma or colon missing or given twice."""
    for place, character in enumerate(text):
        if character in '{}[]",:':
            yield text[:place] + text[place + 1 :]
            yield text[:place] + character + text[place:]


@pytest.mark.parametrize(
    "value",
    [
        {"name": "x", "type": "module", "builders": ["a", "b"], "repository": {"type": "git", "url": "u"}},
        {"builders": ["a"], "type": "library", "repositories": [{"type": "vcs", "url": "u"}]},
        {"builders": {"app": {"type": "y"}}, "others": [{"type": "x"}]},
        {"outputs": {"builders": {"value": ["a"], "type": ["list"]}}, "resources": [{"type": "x"}]},
        {"resources": [{"type": "x", "instances": [{"attributes": {"builders": [{"type": "x"}]}}]}]},
    ],
    ids=["package", "library", "architect", "state", "deep"],
)
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_no_slip_makes_a_template_of_other_json(value: object, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    assert [slip for slip in (text, *broken(text)) if is_legacy(slip.encode())] == []


BROKEN = """\
{
  "variables": {
    "name": "x"
  },
  "builders": [
    {
      "type": "qemu",
      "vm_name": "base"
    }
  ]
}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("},\n  ", "}\n  "),
        ("  },\n", ""),
        ("  },\n", "  }},\n"),
        ('"x"', '"x'),
        ('"x"', "x"),
        ("  ]\n}\n", ""),
        ('"base"\n    }\n', '"base"\n'),
        ('"qemu",', '"qemu"'),
        ('"qemu",', '"qemu'),
        ("{\n", ""),
        ("{\n", "\n\n"),
        ("    {\n", ""),
        ('      "type": "qemu",\n', '      "tags": {\n        "a": "b",\n      "type": "qemu",\n'),
        ('      "type": "qemu",\n', '      "args": [\n        "-a",\n      "type": "qemu",\n'),
        ("    {\n", '    {\n      "tags": {\n        "a": "b",\n'),
    ],
)
def test_a_broken_template_is_still_told(old: str, new: str) -> None:
    assert is_legacy(BROKEN.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "x" "builders": 3, "a": {"builders": [{"type": "x"}]}}',
        '{"name": "x",, "a": {"builders": [{"type": "x"}]}',
        '{\n  "name": "x\n  "a": {\n    "builders": [{"type": "x"}]\n  }\n',
        '// a comment\n{"a": {"builders": [{"type": "x"}]}}',
        '{\n  // {\n  "a": {\n    "builders": [{"type": "x"}]\n  }\n}\n',
        '{"builders": ["a", "b", "type": "module", "repository": {"type": "git"}}',
        '{"name": "x", "builders": ["a" "b"], "c": {"type": "d"}}}',
        '{"builders": [{"name": "a"}, "type": "module"}',
        '{"builders": [{"name": "a"], "type": "module"}',
        '{"builders": [, "others": [{"type": "x"}]}',
        '  "a": {\n    "builders": [{"type": "x"}]\n  },\n  "b": 1\n}\n',
        '"builders": [{"type": "x"}]',
    ],
)
def test_other_broken_json_is_none(text: str) -> None:
    assert not is_legacy(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b'{"builders": [' * 300_000,
        b'{"builders": [' + b"{" * 2_000_000 + b"]" * 2_000_000,
        b'{\n  "a": [' + b"}" * 4_000_000 + b'"builders":[',
        b'{"a":' + b'"\\' * 2_000_000 + b'"builders":[',
        b'{"builders"' + b" " * 4_000_000 + b'"builders":[',
        b'{ "builders": [1], ' + b'"type":' * 500_000,
        b'{\n  "x"' + b'\n  "builders": [ }' * 200_000,
        b" \n" * 2_000_000 + b'"builders":[',
        b'"a"' + b'\n  "builders": ["' * 200_000,
    ],
    ids=range(9),
)
def test_hostile_json_takes_little_time(data: bytes) -> None:
    before = time.process_time()
    assert not is_legacy(data)
    assert time.process_time() - before < 2


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_every_legacy_template_of_the_corpus_is_told() -> None:
    """All JSON of the corpus that has a text is a legacy template; some have an empty list of builders."""
    missed = [
        path
        for path in CORPUS.rglob("*.json")
        if path.stat().st_size and not path.name.endswith((".pkr.json", ".pkrvars.json"))
        if not is_legacy(path.read_bytes())
    ]
    assert [json.loads(path.read_bytes())["builders"] for path in missed] == [[], [], []]
