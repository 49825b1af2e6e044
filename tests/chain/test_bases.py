"""What a source starts from that nobody here makes, and what of its name is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.chain.bases import base, file_name
from packlint.pipeline import understand
from packlint.settings import Settings


def base_of(folder: Path, body: str, more: str = "") -> tuple[str, str] | None:
    """Name and kind of the base of a source `TYPE { … }`."""
    type_, _, inner = body.partition(" ")
    text = f'source "{type_}" "a" {inner}\nbuild {{\n  sources = ["source.{type_}.a"]\n}}\n{more}\n'
    folder.joinpath("a.pkr.hcl").write_text(text)
    (configuration,) = understand([folder], Settings(), folder).configurations
    ((use,),) = [build.uses for build in configuration.builds]
    found = base(use, configuration)
    return None if found is None else (found.name, found.what)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('qemu {\n iso_url = "https://me:secret@example.com/a/deb.iso?key=1#x"\n}', ("deb.iso", "ISO")),
        ('qemu {\n iso_urls = ["iso/deb.iso", "https://example.com/deb.iso"]\n}', ("deb.iso", "ISO")),
        ('qemu {\n disk_image = true\n iso_url = "https://x/deb.qcow2"\n}', ("deb.qcow2", "disk image")),
        ('proxmox-iso {\n boot_iso {\n  iso_file = "local:iso/deb.iso"\n }\n}', ("deb.iso", "ISO")),
        ('proxmox-iso {\n iso_file = "local:deb.iso"\n}', ("deb.iso", "ISO")),
        ('vsphere-iso {\n iso_paths = ["[nas] linux/deb.iso"]\n}', ("deb.iso", "ISO")),
        ('vsphere-iso {\n iso_paths = ["[nas] deb.iso"]\n}', ("deb.iso", "ISO")),
        ('tart-cli {\n from_iso = ["cidata.iso", "deb.iso"]\n}', ("deb.iso", "ISO")),
        ('amazon-ebs {\n source_ami = "ami-1"\n}', ("ami-1", "AMI")),
        ('amazon-ebs {\n source_ami_filter {\n  filters = { name = "deb-*" }\n }\n}', ("deb-*", "AMI")),
        (
            'docker {\n image = "example.com:5000/debian:12"\n}',
            ("example.com:5000/debian:12", "container image"),
        ),
        ('docker {\n image = "debian:12"\n}', ("debian:12", "container image")),
        ('vagrant {\n source_path = "debian/bookworm64"\n}', ("debian/bookworm64", "box")),
        ('vagrant {\n source_path = "https://u:p@example.com/x.box?t=1"\n}', ("x.box", "box")),
        ('virtualbox-ovf {\n source_path = "./in/../ovf/deb.ovf"\n}', ("ovf/deb.ovf", "machine")),
        ("proxmox-clone {\n clone_vm_id = 9000\n}", ("9000", "template")),
        (
            'azure-arm {\n image_publisher = "Debian"\n image_offer = "debian-12"\n image_sku = "12"\n}',
            ("Debian:debian-12:12", "image"),
        ),
        ('azure-arm {\n image_publisher = "Debian"\n image_offer = var.o\n image_sku = "12"\n}', None),
        ('googlecompute {\n source_image_family = "debian-12"\n}', ("debian-12", "image family")),
        ('parallels-ipsw {\n ipsw_url = "https://example.com/a.ipsw"\n}', ("a.ipsw", "IPSW")),
        ('hcloud {\n image = "debian-12"\n}', ("debian-12", "image")),
        ("qemu {\n iso_url = var.iso\n}", None),
        ('qemu {\n iso_url = "deb-{{timestamp}}.iso"\n}', None),
        ('null {\n communicator = "none"\n}', None),
        ('nobodys-builder {\n iso_url = "deb.iso"\n}', None),
    ],
)
def test_a_base_is_told_by_its_name(tmp_path: Path, body: str, expected: tuple[str, str] | None) -> None:
    assert base_of(tmp_path, body) == expected


def test_what_a_data_source_finds_is_a_base(tmp_path: Path) -> None:
    data = 'data "amazon-ami" "d" {\n  filters = { name = "deb-*" }\n}'
    body = "amazon-ebs {\n  source_ami = data.amazon-ami.d.id\n}"
    assert base_of(tmp_path, body, data) == ("deb-*", "AMI")
    data = 'data "hcp-packer-artifact" "d" {\n  bucket_name = "golden"\n}'
    body = "amazon-ebs {\n  source_ami = data.hcp-packer-artifact.d.external_identifier\n}"
    assert base_of(tmp_path, body, data) == ("golden", "HCP Packer")


def test_what_is_sensitive_is_no_base(tmp_path: Path) -> None:
    variable = 'variable "i" {\n  default   = "internal/base"\n  sensitive = true\n}'
    assert base_of(tmp_path, "docker {\n  image = var.i\n}", variable) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("http://[::1/a.iso", ""), ("https://example.com", ""), ("C:\\iso\\deb.iso", "deb.iso"), ("a/b/", "b")],
)
def test_the_name_of_a_file_is_the_last_one(text: str, name: str) -> None:
    assert file_name(text) == name
