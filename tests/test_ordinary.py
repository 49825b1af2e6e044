"""Files of which nothing is to be said beyond Packer's grammar, and those that rules have to look at."""

from __future__ import annotations

import pytest

from packlint.document import Document
from packlint.ordinary import is_ordinary
from packlint.parse import parse
from packlint.secrets.trace import may_have_key, may_name_secret

ORDINARY = """
packer {
  required_version = ">= 1.7"
  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = "~> 1"
    }
  }
}
variable "a-b" {
  type      = list(string)
  default   = ["x", { y = 1 }]
  sensitive = true
  validation {
    condition     = length(var.a-b) > 1
    error_message = "Too few."
  }
}
variable "from_outside" {
  default = env("OUTSIDE")
}
locals {
  when = timestamp()
}
source "qemu" "a" {
  anything = var.a-b
  nested {
    deeper = true
  }
}
build {
  name    = "n-${local.when}"
  sources = ["source.qemu.a"]
  provisioner "shell" {
    only        = ["qemu.a"]
    max_retries = 3
    override    = { "qemu.a" = {} }
    inline      = ["true"]
  }
}
"""


def ordinary(text: str, path: str = "t.pkr.hcl") -> bool:
    file, _ = parse(Document(path, text))
    return is_ordinary(file)


def test_a_file_as_the_grammar_has_it_is_ordinary() -> None:
    assert ordinary(ORDINARY)
    assert ordinary('a = "b"\nc = [1]\n', "x.pkrvars.hcl")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('  required_version = ">= 1.7"', '  requires = ">= 1.7"'),
        ('  required_version = ">= 1.7"', "  required_version = local.when"),
        ('      version = "~> 1"\n', ""),
        ('      version = "~> 1"\n', '      version = "~> 1"\n      more = 1\n'),
        ('variable "a-b"', "variable"),
        ('variable "a-b"', 'variable "1b"'),
        ('variable "a-b"', 'variable "-a"'),
        ("sensitive = true", 'sensitive = "true"'),
        ("sensitive = true", "sensitive = (true)"),
        ('    error_message = "Too few."\n', ""),
        ('env("OUTSIDE")', 'upper("OUTSIDE")'),
        ('env("OUTSIDE")', "local.when"),
        ("  nested {", '  dynamic "nested" {'),
        ('"n-${local.when}"', "5"),
        ('["qemu.a"]', '"qemu.a"'),
        ('["qemu.a"]', '[["qemu.a"]]'),
        ('{ "qemu.a" = {} }', '"qemu.a"'),
        ("  provisioner", "  provision"),
        ("build {", "hcp_packer_registry {\n}\nbuild {"),
        ("build {", 'communicator "ssh" "a" {\n}\nbuild {'),
        ("build {", "build = 1\nbuild {"),
        ("build {", "build {{"),
    ],
)
def test_a_file_with_anything_else_is_not(written: str, instead: str) -> None:
    assert ORDINARY.count(written) == 1
    assert not ordinary(ORDINARY.replace(written, instead))


@pytest.mark.parametrize("text", ["a = b\n", "a {\n}\n", "a = env(1)\n"])
def test_a_variable_file_with_more_than_values_is_not(text: str) -> None:
    assert not ordinary(text, "x.pkrvars.hcl")


@pytest.mark.parametrize(
    "name", ["ssh_password", "apiKey", "API-KEY", "private_key", "Token", "key_material"]
)
def test_names_of_secrets_leave_a_trace(name: str) -> None:
    assert may_name_secret(f"{name} = 1")


def test_other_texts_leave_none() -> None:
    assert not may_name_secret(ORDINARY)
    assert not may_have_key(ORDINARY)
    assert may_have_key('a = "AKIAIOSFODNN7EXAMPLE"')
