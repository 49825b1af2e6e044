"""Ordinary good practice of which a rule once said that it is a mistake."""

from __future__ import annotations

import pytest

from packlint.testing import findings


def amazon(body: str) -> dict[str, str]:
    """An image of Amazon that a build makes."""
    source = f'source "amazon-ebs" "x" {{\n{body}\n}}\n'
    return {"t.pkr.hcl": source + 'build {\n  sources = ["source.amazon-ebs.x"]\n}\n'}


def shell(line: str) -> dict[str, str]:
    """A build with one command."""
    build = f'build {{\n  sources = ["null.x"]\n  provisioner "shell" {{\n    inline = ["{line}"]\n  }}\n}}\n'
    return {"t.pkr.hcl": 'source "null" "x" {\n  communicator = "none"\n}\n' + build}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("web-1.4.2", 0),
        ("web-1-4-2", 0),
        ("web-v3", 0),
        ("web-20240131", 0),
        ('web-${file("VERSION")}', 0),
        ('web-${trimspace(file("VERSION"))}', 0),
        ("web", 1),
        ("ubuntu-22.04-web", 1),
        ("dev2", 1),
    ],
)
def test_an_image_with_a_version_in_its_name_is_another_one_each_time(name: str, found: int) -> None:
    files = amazon(f'ami_name = "{name}"') | {"VERSION": "7\n"}
    assert len(findings("image-name-not-unique", files)) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("dnf group list", 0),
        ("yum group info web", 0),
        ("yum groups mark install web", 0),
        ("dnf group install web", 1),
        ("dnf -q groups install web", 1),
        ("dnf groupinstall web", 1),
        ("apt-get --quiet=2 install jq", 0),
        ("apt-get -q -q install jq", 0),
        ("apt-get install --yes=true jq", 0),
        ("apt-get -q install jq", 1),
        ("apt-get install -y$MORE jq", 0),
        ("zypper -nq install jq", 0),
        ("zypper -q install jq", 1),
        ("microdnf install jq", 0),
    ],
)
def test_package_commands_that_do_not_ask(line: str, found: int) -> None:
    assert len(findings("interactive-package-command", shell(line))) == found


def test_no_image_needs_no_metadata_service() -> None:
    body = 'ami_name = "web"\nskip_create_ami = true\nmetadata_options {\n  http_tokens = "required"\n}'
    assert not findings("imdsv2-not-required", amazon(body))
    assert findings("imdsv2-not-required", amazon(body.replace("true", "false")))
    files = amazon(body.replace("true", "var.tried"))
    files["t.pkr.hcl"] += 'variable "tried" {\n  default = true\n}\n'
    assert findings("imdsv2-not-required", files)


def test_builds_of_their_own_names_may_be_meant_for_being_selected() -> None:
    sources = (
        'source "virtualbox-iso" "base" {\n  vm_name = "base"\n}\n'
        'source "virtualbox-ovf" "web" {\n  source_path = "output-base/base.ovf"\n}\n'
    )
    build = 'build {\n  %ssources = ["%s"]\n}\n'

    def severity(base: str, web: str) -> str:
        text = sources + build % (base, "virtualbox-iso.base") + build % (web, "virtualbox-ovf.web")
        (one,) = findings("chain-in-single-run", {"t.pkr.hcl": text})
        return one.severity.value

    assert severity("", "") == "error"
    assert severity('name = "base"\n', "") == "error"
    assert severity('name = "same"\n', 'name = "same"\n') == "error"
    assert severity('name = "base"\n', 'name = "web"\n') == "warning"


def test_a_constraint_that_says_less_than_is_meant_is_a_note() -> None:
    entry = 'qemu = {\n version = "%s"\n source = "github.com/hashicorp/qemu"\n}\n'
    text = f"packer {{\n required_plugins {{\n {entry}}}\n}}"
    for version, severity in ((">= 1.0.0", "warning"), ("~> 1", "note")):
        (one,) = findings("plugin-version-unpinned", {"t.pkr.hcl": text % version})
        assert one.severity.value == severity


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ('qemuargs = [["-machine", "type=q35,accel=kvm"], ["-m", "4G"]]', "warning"),
        ('qemuargs = [["-enable-kvm"]]', "warning"),
        ('accelerator = "kvm"', "warning"),
        ('qemuargs = [["-machine", "type=q35"], []]', "error"),
        ('accelerator = "tcg"\n  qemuargs = [["-cpu", "accel=kvm"]]', "error"),
    ],
)
def test_a_host_that_qemuargs_ask_for(given: str, severity: str) -> None:
    """Hyper-V is on Windows alone and KVM on Linux: the two never write to one directory at once."""
    text = f'source "qemu" "web" {{\n  {given}\n}}\nsource "hyperv-iso" "web" {{}}\n'
    text += 'build {\n  sources = ["qemu.web", "hyperv-iso.web"]\n}\n'
    (one,) = findings("output-directory-collision", {"t.pkr.hcl": text})
    assert one.severity.value == severity
