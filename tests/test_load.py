"""Templates → texts, and what is said of files that have none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from packlint.diagnostic import Severity
from packlint.files import Files
from packlint.load import load
from packlint.model import Template


def template(
    root: Path, *documents: str, var_files: tuple[str, ...] = (), unread: tuple[str, ...] = ()
) -> Template:
    return Template(".", documents, Files(root), var_files, unread)


def test_documents_come_before_variable_files(tmp_path: Path) -> None:
    (tmp_path / "b.pkr.hcl").write_text("b")
    (tmp_path / "a.auto.pkrvars.hcl").write_text("a = 1")
    documents, diagnostics = load(template(tmp_path, "b.pkr.hcl", var_files=("a.auto.pkrvars.hcl",)))
    assert [(it.path, it.text) for it in documents] == [("b.pkr.hcl", "b"), ("a.auto.pkrvars.hcl", "a = 1")]
    assert diagnostics == ()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a\r\nb\rc\n", "a\r\nb\rc\n"),
        (b"\xef\xbb\xbfa = 1", "a = 1"),
        (b"a\xef\xbb\xbf", "a\ufeff"),
        (b"# a\x00b", "# a\x00b"),
        (b'a = "\x00"', 'a = "\x00"'),
        ("é日😀".encode(), "é日😀"),
        (b"a\tb", "a\tb"),
        (b"\xef\xbb\xbf", ""),
    ],
)
def test_a_text_is_kept_but_for_the_byte_order_mark(tmp_path: Path, data: bytes, text: str) -> None:
    (tmp_path / "a.pkr.hcl").write_bytes(data)
    (document,), _ = load(template(tmp_path, "a.pkr.hcl"))
    assert document.text == text


def test_bytes_that_are_not_utf_8_keep_their_places(tmp_path: Path) -> None:
    (tmp_path / "a.pkr.hcl").write_bytes(b"\xef\xbb\xbf# \xc3\xa9 \xe9\xe8 \xef\xbf\xbd \xe2\x82")
    (document,), diagnostics = load(template(tmp_path, "a.pkr.hcl"))
    assert document.text == "# é \ufffd\ufffd \ufffd \ufffd\ufffd"
    assert document.undecoded == (4, 5, 9, 10)
    assert diagnostics == ()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("\ufeffa = 1".encode("utf-16-le"), "it is UTF-16"),
        ("\ufeffa = 1".encode("utf-16-be"), "it is UTF-16"),
        ("\ufeffa = 1".encode("utf-32-le"), "it is UTF-32"),
        ("\ufeffa = 1".encode("utf-32-be"), "it is UTF-32"),
        ('locals { x = "é" }'.encode("utf-16-le"), "it is a binary file"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "it is a binary file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "it is a binary file"),
        (b'%PDF-1.7\n%\xe2\xe3 "#" \x00', "it is a binary file"),
        (b"\x00" * 100, "it is a binary file"),
    ],
)
@pytest.mark.parametrize("name", ["a.pkr.hcl", "a.pkr.json", "a.json", "a.auto.pkrvars.hcl"])
def test_what_is_no_text_is_told_once(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "b.pkr.hcl").write_text("b")
    documents, (diagnostic,) = load(template(tmp_path, name, "b.pkr.hcl"))
    assert [document.path for document in documents] == ["b.pkr.hcl"]
    assert diagnostic.message == f"`{name}` cannot be read: {why}"
    assert (diagnostic.rule, diagnostic.severity) == ("unreadable-file", Severity.ERROR)
    assert (diagnostic.range.document.path, diagnostic.range.first) == (name, (1, 1))
    assert diagnostic.hint


@pytest.mark.parametrize("name", ["a.json", "a.pkr.json", "a.pkrvars.json"])
def test_json_keeps_the_byte_order_mark_that_packer_refuses_there(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf{}")
    (document,), diagnostics = load(template(tmp_path, name))
    assert document.text == "\ufeff{}"
    assert diagnostics == ()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    documents, (diagnostic,) = load(template(tmp_path, "a.pkr.hcl"))
    assert documents == ()
    assert diagnostic.message == "`a.pkr.hcl` cannot be read: no such file or directory"


def test_a_file_that_is_too_large_is_told(tmp_path: Path) -> None:
    limit = 16 * 1024 * 1024
    (tmp_path / "a.pkr.hcl").write_bytes(b" " * limit)
    (tmp_path / "b.pkr.hcl").write_bytes(b" " * (limit + 1))
    documents, (diagnostic,) = load(template(tmp_path, "a.pkr.hcl", "b.pkr.hcl"))
    assert [len(document.text) for document in documents] == [limit]
    assert diagnostic.message == "`b.pkr.hcl` cannot be read: it is larger than 16 MiB"


def test_a_file_that_grows_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pkr.hcl").write_bytes(b" " * (16 * 1024 * 1024 + 1))
    small = Path(__file__).stat()
    monkeypatch.setattr(Path, "stat", lambda self: small)
    monkeypatch.setattr(os, "fstat", lambda handle: small)
    _, (diagnostic,) = load(template(tmp_path, "a.pkr.hcl"))
    assert diagnostic.message == "`a.pkr.hcl` cannot be read: it is larger than 16 MiB"


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
class TestOddFiles:
    def test_a_pipe_is_told_and_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.pkr.hcl")
        _, (diagnostic,) = load(template(tmp_path, "a.pkr.hcl"))
        assert diagnostic.message == "`a.pkr.hcl` cannot be read: it is not a regular file"

    def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        os.mkfifo(tmp_path / "a.pkr.hcl")
        before = Path(__file__).stat()
        monkeypatch.setattr(Path, "stat", lambda self: before)
        _, (diagnostic,) = load(template(tmp_path, "a.pkr.hcl"))
        assert diagnostic.message == "`a.pkr.hcl` cannot be read: it is not a regular file"

    def test_a_link_to_a_name_that_no_file_can_have_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.pkr.hcl").symlink_to("n" * 300)
        _, (diagnostic,) = load(template(tmp_path, "a.pkr.hcl"))
        assert diagnostic.message == "`a.pkr.hcl` cannot be read: file name too long"

    def test_a_loop_of_links_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.pkr.hcl").symlink_to("a.pkr.hcl")
        _, (diagnostic,) = load(template(tmp_path, "a.pkr.hcl"))
        assert diagnostic.message.startswith("`a.pkr.hcl` cannot be read: ")

    def test_a_link_that_leaves_the_root_is_a_warning(self, tmp_path: Path) -> None:
        _, diagnostics = load(template(tmp_path, unread=("a.pkr.hcl", "b.pkr.json")))
        assert [(it.message, it.severity) for it in diagnostics] == [
            (f"`{name}` cannot be read: it is a link that leaves the checked root", Severity.WARNING)
            for name in ("a.pkr.hcl", "b.pkr.json")
        ]
