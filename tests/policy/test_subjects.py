"""What `self` and `template` are for each target: values, defaults, and what is honestly unknown."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from packlint.conform import conform
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.inputs import NOTHING
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse, parse_template
from packlint.policy.names import FIXED, KINDS
from packlint.policy.policy import TARGETS, Target
from packlint.policy.subjects import Subject, plain, subjects, template_value
from packlint.schema import Open, OpenList
from packlint.value import OTHERS, Failure, Known, Unknown, Value

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"


class Looked:
    """A template as policies see it."""

    def __init__(self, text: str, path: str = "t.pkr.hcl", *, broken: bool = False) -> None:
        file, problems = parse(Document(path, text))
        assert bool(problems) is broken, [problem.message for problem in problems]
        (configuration,), _ = lower(Template(path, (path,), Files(Path.cwd())), [file])
        self.configuration: Configuration = evaluate(configuration)
        self.components = conform(self.configuration)

    def subjects(self, target: Target, *mentions: str) -> list[Subject]:
        return [*subjects(target, frozenset(mentions or ("",)), self.configuration, self.components)]

    def one(self, target: Target, *mentions: str) -> Subject:
        (found,) = self.subjects(target, *mentions)
        return found

    def template(self) -> Value:
        return template_value(self.configuration, self.components)


def worth(subject: Subject, text: str, **more: Value) -> Value:
    """What an expression of a policy is worth for a block."""
    return asked(text, {"self": subject.value, **more})


def asked(text: str, values: Mapping[str, Value]) -> Value:
    expression = parse(Document("p.hcl", f"x = {text}"))[0].body.attributes[0].expression
    return value_of(expression, Scope(values))


def data(value: Value) -> Any:
    """A value as plain data; what is not known as its reason between `?`."""
    if isinstance(value, Unknown):
        return f"?{value.because}?"
    if isinstance(value.data, tuple):
        return [data(it) for it in value.data]
    if isinstance(value.data, Mapping):
        return {name: data(it) for name, it in value.data.items()}
    return value.data


AMAZON = """
source "amazon-ebs" "web" {
  ami_name      = "web"
  ebs_optimized = "true"
  ssh_username  = null
  tags          = { owner = "x", count = 1 }
  launch_block_device_mappings {
    device_name = "/dev/sda1"
    volume_size = "40"
  }
}
"""


def test_an_argument_that_is_given_has_its_value_in_the_type_that_the_plugin_takes() -> None:
    source = Looked(AMAZON).one("source")
    assert source.name == "source `amazon-ebs.web`"
    assert data(worth(source, "[self.type, self.name, self.ami_name]")) == ["amazon-ebs", "web", "web"]
    assert data(worth(source, "self.ebs_optimized")) is True
    assert data(worth(source, "self.tags")) == {"owner": "x", "count": "1"}
    assert data(worth(source, "self.launch_block_device_mappings[0].volume_size == 40")) is True
    assert data(worth(source, "self.arguments.ami_name")) == "web"


def test_an_argument_that_is_left_out_has_its_default_or_is_null() -> None:
    source = Looked(AMAZON).one("source")
    assert data(worth(source, "self.shutdown_behavior")) == "stop"
    assert data(worth(source, "self.ssh_username")) is None  # a null is not given
    assert data(worth(source, "self.encrypt_boot")) is None
    assert data(worth(source, "self.source_ami_filter")) == []
    assert data(worth(source, "self.launch_block_device_mappings[0].encrypted")) is None
    assert isinstance(worth(source, "self.launch_block_device_mappings[0].nothing"), Failure)


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("region", "environment, as `AWS_REGION` or `AWS_DEFAULT_REGION`"),
        ("temporary_key_pair_name", "a default that depends on other things"),
        ("ssh_port", "a default in some cases"),
    ],
)
def test_a_default_that_cannot_be_known_is_unknown(name: str, because: str) -> None:
    found = worth(Looked(AMAZON).one("source"), f"self.{name}")
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)
    assert because in found.because


def test_a_default_that_is_rendered_is_unknown() -> None:
    step = Looked('build {\n  post-processor "compress" {}\n}').one("post_processor")
    assert isinstance(worth(step, "self.output"), Unknown)


def test_a_name_that_only_another_component_has_is_null() -> None:
    looked = Looked(AMAZON + 'source "qemu" "q" {}')
    qemu = looked.subjects("source", "ami_groups", "of_no_schema_here")[1]
    assert data(worth(qemu, "self.ami_groups")) is None
    assert data(worth(qemu, "self.of_no_schema_here")) is None
    assert isinstance(worth(looked.subjects("source", "type")[1], "self.of_no_schema_here"), Failure)
    found = asked("[for it in template.sources : it.ami_groups]", {"template": looked.template()})
    assert data(found) == [None, None]


ODD = 'source "acme-box" "odd" {\n  size = 2\n  disk {\n    size = 3\n  }\n}'


def test_of_a_component_without_schema_what_is_not_seen_is_unknown() -> None:
    source = Looked(ODD).one("source", "colour")
    assert data(worth(source, "self.size + self.disk[0].size")) == 5
    for text in ("self.colour", 'self["colour"]', "self.disk[0].colour", "keys(self)", "length(self)"):
        found = worth(source, text)
        assert isinstance(found, Unknown), text
        assert not isinstance(found, Failure), text
    for text in ("[for k, v in self : k]", "values(self)", 'lookup(self, "colour", "red")', "self == {}"):
        found = worth(source, text)
        assert not isinstance(found, Known), text
    assert isinstance(asked("try(self.colour, null)", {"self": source.value}), Unknown)


def test_blocks_that_are_made_of_what_is_not_known_are_unknown_and_no_others() -> None:
    source = Looked(
        """
        variable "tags" {}
        source "amazon-ebs" "web" {
          dynamic "run_tag" {
            for_each = var.tags
            content {
              key = run_tag.value
            }
          }
          dynamic "tag" {
            for_each = ["a", "b"]
            content {
              key = tag.value
            }
          }
        }
        """
    ).one("source")
    assert isinstance(worth(source, "self.run_tag"), Unknown)
    assert data(worth(source, "self.tag[*].key")) == ["a", "b"]
    assert data(worth(source, "self.snapshot_tag")) == []
    assert data(worth(source, "self.ami_name")) is None
    assert isinstance(plain(source)["run_tag"], Unknown)


def test_a_source_is_looked_at_as_each_body_that_builds_make_of_it() -> None:
    found = Looked(
        """
        source "null" "a" { communicator = "none" }
        source "null" "b" { communicator = "none" }
        build {
          source "null.a" { pause_before_connecting = "1s" }
          source "null.a" {
            name                    = "again"
            pause_before_connecting = "2s"
          }
        }
        """
    ).subjects("source")
    said = [(it.name, data(worth(it, "[self.name, self.pause_before_connecting]"))) for it in found]
    assert said == [
        ("source `null.a`", ["a", "1s"]),
        ("source `null.a`", ["a", "2s"]),
        ("source `null.b`", ["b", None]),
    ]


STEPS = """
source "qemu" "a" { iso_url = "https://example.com/ubuntu-22.04.iso" }
source "docker" "b" {
  image  = "debian"
  commit = true
}
build {
  name        = "all"
  description = "What we ship."
  sources     = ["source.qemu.a"]
  source "docker.b" { name = "c" }
  provisioner "shell" {
    name         = "setup"
    inline       = ["true"]
    pause_before = "5s"
    override     = { c = { inline = ["false"], valid_exit_codes = [1] } }
  }
  provisioner "file" {
    only        = ["qemu.a"]
    source      = "x"
    destination = "y"
  }
  error-cleanup-provisioner "shell-local" { inline = ["true"] }
  post-processors {
    post-processor "manifest" {}
    post-processor "compress" {
      keep_input_artifact = true
      except              = ["docker.c"]
    }
  }
}
"""


def test_a_step_has_what_packer_reads_of_it_and_the_sources_that_it_runs_on() -> None:
    looked = Looked(STEPS)
    shell, changed, file, cleanup = looked.subjects("provisioner")
    assert data(worth(shell, "[self.type, self.name, self.pause_before, self.only, self.error_cleanup]")) == [
        *("shell", "setup", "5s", None, False)
    ]
    assert data(worth(shell, "self.runs_on")) == ["qemu.a", "docker.c"]
    assert data(worth(file, "self.runs_on")) == ["qemu.a"]
    assert data(worth(file, "self.direction")) == "upload"
    assert data(worth(cleanup, "self.error_cleanup")) is True
    assert data(worth(shell, "[self.inline, self.valid_exit_codes]")) == [["true"], None]
    # `override` has others for `docker.c`.
    assert data(worth(changed, "[self.inline, self.valid_exit_codes]")) == [["false"], [1]]
    assert data(worth(changed, "[self.name, self.runs_on]")) == ["setup", ["qemu.a", "docker.c"]]
    manifest, compress = looked.subjects("post_processor")
    assert data(worth(manifest, "[self.keep_input_artifact, self.runs_on]")) == [None, ["qemu.a", "docker.c"]]
    assert data(worth(compress, "[self.keep_input_artifact, self.runs_on]")) == [True, ["qemu.a"]]


def scripts(steps: str) -> list[Any]:
    """The `script` of each provisioner that a policy looks at, of a build of three sources."""
    build = f"""
    source "qemu" "a" {{}}
    source "qemu" "b" {{}}
    source "docker" "c" {{ image = "debian" }}
    build {{
      sources = ["source.qemu.a", "source.qemu.b", "source.docker.c"]
      {steps}
    }}
    """
    return [data(worth(it, "self.script")) for it in Looked(build).subjects("provisioner")]


@pytest.mark.parametrize(
    ("arguments", "seen"),
    [
        ('script = "x"', ["x"]),
        ('script = "x", override = { b = { script = "y" } }', ["x", "y"]),
        ('override = { b = { script = "y" } }', [None, "y"]),
        ('script = "x", override = { nobody = { script = "y" } }', ["x"]),
        ('script = "x", only = ["qemu.a"], override = { b = { script = "y" } }', ["x"]),
        ('script = "x", only = ["qemu.b"], override = { b = { script = "y" } }', ["y"]),
        (
            'script = "x", override = { a = { script = "1" }, b = { script = "2" }, c = { script = "3" } }',
            list("123"),
        ),
        ('script = "${source.name}.sh"', ["a.sh", "b.sh", "c.sh"]),
        ('inline = ["true"]', [None]),
    ],
)
def test_a_step_is_looked_at_as_each_source_has_it(arguments: str, seen: list[Any]) -> None:
    lines = arguments.replace("], override", "]\n override").replace('", o', '"\n o')
    assert scripts(f'provisioner "shell" {{\n{lines}\n}}') == seen


def test_a_post_processor_is_looked_at_as_each_source_has_it() -> None:
    looked = Looked(STEPS.replace('"manifest" {}', '"manifest" { output = "${source.name}.json" }'))
    manifests = looked.subjects("post_processor")[:-1]
    assert [data(worth(it, "self.output")) for it in manifests] == ["a.json", "c.json"]


def test_a_build_has_an_instance_for_each_source_with_its_effective_steps() -> None:
    build = Looked(STEPS).one("build")
    assert build.name == "build `all`"
    assert data(worth(build, "[self.name, self.description, self.sources]")) == [
        *("all", "What we ship.", ["qemu.a", "docker.c"])
    ]
    assert data(worth(build, "self.provisioners[*].type")) == ["shell", "file", "shell-local"]
    assert data(worth(build, "self.post_processors[*].type")) == ["manifest", "compress"]
    asked_for = "[for i in self.instances : [i.address, i.type, i.name, i.guest, i.communicator]]"
    assert data(worth(build, asked_for)) == [
        ["all.qemu.a", "qemu", "a", "linux", "ssh"],
        ["all.docker.c", "docker", "c", "linux", "docker"],
    ]
    inline = '[for i in self.instances : [for p in i.provisioners : p.inline[0] if p.type == "shell"]]'
    assert data(worth(build, inline)) == [["true"], ["false"]]
    codes = "self.instances[1].provisioners[0].valid_exit_codes"
    assert data(worth(build, codes)) == [1]
    assert data(worth(build, "[for i in self.instances : length(i.provisioners)]")) == [3, 2]
    assert data(worth(build, "[for i in self.instances : length(i.post_processors)]")) == [2, 1]
    assert data(worth(build, "self.instances[1].image")) == "debian"
    assert data(worth(build, "self.instances[0].commit")) is None
    names = {"type", "name", "arguments", "address", "guest", "communicator"}
    names |= {"provisioners", "post_processors"}
    assert names <= (worth(build, "self.instances[0]").entries or {}).keys()


def test_instances_are_made_only_where_they_are_asked_for() -> None:
    looked = Looked(STEPS)
    assert "instances" not in (looked.one("build", "name").value.entries or {})
    assert "instances" in (looked.one("build", "instances").value.entries or {})


def test_lists_that_may_be_longer_than_is_seen_are_unknown() -> None:
    build = Looked(
        """
        variable "names" {}
        source "null" "a" { communicator = "none" }
        build {
          sources = ["source.null.a"]
          dynamic "provisioner" {
            labels   = ["shell-local"]
            for_each = var.names
            content {
              inline = ["true"]
            }
          }
          post-processor "manifest" { only = var.names }
        }
        """
    ).one("build")
    assert isinstance(worth(build, "self.provisioners"), Unknown)
    for text in ("self.instances[0].provisioners", "self.instances[0].post_processors"):
        assert isinstance(worth(build, text), Unknown), text
    several = Looked('variable "from" {}\nbuild { sources = var.from }').one("build")
    for text in ("self.sources", "self.instances"):
        assert "further sources" in worth(several, text).because, text  # type: ignore[union-attr]


def test_a_variable_has_what_it_declares_and_what_it_is_worth() -> None:
    region, secret, odd = Looked(
        """
        variable "region" {
          type        = string
          default     = "eu-west-1"
          description = "Where."
          validation {
            condition     = length(var.region) > 2
            error_message = "It is longer."
          }
        }
        variable "secret" {
          type      = list(string)
          default   = ["x"]
          sensitive = true
        }
        variable "odd" {}
        """
    ).subjects("variable")
    assert data(region.value) == {
        "name": "region",
        "type": "string",
        "default": "eu-west-1",
        "value": "eu-west-1",
        "sensitive": False,
        "required": False,
        "description": "Where.",
        "validations": 1,
    }
    assert data(worth(secret, "[self.type, self.sensitive, self.description]")) == [
        "list(string)",
        True,
        None,
    ]
    assert worth(secret, "self.default").sensitive
    assert worth(secret, "self.value").sensitive
    assert data(worth(odd, "[self.type, self.default, self.required]")) == [None, None, True]
    assert isinstance(worth(odd, "self.value"), Unknown)


@pytest.mark.parametrize(
    ("entry", "version", "pinned", "bounded"),
    [
        ('{ source = "github.com/hashicorp/qemu" }', None, False, False),
        ('{ version = "1.2.3" }', "1.2.3", True, True),
        ('{ version = "= 1.2.3" }', "= 1.2.3", True, True),
        ('{ version = ">= 1.2.3, <= 1.2.3" }', ">= 1.2.3, <= 1.2.3", True, True),
        ('{ version = "~> 1.2.3" }', "~> 1.2.3", False, True),
        ('{ version = "~> 1" }', "~> 1", False, False),  # admits 2.0
        ('{ version = ">= 1.2" }', ">= 1.2", False, False),
        ('{ version = "< 2" }', "< 2", False, True),
    ],
)
def test_a_required_plugin_says_which_versions_it_admits(
    entry: str, version: str | None, pinned: bool, bounded: bool
) -> None:
    text = f"packer {{\n  required_plugins {{\n    qemu = {entry}\n  }}\n}}"
    plugin = Looked(text).one("required_plugin")
    assert plugin.name == "required plugin `qemu`"
    assert data(worth(plugin, "[self.name, self.version, self.pinned, self.bounded]")) == [
        *("qemu", version, pinned, bounded)
    ]


@pytest.mark.parametrize("version", ["var.v", '"newest"'])
def test_of_a_version_that_is_no_constraint_nothing_is_said(version: str) -> None:
    text = f"packer {{\n  required_plugins {{\n    qemu = {{ version = {version} }}\n  }}\n}}"
    plugin = Looked(text).one("required_plugin")
    assert isinstance(worth(plugin, "self.pinned"), Unknown)
    assert isinstance(worth(plugin, "self.bounded"), Unknown)


def test_the_template_has_all_blocks() -> None:
    looked = Looked('packer {\n  required_version = ">= 1.9"\n}\nvariable "x" {}\n' + STEPS)
    template = {"template": looked.template()}
    assert data(asked("[template.path, template.required_version]", template)) == ["t.pkr.hcl", ">= 1.9"]
    assert data(asked("template.variables[*].name", template)) == ["x"]
    assert data(asked("template.sources[*].name", template)) == ["a", "b"]
    assert data(asked("[for b in template.builds : b.instances[*].name]", template)) == [["a", "c"]]
    assert data(asked("[template.data, template.required_plugins]", template)) == [[], []]
    assert looked.one("template").value is looked.template()
    assert data(asked("template.required_version", {"template": Looked(STEPS).template()})) is None


def test_of_a_template_that_cannot_be_read_whole_nothing_is_missing() -> None:
    looked = Looked('source "null" "a" {\n  host = "h"\n  !\n}\nbuild {}', broken=True)
    for source in looked.subjects("source"):
        assert data(worth(source, "self.host")) == "h"
        assert isinstance(worth(source, "self.communicator"), Unknown)
        assert isinstance(plain(source), Open)
    assert isinstance(asked("template.sources", {"template": looked.template()}), Unknown)


TWIN = """
variable "size" { default = "8" }
source "amazon-ebs" "web" {
  ami_name      = "web"
  region        = "eu-west-1"
  ebs_optimized = true
  tags          = { owner = "x" }
  launch_block_device_mappings {
    device_name = "/dev/sda1"
    volume_size = var.size
  }
}
build {
  sources = ["source.amazon-ebs.web"]
  provisioner "shell" {
    inline = ["true"]
    only   = ["amazon-ebs.web"]
  }
  post-processor "manifest" { strip_path = true }
}
"""

TWIN_JSON = {
    "variable": {"size": {"default": "8"}},
    "source": {
        "amazon-ebs": {
            "web": {
                "ami_name": "web",
                "region": "eu-west-1",
                "ebs_optimized": True,
                "tags": {"owner": "x"},
                "launch_block_device_mappings": [{"device_name": "/dev/sda1", "volume_size": "${var.size}"}],
            }
        }
    },
    "build": {
        "sources": ["source.amazon-ebs.web"],
        "provisioner": [{"shell": {"inline": ["true"], "only": ["amazon-ebs.web"]}}],
        "post-processor": [{"manifest": {"strip_path": True}}],
    },
}

TWIN_LEGACY = {
    "variables": {"size": "8"},
    "builders": [
        {
            "type": "amazon-ebs",
            "name": "web",
            "ami_name": "web",
            "region": "eu-west-1",
            "ebs_optimized": "true",
            "tags": {"owner": "x"},
            "launch_block_device_mappings": {"device_name": "/dev/sda1", "volume_size": "{{user `size`}}"},
        }
    ],
    "provisioners": [{"type": "shell", "inline": "true", "only": ["web"]}],
    "post-processors": [{"type": "manifest", "strip_path": "true"}],
}


@pytest.mark.parametrize(
    ("written", "seen"),
    [("111111111111,222222222222", ["111111111111", "222222222222"]), ("all", ["all"]), ("", [])],
)
def test_text_with_commas_is_a_list_in_a_legacy_template(written: str, seen: list[str]) -> None:
    """As `StringToSliceHookFunc(",")` of the SDK makes it, for text of a variable, too."""
    builder = {"type": "amazon-ebs", "ami_users": "{{user `users`}}", "ami_groups": written}
    text = json.dumps({"variables": {"users": written or "x"}, "builders": [builder]})
    source = Looked(text, "t.json").one("source")
    assert data(worth(source, "self.ami_groups")) == seen
    assert data(worth(source, "self.ami_users")) == (seen or ["x"])


@pytest.mark.parametrize("target", ["source", "provisioner", "post_processor", "build"])
@pytest.mark.parametrize(
    ("path", "twin"), [("t.pkr.json", TWIN_JSON), ("t.json", TWIN_LEGACY)], ids=["json", "legacy"]
)
def test_json_gives_the_same_as_hcl(target: Target, path: str, twin: object) -> None:
    hcl, other = Looked(TWIN).one(target), Looked(json.dumps(twin, indent=1), path).one(target)
    one, same = data(hcl.value), data(other.value)
    if target == "build":
        for it in (one, same):
            it["instances"][0].pop("address")
    assert same == one
    if target != "build":
        assert plain(other) == plain(hcl)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "t.json",
            """{"variables": {"a": null},
            "builders": [{"type": "qemu", "headless": "{{user `a`}}", "memory": "{{user `a`}}",
            "boot_command": "{{user `a`}}"}]}""",
        ),
        (
            "t.pkr.hcl",
            """
            variable "a" { type = string }
            source "qemu" "q" {
              headless     = var.a
              memory       = "${var.a}"
              boot_command = var.a
            }""",
        ),
    ],
)
def test_a_text_that_is_not_known_may_become_what_its_argument_is(path: str, text: str) -> None:
    source = Looked(text, path).one("source")
    for asked_for in ("self.headless == true", "self.memory == 1024", 'self.boot_command == ["a"]'):
        assert isinstance(worth(source, asked_for), Unknown), asked_for


def test_plain_data_is_what_is_given_alone() -> None:
    looked = Looked(AMAZON + STEPS)
    source = looked.subjects("source")
    assert plain(next(it for it in source if it.name == "source `amazon-ebs.web`")) == {
        "ami_name": "web",
        "ebs_optimized": True,
        "tags": {"owner": "x", "count": "1"},
        "launch_block_device_mappings": [{"device_name": "/dev/sda1", "volume_size": 40}],
    }
    shell, changed, *_ = looked.subjects("provisioner")
    assert "valid_exit_codes" not in plain(shell)
    assert plain(changed)["valid_exit_codes"] == [1]
    assert plain(shell)["pause_before"] == "5s"
    assert plain(shell)["inline"] == ["true"]
    assert plain(looked.one("build"))["sources"] == ["qemu.a", "docker.c"]
    assert isinstance(plain(Looked(ODD).one("source")), Open)


def test_plain_data_tells_nothing_of_collections_that_are_sensitive() -> None:
    source = Looked(
        """
        variable "tags" {
          default   = { a = "b" }
          sensitive = true
        }
        source "amazon-ebs" "web" {
          tags       = var.tags
          ami_groups = [var.tags.a]
        }
        """
    ).one("source")
    assert plain(source)["tags"] == {}
    assert isinstance(plain(source)["tags"], Open)
    assert isinstance(plain(source)["ami_groups"], list | OpenList)


def test_a_value_that_many_share_is_looked_at_in_bounded_time() -> None:
    levels = "\n".join(f"  l{n} = [local.l{n - 1}, local.l{n - 1}]" for n in range(1, 40))
    text = f'locals {{\n  l0 = ["x"]\n{levels}\n}}\n' + 'source "acme-box" "a" { x = local.l39 }'
    looked = Looked(text)
    start = time.process_time()
    for subject in looked.subjects("source"):
        plain(subject)
    assert time.process_time() - start < 2


def _many(count: int) -> str:
    sources = "\n".join(f'source "null" "s{n}" {{ communicator = "none" }}' for n in range(count))
    uses = ", ".join(f'"source.null.s{n}"' for n in range(count))
    step = 'provisioner "shell-local" {\n  inline = ["true"]\n  only = ["null.s1"]\n}\n'
    return f"{sources}\nbuild {{\n  sources = [{uses}]\n{step * count}}}"


def test_too_many_steps_and_sources_are_unknown() -> None:
    looked = Looked(_many(300))
    start = time.process_time()
    build, template = looked.one("build"), looked.template()
    assert time.process_time() - start < 5
    assert "too many" in worth(build, "self.instances").because  # type: ignore[union-attr]
    assert isinstance(asked("template.builds[0].instances", {"template": template}), Unknown)
    few = Looked(_many(20)).one("build")
    assert data(worth(few, "[for it in self.instances : length(it.provisioners)]")) == [
        20 if n == 1 else 0 for n in range(20)
    ]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not there")
def test_every_block_of_the_corpus_has_the_fixed_names() -> None:
    count = dict.fromkeys(TARGETS, 0)
    files = sorted((*CORPUS.rglob("*.pkr.hcl"), *CORPUS.rglob("*.json")))
    for path in files:
        file, _ = parse(Document(str(path.relative_to(CORPUS)), path.read_text("utf-8", "replace")))
        name = file.document.path
        lowered, _ = lower(Template(name, (name,), Files(CORPUS)), [file])
        for configuration in lowered:
            evaluated = evaluate(configuration, NOTHING, parse_template)
            components = conform(evaluated)
            for target in TARGETS:
                for subject in subjects(target, frozenset({""}), evaluated, components):
                    _examine(target, subject)
                    count[target] += 1
    assert all(count.values()), count


def _examine(target: Target, subject: Subject) -> None:
    names = (subject.value.entries or {}).keys()
    fixed = FIXED[target]
    assert set(fixed) <= names, subject.name
    if target not in KINDS:
        assert set(fixed) == names - {OTHERS}, subject.name
    for name, type_ in fixed.items():
        value = (subject.value.entries or {})[name]
        kinds: dict[str, type | tuple[type, ...]] = {
            "string": str,
            "bool": bool,
            "number": int,
            "list": tuple,
        }
        if isinstance(value, Known) and value.data is not None and type_.kind in kinds:
            assert isinstance(value.data, kinds[type_.kind]), (subject.name, name)
    plain(subject)
