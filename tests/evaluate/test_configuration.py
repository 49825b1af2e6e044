"""Configurations → values: variables by precedence, locals in order, sources resolved."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse
from packlint.value import Known, Unknown


def evaluated(text: str, var_file: str = "", unread: tuple[str, ...] = ()) -> Configuration:
    """A template and a variable file → its configuration with values."""
    names = {"images/t.pkr.hcl": text, "images/x.auto.pkrvars.hcl": var_file}
    files = [parse(Document(name, cleandoc(said) + "\n"))[0] for name, said in names.items()]
    template = Template(
        "images", ("images/t.pkr.hcl",), Files(Path.cwd()), ("images/x.auto.pkrvars.hcl",), unread
    )
    (configuration,), _ = lower(template, files)
    return evaluate(configuration)


def variables(configuration: Configuration) -> dict[str, object]:
    return {v.name: v.value.data if isinstance(v.value, Known) else v.value for v in configuration.variables}


def test_a_variable_file_wins_over_the_default() -> None:
    configuration = evaluated(
        """
        variable "memory" {
          type    = number
          default = 512
        }
        variable "name" {
          default = "web"
        }
        variable "password" {
          sensitive = true
        }
        """,
        'memory = "2048"',
    )
    memory, name, password = configuration.variables
    assert memory.value == Known(2048, memory.value.type)
    assert memory.value.default_of is None
    assert isinstance(name.value, Known)
    assert (name.value.data, name.value.default_of) == ("web", "name")
    assert isinstance(password.value, Unknown)
    assert password.value.sensitive


def test_a_variable_file_that_is_not_read_leaves_every_variable_unknown() -> None:
    configuration = evaluated(
        'variable "name" {\n  default = "web"\n}', unread=("images/y.auto.pkrvars.json",)
    )
    (name,) = configuration.variables
    assert isinstance(name.value, Unknown)
    assert "y.auto.pkrvars.json" in name.value.because


def test_an_empty_default_is_to_be_supplied() -> None:
    configuration = evaluated(
        """
        variable "iso" {
          default = ""
        }
        source "qemu" "web" {
          iso_url = var.iso
          vm_name = "${var.iso}-web"
        }
        """
    )
    (source,) = configuration.sources
    assert source.arguments.known("iso_url", str) is None
    assert source.arguments.known("vm_name", str) is None
    name = source.arguments.value("vm_name")
    assert isinstance(name, Unknown)
    assert "`var.iso`" in name.because


def test_locals_are_evaluated_in_the_order_they_need() -> None:
    configuration = evaluated(
        """
        variable "env" {
          default = "prod"
        }
        locals {
          full = "${local.base}-${var.env}"
          base = "web"
        }
        """
    )
    full = configuration.locals[0].value
    assert isinstance(full, Known)
    assert (full.data, full.default_of) == ("web-prod", "env")


def test_locals_that_need_themselves_are_unknown_and_harm_nobody_else() -> None:
    configuration = evaluated(
        """
        locals {
          a    = local.b
          b    = "${local.a}!"
          self = local.self
          user = [local.a, "known"]
          fine = "x"
        }
        """
    )
    values = {local.name: local.value for local in configuration.locals}
    for name, way in (("a", "a → local.b"), ("b", "a → local.b"), ("self", "self")):
        value = values[name]
        assert isinstance(value, Unknown)
        first = way.partition(" ")[0]
        assert value.because == f"depends on itself: `local.{way} → local.{first}`"
    items = values["user"].items
    assert items is not None
    assert isinstance(items[0], Unknown)
    assert items[1].known(str) == "known"
    assert values["fine"].known(str) == "x"


def test_sources_of_a_build_are_resolved() -> None:
    configuration = evaluated(
        """
        source "qemu" "base" {
          memory  = 512
          vm_name = source.name
        }
        build {
          sources = ["source.qemu.base", "whatever.qemu.base.more"]
          source "qemu.base" {
            name   = "big"
            memory = 4096
          }
          source "qemu.none" {}
        }
        """
    )
    (build,) = configuration.builds
    assert [(use.key, use.source is not None) for use in build.uses] == [
        ("qemu.base", True),
        ("qemu.base", True),
        ("qemu.big", True),
        ("qemu.none", False),
    ]
    assert build.uses[2].arguments.known("memory", int) == 4096
    assert build.uses[0].arguments.known("vm_name", str) == "base"
    assert build.uses[1].range.text == '"whatever.qemu.base.more"'
    assert "name" not in build.uses[2].own
    assert not build.open


def test_a_build_with_sources_that_are_not_known_is_open() -> None:
    configuration = evaluated(
        """
        variable "enabled" {}
        variable "listed" {
          default = ["qemu.base"]
        }
        source "qemu" "base" {}
        build {
          sources = var.enabled
        }
        build {
          sources = ["qemu.base", var.enabled]
        }
        build {
          sources = var.listed
        }
        """
    )
    assert [build.open for build in configuration.builds] == [True, True, False]
    assert [len(build.uses) for build in configuration.builds] == [0, 1, 1]
    listed = configuration.builds[2].sources
    assert listed is not None
    assert listed.value.default_of == "listed"


def test_what_only_a_run_knows_is_unknown_with_its_reason() -> None:
    configuration = evaluated(
        """
        data "amazon-ami" "base" {}
        source "amazon-ebs" "web" {
          source_ami = data.amazon-ami.base.id
          ami_name   = "web-${timestamp()}"
        }
        """
    )
    (source,) = configuration.sources
    ami, name = source.arguments.value("source_ami"), source.arguments.value("ami_name")
    assert isinstance(ami, Unknown)
    assert "data.amazon-ami.base" in ami.because
    assert isinstance(name, Unknown)
    assert "timestamp" in name.because


def test_paths_are_those_of_the_template() -> None:
    configuration = evaluated('source "qemu" "web" {\n  http_directory = "${path.root}/http"\n}')
    assert configuration.sources[0].arguments.known("http_directory", str) == "images/http"


def test_of_a_build_beyond_any_machine_nothing_is_concluded() -> None:
    listed = ", ".join('"null.a"' for _ in range(500))
    steps = 'provisioner "shell" {}\n' * 500
    (build,) = evaluated(f'source "null" "a" {{}}\nbuild {{\nsources = [{listed}]\n{steps}}}').builds
    assert build.open
    assert build.uses == ()
