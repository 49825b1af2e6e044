"""Templates → what is told of `dynamic` blocks that Packer refuses, each mistake once."""

from __future__ import annotations

import shutil
import subprocess
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Severity
from packlint.testing import findings

RULES = ("invalid-expression", "argument-type-mismatch")

BUILD = """
variable "none" {
  type = list(string)
}
variable "list" {
  default = ["x"]
}
source "null" "here" {
  communicator = "none"
}
build {
  sources = ["null.here"]
%s
}
"""


def provisioner(for_each: str = '["true"]', labels: str = '["shell-local"]') -> str:
    content = "content {\ninline = [provisioner.value]\n}"
    return f'dynamic "provisioner" {{\nfor_each = {for_each}\nlabels = {labels}\n{content}\n}}'


REFUSED = {
    "a number": (provisioner(for_each="1"), "1", "`for_each` cannot go through a number"),
    "null": (provisioner(for_each="null"), "null", "`for_each` cannot go through null"),
    "a failing call": (provisioner(for_each='["${"a" * 2}"]'), '"a"', "a number is required"),
    "no list of labels": (provisioner(labels='"shell-local"'), '"shell-local"', "a list of 1 label"),
    "a number of labels": (provisioner(labels="1"), "1", "a list of 1 label"),
    "a variable of labels": (provisioner(labels="var.list"), "var.list", "a list of 1 label"),
    "two labels": (provisioner("[]", '["shell-local", "x"]'), '["shell-local", "x"]', "a list of 1 label"),
    "a label of lists": (provisioner(labels='[["x"]]'), '["x"]', "a string is required"),
    "a label that is null": (provisioner(labels="[null]"), "null", "a label is null"),
    "chains": ('dynamic "post-processors" {\nfor_each = 1\ncontent {}\n}', "1", "cannot go through a number"),
}


def nested(for_each: str) -> str:
    inner = 'dynamic "post-processor" {\nfor_each = 1\nlabels = ["manifest"]\ncontent {}\n}'
    return f'dynamic "post-processors" {{\nfor_each = {for_each}\ncontent {{\n{inner}\n}}\n}}'


TAKEN = {
    "a list": provisioner(),
    "nothing": provisioner(for_each="[]"),
    "what is not known": provisioner(for_each="var.none"),
    "a failure within what is not made": nested("[]"),
}


def told(body: str) -> list[tuple[str, str]]:
    return [
        (found.range.text, found.message)
        for rule in RULES
        for found in findings(rule, {"t.pkr.hcl": cleandoc(BUILD % body) + "\n"})
    ]


@pytest.mark.parametrize("case", REFUSED)
def test_a_dynamic_block_that_packer_refuses_is_told_once(case: str) -> None:
    body, place, words = REFUSED[case]
    ((text, message),) = told(body)
    assert text == place
    assert words in message


@pytest.mark.parametrize("body", [*TAKEN.values(), nested("var.none")])
def test_nothing_is_told_of_what_packer_may_take(body: str) -> None:
    assert told(body) == []


def test_a_failure_in_a_dynamic_block_of_a_source_is_told() -> None:
    text = 'source "qemu" "a" {\ndynamic "vtpm" {\nfor_each = true\ncontent {}\n}\n}\n'
    (found,) = findings("invalid-expression", {"t.pkr.hcl": text})
    assert found.range.text == "true"


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
@pytest.mark.parametrize(
    ("body", "refused"),
    [*((body, True) for body, *_ in REFUSED.values()), *((body, False) for body in TAKEN.values())],
)
def test_packer_refuses_the_same(body: str, refused: bool, tmp_path: Path) -> None:
    template = tmp_path / "t.pkr.hcl"
    template.write_text(cleandoc(BUILD % body) + "\n", encoding="utf-8")
    command = ["packer", "validate", "-var", 'none=["true"]', str(template)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) is refused, done.stdout


def test_one_mistake_is_told_once_however_far_its_value_goes() -> None:
    template = """
    variable "range" {
      default = ["10.0.0.0"]
    }
    locals {
      words  = ["x" * 2, "y"]
      first  = local.words[0]
      again  = { inner = local.first }
      deeper = "${local.again.inner}!"
      hosts  = [for range in var.range : cidrhost(range, 1)]
      host   = local.hosts[0]
    }
    source "null" "here" {
      ssh_host = local.host
      ssh_port = local.first
    }
    """
    found = findings("invalid-expression", {"template.pkr.hcl": cleandoc(template) + "\n"})
    assert [d.range.text for d in found] == ['"x"', "range"]


def test_a_default_is_evaluated_even_where_a_variable_file_gives_a_value() -> None:
    template = """
    variable "count" {
      type    = number
      default = "two" * 2
    }
    locals {
      more = var.count + 1
    }
    """
    files = {"template.pkr.hcl": cleandoc(template) + "\n", "given.auto.pkrvars.hcl": "count = 4\n"}
    (found,) = findings("invalid-expression", files)
    assert (found.range.text, found.severity, found.message) == (
        '"two"',
        Severity.ERROR,
        "Packer cannot evaluate this: a number is required",
    )
    assert findings("variable-type-mismatch", files) == ()


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ('"echo ${HOME}"', "for a variable of the shell, write `$${HOME}`"),
        ('"echo ${~ HOME ~}"', "for a variable of the shell, write `$${HOME}`"),
        ("HOME", 'for the text, write `"HOME"`'),
        ('"${upper(HOME)}"', 'for the text, write `"HOME"`'),
        ("each.value", None),
    ],
)
def test_what_a_bare_word_was_meant_to_be(expression: str, hint: str | None) -> None:
    files = {"template.pkr.hcl": f"locals {{\n  x = {expression}\n}}\n"}
    (found,) = findings("unavailable-reference", files)
    assert found.hint == hint
