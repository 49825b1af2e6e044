"""The cache of the grammar: what is trusted, what happens where it cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from packlint import cache
from packlint.document import Document
from packlint.parse import grammar
from packlint.parse.hcl import Builder

POSIX = pytest.mark.skipif(os.name == "nt", reason="modes and owners are POSIX's")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setenv(cache.VARIABLE, str(place))
    return place


def test_a_blob_is_read_as_it_was_written(folder: Path) -> None:
    assert cache.read("blob") is None
    cache.write("blob", b"one")
    cache.write("blob", b"two")
    assert cache.read("blob") == b"two"
    assert [path.name for path in folder.iterdir()] == ["blob"], "no temporary file stays behind"


def test_a_damaged_blob_is_not_read(folder: Path) -> None:
    cache.write("blob", b"some bytes")
    whole = (folder / "blob").read_bytes()
    flipped = [bytes(b ^ (0x10 * (at == i)) for i, b in enumerate(whole)) for at in range(len(whole))]
    for damaged in (*flipped, *(whole[:end] for end in range(len(whole))), whole + b"x"):
        (folder / "blob").write_bytes(damaged)
        assert cache.read("blob") is None
    (folder / "blob").write_bytes(whole)
    assert cache.read("blob") == b"some bytes"


@POSIX
def test_a_blob_that_others_may_write_is_not_read(folder: Path) -> None:
    cache.write("blob", b"mine")
    for mode in (0o620, 0o602):
        (folder / "blob").chmod(mode)
        assert cache.read("blob") is None
    (folder / "blob").chmod(0o600)
    assert cache.read("blob") == b"mine"


@POSIX
def test_a_blob_of_another_user_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write("blob", b"theirs")
    stranger = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: stranger)
    assert cache.read("blob") is None


@POSIX
def test_a_link_a_folder_and_a_pipe_are_not_read(folder: Path) -> None:
    cache.write("blob", b"mine")
    (folder / "link").symlink_to(folder / "blob")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    assert [cache.read(name) for name in ("link", "folder", "pipe")] == [None, None, None]


def test_a_folder_that_cannot_be_written_is_no_failure(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    cache.write("blob", b"lost")
    assert cache.read("blob") is None


def test_a_failing_write_leaves_the_old_blob(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write("blob", b"old")

    def fail(*_: object) -> None:
        raise OSError("no space is left")

    monkeypatch.setattr(os, "replace", fail)
    cache.write("blob", b"new")
    assert cache.read("blob") == b"old"
    assert [path.name for path in folder.iterdir()] == ["blob"]


def test_without_a_home_nothing_is_kept_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise RuntimeError("could not determine home directory")

    monkeypatch.setattr(cache, "folder", fail)
    cache.write("blob", b"lost")
    assert cache.read("blob") is None


def items(parser: grammar.Parser, builder: Builder) -> int:
    document = Document("x.pkr.hcl", "a = 1\nb {}\n")
    builder.begin(document)
    return len(parser.parse(parser.scanner.scan(document.text).tokens))


def test_the_grammar_is_built_once_and_a_damaged_one_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    build = grammar._build

    def counted() -> grammar.Compact:
        built.append(None)
        return known or build()

    known: grammar.Compact | None = None
    monkeypatch.setattr(grammar, "_build", counted)
    builder = Builder()
    assert items(grammar.load(builder), builder) == 2
    assert items(grammar.load(builder), builder) == 2
    assert len(built) == 1
    (kept,) = folder.iterdir()
    known = grammar.marshal.loads(cache.read(kept.name) or b"")
    whole = kept.read_bytes()
    for damaged in (b"", b"\x00", whole[: len(whole) // 2], None):
        if damaged is None:
            cache.write(kept.name, b"\x80\x04N.")  # sound, but no grammar
        else:
            kept.write_bytes(damaged)
        before = len(built)
        assert items(grammar.load(builder), builder) == 2
        assert len(built) == before + 1
        assert grammar.marshal.loads(cache.read(kept.name) or b"") == known, "the damaged one is replaced"


def test_the_name_tells_all_that_the_grammar_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    name = grammar._cache_name()
    assert sys.implementation.cache_tag in name
    monkeypatch.setattr(grammar, "_CORRECTED", {**grammar._CORRECTED, "DOT": "."})
    assert grammar._cache_name() != name


def test_importing_the_stage_loads_neither_lark_nor_python_hcl2() -> None:
    script = "import sys, packlint.parse; print({'lark', 'hcl2', 'platformdirs'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
