"""The quick road, the slow one and Lark's own parser have the same nodes, comments and problems."""

from __future__ import annotations

import faulthandler
import gc
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from packlint import parse as stage
from packlint.document import Document
from packlint.parse import line
from packlint.parse.grammar import tables
from packlint.parse.quick import Quick

SHARED = Path(__file__).resolve().parents[3] / "shared"
CORPUS_ABSENT = pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus is not here")

PIECE = re.compile(r'[A-Za-z_][\w-]*|"[^"\n]*"|\d+|\n[ \t]*|[^\w\s]|[ \t]+')
CHARACTERS = ' \t\n\r"{}[]()=,.:?!-+*/%<>&|$~#\\ae_0é\0\u2028\u00a0'
WORDS = (
    *(
        "for",
        "in",
        "if",
        "else",
        "null",
        "true",
        "x",
        "a.b",
        "a::b",
        "f(",
        "é",
        "0",
        "1.5",
        "1e9",
        '"x"',
        '"\\n"',
    ),
    *(
        '"${',
        "${",
        "}",
        "~}",
        '"${a.b}"',
        "%{ if a }",
        "$${",
        "<<E\n",
        "<<-E\n",
        "\nE\n",
        "[*]",
        ".*",
        "...",
        "=>",
    ),
    *(
        "==",
        "&&",
        "# c\n",
        "// c\n",
        "/* c */",
        "/*",
        "*/",
        "\r\n",
        "[for a in b : c]",
        "{for a, b in c : a => b}",
    ),
    *(
        "a ? b : c",
        "-",
        "!",
        "f()",
        "f(a, b...)",
        "a = 1\n",
        "b {\n",
        "b {}\n",
        'b "c" { d = 1 }\n',
        '["a", "b"]',
    ),
)
FORMS = """\
a = 1
b = "text"
c = d.e.f
g = "${h.i}"
j = ["k", "l", ]
ja = ["k ${l.m}", n, o.p, "\\"q\\" $${r} $5 ${s}t",
  u]
jb = "v ${w}${x.y} \\n z"
za = { a = "b ${c}", "d" = e
  f : 1 }
zb = {
  g = h, i = "${j}k"

  l = true,
}
zc = {}
m = n[0].o["p"].*.q[*].r.0
s = [for t in u : t.v if t.w]
x = { for k, v in y : k => v... if v }
z = {
  a   = 1, b : "c"
  "d" = e.f, # remark
  g   = "${h}", "i" = null
  j   = k(l, m...) /* remark */
}
n = o ? p : q == -r && !s
t = "u ${v} w ${x["y"]} \\"z\\" ${~ a ~} $${b}"
c = <<D
  e ${f}
D
g = <<-H
  i
    j
  H
k "l" m "n" { o = p() }
q "" {}
r {
  # remark
  s {
    t = (u
      + v)
  }
}
"""
"""Most of what there is in HCL; every argument may stand alone."""


def real() -> list[str]:
    paths = sorted((SHARED / "corpus").rglob("*.pkr.hcl"))
    return [path.read_bytes().decode("utf-8-sig") for path in paths]


def fuzzed(texts: list[str], count: int, seed: int) -> Iterator[str]:
    """Blocks and lines of texts, with some characters and words cut off, put in, doubled or left out."""
    chance = random.Random(seed)
    pick = chance.choice
    blocks = [block for text in texts for block in re.split(r"(?m)^(?=[A-Za-z])", text) if len(block) < 1500]
    lines = [f"  {line.strip()}\n" for block in blocks for line in block.split("\n") if "=" in line]
    words = sorted({word for block in blocks[::9] for word in PIECE.findall(block)})
    for _ in range(count):
        if chance.random() < 0.7:
            text = "".join(pick(blocks) for _ in range(pick((1, 1, 2))))
        else:
            text = "b {\n" + "".join(pick(lines) for _ in range(pick((1, 2, 4)))) + "}\n"
        for _ in range(pick((0, 1, 1, 1, 2, 3))):
            text = _changed(text, chance, words)
        yield text


def _changed(text: str, chance: random.Random, words: list[str]) -> str:
    pick = chance.choice
    at = chance.randrange(len(text) + 1)
    found = [match for match in PIECE.finditer(text) if at - 40 < match.start() < at + 40]
    start, end = pick(found).span() if found else (at, at)
    return pick(
        (
            text[:at] + text[at + chance.randrange(3) :],
            text[:at] + pick(CHARACTERS) + text[at:],
            text[:at] + pick(WORDS) + text[at:],
            text[:start] + pick(WORDS) + text[end:],
            text[:start] + pick(words) + text[start:],
            text[:start] + text[end:],
            text[:end] + " " + text[start:],
            text[:at] if chance.random() < 0.2 else text,
        )
    )


@CORPUS_ABSENT
def test_all_roads_agree_on_the_corpus_which_is_read_quickly(oracle: Any) -> None:
    before, texts = oracle.quickly, real()
    assert [road for text in texts if (road := oracle.difference(text))] == []
    sound = sum(not stage.parse(Document("t.pkr.hcl", text))[1] for text in texts)
    assert oracle.quickly - before > 0.97 * sound


@CORPUS_ABSENT
def test_all_roads_agree_on_the_damaged_pieces_of_the_conformance_files(oracle: Any) -> None:
    text = (SHARED / "conformance" / "mutations.jsonl").read_text(encoding="utf-8")
    pieces = [json.loads(line)["text"].removeprefix("\ufeff") for line in text.splitlines() if line]
    assert [road for piece in pieces if (road := oracle.difference(piece))] == []


@CORPUS_ABSENT
def test_all_roads_agree_on_fuzzed_templates(oracle: Any) -> None:
    before = oracle.quickly
    assert [road for text in fuzzed(real(), 3000, 1) if (road := oracle.difference(text))] == []
    assert oracle.quickly - before > 500


def test_all_roads_agree_on_fuzzed_forms(oracle: Any) -> None:
    assert [road for text in fuzzed([FORMS], 3000, 2) if (road := oracle.difference(text))] == []


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_all_roads_agree_on_each_form(oracle: Any, ends: str) -> None:
    for block in re.split(r"(?m)^(?=[a-z])", FORMS):
        assert oracle.difference(block.replace("\n", ends)) == ""
        assert oracle.difference("b {\n" + block + "}") == ""


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 2\n",
        "a = 1 b = 2\n",
        "a = b\r c = d\n",
        "b { a = 1\n}\n",
        "b {\n  a = 1 }\n",
        "b { a = 1 } c = 2\n",
        "}\n",
        "a = {\n b = 1 c = 2\n}\n",
        "a = {\n b\n}\n",
        "a = {\n b =\n 1\n}\n",
        "a = [1\n, 2]\nb = (\n1)\n",
        "a = b ? c\n : d\n",
        "a = 1 +\n 2\n",
        "a = <<E\nx\nE",
        "a = --1\n",
        "a = {for = 1}\n",
        "a = {\n b = 1\n}for}\n",
        "a = [for x in y : x.for if -x]\n",
        "a = [for in in in : in - 1 if if]\n",
        "a = b.null.true[0]\n",
        "a = b (c)\n",
        "a = for\n",
        "a = [for.x]\n",
        "a = [for]\n",
        "a = [b, in, if.c]\n",
        "a = [null, true.b]\n",
        "a = [b (c), d]\n",
        "a = b[c, d]\n",
        'a = ["b ${for}"]\n',
        'a = "b ${if.c}"\n',
        "a = b {}\n",
        "a = {b = c}[d]\n",
        "a = {b = c d = e}\n",
        "a = {b = c,, d = e}\n",
        "a = {, b = c}\n",
        "a = {b = c\n, d = e}\n",
        'a = {b = "a" for = "c"}\n',
        "a = {b = x for = -c}\n",
        "a = {b = -x for = c}\n",
        "a = {b = f() for = c}\n",
        "a = {b = -c\n for = d}\n",
        "a = {\n {b = c} = d\n}\n",
        "a = {for.x = 1}\n",
        "a = true.b\n",
        "a = <<E\nx\nE\u00a0\nE \u00a0\n",
        "a = {\n  b = 1 !c = 2\n}\n",
        'a = "${true}"\n',
        'a = "${null.b}"\n',
        "a = {\n  b = null.c\n}\n",
    ],
)
def test_all_roads_agree_where_the_grammar_and_hcl_differ(oracle: Any, text: str) -> None:
    assert oracle.difference(text) == ""


def test_a_value_of_very_many_pieces_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from packlint.parse import value

    text = "a = [" + "-b, " * 50 + "]\n"
    quick = Quick(tables())
    assert quick.read(Document("t.pkr.hcl", text)) is not None
    monkeypatch.setattr(value, "_MOST", 50)
    assert quick.read(Document("t.pkr.hcl", text)) is None


@pytest.mark.parametrize(
    "form", ["a{} = 1", 'a{} = "b"', "a{} = b.c", "b {{\n  a = c\n}}\n#{}", 'b "{}" c {{}}']
)
def test_a_long_text_is_read_quickly_unless_it_may_have_too_many_words(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from packlint.parse import problem, quick, scan

    text = "".join(form.format(number) + "\n" for number in range(1000))
    document = Document("t.pkr.hcl", text)
    road: Callable[..., Any] = Quick(tables()).read
    count = len(stage.tokens(text) or ())
    for most in (count // 2, count - 1, count, count * 9):
        for module in (quick, scan, problem):
            monkeypatch.setattr(module, "MOST", most)
        too_many = any("more than" in found.message for found in stage.parse(document)[1])
        assert too_many == (count > most)
        assert not too_many or road(document) is None
    assert road(document) is not None


@pytest.mark.parametrize("collects", [True, False])
@pytest.mark.parametrize("text", ["a = 1\n", "a = \n"])
def test_the_collector_of_cycles_is_left_as_it_was(text: str, collects: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        stage.parse(Document("t.pkr.hcl", text))
        assert gc.isenabled() == collects
    finally:
        (gc.enable if before else gc.disable)()


def test_no_pattern_takes_long_for_what_it_does_not_find() -> None:
    faulthandler.dump_traceback_later(300, exit=True)  # of what backtracks even this would not be enough
    try:
        _match_what_is_not_there()
    finally:
        faulthandler.cancel_dump_traceback_later()


def _match_what_is_not_there() -> None:
    quick = tables().quick
    for pattern in (line.line_pattern(quick), line.item_pattern(quick), line.piece_pattern(quick)):
        for begin in ("", "a = ", "a = [", "a", '"', "a.", "# ", 'a "b"', "a {", "/*"):
            for many in ("a", " ", "\n", '"', '"a",', ' "a"', " a", ".a", "\t\n", "[", "*"):
                pattern.match(begin + many * 100_000 + "\0")
