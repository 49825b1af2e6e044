"""Diffs: what `git apply` and `patch` make of them, and what must not be in them."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import time
from pathlib import Path

import click
import pytest

from packlint.difference import Version, difference
from packlint.document import Document, Range
from packlint.report.mask import Mask

GIT = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
PATCH = pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
NOTHING = Mask(())

NAMES = [
    "a.pkr.hcl",
    "with blanks/my file.pkr.hcl",
    'quote".pkr.hcl',
    "back\\slash.pkr.hcl",
    "tab\there.pkr.hcl",
    "línea.pkr.hcl",
    "##[group]x.pkr.hcl",
]
TEXTS = {
    "a line": ("a\nb\nc\n", "a\nB\nc\n"),
    "crlf": ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
    "crlf to lf": ("#!/bin/sh\r\ntrue\r\n", "#!/bin/sh\ntrue\n"),
    "no line break at the end": ("a\nb", "a\nB"),
    "a line break at the end": ("a\nb", "a\nb\n"),
    "no more line break at the end": ("a\nb\n", "a\nb"),
    "unchanged without a line break": ("a\nb\nc", "A\nb\nc"),
    "all gone": ("a\nb\n", ""),
    "one line": ("a\n", "b\n"),
    "insertion in front": ("b\n", "a\nb\n"),
    "insertion at the end": ("a\nb\nc\nd\n", "a\nb\nc\nd\ne\n"),
    "deletion": ("a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\ne\ng\nh\n"),
    "far apart": ("".join(f"{n}\n" for n in range(40)), "".join(f"{n % 35}\n" for n in range(3, 40))),
    "near": ("a\nb\nc\nd\ne\nf\ng\nh\ni\n", "A\nb\nc\nd\ne\nf\ng\nH\ni\n"),
    "control characters": (
        "a\x1b[31m\x00\nb\x0b\x0c\nc\x85\u2028d\n",
        "a\x1b[31m\x00\nB\x0b\x0c\nc\x85\u2028d\n",
    ),
    "what looks like a head": ("-- a/x\n++ b/x\n@@ -1 +1 @@\n", "-- a/x\n+++ b/y\n@@ -1 +1 @@\n"),
    "carriage returns": ("a\rb\nc\n", "a\rB\nc\n"),
    "letters": ("é🦀\nb\n", "é🦀\nß\n"),
}


def diff_of(old: str, new: str, name: str = "a.pkr.hcl", **options: object) -> str:
    pair = (Version(Document(name, old), NOTHING), Version(Document(name, new), NOTHING))
    found = difference([pair], **options)  # type: ignore[arg-type]
    assert options or not found.altered
    return found.text


def applied(folder: Path, name: str, old: bytes, diff: str, *command: str) -> bytes:
    """A file after a tool has applied a diff."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(old)
    (folder / "the.diff").write_bytes(diff.encode())
    with (folder / "the.diff").open("rb") as file:
        subprocess.run(command, cwd=folder, stdin=file, check=True, capture_output=True)
    return (folder / name).read_bytes() if (folder / name).exists() else b""


@GIT
@pytest.mark.parametrize(("old", "new"), TEXTS.values(), ids=TEXTS.keys())
def test_git_applies_it(tmp_path: Path, old: str, new: str) -> None:
    got = applied(tmp_path, "a.pkr.hcl", old.encode(), diff_of(old, new), "git", "apply", "-")
    assert got == new.encode()


@PATCH
@pytest.mark.parametrize(("old", "new"), TEXTS.values(), ids=TEXTS.keys())
def test_patch_applies_it(tmp_path: Path, old: str, new: str) -> None:
    got = applied(tmp_path, "a.pkr.hcl", old.encode(), diff_of(old, new), "patch", "-p1", "--binary")
    assert got == new.encode()


@GIT
@pytest.mark.parametrize("name", NAMES)
def test_git_finds_the_file(tmp_path: Path, name: str) -> None:
    diff = diff_of("a\n", "b\n", name)
    assert applied(tmp_path, name, b"a\n", diff, "git", "apply", "-") == b"b\n"
    assert "##[" not in diff


@PATCH
@pytest.mark.parametrize("name", NAMES)
def test_patch_finds_the_file(tmp_path: Path, name: str) -> None:
    assert applied(tmp_path, name, b"a\n", diff_of("a\n", "b\n", name), "patch", "-p1", "--binary") == b"b\n"


@GIT
def test_a_mark_at_the_beginning_of_the_file_is_there(tmp_path: Path) -> None:
    pair = [Version(Document("a", text), NOTHING, bom=True) for text in ("a\nb\n", "a\nc\n")]
    diff = difference([(pair[0], pair[1])]).text
    got = applied(tmp_path, "a", "\ufeffa\nb\n".encode(), diff, "git", "apply", "-")
    assert got == "\ufeffa\nc\n".encode()


@GIT
@pytest.mark.parametrize("seed", range(20))
def test_git_applies_whatever_is_changed(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    old = [f"{chance.choice('abc')}\n" for _ in range(chance.randrange(1, 60))]
    new = [chance.choice((line, line, line, "x\n", "", f"{line}y\n")) for line in old]
    if old == new:
        new[0] = "z\n"
    diff = diff_of("".join(old), "".join(new))
    got = applied(tmp_path, "a.pkr.hcl", "".join(old).encode(), diff, "git", "apply", "-")
    assert got == "".join(new).encode()


def test_how_it_looks() -> None:
    old = "a {\n  x=1\n}\n\nb {\n  y = 2\n}\n\nc {\n}\n\nd {\n z = 3\n}\n"
    new = "a {\n  x = 1\n}\n\nb {\n  y = 2\n}\n\nc {\n}\n\nd {\n  z = 3\n}\n"
    assert diff_of(old, new) == (
        "--- a/a.pkr.hcl\n"
        "+++ b/a.pkr.hcl\n"
        "@@ -1,5 +1,5 @@\n"
        " a {\n"
        "-  x=1\n"
        "+  x = 1\n"
        " }\n"
        " \n"
        " b {\n"
        "@@ -10,5 +10,5 @@\n"
        " }\n"
        " \n"
        " d {\n"
        "- z = 3\n"
        "+  z = 3\n"
        " }\n"
    )


def test_no_difference_is_no_text() -> None:
    assert diff_of("a\n", "a\n") == ""


def test_colors() -> None:
    plain = diff_of("a\nb\n", "a\nc\n")
    colored = diff_of("a\nb\n", "a\nc\n", style=click.style)
    assert click.unstyle(colored) == plain
    assert click.style("-b", fg="red") in colored
    assert click.style("+c", fg="green") in colored


class TestOnATerminal:
    def test_control_characters_are_visible(self) -> None:
        diff = diff_of("\x1b]0;x\x07\u202e\ty\n", "\x1b]0;z\x07\u202e\ty\n", terminal=True)
        assert "-\\x1b]0;x\\x07\\u202e\ty\n" in diff
        assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", diff)

    def test_names_are_visible(self) -> None:
        assert "\u202e" not in diff_of("a\n", "b\n", "a\u202eb", terminal=True)

    def test_carriage_returns_only_where_they_say_something(self) -> None:
        assert "\\x0d" not in diff_of("a\r\nb\r\n", "a\r\nc\r\n", terminal=True)
        assert "-a\\x0d\n+a\n" in diff_of("a\r\n", "a\n", terminal=True)


def masked(old: str, new: str, *secrets: str) -> tuple[str, int]:
    """The diff of texts in which some words are secret."""
    versions = []
    for text in (old, new):
        document = Document("a.pkr.hcl", text)
        places = [
            Range(document, *found.span()) for found in re.finditer("|".join(map(re.escape, secrets)), text)
        ]
        versions.append(Version(document, Mask(places)))
    return difference([(versions[0], versions[1])])


class TestSecrets:
    def test_they_are_masked_wherever_they_stand(self) -> None:
        old = 'a = "s3cret"\nb=1\nc = "s3cret"\n'
        diff, altered = masked(old, old.replace("b=1", "b = 1"), "s3cret")
        assert "s3cret" not in diff
        assert diff.count('"******"') == 2
        assert altered == 2

    def test_those_of_one_version_alone_are_masked_in_both(self) -> None:
        document = Document("a", "k = hunter2\nx=1\n")
        later = Document("a", "k = hunter2\nx = 1\n")
        hidden = Mask([Range(later, 4, 11)])
        diff, _ = difference([(Version(document, NOTHING), Version(later, hidden))])
        assert "hunter2" not in diff

    @GIT
    @PATCH
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('a = "s3cret"\nb=1\n', 'a = "s3cret"\nb = 1\n'),
            ('a="s3cret"\n', 'a = "s3cret"\n'),
            ("a\nb\n", "a\nb\ns3cret\n"),
            ("\n\n", "\n\ns3cret\n"),
            ("a\n", "s3cret\na\n"),
            ("", "s3cret\n"),
        ],
    )
    @pytest.mark.parametrize("tool", [("git", "apply", "-"), ("patch", "-p1", "--binary", "-f")], ids=str)
    def test_nobody_applies_a_mask(self, tmp_path: Path, old: str, new: str, tool: tuple[str, ...]) -> None:
        diff, altered = masked(old, new, "s3cret")
        assert altered
        (tmp_path / "a.pkr.hcl").write_bytes(old.encode())
        done = subprocess.run(tool, cwd=tmp_path, input=diff.encode(), capture_output=True, check=False)
        # `patch` minds lines around a change less than `git`, but writes none of them.
        wanted = new if done.returncode == 0 else old
        assert (tmp_path / "a.pkr.hcl").read_bytes() == wanted.encode()


@pytest.mark.parametrize(
    "line",
    ["::set-output name=x::y", "  ::error::x", "x ##[command]y", "##vso[task.x]y", "x\r::stop-commands::y"],
)
def test_no_runner_takes_a_line_for_a_command(line: str) -> None:
    document, later = (Document("a", f"{line}\n{text}\n") for text in "bc")
    diff, altered = difference([(Version(document, NOTHING), Version(later, NOTHING))])
    assert altered == 1
    for shown in re.split(r"\r\n|\n|\r", diff):
        assert not shown.lstrip().startswith("::")
        assert not re.search(r"##(vso)?\[", shown)


@pytest.mark.parametrize("lines", [200_000, 200_001])
def test_long_texts_take_no_longer_than_they_have_to(lines: int) -> None:
    old = "".join(f"{number % 4999}\n" for number in range(lines))
    new = f"x\n{old[:-2]}y\n" if lines % 2 else f"x\n{old[2:-2]}y\n"
    start = time.process_time()
    assert diff_of(old, new)
    assert time.process_time() - start < 10
