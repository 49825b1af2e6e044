"""Traps of the rules on style: what looks like a finding and is none, fixes that would change a meaning."""

from __future__ import annotations

import shutil
import subprocess
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.testing import findings, fixed

FORMAT = "not-canonical-format"
INTERPOLATION = "redundant-interpolation"


def interpolations(expression: str) -> tuple[Diagnostic, ...]:
    """The findings in an expression that a local has."""
    return findings(INTERPOLATION, {"t.pkr.hcl": f"locals {{\n  x = {expression}\n}}\n"})


def alone(expression: str) -> str:
    """The expression after the fixes."""
    text = fixed(INTERPOLATION, {"t.pkr.hcl": f"locals {{\n  x = {expression}\n}}\n"})["t.pkr.hcl"]
    return text.removeprefix("locals {\n  x = ").removesuffix("\n}\n")


@pytest.mark.parametrize(
    "files",
    [
        {"t.pkr.hcl": "locals {\nx=1\n"},
        {"t.pkr.hcl": "locals {\nx=1\nx=2\n}\n"},
        {"t.pkr.json": '{"locals":{"x":1}}'},
        {"t.json": '{"builders":[{"type":"null"}]}'},
        {"t.pkr.hcl": ""},
        {"t.pkr.hcl": "\ufefflocals {}\n"},
    ],
    ids=["syntax error", "repeated argument", "JSON", "legacy", "empty", "byte order mark"],
)
def test_what_packer_does_not_format_is_not_canonical_either(files: dict[str, str]) -> None:
    assert {it.rule for it in findings(FORMAT, files)} <= {"syntax-error"}


def test_a_file_has_one_finding_at_the_first_line_that_differs() -> None:
    (found,) = findings(FORMAT, {"t.pkr.hcl": "locals {\n  a = 1\n    b=2  \n c = [ ]\n}\n"})
    assert (found.range.text, found.range.first) == ("b=2", (3, 5))
    assert found.fix is not None
    assert found.fix.message == "lay 2 lines out as `packer fmt` does"
    assert found.hint == "run `packer fmt t.pkr.hcl`"


def test_blanks_on_a_line_for_themselves_are_pointed_at() -> None:
    (found,) = findings(FORMAT, {"t.pkr.hcl": "locals {\n   \n}\n"})
    assert (found.range.text, found.range.first) == ("   ", (2, 1))


def test_a_fix_of_the_format_touches_nothing_but_blanks() -> None:
    (found,) = findings(FORMAT, {"t.pkr.hcl": 'locals {\r\nabc="d  e"   # f  g\r\n\th = 1# i\r\n}'})
    assert found.fix is not None
    assert found.fix.safe
    for edit in found.fix.edits:
        assert not edit.range.text.strip(" \t")
        assert not edit.replacement.strip(" ")


def test_line_breaks_of_windows_stay() -> None:
    text = "locals {\r\n  ab = 1\r\nc=2\r\n}\r\n"
    assert fixed(FORMAT, {"t.pkr.hcl": text}) == {"t.pkr.hcl": "locals {\r\n  ab = 1\r\n  c  = 2\r\n}\r\n"}


def test_an_interpolation_with_further_text_or_a_directive_is_needed() -> None:
    for expression in ('"${x} "', '"${x}${y}"', '"%{if x}y%{endif}"', '"$${x}"', "<<E\n${x}\nE", "upper(x)"):
        assert interpolations(expression) == ()


def test_what_has_syntax_errors_has_no_redundant_interpolation() -> None:
    (found,) = findings(INTERPOLATION, {"t.pkr.hcl": 'locals {\n  x = "${y}"\n  z = \n}\n'})
    assert found.rule == "syntax-error"


@pytest.mark.parametrize(
    ("expression", "mended"),
    [
        ('"${~ y ~}"', "y"),
        ('"${ y }"', "y"),
        ('f("${y}", ["${z}"])', "f(y, [z])"),
        ('"${"${y}"}"', "y"),
        ('"a${"${y}"}"', '"a${y}"'),
        ('y["${z}"]', "y[z]"),
        ('{ "${y}" = "${z}" }', "{ (y) = z }"),
        ('{ "${y}" : 1 }', "{ (y) : 1 }"),
        ('{ for a in y : "${a}" => "${a}" }', "{ for a in y : a => a }"),
        ('"${y ? 1 : 2}"', "y ? 1 : 2"),
        ('"${y ? 1 : 2}" == 3', "(y ? 1 : 2) == 3"),
        ('-"${y + 1}"', "-(y + 1)"),
        ('"${y}" + 1', "y + 1"),
        ('"${(y + 1)}" * 2', "(y + 1) * 2"),
        ('"${y}"-1', "(y)-1"),
        ('[for a in"${y}" : a]', "[for a in(y) : a]"),
        ('"${y.*.a}"["b"]', '(y.*.a)["b"]'),
        ('{ "${y}".a = 1 }', "{ (y).a = 1 }"),
        ('"${f(y)}".a', "f(y).a"),
        ('"${\n  y +\n  1\n}"', "(y +\n  1)"),
        ('"${\n  f(\n    y # c\n  )\n}"', "f(\n    y # c\n  )"),
        ('"${[\n  y\n]}"', "[\n  y\n]"),
    ],
)
def test_the_expression_alone_means_the_same(expression: str, mended: str) -> None:
    assert alone(expression) == mended


@pytest.mark.parametrize("expression", ['"${ /* why */ y }"', '"${y # why\n}"', '"${<<E\ny\nE\n}"'])
def test_no_fix_loses_a_comment_or_the_end_of_a_heredoc(expression: str) -> None:
    (found,) = interpolations(expression)
    assert found.fix is None


def test_a_hint_tells_a_reference_and_no_text() -> None:
    (reference,) = interpolations('"${var.password}"')
    assert "`var.password`" in (reference.hint or "")
    (text,) = interpolations('"${lower("hunter2")}"')
    assert "hunter2" not in f"{text.message} {text.hint}"


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
def test_packer_makes_no_text_of_a_lone_interpolation(tmp_path: Path) -> None:
    template = """
    variable "n" {
      default = 3
    }
    variable "k" {
      default = "key"
    }
    locals {
      x = ["${var.n}", "${~ var.n ~}", ["${[var.n]}"], { "${var.k}" = "${true}", a = "${null}" }]
    }
    """
    (tmp_path / "t.pkr.hcl").write_text(cleandoc(template) + "\n", encoding="utf-8")
    before = said(tmp_path / "t.pkr.hcl")
    assert before == '[3,3,[[3]],{"a":null,"key":true}]'
    text = fixed(INTERPOLATION, {"t.pkr.hcl": cleandoc(template) + "\n"})["t.pkr.hcl"]
    assert "${" not in text
    (tmp_path / "t.pkr.hcl").write_text(text, encoding="utf-8")
    assert said(tmp_path / "t.pkr.hcl") == before


def said(template: Path) -> str:
    """The JSON of `local.x` by Packer."""
    command = ["packer", "console", "--config-type=hcl2", str(template)]
    done = subprocess.run(command, input="jsonencode(local.x)\n", capture_output=True, text=True, check=False)
    return done.stdout.strip()
