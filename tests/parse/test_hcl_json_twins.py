"""A template in HCL's native syntax and its twin in JSON: one configuration."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest

from packlint.document import Document, Range
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse
from packlint.record import fields, is_record
from packlint.syntax import Attribute, Block, Text, Traversal, walk

PACKER = shutil.which("packer")

TWINS = {
    "packer": (
        """
        packer {
          required_version = ">= 1.9.0, < 2.0.0"
          required_plugins {
            qemu = {
              source  = "github.com/hashicorp/qemu"
              version = "~> 1.1"
            }
            docker = { version = ">= 1.0", source = "github.com/hashicorp/docker" }
          }
        }
        """,
        """
        {"packer": {
          "//": "what this template needs",
          "required_version": ">= 1.9.0, < 2.0.0",
          "required_plugins": {
            "qemu": {"source": "github.com/hashicorp/qemu", "version": "~> 1.1"},
            "docker": {"version": ">= 1.0", "source": "github.com/hashicorp/docker"}
          }
        }}
        """,
    ),
    "variables": (
        """
        variable "size" {
          description = "in $${GiB}"
          type        = number
          default     = 10
          validation {
            condition     = "${var.size > 1 && length("${var.size}") < 4}"
            error_message = "The size must be \\"sane\\"."
          }
        }
        variable "names" {
          type      = list(string)
          default   = ["a", "b-${env("NAME")}"]
          sensitive = true
        }
        variable "shape" {
          type    = object({ cpus = number, tags = map(string) })
          default = { "cpus" = 2, "tags" = { "a" = "b" } }
        }
        variables {
          zone = "z"
          none = null
        }
        """,
        """
        {
          "variable": [
            {"size": {
              "description": "in ${GiB}", "type": "number", "default": 10,
              "validation": {
                "condition": "${var.size > 1 && length(\\"${var.size}\\") < 4}",
                "error_message": "The size must be \\"sane\\"."
              }
            }},
            {
              "names": [
                {"type": "list(string)", "default": ["a", "b-${env(\\"NAME\\")}"], "sensitive": true}
              ],
              "shape": {
                "type": "object({ cpus = number, tags = map(string) })",
                "default": {"cpus": 2, "tags": {"a": "b"}}
              }
            }
          ],
          "variables": {"zone": "z", "none": null}
        }
        """,
    ),
    "locals": (
        """
        variable "zone" {
          default = "eu"
        }
        locals {
          plain  = "a\\nb \\u00e9 $${x}"
          number = 1.50
          sum    = "${1 + 2}"
          mixed  = "z-${var.zone}-%{if true}yes%{else}no%{endif}"
          list   = [true, null, ["${var.zone}"], {}]
          map    = { "${var.zone}-x" = 1, "k" = "${local.plain}" }
        }
        """,
        """
        {
          "variable": {"zone": {"default": "eu"}},
          "locals": [
            {
              "plain": "a\\nb \\u00e9 $${x}", "number": 1.50, "sum": "${1 + 2}",
              "mixed": "z-${var.zone}-%{if true}yes%{else}no%{endif}"
            },
            {"list": [true, null, ["${var.zone}"], {}], "map": {"${var.zone}-x": 1, "k": "${local.plain}"}}
          ]
        }
        """,
    ),
    "sources and data": (
        """
        data "amazon-ami" "base" {
          owners = ["self"]
          assume_role {
            role_arn = "arn:${1 + 1}"
          }
        }
        source "amazon-ebs" "web" {
          source_ami = "${data.amazon-ami.base.id}"
          tags       = { "Name" = "web" }
          tag {
            key   = "a"
            value = "${source.name}"
          }
          tag {
            key   = "b"
            value = ""
          }
          subnet_filter {
            filter {
              name  = "n"
              value = "v"
            }
            random = true
          }
          dynamic "run_tag" {
            for_each = ["x", "y"]
            iterator = each
            content {
              key = "${each.value}"
            }
          }
        }
        source "nobodys" "own" {
          size = 3
        }
        """,
        """
        {
          "data": {"amazon-ami": {"base": {"owners": ["self"], "assume_role": {"role_arn": "arn:${1 + 1}"}}}},
          "source": {
            "amazon-ebs": {"web": {
              "source_ami": "${data.amazon-ami.base.id}",
              "tags": {"Name": "web"},
              "tag": [{"key": "a", "value": "${source.name}"}, {"key": "b", "value": ""}],
              "subnet_filter": [{"filter": {"name": "n", "value": "v"}, "random": true}],
              "dynamic": {"run_tag": {
                "for_each": ["x", "y"], "iterator": "each", "content": {"key": "${each.value}"}
              }}
            }},
            "nobodys": {"own": {"size": 3}}
          }
        }
        """,
    ),
    "build": (
        """
        source "null" "one" {
          communicator = "none"
        }
        source "null" "two" {
          communicator = "none"
        }
        build {
          name        = "both"
          description = "b"
          sources     = ["source.null.one"]
          source "null.two" {
            name     = "zwei"
            ssh_host = "h"
          }
          provisioner "shell-local" {
            inline       = ["echo ${source.name}"]
            only         = ["null.one"]
            pause_before = "5s"
            max_retries  = 2
            override     = { "one" = { "inline" = ["true"] } }
          }
          provisioner "file" {
            source      = "a"
            destination = "/b"
          }
          provisioner "shell-local" {
            except = ["null.one"]
            inline = []
          }
          post-processor "manifest" {
            keep_input_artifact = true
          }
          post-processors {
            post-processor "compress" {
              output = "{{.BuildName}}.tgz"
            }
            post-processor "checksum" {
              name = "sum"
            }
          }
          dynamic "provisioner" {
            for_each = ["x"]
            labels   = ["shell-local"]
            content {
              inline = ["echo ${provisioner.value}"]
            }
          }
        }
        """,
        """
        {
          "source": {"null": {"one": {"communicator": "none"}, "two": {"communicator": "none"}}},
          "build": {
            "name": "both", "description": "b",
            "sources": ["source.null.one"],
            "source": {"null.two": {"name": "zwei", "ssh_host": "h"}},
            "provisioner": [
              {"shell-local": {
                "inline": ["echo ${source.name}"],
                "only": ["null.one"], "pause_before": "5s", "max_retries": 2,
                "override": {"one": {"inline": ["true"]}}
              }},
              {"file": {"source": "a", "destination": "/b"},
               "shell-local": {"except": ["null.one"], "inline": []}}
            ],
            "post-processor": {"manifest": {"keep_input_artifact": true}},
            "post-processors": {"post-processor": [
              {"compress": {"output": "{{.BuildName}}.tgz"}},
              {"checksum": {"name": "sum"}}
            ]},
            "dynamic": {"provisioner": {
              "for_each": ["x"], "labels": ["shell-local"],
              "content": {"inline": ["echo ${provisioner.value}"]}
            }}
          }
        }
        """,
    ),
    "what came after Packer 1.6": (
        """
        local "secret" {
          expression = "${upper("x")}"
          sensitive  = true
        }
        build {
          error-cleanup-provisioner "shell-local" {
            inline = ["rm x"]
          }
          hcp_packer_registry {
            bucket_name   = "b"
            bucket_labels = { "a" = "c" }
          }
        }
        """,
        """
        {
          "local": {"secret": {"expression": "${upper(\\"x\\")}", "sensitive": true}},
          "build": {
            "error-cleanup-provisioner": {"shell-local": {"inline": ["rm x"]}},
            "hcp_packer_registry": {"bucket_name": "b", "bucket_labels": {"a": "c"}}
          }
        }
        """,
    ),
    "what is ignored": (
        """
        communicator "ssh" "own" {
          x = 1
        }
        hcp_packer_registry {
          bucket_name = "b"
        }
        build {
          from "x" {
            y = 2
          }
        }
        """,
        """
        {
          "communicator": {"ssh": {"own": {"x": 1}}},
          "hcp_packer_registry": {"bucket_name": "b"},
          "build": {"from": {"x": {"y": 2}}}
        }
        """,
    ),
}  # fmt: skip
"""Native and JSON; object keys are quoted, as they cannot but be in JSON."""

RUNNABLE = ("locals", "build")
"""Twins that need neither a plugin nor a later Packer than 1.6."""


def configuration(suffix: str, text: str) -> Configuration:
    """A template of one file and a variable file for it, evaluated."""
    name, values = f"t.pkr.{suffix}", f"v.auto.pkrvars.{suffix}"
    given = {"hcl": 'zone = "given"\n', "json": '{"zone": "given"}'}[suffix]
    documents = [Document(name, cleandoc(text) + "\n"), Document(values, given)]
    files = [parse(document) for document in documents]
    assert [diagnostics for _, diagnostics in files] == [(), ()]
    template = Template(".", (name,), Files(Path.cwd()), (values,))
    (lowered,), told = lower(template, [file for file, _ in files])
    assert told == ()
    return evaluate(lowered)


def content(thing: object) -> Any:
    """What a model object says, without where it says it; a key is one however it is written."""
    if isinstance(thing, Range):
        return None
    if isinstance(thing, Text):
        return thing.value
    if type(thing).__name__ == "Template" and getattr(thing, "heredoc", None) is False:
        parts = [content(part) for part in thing.parts]  # type: ignore[attr-defined]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else parts
    if isinstance(thing, tuple | list):
        return [content(item) for item in thing]
    if isinstance(thing, Mapping):
        return {key: content(value) for key, value in thing.items()}
    if is_record(thing):
        said = (field for field in fields(thing) if field.repr)  # what is only kept at hand says nothing
        names = (field.name for field in said if field.name not in ("template", "syntax"))
        return {"": type(thing).__name__, **{name: content(getattr(thing, name)) for name in names}}
    return thing


@pytest.mark.parametrize("name", TWINS)
def test_twins_give_equal_configurations(name: str) -> None:
    native, in_json = TWINS[name]
    found = content(configuration("json", in_json))
    expected = content(configuration("hcl", native))
    assert found == expected


@pytest.mark.parametrize("name", TWINS)
def test_twins_have_equal_syntax(name: str) -> None:
    """Also of blocks of which no model object tells; the order is that of JSON's properties."""
    native, in_json = (
        parse(Document(f"t.pkr.{suffix}", cleandoc(text)))[0].body
        for suffix, text in zip(("hcl", "json"), TWINS[name], strict=True)
    )
    assert sorted(_flat(in_json), key=str) == sorted(_flat(native), key=str)


@pytest.mark.parametrize("name", TWINS)
def test_ranges_hold_what_they_are_named_for(name: str) -> None:
    file, _ = parse(Document("t.pkr.json", cleandoc(TWINS[name][1])))
    count = 0
    for node in walk(file):
        if isinstance(node, Attribute):
            assert json.loads(node.name_range.text) == node.name
            assert list(json.loads("{" + node.range.text + "}")) == [node.name]
            assert node.range.contains(node.expression.range)
        elif isinstance(node, Block):
            assert json.loads(node.type_range.text) == node.type
            assert [json.loads(it.range.text) for it in node.labels] == [it.value for it in node.labels]
            assert node.range.text.endswith("{" + node.body.range.text + "}")
            assert node.range.contains(node.header_range)
            count += 1
        elif isinstance(node, Traversal):
            assert node.root_range.text == node.root
            assert node.range.text.startswith(node.root)
        elif isinstance(node, Text):
            written = node.range.text
            assert json.loads(written if written.startswith('"') else f'"{written}"') in (
                node.value,
                node.value.replace("${", "$${"),
            )
    assert count


def _flat(body: Any, path: str = "") -> list[Any]:
    found: list[Any] = []
    for item in body.items:
        if hasattr(item, "body"):
            labels = "/".join(label.value for label in item.labels)
            found += _flat(item.body, f"{path} > {item.type} {labels}")
        else:
            found.append((path, item.name, content(item.expression)))
    return found


@pytest.mark.skipif(PACKER is None, reason="Packer is not installed")
@pytest.mark.parametrize("name", RUNNABLE)
def test_packer_takes_the_twins_for_the_same(name: str, tmp_path: Path) -> None:
    said = []
    for suffix, text in zip(("hcl", "json"), TWINS[name], strict=True):
        path = tmp_path / suffix / f"t.pkr.{suffix}"
        path.parent.mkdir()
        path.write_text(cleandoc(text))
        command = [str(PACKER), "inspect", path.name]
        done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        said.append(done.stdout)
    assert said[0] == said[1]
    assert "local.mixed" in said[0] or "null.two" in said[0]
