"""Where the parts of a block are written that policies point at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packlint.conform import conform
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Template
from packlint.parse import parse
from packlint.policy.policy import Target
from packlint.policy.subjects import Subject, subjects
from packlint.syntax import Traversal

TEMPLATE = """
packer {
  required_version = ">= 1.9"
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.2"
    }
  }
}
variable "region" {
  type        = string
  default     = "eu-west-1"
  description = "Where."
}
locals {
  tags = { owner = "y" }
}
source "amazon-ebs" "web" {
  region = var.region
  tags = {
    owner = "x"
    more  = ["p", "q"]
  }
  run_tags   = local.tags
  ami_groups = (["all"])
  launch_block_device_mappings {
    device_name = "/dev/sda1"
  }
  launch_block_device_mappings {
    volume_size = 8
  }
  source_ami_filter {
    filters = { name = "debian" }
  }
}
build {
  name        = "all"
  description = "What we ship."
  sources     = ["source.amazon-ebs.web"]
  provisioner "shell" {
    inline   = ["one", "two"]
    only     = ["amazon-ebs.web"]
    override = { web = { inline = ["three"] } }
  }
  post-processor "manifest" {
    output = "m.json"
  }
}
"""


def looked(target: Target, text: str = TEMPLATE, path: str = "t.pkr.hcl") -> Subject:
    file, problems = parse(Document(path, text))
    assert not problems, [problem.message for problem in problems]
    (configuration,), _ = lower(Template(path, (path,), Files(Path.cwd())), [file])
    evaluated = evaluate(configuration)
    (found,) = subjects(target, frozenset({""}), evaluated, conform(evaluated))
    return found


def at(text: str) -> Traversal:
    expression = parse(Document("p.hcl", f"x = {text}"))[0].body.attributes[0].expression
    assert isinstance(expression, Traversal)
    return expression


@pytest.mark.parametrize(
    ("target", "part", "written"),
    [
        ("source", "self.region", "var.region"),
        ("source", "self.type", "amazon-ebs"),
        ("source", "self.name", "web"),
        ("source", "self.tags.owner", '"x"'),
        ("source", "self.arguments.tags.owner", '"x"'),
        ("source", 'self["tags"]["owner"]', '"x"'),
        ("source", "self.tags.more[1]", '"q"'),
        ("source", "self.tags.more[1].x", '"q"'),
        ("source", "self.run_tags.owner", "local.tags"),
        ("source", "self.ami_groups[0]", '"all"'),
        ("source", "self.launch_block_device_mappings[0].device_name", '"/dev/sda1"'),
        ("source", "self.launch_block_device_mappings[1].volume_size", "8"),
        ("source", "self.launch_block_device_mappings[1].encrypted", "launch_block_device_mappings"),
        ("source", "self.launch_block_device_mappings[7].encrypted", "launch_block_device_mappings"),
        ("source", "self.source_ami_filter[0].filters.name", '"debian"'),
        ("source", "self.ami_name", 'source "amazon-ebs" "web"'),
        ("source", "self.run_tag[0].key", 'source "amazon-ebs" "web"'),
        ("provisioner", "self.inline[1]", '["three"]'),  # as `override` makes it
        ("provisioner", "self.only[0]", '"amazon-ebs.web"'),
        ("provisioner", "self.type", '"shell"'),
        ("provisioner", "self.runs_on", 'provisioner "shell"'),
        ("provisioner", "self.override.web.inline", '["three"]'),
        ("build", "self.name", '"all"'),
        ("build", "self.description", '"What we ship."'),
        ("build", "self.sources[0]", '"source.amazon-ebs.web"'),
        ("build", "self.provisioners[0].inline[0]", '"one"'),
        ("build", "self.provisioners[0]", 'provisioner "shell"'),
        ("build", "self.provisioners[3].inline", "build"),
        ("build", "self.post_processors[0].output", '"m.json"'),
        ("build", "self.instances[0].region", "var.region"),
        ("build", "self.instances[0].address", '"source.amazon-ebs.web"'),
        ("build", "self.instances[0].provisioners[0].only", '["amazon-ebs.web"]'),
        ("variable", "self.default", '"eu-west-1"'),
        ("variable", "self.type", "string"),
        ("variable", "self.description", '"Where."'),
        ("variable", "self.sensitive", '"region"'),
        ("required_plugin", "self.version", '">= 1.2"'),
        ("required_plugin", "self.bounded", '">= 1.2"'),
        ("required_plugin", "self.name", "amazon"),
        ("template", "self.required_version", '">= 1.9"'),
        ("template", "self.path", "packer"),
        ("template", "self.sources[0].region", "var.region"),
        ("template", "self.variables[0].default", '"eu-west-1"'),
        ("template", "self.builds[0].provisioners[0].inline[1]", '"two"'),
        ("template", "self.data", "packer"),
    ],
)
def test_a_part_is_where_it_is_written_or_what_is_around_it(target: Target, part: str, written: str) -> None:
    assert looked(target).place(at(part)).text == written


def test_a_path_of_plain_data_leads_to_the_same_places() -> None:
    source = looked("source")
    assert source.at_path(("tags", "owner")).text == '"x"'
    assert source.at_path(("launch_block_device_mappings", 1, "volume_size")).text == "8"
    assert source.at_path(()).text == 'source "amazon-ebs" "web"'
    assert source.at_path(("tags", -1, 99, "x")).text.startswith("{")


LEGACY = {
    "builders": [
        {
            "type": "amazon-ebs",
            "Region": "eu-west-1",
            "tags": {"owner": "x"},
            "source_ami_filter": {"filters": {"name": "debian"}},
            "launch_block_device_mappings": [{"device_name": "a"}, {"device_name": "b"}],
        }
    ]
}

OF_JSON = {
    "source": {
        "amazon-ebs": {
            "web": {
                "region": "eu-west-1",
                "tags": {"owner": "x"},
                "source_ami_filter": {"filters": {"name": "debian"}},
                "launch_block_device_mappings": [{"device_name": "a"}, {"device_name": "b"}],
            }
        }
    }
}


@pytest.mark.parametrize(("path", "content"), [("t.json", LEGACY), ("t.pkr.json", OF_JSON)])
def test_in_json_a_part_is_where_it_is_written(path: str, content: object) -> None:
    source = looked("source", json.dumps(content, indent=2), path)
    for part, written in {
        "self.region": '"eu-west-1"',
        "self.tags.owner": '"x"',
        "self.source_ami_filter[0].filters.name": '"debian"',
        "self.launch_block_device_mappings[1].device_name": '"b"',
    }.items():
        assert source.place(at(part)).text == written, part
    assert source.place(at("self.ami_name")) == source.header


def test_a_part_of_an_effective_step_is_where_override_gives_it() -> None:
    place = looked("build").place(at("self.instances[0].provisioners[0].inline"))
    assert place.text == '["three"]'
