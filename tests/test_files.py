"""The one reader: what lies within the root, and texts that stand in a file's place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from packlint.files import LARGEST, Files, Unsaved

links = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")


def test_names_are_relative_to_the_base(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x").write_bytes(b"x")
    files = Files(tmp_path / "a", tmp_path)
    assert files.name(tmp_path / "a" / "x") == "a/x"
    assert (files.read("a/x"), files.exists("a/x"), files.exists("a/y")) == (b"x", True, False)
    assert (files.is_directory("a"), files.is_directory("a/x")) == (True, False)


def test_names_with_blanks_and_other_letters(tmp_path: Path) -> None:
    (tmp_path / "ein Bild für 日本.pkr.hcl").write_bytes(b"x")
    files = Files(tmp_path)
    assert files.read(files.name(tmp_path / "ein Bild für 日本.pkr.hcl")) == b"x"


def test_the_text_of_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a\xffb")
    files = Files(tmp_path)
    assert files.text("x") == "a\ufffdb"
    assert [files.text(name) for name in ("y", ".", "../x", "x\0")] == [None] * 4


@links
def test_nothing_outside_is_read(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "root/link").symlink_to("../secret")
    files = Files(tmp_path / "root")
    for name in ("../secret", "link", str(tmp_path / "secret")):
        assert not files.exists(name)
        with pytest.raises(PermissionError, match="outside the checked root"):
            files.read(name)


class TestUnsaved:
    def test_it_is_read_instead_of_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_bytes(b"old")
        (tmp_path / "y").write_bytes(b"y")
        files = Files(tmp_path, unsaved=[Unsaved(b"new", tmp_path / "x")])
        assert (files.read("x"), files.read("./x"), files.read("y")) == (b"new", b"new", b"y")

    def test_several_stand_for_several_files(self, tmp_path: Path) -> None:
        texts = [Unsaved(b"1", tmp_path / "x"), Unsaved(b"2", tmp_path / "y"), Unsaved(b"3", tmp_path / "x")]
        files = Files(tmp_path, unsaved=texts)
        assert (files.read("x"), files.read("y")) == (b"3", b"2")

    def test_the_file_need_not_exist(self, tmp_path: Path) -> None:
        files = Files(tmp_path, unsaved=[Unsaved(b"new", tmp_path / "x")])
        assert (files.read("x"), files.exists("x"), files.exists("z")) == (b"new", True, False)

    def test_it_has_the_same_limit(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="it is larger than 16 MiB"):
            Files(tmp_path, unsaved=[Unsaved(b" " * (LARGEST + 1), tmp_path / "x")]).read("x")

    def test_it_is_read_only_within_the_root(self, tmp_path: Path) -> None:
        (tmp_path / "root").mkdir()
        files = Files(tmp_path / "root", unsaved=[Unsaved(b"new", tmp_path / "x")])
        assert not files.exists("../x")


def test_the_files_below_a_directory_are_bounded_and_those_of_a_folder_left_out(tmp_path: Path) -> None:
    for name in ("a.sh", "one/b.sh", "one/two/c.sh", ".git/config"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    files = Files(tmp_path)
    assert sorted(files.below(".", 100)) == [".git/config", "a.sh", "one/b.sh", "one/two/c.sh"]
    assert sorted(files.below(".", 100, lambda name: name[0] != ".")) == ["a.sh", "one/b.sh", "one/two/c.sh"]
    assert sorted(files.below("one", 100)) == ["one/b.sh", "one/two/c.sh"]
    assert [*files.below(".", 1)] == ["a.sh"]
    assert [*files.below("nowhere", 100)] == []


@links
def test_a_directory_with_a_link_in_it_is_not_gone_through(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "b.sh").write_text("x", encoding="utf-8")
    (tmp_path / "one" / "up").symlink_to(tmp_path)
    assert [*Files(tmp_path).below("one", 100)] == []
