"""What packlint sees, for people: aligned, cut to the width, and harmless to a terminal."""

from __future__ import annotations

from collections.abc import Callable
from inspect import cleandoc

import click
import pytest

from packlint.inspect.show import Screen, shown
from packlint.inspect.text import to_text
from packlint.model import Configuration
from packlint.value import NUMBER, STRING, Known, Type, Unknown, Value
from packlint.visible import columns, visible

AsText = Callable[..., str]

TEMPLATE = """
variable "cpus" {
  default = 2
}

variable "region" {}

variable "suffix" {
  default = ""
}

variable "token" {
  default   = "hunter2"
  sensitive = true
}

locals {
  stamp = timestamp()
}

data "amazon-ami" "base" {
  owners = ["self"]
}

source "qemu" "base" {
  cpus        = var.cpus
  vm_name     = "vm-${local.stamp}"
  token       = var.token
  iso_urls    = ["https://a.example/one.iso", local.stamp]
  description = <<-END
    One line
    and another
  END
  disk {
    size = 3
  }
}

source "null" "other" {}

build {
  name    = "image"
  sources = ["source.qemu.base", "source.null.other"]

  source "null.other" {
    name = "third"
    port = 22
  }

  provisioner "shell" {
    inline = ["apt-get update", "apt-get upgrade"]
  }

  provisioner "file" {
    source      = "files/"
    destination = "/tmp"
    only        = ["qemu.base"]
  }

  error-cleanup-provisioner "breakpoint" {}

  post-processors {
    post-processor "compress" {}
    post-processor "manifest" {}
  }
}
"""

EXPECTED = r"""
template .
variables
  var.cpus   = 2          # default
  var.region = unknown    # `var.region` has no default
  var.suffix = ""         # default, to be supplied
  var.token  = sensitive  # default
locals
  local.stamp = unknown  # `timestamp` is the time of the build
data sources
  data.amazon-ami.base  # t.pkr.hcl:20
    owners = ["self"]
sources
  source.qemu.base  # t.pkr.hcl:24
    cpus        = 2                         # default of var.cpus
    vm_name     = unknown                   # `timestamp` is the time of the build
    token       = sensitive
    iso_urls    = ["https://a.example/one.iso", unknown]  # `timestamp` is the time of the build
    description = "One line\nand another\n"
    disk.0
      size = 3
  source.null.other  # t.pkr.hcl:38
builds
  build.image  # t.pkr.hcl:40
    source.null.third
      port = 22
    for image.qemu.base
      provisioner.0                shell       inline = ["apt-get update", "apt-get upgrade"]
      provisioner.1                file        source = "files/"
      error-cleanup-provisioner.0  breakpoint
      post-processors.0.0          compress → manifest
    for image.null.other, image.null.third
      provisioner.0                shell       inline = ["apt-get update", "apt-get upgrade"]
      error-cleanup-provisioner.0  breakpoint
      post-processors.0.0          compress → manifest
"""


def test_a_template(as_text: AsText) -> None:
    assert as_text(TEMPLATE) == cleandoc(EXPECTED) + "\n"


def list_of(*items: Value) -> Known:
    return Known(items, Type("list", STRING))


@pytest.mark.parametrize(
    ("value", "room", "expected"),
    [
        (Known("ab", STRING), 4, '"ab"'),
        (Known("abcdefghijkl", STRING), 12, '"abcdefghi…"'),
        (Known("one\ntwo\nthree\n", STRING), 18, '"one…" (3 lines)'),
        (Known("one\ntwo\nthree\n", STRING), 40, r'"one\ntwo\nthree\n"'),
        (Known('say "hi"\\', STRING), 40, r'"say \"hi\"\\"'),
        (Known("\x1b[31m\u202e", STRING), 40, r'"\x1b[31m\u202e"'),
        (Known("日本語日本語", STRING), 10, '"日本語…"'),
        (Known(10**30, NUMBER), 10, "100000000…"),
        (Known(None), 10, "null"),
        (Known(True), 10, "true"),
        (Known(()), 10, "[]"),
        (Known({}), 10, "{}"),
        (list_of(*(Known(str(n), STRING) for n in range(100))), 30, '["0", "1", "2", … 97 more]'),
        (Known({"a": Known(1), "b c": Unknown("no")}), 40, '{ a = 1, "b c" = unknown }'),
        (Known({"a": Known(1), "b c": Known(2), "d": Known(3)}), 20, "{ a = 1, … 2 more }"),
        (Known((Known("x", sensitive=True), Known("y"))), 40, '[sensitive, "y"]'),
    ],
)
def test_a_value_fits(value: Value, room: int, expected: str) -> None:
    assert shown(value, room) == expected
    assert columns(expected) <= max(room, len("[] … 97 more"))


def test_colors_change_nothing_but_colors(understood: Callable[..., tuple[Configuration, ...]]) -> None:
    configurations = understood(TEMPLATE)
    colored = to_text(configurations, Screen(100, click.style))
    assert "\x1b[" in colored
    assert click.unstyle(colored) == cleandoc(EXPECTED) + "\n"


def test_a_legacy_template_that_means_ill(as_text: AsText) -> None:
    """Names of builders and of arguments are any text: runners take commands from the beginnings of lines."""
    text = as_text(
        {
            "t.json": r"""
            {
              "builders": [
                {"type": "null", "name": "::error::\u001b[31m", "::warning::x": 1, "ok": "##[error]\r\n"}
              ],
              "provisioners": [{"type": "::group::", "\n::debug::": "x"}]
            }
            """
        }
    )
    assert visible(text.replace("\n", "")) == text.replace("\n", "")
    assert not any(line.lstrip().startswith(("::", "##")) for line in text.splitlines())
    assert '"::warning::x"' in text


def test_a_build_of_which_no_source_is_known(as_text: AsText) -> None:
    text = as_text(
        """
        variable "sources" { type = list(string) }
        build {
          sources = var.sources
          provisioner "shell" {
            script = "a.sh"
          }
          post-processor "manifest" {}
        }
        """
    )
    assert text.splitlines()[-5:] == [
        "  build.0  # t.pkr.hcl:2",
        "    for no source that is known",
        '      provisioner.0        shell     script = "a.sh"',
        "      post-processors.0.0  manifest",
        "    # there may be more sources",
    ]


def test_the_corpus_is_shown(corpus: tuple[Configuration, ...]) -> None:
    text = to_text(corpus, Screen(100, lambda text, **_: text))
    assert text.count("\ntemplate ") > 500
    assert visible(text.replace("\n", "")) == text.replace("\n", "")
    lines = text.splitlines()
    assert sum(columns(line) > 100 for line in lines) < len(lines) / 100


def test_only_an_empty_default_is_to_be_supplied(as_text: AsText) -> None:
    text = """
    variable "d" {
      default = false
    }

    variable "e" {
      default = { a = "" }
    }

    source "null" "a" {
      ssh_host = var.d ? "x" : ""
      ssh_port = var.e.a
    }
    """
    lines = [" ".join(line.split()) for line in as_text(text).splitlines()]
    assert 'ssh_host = "" # default of var.d' in lines
    assert 'ssh_port = "" # to be supplied by var.e' in lines
