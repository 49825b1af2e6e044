"""Who starts from whose artifact, by the names that both sides give it."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.chain.artifacts import links
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse

PAIRS = {
    "virtualbox": (
        'source "virtualbox-iso" "base" {\n  output_directory = "out"\n  vm_name = "base"\n}',
        'source "virtualbox-ovf" "web" {\n  source_path = "./out/base.ovf"\n}',
    ),
    "virtualbox, by default": (
        'source "virtualbox-iso" "base" {}',
        'source "virtualbox-ovf" "web" {\n  source_path = "output-base/packer-base.ova"\n}',
    ),
    "vmware, from the template's own directory": (
        'source "vmware-iso" "base" {\n  output_directory = "out"\n  vm_name = "base"\n}',
        'source "vmware-vmx" "web" {\n  source_path = "../base/out/base.vmx"\n}',
    ),
    "qemu": (
        'source "qemu" "base" {\n  vm_name = "base.qcow2"\n}',
        'source "qemu" "web" {\n  disk_image = true\n  iso_urls = ["output-base/base.qcow2"]\n}',
    ),
    "proxmox": (
        'source "proxmox-iso" "base" {\n  template_name = "debian"\n}',
        'source "proxmox-clone" "web" {\n  clone_vm = "debian"\n}',
    ),
    "proxmox, by number": (
        'source "proxmox-iso" "base" {\n  vm_id = 900\n}',
        'source "proxmox-clone" "web" {\n  clone_vm_id = "900"\n}',
    ),
    "vsphere": (
        'source "vsphere-iso" "base" {\n  vm_name = "debian"\n  folder = "templates"\n}',
        'source "vsphere-clone" "web" {\n  template = "templates/debian"\n}',
    ),
    "amazon": (
        'source "amazon-ebs" "base" {\n  ami_name = "base-2024"\n}',
        'source "amazon-ebs" "web" {\n  source_ami_filter {\n    filters = { name = "base-*" }\n  }\n}',
    ),
    "docker": (
        """
        source "docker" "base" {
          image  = "debian:12"
          commit = true
        }
        build {
          sources = ["docker.base"]
          post-processor "docker-tag" {
            repository = "acme/base"
            tags       = ["1"]
          }
        }
        """,
        'source "docker" "web" {\n  image = "acme/base:1"\n}',
    ),
}


def configuration(directory: str, text: str) -> Configuration:
    name = f"{directory}/t.pkr.hcl"
    text = cleandoc(text) + "\n"
    if "build {" not in text:
        type_, label = text.split('"')[1], text.split('"')[3]
        text += f'build {{\n  sources = ["{type_}.{label}"]\n}}\n'
    file, diagnostics = parse(Document(name, text))
    assert diagnostics == ()
    (lowered,), _ = lower(Template(directory, (name,), Files(Path.cwd())), [file])
    return evaluate(lowered)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_link_is_seen(pair: str) -> None:
    base, web = (configuration(name, text) for name, text in zip(("base", "web"), PAIRS[pair], strict=True))
    (link,) = links([base, web])
    assert (link.producer.name, link.consumer.name) == ("base", "web")


@pytest.mark.parametrize(
    ("base", "web"),
    [
        # Another directory, another name, a name that is not known, another platform.
        (PAIRS["virtualbox"][0], 'source "virtualbox-ovf" "web" {\n  source_path = "other/base.ovf"\n}'),
        (PAIRS["proxmox"][0], 'source "proxmox-clone" "web" {\n  clone_vm = "debian-12"\n}'),
        (
            'source "proxmox-iso" "base" {\n  template_name = "d-${timestamp()}"\n}',
            PAIRS["proxmox"][1],
        ),
        (PAIRS["proxmox"][0], 'source "vsphere-clone" "web" {\n  template = "debian"\n}'),
    ],
)
def test_what_is_not_certain_is_no_link(base: str, web: str) -> None:
    assert links([configuration("base", base), configuration("web", web)]) == ()
