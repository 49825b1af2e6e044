"""Cycles of locals and data sources, and arguments that a build sets again: what is said, and what not."""

from __future__ import annotations

import shutil
import subprocess
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.testing import findings

CYCLE = "local-or-data-cycle"
REDEFINES = "build-source-redefines-argument"


def found(rule: str, text: str, path: str = "t.pkr.hcl") -> tuple[Diagnostic, ...]:
    return findings(rule, {path: cleandoc(text) + "\n"})


def test_a_cycle_is_told_once_and_names_its_members() -> None:
    (cycle,) = found(
        CYCLE,
        """
        locals {
          outside = local.a
          a       = local.b
          b       = data.null.c.output
        }
        data "null" "c" {
          input = "${local.a}!"
        }
        """,
    )
    assert cycle.message == "`local.a` depends on itself: `local.a → local.b → data.null.c → local.a`"
    assert cycle.range.text == "a"
    assert [(it.range.text, it.message) for it in cycle.related] == [
        ("b", "`local.b` is part of it"),
        ('data "null" "c"', "`data.null.c` is part of it"),
    ]


def test_of_a_local_that_is_declared_twice_no_cycle_is_told() -> None:
    assert found(CYCLE, 'locals {\n  a = local.b\n  b = local.a\n}\nlocal "a" {\n  expression = 1\n}') == ()


def test_a_long_cycle_is_told_briefly() -> None:
    text = "\n".join(f"a{i} = local.a{(i + 1) % 100}" for i in range(100))
    (cycle,) = found(CYCLE, f"locals {{\n{text}\n}}")
    assert cycle.message.endswith("local.a7 → … → local.a0`")
    assert len(cycle.related) == 20


TWICE = """
source "null" "n" {
  communicator = "none"
}
build {
  source "null.n" {
    communicator = "none"
  }
}
"""


def test_an_argument_that_a_build_sets_again_shows_where_it_is_set() -> None:
    (again,) = found(REDEFINES, TWICE)
    assert again.range.first.line == 6
    assert [it.range.first.line for it in again.related] == [2]


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
def test_packer_refuses_it_too(tmp_path: Path) -> None:
    (tmp_path / "t.pkr.hcl").write_text(TWICE, encoding="utf-8")
    done = subprocess.run(
        ["packer", "validate", "t.pkr.hcl"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Duplicate argument" in done.stdout + done.stderr


def test_a_block_that_makes_several_sources_is_told_once() -> None:
    text = """
        source "null" "a" {
          ssh_host = "x"
        }
        build {
          dynamic "source" {
            for_each = ["a", "b"]
            labels   = ["null.a"]
            content {
              name     = source.value
              ssh_host = source.value
            }
          }
        }
    """
    assert [it.range.text for it in found(REDEFINES, text)] == ["ssh_host"]


@pytest.mark.parametrize(
    ("builder", "value", "count"),
    [
        ("null", '"none"', 1),
        ("nobody-knows", '"none"', 1),
        ("nobody-knows", '{"key": "a"}', 0),  # it may be a block, which may be repeated
    ],
)
def test_json_may_mean_a_block(builder: str, value: str, count: int) -> None:
    text = f"""
        {{
          "source": {{"{builder}": {{"n": {{"communicator": {value}}}}}}},
          "build": {{"source": {{"{builder}.n": {{"name": "x", "communicator": {value}}}}}}}
        }}
    """
    assert len(found(REDEFINES, text, "t.pkr.json")) == count


def test_a_source_that_is_not_there_has_no_arguments() -> None:
    assert found(REDEFINES, 'build {\n  source "null.n" {\n    communicator = "none"\n  }\n}') == ()
