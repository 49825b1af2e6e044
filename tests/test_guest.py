"""Sources written as HCL → their guest and their communicator."""

from pathlib import Path

import pytest

from packlint.communicator import communicator_of
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.guest import evidence_of, file_name, guest_of
from packlint.lower import lower
from packlint.model import SourceUse, Template
from packlint.parse import parse


def use_of(folder: Path, type_: str, body: str, rest: str = "") -> SourceUse:
    text = f'source "{type_}" "x" {{\n{body}\n}}\nbuild {{\n  sources = ["source.{type_}.x"]\n}}\n{rest}\n'
    template = Template("x.pkr.hcl", ("x.pkr.hcl",), Files(folder))
    file, told = parse(Document("x.pkr.hcl", text))
    assert not told
    (configuration,), _ = lower(template, [file])
    (use,) = evaluate(configuration).builds[0].uses
    return use


@pytest.mark.parametrize(
    ("type_", "body", "family"),
    [
        ("virtualbox-iso", 'guest_os_type = "Ubuntu_64"', "nix"),
        ("virtualbox-iso", 'guest_os_type = "Windows10_64"', "windows"),
        ("virtualbox-iso", 'guest_os_type = "Other_64"', None),
        ("virtualbox-iso", 'guest_os_type = ""', None),
        ("vmware-iso", 'guest_os_type = "darwin20-64"', "nix"),
        ("vmware-iso", 'guest_os_type = "winServer2008Standard-64"', "windows"),
        ("proxmox-iso", 'os = "win11"', "windows"),
        ("proxmox-iso", 'os = "l26"', "nix"),
        ("proxmox-iso", 'os = "other"', None),
        ("azure-arm", 'os_type = "windows"', "windows"),
        ("parallels-iso", 'guest_os_type = "win-2016"', "windows"),
        ("parallels-iso", 'guest_os_type = "centos"', "nix"),
        ("qemu", 'iso_url = "https://example.com/isos/debian-12.6.0-amd64-netinst.iso?a=b"', "nix"),
        ("qemu", 'iso_urls = ["./26100.1_SERVER_EVAL_x64FRE_en-us.iso"]', "windows"),
        ("qemu", 'iso_url = "https://example.com/windows/tools.iso"', None),
        ("qemu", 'iso_url = "https://example.com/ubuntu/base.iso"', None),
        ("vsphere-iso", 'iso_paths = ["[store] iso/Rocky-9.4.iso", "[] /vmware/isoimages/linux.iso"]', "nix"),
        ("vsphere-iso", 'iso_paths = ["[] /vmware/isoimages/windows.iso"]', None),
        ("proxmox-iso", 'iso_file = "local:iso/Win11_23H2.iso"', "windows"),
        ("proxmox-iso", 'boot_iso {\n iso_file = "local:iso/alpine-3.20.iso"\n}', "nix"),
        ("proxmox-iso", 'iso_file = "local:iso/virtio-win-0.1.240.iso"', None),
        ("azure-arm", 'image_offer = "WindowsServer"', "windows"),
        ("azure-arm", 'image_publisher = "MicrosoftSQLServer"', None),
        ("googlecompute", 'source_image_family = "rhel-9"', "nix"),
        ("amazon-ebs", 'source_ami_filter {\n filters = { name = "Windows_Server-2022-*" }\n}', "windows"),
        ("amazon-ebs", 'source_ami_filter {\n filters = { name = "al2023-ami-2023*" }\n}', "nix"),
        ("amazon-ebs", 'ami_name = "windows-2022"', None),
        ("virtualbox-ovf", 'source_path = "x.ovf"\n vm_name = "ubuntu"', None),
        ("qemu", 'communicator = "winrm"', "windows"),
        ("qemu", 'communicator = "ssh"', None),
        ("docker", 'image = "debian:12"', "nix"),
        ("docker", "windows_container = true", "windows"),
        ("docker", 'image = "mcr.microsoft.com/windows/nanoserver:ltsc2022"', None),
        ("null", 'communicator = "winrm"', None),
        ("happycloud", 'guest_os_type = "Ubuntu_64"', None),
    ],
)
def test_guest_of_a_source(tmp_path: Path, type_: str, body: str, family: str | None) -> None:
    guest = guest_of(use_of(tmp_path, type_, body))
    assert (guest.family if guest else None) == family


def test_evidence_that_disagrees_tells_nothing(tmp_path: Path) -> None:
    use = use_of(tmp_path, "virtualbox-iso", 'guest_os_type = "Ubuntu_64"\niso_url = "Win10_22H2.iso"')
    assert guest_of(use) is None
    assert [item.system.family for item in evidence_of(use.type, use.arguments)] == ["nix", "windows"]


def test_evidence_points_to_its_argument_and_names_the_default(tmp_path: Path) -> None:
    variable = 'variable "guest" {\n  default = "Debian_64"\n}'
    guest = guest_of(use_of(tmp_path, "virtualbox-iso", "guest_os_type = var.guest", variable))
    assert guest is not None
    (evidence,) = guest.evidence
    assert evidence.argument is not None and evidence.argument.name == "guest_os_type"
    assert evidence.words == '`guest_os_type` is "Debian_64", the default of `var.guest`'


def test_an_empty_default_is_no_evidence(tmp_path: Path) -> None:
    variable = 'variable "url" {\n  default = ""\n}'
    use = use_of(tmp_path, "virtualbox-iso", "guest_os_type = var.url\niso_url = var.url", variable)
    assert list(evidence_of(use.type, use.arguments)) == []


def test_the_value_of_a_sensitive_variable_is_not_shown(tmp_path: Path) -> None:
    variable = 'variable "url" {\n  default = "debian-12.iso"\n  sensitive = true\n}'
    use = use_of(tmp_path, "qemu", "iso_url = var.url", variable)
    assert all("debian-12" not in item.words for item in evidence_of(use.type, use.arguments))


@pytest.mark.parametrize(
    ("type_", "body", "communicator"),
    [
        ("qemu", "", "ssh"),
        ("qemu", 'communicator = "winrm"', "winrm"),
        ("qemu", 'communicator = ""', "ssh"),
        ("qemu", "communicator = null", "ssh"),
        ("qemu", "communicator = uuidv4()", None),
        ("qemu", "communicator = var.nothing", None),
        ("qemu", "communicator = var.empty", None),
        ("null", 'communicator = "none"', "none"),
        ("docker", "", "docker"),
        ("docker", "windows_container = true", "dockerWindowsContainer"),
        ("docker", "windows_container = var.nothing", None),
        ("lxd", "", "lxd exec"),
        ("file", "", None),
        ("happycloud", "", None),
    ],
)
def test_communicator_of_a_source(tmp_path: Path, type_: str, body: str, communicator: str | None) -> None:
    variables = 'variable "nothing" {}\nvariable "empty" {\n  default = ""\n}'
    assert communicator_of(use_of(tmp_path, type_, body, variables)) == communicator


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("https://example.com/a/b.iso?x=1#y", "b.iso"),
        ("local:iso/b.iso", "b.iso"),
        ("[store 1] iso/b.iso", "b.iso"),
        ("C:\\isos\\b.iso", "b.iso"),
        ("b.iso", "b.iso"),
    ],
)
def test_file_name(path: str, name: str) -> None:
    assert file_name(path) == name
