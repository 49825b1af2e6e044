"""The tables of the grammar: those that come along, those of another python-hcl2, and what they prove."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from packlint import cache
from packlint.document import Document
from packlint.parse import derive, grammar, proof
from packlint.parse.quick import Quick
from packlint.parse.tables import Tables

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "packlint" / "parse" / "tables.txt"
SAMPLE = Document(
    "t.pkr.hcl",
    """a = 1
b "c" {
  d = ["e", "f ${g.h}", i]
  j = { k = l.m, n = o() }
  p = "${q}"
  r = "s\\t${u}"
  v = {
    w = "x", "y" = "z ${a}"
    b = 2
  }
}
""",
)
EVERY = frozenset(
    [
        "bare_call",
        "block",
        "integer",
        "item",
        "lines",
        "list",
        "mixed",
        "object",
        "string",
        "text",
        "word",
        "wrap",
    ]
)


@pytest.fixture
def installed() -> bytes:
    found = grammar.installed()
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setenv(cache.VARIABLE, str(place))
    return place


@pytest.fixture(autouse=True)
def anew() -> object:
    """No test leaves the tables of another grammar behind."""
    yield
    grammar.tables.cache_clear()


def other(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    """Another python-hcl2 is installed."""
    monkeypatch.setattr(grammar, "installed", lambda: text)
    grammar.tables.cache_clear()


def test_the_shipped_tables_are_those_of_the_installed_grammar(installed: bytes) -> None:
    assert SHIPPED.read_text(encoding="utf-8") == derive.derived(installed)


def test_the_same_grammar_gives_the_same_text_whatever_the_order_of_sets() -> None:
    script = "from packlint.parse import derive as d, grammar as g; print(d.derived(g.installed()), end='')"
    for seed in ("1", "77"):
        made = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert made.stdout == SHIPPED.read_bytes()


def test_the_tables_say_what_they_were_made_of(installed: bytes) -> None:
    made_of = grammar.tables().made_of
    assert made_of["sha256"] == hashlib.sha256(installed).hexdigest()
    for name in ("python-hcl2", "lark"):
        assert made_of[name] == importlib.metadata.version(name)


def test_the_tables_come_with_the_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["tool"]["setuptools"]["package-data"]["packlint.parse"] == ["tables.txt"]


def test_without_python_hcl2_the_shipped_tables_are_used(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(sys, "path", [str(folder)])
    assert grammar.installed() is None
    grammar.tables.cache_clear()
    assert grammar.tables().quick == EVERY
    assert not folder.exists()


def test_the_tables_of_another_grammar_are_derived_once_and_again_where_they_were_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch, installed: bytes
) -> None:
    made: list[bytes] = []
    ready = derive.derived(installed + b"\n")

    def counted(text: bytes) -> str:
        made.append(text)
        return ready

    monkeypatch.setattr(derive, "derived", counted)
    other(monkeypatch, installed + b"\n")
    for _ in range(2):
        assert Quick(grammar.tables()).read(SAMPLE) is not None
        grammar.tables.cache_clear()
    assert len(made) == 1
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    for damaged in (b"", b"\x00", whole[: len(whole) // 2], None):
        if damaged is None:
            cache.write(kept.name, b"sound, but no table")
        else:
            kept.write_bytes(damaged)
        before = len(made)
        assert Quick(grammar.tables()).read(SAMPLE) is not None
        grammar.tables.cache_clear()
        assert len(made) == before + 1
        assert kept.read_bytes() == whole, "the damaged one is replaced"


def test_another_maker_makes_tables_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, installed: bytes
) -> None:
    text = installed + b"\n"
    ready = derive.derived(text)
    monkeypatch.setattr(derive, "derived", lambda _: ready)
    read = grammar._read
    for change in (b"", b"# changed"):
        monkeypatch.setattr(grammar, "_read", lambda path, change=change: read(path) + change)
        other(monkeypatch, text)
        grammar._others(text)
    assert len(list(folder.iterdir())) == 2


def changed(text: bytes, old: str, new: str) -> Tables:
    assert old.encode() in text
    return Tables(derive.derived(text.replace(old.encode(), new.encode())))


def test_every_pattern_is_proved_of_the_grammar() -> None:
    assert grammar.tables().quick == EVERY


@pytest.mark.parametrize(
    ("old", "new", "off"),
    [
        (
            "[a-zA-Z_][a-zA-Z0-9_-]*/",
            "[a-zA-Z_][a-zA-Z0-9_]*/",
            "bare_call block item lines list mixed object word wrap",
        ),
        ("INT_LITERAL: NEGATIVE_DECIMAL?", "INT_LITERAL:", "integer"),
        ('INTERP_START : "${"', 'INTERP_START : "#{"', "list mixed text wrap"),
        ("EQ : /[ \\t]*=", "EQ : /[ ]*=", "item lines object"),
    ],
)
def test_a_pattern_is_off_where_its_terminal_has_another_text(
    installed: bytes, old: str, new: str, off: str
) -> None:
    assert changed(installed, old, new).quick == EVERY - set(off.split())


@pytest.mark.parametrize(
    ("old", "new", "off"),
    [
        ("tuple : LSQB", "tuple : LSQB COMMA", "list"),
        ("object : LBRACE", "object : LBRACE COMMA", "object"),
        ("interpolation: INTERP_START", "interpolation: INTERP_START COMMA", "text wrap mixed list item"),
        ("            | int_lit\n", "", "integer item"),
        ("object_elem : object_elem_key ( EQ | COLON )", "object_elem : object_elem_key EQ", "item"),
        ("LBRACE body RBRACE", "LBRACE body RBRACE COMMA", "block"),
        (
            "attribute : _attribute_name EQ expression",
            "attribute : _attribute_name EQ expression COMMA",
            "lines block",
        ),
    ],
)
def test_a_pattern_is_off_where_the_tables_do_not_bear_it_out(
    installed: bytes, old: str, new: str, off: str
) -> None:
    assert changed(installed, old, new).quick == EVERY - set(off.split())


def test_without_a_pattern_documents_say_the_same(oracle: object) -> None:
    found = Tables(SHIPPED.read_text(encoding="utf-8"))
    with_all = Quick(found).read(SAMPLE)
    for name in EVERY:
        found.quick = EVERY - {name}
        without = Quick(found).read(SAMPLE)
        if name in ("block", "lines", "text", "word"):
            assert without is None, "the sample is not quick without them"
        else:
            assert repr(without) == repr(with_all)


def test_a_pattern_is_tied_to_the_text_of_its_terminals(installed: bytes) -> None:
    _, terminals = derive.loaded(installed.decode())
    assert {name: terminals[name] for name in proof.TERMINALS} == proof.TERMINALS


def test_a_sound_template_needs_neither_lark_nor_the_slow_road() -> None:
    script = """if True:
        import sys, packlint.parse, packlint.document
        text = 'a = 1\\nb "c" {\\n  d = "e${f(g)}"\\n  h = <<I\\n${j}\\nI\\n}\\n'
        found = packlint.parse.parse(packlint.document.Document("t.pkr.hcl", text))
        assert found[0].complete and not found[1]
        print(sorted({name.removeprefix("packlint.parse.") for name in sys.modules}))
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(eval(done.stdout))
    assert "quick" in loaded
    slow = {
        "native",
        "scan",
        "wellformed",
        "message",
        "lexical",
        "outline",
        "salvage",
        "frame",
        "derive",
        "proof",
    }
    assert not loaded & {*slow, "lark", "hcl2", "platformdirs", "hashlib", "decimal", "importlib.metadata"}
