"""Pairs of an HCL and a legacy JSON template that say the same: equal configurations, equal findings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from inspect import cleandoc
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.lower.component import literal
from packlint.model import Arguments, Build, Configuration, Step, Template
from packlint.parse import parse
from packlint.pipeline import run
from packlint.plugins import load_rules
from packlint.settings import Settings
from packlint.value import Known, Value


class Twins(NamedTuple):
    """One template in both syntaxes."""

    hcl: str
    json: str


TWINS = {
    "the least": Twins(
        """
        source "null" "null" {
          communicator = "none"
        }
        build {
          sources = ["source.null.null"]
        }
        """,
        '{"builders": [{"type": "null", "communicator": "none"}]}',
    ),
    "names": Twins(
        """
        source "docker" "web" {
          image  = "debian:12"
          commit = true
        }
        source "docker" "docker" {
          image  = "debian:12"
          commit = true
        }
        build {
          sources = ["docker.web", "docker.docker"]
          provisioner "shell" {
            inline = ["true"]
          }
        }
        """,
        """
        {
          "builders": [
            {"name": "web", "type": "docker", "image": "debian:12", "commit": true},
            {"type": "docker", "image": "debian:12", "commit": true}
          ],
          "provisioners": [{"type": "shell", "inline": ["true"]}]
        }
        """,
    ),
    "variables": Twins(
        """
        packer {
          required_version = ">= 1.7.0"
        }
        variable "image" {
          type    = string
          default = "debian"
        }
        variable "tag" {
          type    = string
          default = ""
        }
        variable "token" {
          type      = string
          sensitive = true
        }
        variable "home" {
          type    = string
          default = env("HOME")
        }
        variable "base" {
          type    = string
          default = "alpine"
          sensitive = true
        }
        source "docker" "web" {
          image        = var.image
          export_path  = "/out/${var.image}-1/${path.root}"
          message      = "${var.tag}"
          author       = "by ${var.token}"
          changes      = ["USER ${var.image}", "HOME ${var.home}", "$${var.x} %%{if}", "{{ .Name }}"]
          fix_upload_owner = var.base
        }
        build {
          sources = ["docker.web"]
          provisioner "shell" {
            inline           = ["true"]
            environment_vars = ["T=${var.token}", "W=${path.cwd}", "V=${packer.version}"]
          }
        }
        """,
        r"""
        {
          "_comment": "twin",
          "description": "ignored",
          "min_packer_version": "1.7.0",
          "variables": {
            "image": "debian",
            "tag": "",
            "token": null,
            "home": "{{env `HOME`}}",
            "base": "alpine"
          },
          "sensitive-variables": ["token", "base"],
          "builders": [{
            "type": "docker",
            "name": "web",
            "image": "{{user `image`}}",
            "export_path": "/out/{{ user \"image\" }}-1/{{template_dir}}",
            "message": "{{user `tag`}}",
            "author": "by {{user `token`}}",
            "changes": ["USER {{user `image`}}", "HOME {{user `home`}}", "${var.x} %{if}", "{{ .Name }}"],
            "fix_upload_owner": "{{- user `base` -}}"
          }],
          "provisioners": [{
            "type": "shell",
            "inline": ["true"],
            "environment_vars": ["T={{user `token`}}", "W={{pwd}}", "V={{packer_version}}"]
          }]
        }
        """,
    ),
    "undeclared variables": Twins(
        """
        variable "image" {
          type = string
        }
        source "docker" "web" {
          image  = var.image
          commit = true
        }
        build {
          sources = ["docker.web"]
          provisioner "shell" {
            inline = ["echo ${var.image}"]
          }
        }
        """,
        """
        {
          "builders": [{"type": "docker", "name": "web", "image": "{{user `image`}}", "commit": true}],
          "provisioners": [{"type": "shell", "inline": ["echo {{user `image`}}"]}]
        }
        """,
    ),
    "filters": Twins(
        """
        source "docker" "a" {
          image  = "debian"
          commit = true
        }
        source "docker" "b" {
          image  = "debian"
          commit = true
        }
        build {
          source "docker.a" {}
          source "docker.b" {
            name = "b.c"
          }
          provisioner "shell" {
            only   = ["docker.a"]
            inline = ["a"]
          }
          provisioner "shell" {
            except = ["docker.a"]
            inline = ["b"]
          }
          provisioner "shell" {
            only   = ["docker.a"]
            inline = ["c"]
            override = {
              a = { inline = ["d"] }
            }
          }
          provisioner "shell" {
            only   = []
            except = ["docker.b.c"]
            inline = ["e"]
          }
          post-processor "manifest" {
            only = ["docker.b.c"]
          }
        }
        """,
        """
        {
          "builders": [
            {"type": "docker", "name": "a", "image": "debian", "commit": true},
            {"type": "docker", "name": "b.c", "image": "debian", "commit": true}
          ],
          "provisioners": [
            {"type": "shell", "only": ["a"], "inline": ["a"]},
            {"type": "shell", "except": ["a"], "inline": ["b"]},
            {"type": "shell", "only": "a", "inline": ["c"], "override": {"a": {"inline": ["d"]}}},
            {"type": "shell", "only": [], "except": ["b.c"], "inline": ["e"]}
          ],
          "post-processors": [{"type": "manifest", "only": ["b.c"]}]
        }
        """,
    ),
    "what Packer reads of a step": Twins(
        """
        variable "often" {
          type    = string
          default = "3"
        }
        source "docker" "web" {
          image  = "debian"
          commit = true
        }
        build {
          sources = ["docker.web"]
          provisioner "shell" {
            inline       = ["true"]
            pause_before = "10s"
            max_retries  = var.often
          }
          provisioner "shell" {
            inline  = ["false"]
            timeout = "5m"
          }
          error-cleanup-provisioner "shell-local" {
            inline = ["false"]
          }
          post-processor "docker-tag" {
            name                = "tag"
            repository          = "web"
            keep_input_artifact = true
          }
        }
        """,
        """
        {
          "variables": {"often": "3"},
          "builders": [{"type": "docker", "name": "web", "image": "debian", "commit": true}],
          "provisioners": [
            {"type": "shell", "inline": ["true"], "pause_before": "10s", "max_retries": "{{user `often`}}"},
            {"type": "shell", "inline": ["false"], "timeout": "5m"}
          ],
          "error-cleanup-provisioner": {"type": "shell-local", "inline": ["false"]},
          "post-processors": [
            {"type": "docker-tag", "name": "tag", "repository": "web", "keep_input_artifact": true}
          ]
        }
        """,
    ),
    "chains": Twins(
        """
        source "qemu" "vm" {
          iso_url          = "https://example.com/debian-12.iso"
          iso_checksum     = "none"
          shutdown_command = "sudo poweroff"
        }
        build {
          sources = ["qemu.vm"]
          provisioner "shell" {
            inline = ["true"]
          }
          post-processor "manifest" {}
          post-processors {
            post-processor "compress" {
              output = "vm.tar.gz"
            }
            post-processor "checksum" {}
          }
          post-processors {
            post-processor "vagrant" {}
          }
        }
        """,
        """
        {
          "builders": [
            {
              "type": "qemu", "name": "vm",
              "iso_url": "https://example.com/debian-12.iso", "iso_checksum": "none",
              "shutdown_command": "sudo poweroff"
            }
          ],
          "provisioners": [{"type": "shell", "inline": ["true"]}],
          "post-processors": [
            "manifest",
            [{"type": "compress", "output": "vm.tar.gz"}, "checksum"],
            ["vagrant"]
          ]
        }
        """,
    ),
    "nested blocks": Twins(
        """
        source "amazon-ebs" "web" {
          ami_name = "web"
          region   = "eu-west-1"
          tags = {
            Name = "web"
          }
          source_ami_filter {
            filters = {
              name = "debian-12-*"
            }
            owners      = ["136693071363"]
            most_recent = true
          }
          launch_block_device_mappings {
            device_name = "/dev/sda1"
            volume_size = 20
          }
          launch_block_device_mappings {
            device_name = "/dev/sdb"
            volume_size = 40
          }
          vpc_filter {
            filter {
              name  = "tag:Class"
              value = "build"
            }
          }
        }
        build {
          sources = ["amazon-ebs.web"]
          provisioner "shell" {
            inline = ["true"]
          }
        }
        """,
        """
        {
          "builders": [{
            "type": "amazon-ebs", "name": "web", "ami_name": "web", "region": "eu-west-1",
            "tags": {"Name": "web"},
            "source_ami_filter": {
              "filters": {"name": "debian-12-*"}, "owners": ["136693071363"], "most_recent": true
            },
            "launch_block_device_mappings": [
              {"device_name": "/dev/sda1", "volume_size": 20},
              {"device_name": "/dev/sdb", "volume_size": 40}
            ],
            "vpc_filter": {"filter": [{"name": "tag:Class", "value": "build"}]}
          }],
          "provisioners": [{"type": "shell", "inline": ["true"]}]
        }
        """,
    ),
    "a map in one place, blocks in another": Twins(
        """
        source "proxmox-iso" "vm" {
          boot_iso {
            iso_file = "local:iso/debian-12.iso"
          }
          disks {
            disk_size = "20G"
          }
          network_adapters {
            model = "virtio"
          }
          rng0 {
            source = "/dev/urandom"
          }
          http_content = {
            "/ks.cfg" = "lang en"
          }
        }
        build {
          sources = ["proxmox-iso.vm"]
          provisioner "shell" {
            inline = ["true"]
          }
        }
        """,
        """
        {
          "builders": [{
            "type": "proxmox-iso", "name": "vm",
            "boot_iso": {"iso_file": "local:iso/debian-12.iso"},
            "disks": [{"disk_size": "20G"}],
            "network_adapters": [{"model": "virtio"}],
            "rng0": {"source": "/dev/urandom"},
            "http_content": {"/ks.cfg": "lang en"}
          }],
          "provisioners": [{"type": "shell", "inline": ["true"]}]
        }
        """,
    ),
    "values": Twins(
        """
        source "virtualbox-iso" "vm" {
          memory      = 2048
          headless    = true
          boot_wait   = null
          cpus        = "2"
          vboxmanage  = [["modifyvm", "{{.Name}}", "--vram", "16"], []]
          vm_name     = "é \\"x\\" \\\\ {{timestamp}}"
          some_size   = 1.5
          shutdown_command = "poweroff"
        }
        build {
          sources = ["virtualbox-iso.vm"]
          provisioner "shell" {
            inline = ["true"]
          }
        }
        """,
        r"""
        {
          "builders": [{
            "type": "virtualbox-iso", "name": "vm",
            "memory": 2048, "headless": true, "boot_wait": null, "cpus": "2",
            "vboxmanage": [["modifyvm", "{{.Name}}", "--vram", "16"], []],
            "vm_name": "\u00e9 \"x\" \\ {{timestamp}}",
            "some_size": 1.5,
            "shutdown_command": "poweroff"
          }],
          "provisioners": [{"type": "shell", "inline": ["true"]}]
        }
        """,
    ),
    "no provisioner": Twins(
        """
        source "amazon-ebs" "web" {
          ami_name   = "web"
          source_ami = "ami-1"
        }
        build {
          sources = ["amazon-ebs.web"]
        }
        """,
        '{"builders": [{"type": "amazon-ebs", "name": "web", "ami_name": "web", "source_ami": "ami-1"}]}',
    ),
    "a guest and its media": Twins(
        """
        variable "media" {
          type    = string
          default = "https://example.com/windows_server_2022.iso"
        }
        source "virtualbox-iso" "vm" {
          iso_url          = var.media
          guest_os_type    = "Ubuntu_64"
          communicator     = "winrm"
          shutdown_command = "shutdown /s"
        }
        build {
          sources = ["virtualbox-iso.vm"]
          provisioner "shell" {
            inline = ["true"]
          }
        }
        """,
        """
        {
          "variables": {"media": "https://example.com/windows_server_2022.iso"},
          "builders": [{
            "type": "virtualbox-iso", "name": "vm", "iso_url": "{{user `media`}}",
            "guest_os_type": "Ubuntu_64", "communicator": "winrm", "shutdown_command": "shutdown /s"
          }],
          "provisioners": [{"type": "shell", "inline": ["true"]}]
        }
        """,
    ),
    "a step and its guest": Twins(
        """
        source "virtualbox-iso" "vm" {
          iso_url          = "https://example.com/windows_server_2022.iso"
          guest_os_type    = "Windows2022_64"
          communicator     = "winrm"
          shutdown_command = "shutdown /s"
        }
        build {
          sources = ["virtualbox-iso.vm"]
          provisioner "shell" {
            inline = ["true"]
          }
        }
        """,
        """
        {
          "builders": [{
            "type": "virtualbox-iso", "name": "vm", "guest_os_type": "Windows2022_64",
            "iso_url": "https://example.com/windows_server_2022.iso", "communicator": "winrm",
            "shutdown_command": "shutdown /s"
          }],
          "provisioners": [{"type": "shell", "inline": ["true"]}]
        }
        """,
    ),
    "provisioners that do not fit": Twins(
        """
        source "docker" "lin" {
          image  = "debian"
          commit = true
        }
        source "null" "here" {
          communicator = "none"
        }
        build {
          sources = ["docker.lin", "null.here"]
          provisioner "powershell" {
            only   = ["docker.lin"]
            inline = ["Get-Date"]
          }
          provisioner "shell" {
            except = ["docker.lin"]
            inline = ["true"]
          }
        }
        """,
        """
        {
          "builders": [
            {"type": "docker", "name": "lin", "image": "debian", "commit": true},
            {"type": "null", "name": "here", "communicator": "none"}
          ],
          "provisioners": [
            {"type": "powershell", "only": ["lin"], "inline": ["Get-Date"]},
            {"type": "shell", "except": ["lin"], "inline": ["true"]}
          ]
        }
        """,
    ),
    "post-processors that do not fit": Twins(
        """
        source "amazon-ebs" "web" {
          ami_name   = "web"
          source_ami = "ami-1"
        }
        source "qemu" "vm" {
          iso_url          = "https://example.com/debian-12.iso"
          shutdown_command = "sudo poweroff"
        }
        build {
          sources = ["amazon-ebs.web", "qemu.vm"]
          provisioner "shell" {
            inline = ["true"]
          }
          post-processors {
            post-processor "compress" {}
            post-processor "vagrant" {}
          }
          post-processor "docker-tag" {
            only       = ["qemu.vm"]
            repository = "web"
          }
        }
        """,
        """
        {
          "builders": [
            {"type": "amazon-ebs", "name": "web", "ami_name": "web", "source_ami": "ami-1"},
            {
              "type": "qemu", "name": "vm", "iso_url": "https://example.com/debian-12.iso",
              "shutdown_command": "sudo poweroff"
            }
          ],
          "provisioners": [{"type": "shell", "inline": ["true"]}],
          "post-processors": [
            ["compress", "vagrant"],
            {"type": "docker-tag", "only": ["vm"], "repository": "web"}
          ]
        }
        """,
    ),
    "many machines": Twins(
        "\n".join(
            f'source "virtualbox-iso" "vm{number}" {{\n  iso_url = "https://example.com/debian-12.iso"\n'
            '  shutdown_command = "sudo poweroff"\n}'
            for number in range(6)
        )
        + '\nbuild {\n  sources = [\n    "virtualbox-iso.vm0", "virtualbox-iso.vm1", "virtualbox-iso.vm2",\n'
        '    "virtualbox-iso.vm3", "virtualbox-iso.vm4", "virtualbox-iso.vm5",\n  ]\n'
        '  provisioner "shell" {\n    inline = ["true"]\n  }\n}\n',
        '{"builders": ['
        + ", ".join(
            f'{{"type": "virtualbox-iso", "name": "vm{number}", '
            '"iso_url": "https://example.com/debian-12.iso", "shutdown_command": "sudo poweroff"}'
            for number in range(6)
        )
        + '], "provisioners": [{"type": "shell", "inline": ["true"]}]}',
    ),
    "a component that nobody knows": Twins(
        """
        source "a-builder-of-ours" "x" {
          size = 3
        }
        build {
          sources = ["a-builder-of-ours.x"]
          provisioner "a-step-of-ours" {
            words = ["a", "b"]
          }
          post-processor "another-of-ours" {}
        }
        """,
        """
        {
          "builders": [{"type": "a-builder-of-ours", "name": "x", "size": 3}],
          "provisioners": [{"type": "a-step-of-ours", "words": ["a", "b"]}],
          "post-processors": ["another-of-ours"]
        }
        """,
    ),
}

FINDINGS = {
    "no provisioner": {"missing-provisioners"},
    "a guest and its media": {"guest-os-type-mismatch"},
    "a step and its guest": {"provisioner-guest-mismatch"},
    "provisioners that do not fit": {"provisioner-communicator-mismatch"},
    "post-processors that do not fit": {"post-processor-artifact-mismatch", "post-processor-order"},
    "many machines": {"too-many-parallel-sources"},
}
"""The rules that speak of a pair of twins; of all others none does."""

UPGRADED = {
    "a virtual machine": """
        {
          "min_packer_version": "1.6.0",
          "variables": {"user": "vagrant", "memory": "2048", "token": null, "home": "{{env `HOME`}}"},
          "sensitive-variables": ["token"],
          "builders": [{
            "type": "virtualbox-iso", "name": "vm", "headless": true,
            "iso_url": "https://example.com/debian-12.iso", "iso_checksum": "none",
            "ssh_username": "{{user `user`}}", "memory": "{{user `memory`}}", "guest_os_type": "Debian_64"
          }],
          "provisioners": [
            {"type": "shell", "inline": ["echo {{user `user`}}", "true"], "environment_vars": ["A=b"]},
            {"type": "file", "source": "a", "destination": "/tmp/{{user `memory`}}"}
          ],
          "post-processors": ["manifest", [{"type": "vagrant", "output": "x.box"}, {"type": "checksum"}]]
        }
    """,
    "a cloud": """
        {
          "variables": {"region": "eu-west-1"},
          "builders": [
            {
              "type": "amazon-ebs", "name": "web", "ami_name": "web", "region": "{{user `region`}}",
              "source_ami": "ami-1", "instance_type": "t3.micro", "ssh_username": "admin",
              "tags": {"Name": "web", "Region": "{{user `region`}}"},
              "launch_block_device_mappings": [{"device_name": "/dev/sda1", "volume_size": 20}]
            }
          ],
          "provisioners": [{"type": "shell", "script": "{{template_dir}}/a.sh"}],
          "post-processors": [{"type": "manifest", "output": "m.json", "strip_path": true}]
        }
    """,
    "two containers": """
        {
          "variables": {"image": "debian"},
          "builders": [
            {"type": "docker", "name": "a", "image": "{{user `image`}}", "commit": true},
            {"type": "docker", "name": "b", "image": "{{user `image`}}:12", "export_path": "b.tar"}
          ],
          "provisioners": [{"type": "shell", "inline": ["true"]}, {"type": "shell-local", "command": "true"}]
        }
    """,
    "without a provisioner": """
        {
          "builders": [
            {"type": "qemu", "name": "vm", "iso_url": "https://example.com/x.iso", "qemuargs": [["-m", "1"]]}
          ],
          "post-processors": [[{"type": "compress"}, {"type": "vagrant"}]]
        }
    """,
}
"""Templates to which `packer hcl2_upgrade` gives true twins: 1.6.6 loses much else."""


def configuration(name: str, text: str) -> Configuration:
    """The one configuration of a text, with its values."""
    file, problems = parse(Document(name, text))
    assert problems == ()
    (lowered,), diagnostics = lower(Template(name, (name,), Files(Path.cwd())), [file])
    assert diagnostics == ()
    return evaluate(lowered)


def content(configuration: Configuration) -> dict[str, Any]:
    """Everything that a configuration says, without where and how."""
    return {
        "complete": configuration.complete,
        "required_version": [literal(a.expression) for a in configuration.required_version],
        "variables": {
            v.name: (_value(v.value), v.sensitive, v.default is not None, v.constraint is not None)
            for v in configuration.variables
        },
        "sources": {s.key: _arguments(s.arguments) for s in configuration.sources},
        "builds": [_build(build) for build in configuration.builds],
    }


def _build(build: Build) -> dict[str, Any]:
    return {
        "uses": sorted((use.key, use.name, _arguments(use.arguments)) for use in build.uses),
        "open": (build.open, build.open_steps),
        "provisioners": [_step(step, build) for step in build.provisioners],
        "error_cleanup": [_step(step, build) for step in build.error_cleanup],
        "chains": [[_step(step, build) for step in chain] for chain in build.chains],
    }


def _step(step: Step, build: Build) -> tuple[Any, ...]:
    meta = {name: _value(a.value) for name, a in step.meta.by_name.items() if name not in ("only", "except")}
    runs_on = {use.key: step.runs_on(use) for use in build.uses}
    return (step.type, _arguments(step.arguments), meta, runs_on)


def _arguments(arguments: Arguments) -> tuple[Any, ...]:
    by_name = {name: _value(argument.value) for name, argument in sorted(arguments.by_name.items())}
    return (by_name, [(b.type, b.labels, _arguments(b.arguments)) for b in arguments.blocks])


def _value(value: Value) -> Any:
    if not isinstance(value, Known):
        return ("unknown", value.sensitive)
    data: Any = value.data
    if isinstance(data, tuple):
        data = [_value(item) for item in data]
    elif isinstance(data, dict):
        data = {name: _value(item) for name, item in sorted(data.items())}
    return (data, value.sensitive, value.default_of)


BY_SYNTAX = {
    "missing-required-plugin": "a legacy template cannot require plugins: it is a note there",
    "stringly-typed": "in a legacy template every variable is a string",
    "unused-local": "a legacy template has no locals, and what Packer upgrades gets one in any case",
}
"""Rules that say other things of HCL than of legacy templates."""


def findings(folder: Path, name: str, text: str) -> list[tuple[str, str, str]]:
    """Rule, severity and message of everything that is found in a text.

    A message calls a source `NAME` in a legacy template and `TYPE.NAME` in HCL.
    """
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    outcome = run([folder / name], Settings(ignore=frozenset(BY_SYNTAX)), root=folder)
    assert outcome.templates == 1
    return sorted(
        (d.rule, d.severity.value, re.sub(r"`(?!var\.)[\w-]+\.([\w-]+)`", r"`\1`", d.message))
        for d in outcome.diagnostics
    )


def dedented(text: str) -> str:
    """A text without its margin."""
    return cleandoc(text) + "\n"


@pytest.mark.parametrize("name", TWINS)
def test_twins_give_equal_configurations(name: str) -> None:
    ours = content(configuration("t.json", dedented(TWINS[name].json)))
    theirs = content(configuration("t.pkr.hcl", dedented(TWINS[name].hcl)))
    if name == "filters":  # HCL gives the second builder its name only in the build
        ours.pop("sources"), theirs.pop("sources")
        ours["builds"][0]["uses"][1] = theirs["builds"][0]["uses"][1]
    assert ours == theirs


@pytest.mark.parametrize("name", TWINS)
def test_twins_give_equal_findings(name: str, tmp_path: Path) -> None:
    ours = findings(tmp_path / "json", "t.json", dedented(TWINS[name].json))
    theirs = findings(tmp_path / "hcl", "t.pkr.hcl", dedented(TWINS[name].hcl))
    assert ours == theirs
    about_components = {
        rule.name() for rule in load_rules() if {"check_component", "check_components"} & {*rule.methods()}
    }
    assert {rule for rule, _, _ in ours} - about_components == FINDINGS.get(name, set())


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
@pytest.mark.parametrize("name", UPGRADED)
def test_what_packer_upgrades_is_a_twin(name: str, tmp_path: Path) -> None:
    text = dedented(UPGRADED[name])
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    command = ["packer", "hcl2_upgrade", "-output-file=t.pkr.hcl", "t.json"]
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_LOG": "", "HOME": str(tmp_path)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=60
    )
    upgraded = tmp_path / "t.pkr.hcl"
    assert upgraded.exists(), done.stdout + done.stderr
    theirs = upgraded.read_text(encoding="utf-8")
    assert content(configuration("t.json", text)) == content(configuration("t.pkr.hcl", theirs))
    assert findings(tmp_path / "json", "t.json", text) == findings(tmp_path / "hcl", "t.pkr.hcl", theirs)
