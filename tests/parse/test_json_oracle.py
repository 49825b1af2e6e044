"""What Packer itself says of JSON, sound and broken: `parse` gives the same verdicts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from packlint.document import Document
from packlint.parse import parse

PACKER = shutil.which("packer")
needs_packer = pytest.mark.skipif(PACKER is None, reason="Packer is not installed")


def _split(texts: str) -> list[str]:
    """One or more texts a line; three blanks are between them."""
    return re.split(r" {3,}|\n +", texts.strip())


VALUES = (
    *_split(
        r"""
        0   -0   1   -1   12.5   1e3   1E+3   1e-3   -1.5e10   1e300   123456789012345678901234567890   01
        -01   +1   .5   1.   1.e3   1e   1e+   --1   -   0x10   1_000   1 2   Infinity   -Infinity   NaN
        1.2.3   0e0   00   1d   true   false   null   True   FALSE   None   nul   truex   undefined   yes
        a   ""   "a"   "\""   "\\"   "\/"   "\b\f\n\r\t"   "\u0041"   "\uD83D\uDE00"   "\ud800"   "\u12"
        "\u123g"   "\d"   "\'"   "\x41"   "\U00000041"   "C:\path"   "C:\\path"   "\"   "a   'a'   `a`
        "\u0000"   "a""b"   "a" "b"   []   [1]   [1, 2]   [1,]   [,1]   [1,,2]   [1 2]   [1; 2]   [1: 2]
        [1   1]   [1}   [[]]   [[1], [2]]   {}   {"b": 1}   {"b": 1,}   {,"b": 1}   {"b" 1}   {"b"= 1}
        {"b" => 1}   {b: 1}   {'b': 1}   {"b"}   {"b":}   {"b", "c": 1}   {1: 2}   {null: 1}
        {"b": 1 "c": 2}   {"b": 1; "c": 2}   {"b": 1   {]   {"b": {"c": {"d": [1, {"e": 2}]}}}   {"b": 1}}
        {"b": 1]   {"b":: 1}   {"": 1}   {"b": 1, "B": 2}   1 // c   1 # c   1 /* c */   /* c */ 1
        {{ b }}   (1)
        """
    ),
    *('"a\nb"', '"a\tb"', '"a\rb"', '"a\x00b"', '"a\x1fb"', '"a\x7fb"', '"a\u2028b"'),
    *('"\xe9\u4e2d\U0001f600"', "\u201ca\u201d", '"\\\n"', '"\ufeff"', "", " 1 ", "\t1\r\n", "\xa01"),
    *("\u20281", "\x0c1"),
)
"""Values, sound and broken."""

WHOLE = (
    *_split(
        r"""
        {}   {} {}   {}{   {},   {}x   {} // c   []   [{}]   [{}, {}]   [1]   [[]]   [null]   null   true
        1   "a"   x   {   }   [   ]   "   variable "x" {}   x = 1   a: 1   <a/>
        """
    ),
    *("", " ", "\n", " {} \n", "# c\n{}", "// c\n{}", "\ufeff{}", "\\", "---\na: 1", "{\x00}"),
    *("{}\x00", "{}\x1a"),
)
"""Whole files."""

BLOCKS = (
    *_split(
        r"""
        {"variable": {"a": {"default": 1}}}   {"variable": {"a": [{"default": 1}]}}
        {"variable": {"a": null}}   {"variable": {"a": []}}   {"variable": {}}   {"variable": []}
        {"variable": null}   {"variable": [{}]}   {"variable": [{"a": {}}, {"b": {}}]}
        {"variable": {"//": "c"}}   {"variable": {"a": {"//": "c"}}}   {"variable": {"a": "b"}}
        {"variable": {"a": [{}, "b"]}}   {"variable": {"a": [null]}}   {"variable": 1}
        {"variable": {"a": {}}, "variable": {"b": {}}}   {"//": 1, "//": 2}
        [{"locals": {"a": 1}}, {"locals": {"b": 2}}]   {"locals": {"a": 1}}   {"locals": null}
        {"locals": []}   {"locals": [null]}   {"locals": [[{"a": 1}]]}   {"locals": "a"}
        {"locals": {"a": 1, "a": 2}}   {"locals": {"//": 1, "//": 2}}   {"locals": [{"a": 1}, {"b": 2}]}
        {"variable": {"a": {"default": 1, "default": 2}}}
        {"variable": {"a": {"default": {"k": 1, "k": 2}}}}   {"variable": {"a": {"default": "${1 + 1"}}}
        {"variable": {"a": {"default": "%{ if true }"}}}   {"variable": {"a": {"default": "$${1 + 1"}}}
        {"variable": {"a": {"description": "${1 + 1"}}}   {"variable": {"a": {"default": {"${": 1}}}}
        {"variable": {"a": {"default": ["${\"x\"}"]}}}   {"variable": {"a": {"type": "string"}}}
        {"variable": {"a": {"type": "list(string)"}}}   {"variable": {"a": {"type": "list(string"}}}
        {"variable": {"a": {"type": "${string}"}}}   {"variable": {"a": {"type": ""}}}
        {"variable": {"a": {"type": "map(object({b = string}))"}}}   {"source": {"null": {"a": {}}}}
        {"source": {"null": {}}}   {"source": {"null": {"a": "b"}}}   {"source": {}}
        {"source": [{"null": [{"a": {}}, {"b": [{}]}]}]}   {"source": {"null": {"a": null}}}
        {"build": {}}   {"build": "x"}   {"communicator": {"a": {"b": {"c": "${"}}}}
        {"packer": {"required_version": ">= 1.0"}}   {"packer": []}
        """
    ),
)
"""Packer's blocks, for which HCL's JSON syntax has rules of its own."""

LEGACY = (
    *_split(
        r"""
        {"_c": "x"}   {"_c": "x", "_c": "y"}   {"_c": "x", "_C": "y"}
        {"builders": [{"type": "null", "a": {"b": 1, "b": 2}}]}
        {"builders": [{"type": "null", "a": 1e309}]}
        {"builders": [{"type": "null", "a": 1.7976931348623157e308}]}
        {"builders": [{"type": "null", "a": -1e400}]}   {"builders": [{"type": "null", "a": 1e-400}]}
        """
    ),
)
"""What the reader of legacy templates minds beyond syntax."""

LATER = ("[1]", "[[]]", "[null]")
"""Refused in HCL, but not with the syntax."""


def is_sound(path: str, text: str) -> bool:
    return not parse(Document(path, text))[1]


def validated(path: Path) -> tuple[bool, str]:
    """Whether Packer takes what is there, and what it says."""
    assert PACKER is not None
    command = [PACKER, "validate", "-syntax-only", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode == 0, done.stdout.decode(errors="replace")


def disagreements(texts: Sequence[str], folder: Path, suffix: str) -> list[str]:
    """The texts of which Packer and `parse` think differently."""
    paths = [folder / f"{number}{suffix}" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode())
    with ThreadPoolExecutor(4) as pool:
        verdicts = [verdict for verdict, _ in pool.map(validated, paths)]
    assert 0.2 < sum(verdicts) / len(texts) < 0.8  # both are tried
    return [t for t, verdict in zip(texts, verdicts, strict=True) if is_sound(f"x{suffix}", t) != verdict]


@needs_packer
def test_hcl_json_syntax(tmp_path: Path) -> None:
    """After a syntax error in any of a directory's files, Packer tells those of all, and nothing else."""
    in_object = ['{"x": ' + value + "}" for value in VALUES]
    texts = [*(text for text in WHOLE if text not in LATER), *in_object]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.pkr.json").write_bytes(text.encode())
    _, said = validated(tmp_path)
    refused = {int(number) for number in re.findall(r"/(\d+)\.pkr\.json line", said)}
    assert len(texts) / 5 < len(refused) < len(texts) * 4 / 5
    assert refused == {n for n, text in enumerate(texts) if not is_sound("x.pkr.json", text)}


@needs_packer
def test_blocks_in_json(tmp_path: Path) -> None:
    assert disagreements([*BLOCKS, *LATER], tmp_path, ".pkr.json") == []


@needs_packer
def test_legacy_json(tmp_path: Path) -> None:
    in_builder = ['{"builders": [{"type": "null", "x": ' + value + "}]}" for value in VALUES]
    assert disagreements([*WHOLE, *in_builder, *LEGACY], tmp_path, ".json") == []
