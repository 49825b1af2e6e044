"""Where one value comes from: the answers, written down by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.errors import UsageError
from packlint.inspect.addresses import Addresses
from packlint.inspect.show import Screen
from packlint.inspect.why import DEEPEST, MOST, why
from packlint.model import Configuration
from packlint.pipeline import understand
from packlint.settings import Settings

PLAIN = Screen(100, lambda text, **_: text)

Told = Callable[..., str]

TEMPLATE = """
variable "gb" {
  default = 16
}

variable "names" {
  default = { web = { size = 1 } }
}

variable "release" {}

locals {
  size  = var.gb + 4
  both  = "${local.size}-${local.size}-${local.stamp}"
  stamp = timestamp()
  web   = { name = "web", size = var.names.web.size }
}

data "amazon-ami" "base" {
  owners = ["self"]
}

source "qemu" "base" {
  disk_size = local.size * 1024
  vm_name   = "${source.name}-${var.release}"
  output    = "${path.root}/out"
  ami       = data.amazon-ami.base.id
  disk {
    size = local.web.size
  }
}

build {
  name    = "image"
  source "qemu.base" {
    cpus = 2
  }
  provisioner "shell" {
    inline = [local.both, "x"]
    only   = ["qemu.base"]
  }
  post-processors {
    post-processor "manifest" {
      output = "m.json"
    }
  }
}
"""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "source.qemu.base.disk_size",
            """
            source.qemu.base.disk_size = 20480  # default of var.gb
            │  t.pkr.hcl:23:3: disk_size = local.size * 1024
            └─ local.size = 20  # default of var.gb
               │  t.pkr.hcl:12:3: size = var.gb + 4
               └─ var.gb = 16  # default
                     t.pkr.hcl:2:3: default = 16
            """,
        ),
        (
            "qemu.base.vm_name",
            """
            source.qemu.base.vm_name = unknown  # `var.release` has no default
            │  t.pkr.hcl:24:3: vm_name = "${source.name}-${var.release}"
            ├─ source.name = "base"
            └─ var.release = unknown  # `var.release` has no default
                  t.pkr.hcl:9:1: variable "release" {}
            """,
        ),
        (
            "source.qemu.base.ami",
            """
            source.qemu.base.ami = unknown  # depends on `data.amazon-ami.base`
            │  t.pkr.hcl:26:3: ami = data.amazon-ami.base.id
            └─ data.amazon-ami.base.id = unknown  # depends on `data.amazon-ami.base`
                  t.pkr.hcl:18:1: data "amazon-ami" "base"
            """,
        ),
        (
            "source.qemu.base.output",
            """
            source.qemu.base.output = "./out"
            │  t.pkr.hcl:25:3: output = "${path.root}/out"
            └─ path.root = "."
            """,
        ),
        (
            "source.qemu.base.disk[0].size",
            """
            source.qemu.base.disk.0.size = 1  # default of var.names
            │  t.pkr.hcl:28:5: size = local.web.size
            └─ local.web.size = 1  # default of var.names
               │  t.pkr.hcl:15:34: var.names.web.size
               └─ var.names.web.size = 1  # default
                     t.pkr.hcl:6:30: 1
            """,
        ),
        (
            "build.image.provisioner.0.inline",
            """
            build.image.provisioner.0.inline = [unknown, "x"]  # `timestamp` is the time of the build
            │  t.pkr.hcl:38:5: inline = [local.both, "x"]
            └─ local.both = unknown  # `timestamp` is the time of the build
               │  t.pkr.hcl:13:3: both = "${local.size}-${local.size}-${local.stamp}"
               ├─ local.size = 20  # default of var.gb
               │  │  t.pkr.hcl:12:3: size = var.gb + 4
               │  └─ var.gb = 16  # default
               │        t.pkr.hcl:2:3: default = 16
               └─ local.stamp = unknown  # `timestamp` is the time of the build
                     t.pkr.hcl:14:3: stamp = timestamp()
            """,
        ),
        (
            "build[0].post-processors[0][0].output",
            """
            build.0.post-processors.0.0.output = "m.json"
               t.pkr.hcl:43:7: output = "m.json"
            """,
        ),
        (
            "build.image.source.qemu.base.cpus",
            """
            build.image.source.qemu.base.cpus = 2
               t.pkr.hcl:35:5: cpus = 2
            """,
        ),
        (
            'local.web["name"]',
            """
            local.web.name = "web"
               t.pkr.hcl:15:20: "web"
            """,
        ),
    ],
)
def test_answers(told: Told, address: str, expected: str) -> None:
    assert told(TEMPLATE, address) == cleandoc(expected) + "\n"


@pytest.mark.parametrize(
    ("address", "message", "hint"),
    [
        ("var.gbb", "no template has a value at `var.gbb`", "did you mean `var.gb`?"),
        (
            "source.qemu.base.disk_sise",
            "no template has a value at `source.qemu.base.disk_sise`",
            "did you mean `source.qemu.base.disk_size`?",
        ),
        (
            "source.qemu.bose",
            "no template has a value at `source.qemu.bose`",
            "did you mean `source.qemu.base`?",
        ),
        (
            "qemu.base",
            "`qemu.base` is not one value",
            "ask for one of `source.qemu.base.disk_size`, `source.qemu.base.vm_name`, "
            "`source.qemu.base.output`, `source.qemu.base.ami`, `source.qemu.base.disk.0.size`",
        ),
        ("", "no template has a value at ``", "`packlint inspect` shows the addresses that there are"),
        (
            "local.web.nothing",
            "no template has a value at `local.web.nothing`",
            "`local.web` is one, without such a part",
        ),
    ],
)
def test_what_has_no_answer(told: Told, address: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        told(TEMPLATE, address)
    assert (str(error.value), error.value.hint) == (message, hint)


OWNERS = """
source "qemu" "vm" {
  socket   = 1
  sockets  = 2
  boot_iso {
    iso_checksum = "none"
  }
}

source "qemu" "base" {
  disk_size = 1
}
"""


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("source.qemu.vm.iso_checksum", "source.qemu.vm.boot_iso.0.iso_checksum"),
        ("qemu.vm.iso_checksum", "source.qemu.vm.boot_iso.0.iso_checksum"),
        ("source.qemu.vm.boot_is.0.iso_checksum", "source.qemu.vm.boot_iso.0.iso_checksum"),
        ("source.qemu.bose.disk_size", "source.qemu.base.disk_size"),
        ("source.qemu.vm.sockts", "source.qemu.vm.sockets"),
    ],
)
def test_an_address_that_ends_alike_is_meant_first(told: Told, address: str, meant: str) -> None:
    with pytest.raises(UsageError) as error:
        told(OWNERS, address)
    assert error.value.hint == f"did you mean `{meant}`?"


def test_only_an_empty_default_is_to_be_supplied(told: Told) -> None:
    text = """
    variable "d" {
      default = false
    }

    variable "e" {
      default = ""
    }

    locals {
      a = var.d ? "x" : ""
      b = var.e
    }
    """
    assert told(text, "local.a").startswith('local.a = ""  # default of var.d\n')
    assert told(text, "local.b").startswith('local.b = ""  # to be supplied by var.e\n')
    assert 'var.e = ""  # default, to be supplied\n' in told(text, "local.b")


def test_a_cycle_ends(told: Told) -> None:
    answer = told('locals {\n  a = "${local.b}x"\n  b = "${local.a}y"\n}', "local.a")
    shown = [line for line in answer.splitlines() if "t.pkr.hcl" not in line]
    assert [line.partition(" =")[0] for line in shown] == ["local.a", "└─ local.b", "   └─ local.a"]
    assert [line.endswith(", see above") for line in shown] == [False, False, True]


def test_what_was_told_is_not_told_again(told: Told) -> None:
    answer = told(
        """
        locals {
          a = 1
          b = local.a
          c = [local.b, local.a, local.d]
          d = local.b
        }
        """,
        "local.c",
    )
    assert (
        answer
        == cleandoc(
            """
        local.c = [1, 1, 1]
        │  t.pkr.hcl:4:3: c = [local.b, local.a, local.d]
        ├─ local.b = 1
        │  │  t.pkr.hcl:3:3: b = local.a
        │  └─ local.a = 1
        │        t.pkr.hcl:2:3: a = 1
        ├─ local.a = 1
        │     t.pkr.hcl:2:3: a = 1
        └─ local.d = 1
           │  t.pkr.hcl:5:3: d = local.b
           └─ local.b = 1  # see above
                 t.pkr.hcl:3:3: b = local.a
        """
        )
        + "\n"
    )


DYNAMIC = """
variable "sizes" {
  default = [1, 2]
}

source "qemu" "a" {
  dynamic "disk" {
    for_each = var.sizes
    content {
      size = disk.value * 2
    }
  }
}

build {
  sources = ["source.qemu.a"]

  provisioner "shell" {
    inline = ["true"]
    override = {
      a = { inline = ["false"] }
    }
  }

  dynamic "provisioner" {
    labels   = ["shell"]
    for_each = var.sizes
    content {
      inline = ["exit ${provisioner.value}"]
    }
  }
}
"""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "qemu.a.disk.1.size",
            """
            source.qemu.a.disk.1.size = 4  # default of var.sizes
            │  t.pkr.hcl:9:7: size = disk.value * 2
            └─ source.qemu.a.dynamic.disk.for_each = [1, 2]  # default of var.sizes
               │  t.pkr.hcl:7:5: for_each = var.sizes
               └─ var.sizes = [1, 2]  # default
                     t.pkr.hcl:2:3: default = [1, 2]
            """,
        ),
        (
            "build.0.provisioner.0.inline",
            """
            build.0.provisioner.0.inline = ["true"]
               for qemu.a = ["false"]
               t.pkr.hcl:18:5: inline = ["true"]
            """,
        ),
        (
            "build.0.provisioner.1.inline.0",
            """
            build.0.provisioner.1.inline.0 = "exit 1"
            │  t.pkr.hcl:28:17: "exit ${provisioner.value}"
            └─ build.0.dynamic.provisioner.for_each = [1, 2]  # default of var.sizes
               │  t.pkr.hcl:26:5: for_each = var.sizes
               └─ var.sizes = [1, 2]  # default
                     t.pkr.hcl:2:3: default = [1, 2]
            """,
        ),
    ],
)
def test_what_is_made_or_changed_for_a_source(told: Told, address: str, expected: str) -> None:
    answer = told(DYNAMIC, address)
    assert answer.replace('"exit 1"  # default of var.sizes', '"exit 1"') == cleandoc(expected) + "\n"


def test_variable_files_are_named(told: Told) -> None:
    answer = told(
        {"t.pkr.hcl": 'variable "a" {}\n', "x.auto.pkrvars.hcl": '# here\na = "b"\n'},
        "var.a",
    )
    assert answer == 'var.a = "b"  # variable file\n   x.auto.pkrvars.hcl:2:5: "b"\n'


def test_legacy_templates_are_told_alike(told: Told) -> None:
    template = {
        "t.json": """
        {
          "variables": {"gb": "16", "size": "{{user `gb`}}000"},
          "builders": [{"type": "qemu", "name": "ubuntu-18.04", "disk_size": "{{user `size`}}"}]
        }
        """
    }
    assert (
        told(template, "source.qemu.ubuntu-18.04.disk_size")
        == cleandoc(
            """
        source.qemu.ubuntu-18.04.disk_size = "16000"  # default of var.gb
        │  t.json:3:57: "disk_size": "{{user `size`}}"
        └─ var.size = "16000"  # default
           │  t.json:2:29: "size": "{{user `gb`}}000"
           └─ var.gb = "16"  # default
                 t.json:2:17: "gb": "16"
        """
        )
        + "\n"
    )


def test_every_template_that_has_the_address_answers(tmp_path: Path) -> None:
    for name, value in (("a", 1), ("b", 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.pkr.hcl").write_text(f"locals {{\n  x = {value}\n}}\n", encoding="utf-8")
    configurations, *_ = understand([tmp_path], Settings(), tmp_path)
    assert (
        why(configurations, "local.x", PLAIN)
        == cleandoc(
            """
        template a
        local.x = 1
           a/t.pkr.hcl:2:3: x = 1

        template b
        local.x = 2
           b/t.pkr.hcl:2:3: x = 2
        """
        )
        + "\n"
    )


def test_a_long_chain_is_not_followed_to_its_end(told: Told) -> None:
    chain = "".join(f"  a{n} = local.a{n + 1}\n" for n in range(5000))
    answer = told(f"locals {{\n{chain}  a5000 = 1\n}}\n", "local.a0")
    assert len(re.findall(r"local\.a[0-9]+ = 1\n", answer)) == DEEPEST + 1
    assert answer.endswith("… 1 more\n")


def test_a_value_made_of_very_many_is_not_told_in_full(told: Told) -> None:
    many = "".join(f"  a{n} = {n}\n" for n in range(3000))
    listed = ", ".join(f"local.a{n}" for n in range(3000))
    answer = told(f"locals {{\n{many}  all = [{listed}]\n}}\n", "local.all")
    assert answer.count("\n") < 2 * MOST + 5
    assert answer.endswith(f"└─ … {3000 - MOST + 1} more\n")


def test_every_address_of_the_corpus_has_an_answer(corpus: tuple[Configuration, ...]) -> None:
    asked = 0
    for configuration in corpus:
        asked += _ask_for_each(configuration)
    assert asked > 1000


def _ask_for_each(configuration: Configuration) -> int:
    addresses = list(Addresses(configuration).by_address)[::10]
    for address in addresses:
        assert why([configuration], address, PLAIN).startswith(address.split("\n")[0][:10])
    return len(addresses)
