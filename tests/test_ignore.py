"""`.gitignore`: the verdicts are git's own, and no pattern takes long."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from packlint import ignore
from packlint.files import Files
from packlint.ignore import Ignores, ignored, read_ignores

PATHS = (
    *("a", "ab", "abc", "b/a", "b/c", "b/c/a", "c/b/a/x", "c/x/y/a", "a.tmp", "b/a.tmp", "#a", "!a"),
    *("d/a b", "d/[a]", "d/a*", "d/ab", "d/ééé", "d/-", "x/a/b/a/b", "x/y/z", "x/.a", "y/b "),
)
PATTERNS = (
    *("a", "/a", "b/", "a/", "b/a", "/b/a", "*", "*.tmp", "a*", "*b", "?", "??", "*a*", "a?c"),
    *("**", "**/a", "**/a/", "x/**", "x/**/b", "/**/c/a", "c/**/a", "**/b/**", "x/**/a/**/b", "a**", "x/*/b"),
    *("[ab]", "[!a]", "[^a]", "[a-c]", "d/[[]a]", "d/\\[a\\]", "d/[]-]", "d/[\\*-]", "[a", "d/a[ *]"),
    *(
        "#a",
        "\\#a",
        "\\!a",
        "",
        "/",
        "//",
        "b//a",
        "!",
        "\\",
        "a\\",
        "a ",
        "b\\ ",
        "d/a\\*",
        "d/a\\ b",
        "ééé",
    ),
    *("*\n!a", "*\n!*/\n!*.tmp", "b\n!b/a", "!a\na", "a\r\nb/c\r", "\ufeffa", "a\x0bb\na"),
)


def ignores(root: Path) -> Ignores:
    return read_ignores(Files(root), root / ".gitignore", "")


def verdict(path: str, patterns: Ignores) -> bool:
    """What a walk would find out: a directory is asked about before what it holds."""
    parts = path.split("/")
    above = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
    return any(ignored(it, patterns) for it in above) or ignored(path, patterns)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not there")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not have such names")
def test_the_verdicts_are_those_of_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    for path in sorted(PATHS, key=len, reverse=True):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        if not (tmp_path / path).exists():
            (tmp_path / path).touch()
    files = [path for path in PATHS if (tmp_path / path).is_file()]
    for pattern in PATTERNS:
        (tmp_path / ".gitignore").write_bytes(f"{pattern}\n".encode())
        done = subprocess.run(
            ["git", "-c", "core.excludesFile=", "check-ignore", "-z", "--stdin"],
            cwd=tmp_path,
            input="\0".join(files).encode(),
            capture_output=True,
            check=False,
        )
        expected = set(done.stdout.decode().split("\0")) - {""}
        patterns = ignores(tmp_path)
        assert {path for path in files if verdict(path, patterns)} == expected, repr(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *("*a" * 60 + "b", "**/a/" * 50 + "b", "**/*a*a*a/" * 20 + "b", "a/**/" * 40 + "b"),
        *("*" + "?" * 200 + "b", "[a-z]*" * 40 + "0", "*" * 250 + "b"),
    ],
)
@pytest.mark.parametrize("path", ["a" * 255, "a/" * 2000, "/".join(["a" * 255] * 15)])
def test_no_pattern_takes_long(tmp_path: Path, pattern: str, path: str) -> None:
    (tmp_path / ".gitignore").write_text(pattern)
    patterns = ignores(tmp_path)
    assert len(patterns[0][1]) == 1
    start = time.process_time()
    assert not ignored(path, patterns)
    assert time.process_time() - start < 1


def test_a_pattern_without_end_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*" * (ignore.LONGEST + 1))
    assert not ignored("a", ignores(tmp_path))


def test_of_a_huge_file_the_beginning_holds(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("first\n" + "middle\n" * 200_000 + "last\n")
    patterns = ignores(tmp_path)
    assert ignored("first", patterns)
    assert not ignored("last", patterns)
    assert len(patterns[0][1]) < 20_000


def test_an_inner_file_overrules_an_outer_one(tmp_path: Path) -> None:
    for folder, text in (("", "*.tmp\n"), ("b", "!a.tmp\n")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / ".gitignore").write_text(text)
    files = Files(tmp_path)
    patterns = ignores(tmp_path) + read_ignores(files, tmp_path / "b/.gitignore", "b")
    assert [ignored(it, patterns) for it in ("a.tmp", "b/a.tmp", "b/c.tmp")] == [True, False, True]


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert ignores(tmp_path) == ()
