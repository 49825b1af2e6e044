"""Steps and builds → words for the sources that a step runs on."""

from pathlib import Path

import pytest

from packlint.document import Document
from packlint.effective import keep_from, names, overridden, runs_on
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Build, Template
from packlint.parse import parse


def build_of(folder: Path, step: str, *sources: str) -> Build:
    blocks = "\n".join(f'source "qemu" "{name}" {{}}' for name in sources)
    listed = ", ".join(f'"source.qemu.{name}"' for name in sources)
    build = f'build {{\n  sources = [{listed}]\n  provisioner "shell" {{\n{step}\n}}\n}}'
    file, told = parse(Document("x.pkr.hcl", f'{blocks}\n{build}\nvariable "v" {{}}\n'))
    assert not told
    (configuration,), _ = lower(Template("x.pkr.hcl", ("x.pkr.hcl",), Files(folder)), [file])
    return evaluate(configuration).builds[0]


@pytest.mark.parametrize(
    ("step", "certain"),
    [
        ("", "ab"),
        ('only = ["qemu.a"]', "a"),
        ('except = ["qemu.a"]', "b"),
        ("only = [var.v]", ""),
        ('only = ["a"]', ""),
    ],
)
def test_the_sources_that_a_step_runs_on_for_certain(tmp_path: Path, step: str, certain: str) -> None:
    build = build_of(tmp_path, step, "a", "b")
    assert "".join(use.name for use in runs_on(build.provisioners[0], build)) == certain


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("", False),
        ("override = { a = {} }", True),
        ("override = { b = {} }", False),
        ("override = var.v", True),
    ],
)
def test_a_step_may_be_overridden(tmp_path: Path, step: str, expected: bool) -> None:
    build = build_of(tmp_path, step, "a")
    assert overridden(build.provisioners[0], build.uses[0]) is expected


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ("a", "`qemu.a`"),
        ("ab", "`qemu.a` and `qemu.b`"),
        ("abc", "`qemu.a`, `qemu.b` and `qemu.c`"),
        ("abcde", "`qemu.a`, `qemu.b`, `qemu.c` and 2 more"),
    ],
)
def test_names(tmp_path: Path, sources: str, words: str) -> None:
    assert names(build_of(tmp_path, "", *sources).uses) == words


@pytest.mark.parametrize(
    ("step", "wrong", "hint"),
    [
        ("", 1, 'leave it out: `except = ["qemu.a"]`'),
        ("", 2, 'leave them out: `except = ["qemu.a", "qemu.b"]`'),
        ('only = ["qemu.a", "qemu.b"]', 1, "take `qemu.a` out of its `only`"),
        ("", 3, None),
    ],
)
def test_how_to_keep_a_step_from_sources(tmp_path: Path, step: str, wrong: int, hint: str | None) -> None:
    build = build_of(tmp_path, step, "a", "b", "c")
    assert keep_from(build.provisioners[0], build.uses[:wrong], build) == hint


def test_a_hint_lists_ten_sources(tmp_path: Path) -> None:
    build = build_of(tmp_path, "", *"abcdefghijklm")
    listed = ", ".join(f'"qemu.{name}"' for name in "abcdefghij")
    step = build.provisioners[0]
    assert keep_from(step, build.uses[:10], build) == f"leave them out: `except = [{listed}]`"
    assert keep_from(step, build.uses[:12], build) == f"leave them out: `except = [{listed}]` and 2 more"
