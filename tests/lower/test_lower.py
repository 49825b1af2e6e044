"""Syntax → configurations: what becomes of each block, and when a directory is more than one template."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse


def lowered(**texts: str) -> tuple[tuple[Configuration, ...], tuple[Diagnostic, ...]]:
    """Files by name, `_` for a dot → their configurations."""
    names = {name.replace("_", "."): cleandoc(text) + "\n" for name, text in texts.items()}
    files = [parse(Document(name, text))[0] for name, text in sorted(names.items())]
    own = tuple(name for name in sorted(names) if name.endswith((".pkr.hcl", ".pkr.json")))
    var_files = tuple(name for name in sorted(names) if name.endswith(".pkrvars.hcl"))
    return lower(Template(".", own, Files(Path.cwd()), var_files), files)


def one(text: str) -> Configuration:
    (configuration,), diagnostics = lowered(t_pkr_hcl=text)
    assert diagnostics == ()
    return configuration


def test_declarations_come_under_packers_names() -> None:
    configuration = one(
        """
        packer {
          required_version = ">= 1.9"
          required_plugins {
            qemu = {
              source  = "github.com/hashicorp/qemu"
              version = "~> 1.1"
            }
          }
        }
        variable "user" {
          type      = string
          default   = "packer"
          sensitive = true
        }
        variables {
          arch = "x86_64"
        }
        locals {
          name = "web"
        }
        local "secret" {
          expression = var.user
          sensitive  = true
        }
        data "amazon-ami" "base" {
          owners = ["self"]
        }
        source "qemu" "web" {
          memory = 2048
        }
        """
    )
    assert [argument.name for argument in configuration.required_version] == ["required_version"]
    (plugin,) = configuration.required_plugins
    assert (plugin.name, plugin.source, plugin.version) == ("qemu", "github.com/hashicorp/qemu", "~> 1.1")
    assert [(v.name, v.sensitive) for v in configuration.variables] == [("user", True), ("arch", False)]
    assert [(v.name, v.sensitive) for v in configuration.locals] == [("name", False), ("secret", True)]
    assert [(d.type, d.name) for d in configuration.data_sources] == [("amazon-ami", "base")]
    assert [source.key for source in configuration.sources] == ["qemu.web"]
    assert configuration.is_part


def test_a_build_keeps_what_packer_reads_apart_from_what_the_component_gets() -> None:
    (build,) = one(
        """
        build {
          name = "web"
          provisioner "shell" {
            only         = ["qemu.web"]
            pause_before = "10s"
            inline       = ["true"]
          }
          error-cleanup-provisioner "shell-local" {
            command = "false"
          }
          post-processor "manifest" {}
          post-processors {
            post-processor "vagrant" {
              keep_input_artifact = true
              output              = "web.box"
            }
            post-processor "checksum" {}
          }
        }
        """
    ).builds
    (shell,) = build.provisioners
    assert set(shell.meta.by_name) == {"only", "pause_before"}
    assert set(shell.arguments.by_name) == {"inline"}
    assert shell.only is not None
    assert shell.exclude is None
    assert [step.type for step in build.error_cleanup] == ["shell-local"]
    assert [[step.type for step in chain] for chain in build.chains] == [
        ["manifest"],
        ["vagrant", "checksum"],
    ]
    assert set(build.chains[1][0].arguments.by_name) == {"output"}


def test_dynamic_blocks_stand_for_what_they_will_make() -> None:
    configuration = one(
        """
        source "qemu" "web" {
          dynamic "disk" {
            for_each = [1]
            content {
              size = disk.value
            }
          }
        }
        build {
          dynamic "provisioner" {
            labels   = ["shell"]
            for_each = [1]
            content {}
          }
        }
        build {
          dynamic "source" {
            labels   = ["qemu.web"]
            for_each = [1]
            content {}
          }
        }
        """
    )
    (source,) = configuration.sources
    (block,), (dynamic,) = source.arguments.blocks, source.arguments.dynamics
    assert (block.type, set(block.arguments.by_name)) == ("disk", {"size"})
    assert block.dynamic is dynamic
    assert (dynamic.type, dynamic.iterator, dynamic.complete) == ("disk", "disk", False)
    with_steps, with_sources = configuration.builds
    (step,), (use,) = with_steps.provisioners, with_sources.uses
    assert (step.type, step.dynamics) == ("shell", with_steps.dynamics)
    assert (use.reference, use.dynamic) == ("qemu.web", with_sources.dynamics[0])


def test_of_an_argument_given_twice_the_first_counts() -> None:
    document = Document("t.pkr.hcl", 'source "qemu" "a" {\n  memory = 1\n  memory = 2\n}\n')
    file, _ = parse(document)
    (configuration,), _ = lower(Template(".", ("t.pkr.hcl",), Files(Path.cwd())), [file])
    for source in configuration.sources:
        assert source.arguments.by_name["memory"].expression.range.text == "1"


BUILD = 'source "null" "{0}" {{}}\nbuild {{\n  sources = ["null.{0}"]\n}}\n'


def test_files_of_a_directory_are_one_template() -> None:
    (configuration,), diagnostics = lowered(
        a_pkr_hcl=BUILD.format("a"), b_pkr_hcl=BUILD.format("b"), variables_pkr_hcl='variable "x" {}'
    )
    assert diagnostics == ()
    assert len(configuration.builds) == 2
    assert configuration.template.directory == "."


def test_files_with_builds_that_clash_are_templates_of_their_own() -> None:
    variable = 'variable "x" {}\n'
    (*configurations, part), (note,) = lowered(
        a_pkr_hcl=variable + BUILD.format("a"),
        b_pkr_hcl=variable + BUILD.format("b"),
        shared_pkr_hcl='variable "y" {}',
        x_auto_pkrvars_hcl="x = 1",
    )
    assert [c.template.documents for c in configurations] == [("a.pkr.hcl",), ("b.pkr.hcl",)]
    assert [c.template.directory for c in configurations] == [".", "."]
    assert all(c.template.var_files == () for c in configurations), "Packer reads none for a lone file"
    assert part.is_part
    assert [v.name for v in part.variables] == ["y"]
    assert note.rule == "directory-is-not-one-template"
    assert note.range.text == 'variable "x"'
    assert note.range.document.path == "b.pkr.hcl"


def test_attributes_of_locals_and_variables_clash_too() -> None:
    for block in ("locals", "variables"):
        declared = f"{block} {{\n  stamp = 1\n}}\n"
        configurations, (note,) = lowered(
            a_pkr_hcl=declared + BUILD.format("a"), b_pkr_hcl=declared + BUILD.format("b")
        )
        assert len(configurations) == 2
        assert note.range.text == "stamp"


def test_one_build_among_clashing_files_stays_one_template() -> None:
    variable = 'variable "x" {}\n'
    (configuration,), diagnostics = lowered(a_pkr_hcl=variable + BUILD.format("a"), b_pkr_hcl=variable)
    assert diagnostics == ()
    assert [v.name for v in configuration.variables] == ["x", "x"]


def test_what_is_missing_makes_a_template_incomplete() -> None:
    file, _ = parse(Document("a.pkr.hcl", "locals {}\n"))
    files = Files(Path.cwd())
    for template, expected in (
        (Template(".", ("a.pkr.hcl",), files), True),
        (Template(".", ("a.pkr.hcl", "b.pkr.hcl"), files), False),
        (Template(".", ("a.pkr.hcl",), files, unread=("c.pkr.json",)), False),
    ):
        (configuration,), _ = lower(template, [file])
        assert configuration.complete is expected
    broken, _ = parse(Document("a.pkr.hcl", "locals {\n"))
    (configuration,), _ = lower(Template(".", ("a.pkr.hcl",), files), [broken])
    assert not configuration.complete


def test_json_hides_which_arguments_of_an_unknown_component_are_blocks() -> None:
    text = '{"source": {"TYPE": {"a": {"disk": {"size": 1}}}}}'
    for type_, is_open in (("nobody-knows", True), ("qemu", False)):
        (configuration,), _ = lowered(a_pkr_json=text.replace("TYPE", type_))
        (source,) = configuration.sources
        assert source.arguments.open is is_open


@pytest.mark.parametrize(
    "lost",
    [
        'provisoner "shell" {}',
        'provisioner "shell" "x" {}',
        "provisioner {}",
        "provisioner = { shell = {} }",
        'source "null" "a" {}',
        'source = ["null.a"]',
        'dynamic "provisoner" {}',
        "dynamic {}",
    ],
)
def test_what_packer_refuses_in_a_build_may_be_a_source_or_a_step(lost: str) -> None:
    (build,) = one(f"build {{\n  {lost}\n}}").builds
    assert build.open
    assert build.open_steps


def test_what_packer_refuses_in_a_chain_may_be_a_step() -> None:
    (build,) = one('build {\n  post-processors {\n    post_processor "manifest" {}\n  }\n}').builds
    assert not build.open
    assert build.open_steps


def test_a_build_without_slips_is_closed() -> None:
    text = """
        build {
          name    = "all"
          sources = ["null.a"]
          source "null.b" {
            whatever = 1
          }
          from "null" {}
          provisioner "shell" {
            whatever "it" "takes" {}
          }
          hcp_packer_registry {
            unread = 1
          }
          post-processors {
            post-processor "manifest" {}
          }
        }
        """
    (build,) = one(text).builds
    assert not build.open
    assert not build.open_steps


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ('varaible "user" {}', False),
        ('sorce "qemu" "d" {}', False),
        ('source "null.n" {}', False),
        ("variable {}", False),
        ("variables = { a = 1 }", False),
        ('dynamic "source" {}', False),
        ('build {\n  variable "user" {}\n}', False),
        ('region = "a"', True),
        ('variable "a" {\n  validate {}\n}', True),
        ('locals "all" {}', True),
        ('build "all" {}', True),
        ('communicator "ssh" {}', True),
        ('source "null" "n" {\n  variable "x" {}\n}', True),
    ],
)
def test_a_slip_may_hide_a_declaration(text: str, complete: bool) -> None:
    assert one(text).complete is complete


def test_a_slip_in_json_may_hide_a_declaration() -> None:
    for text, complete in (
        ('{"varaible": {"user": {}}}', False),
        ('{"varaible": [{"user": {}}]}', False),
        ('{"region": "a"}', True),
    ):
        (configuration,), _ = lowered(a_pkr_json=text)
        assert configuration.complete is complete


def test_of_a_name_that_one_body_has_twice_the_first_counts() -> None:
    configuration = one("locals {\n  a = 1\n  a = 2\n}\nvariables {\n  b = 1\n  b = 2\n}")
    assert [local.range.text for local in configuration.locals] == ["a = 1"]
    assert [variable.range.text for variable in configuration.variables] == ["b = 1"]
