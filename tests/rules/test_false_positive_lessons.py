"""Lessons of real templates that were wrongly found at fault: those that no test of one rule's own tells."""

from __future__ import annotations

from pathlib import Path

from packlint.diagnostic import Diagnostic
from packlint.pipeline import run
from packlint.settings import Settings
from packlint.testing import findings

STEP = '  provisioner "shell" {\n    inline = ["true"]\n  }\n'


def single(name: str) -> str:
    """A template in one file, with the variables that its neighbours declare as well."""
    return (
        f'variable "user" {{\n  default = "packer"\n}}\n'
        f'source "null" "{name}" {{\n  ssh_host = "192.0.2.10"\n  ssh_username = var.user\n'
        f"  ssh_agent_auth = true\n}}\n"
        f'build {{\n  name = "{name}"\n  sources = ["null.{name}"]\n{STEP}}}\n'
    )


def told(folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """What the default rules find."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = run([folder], Settings(), folder).diagnostics
    return [(it.range.document.path, it.rule) for it in found]


def severities(found: tuple[Diagnostic, ...]) -> list[str]:
    return [it.severity.value for it in found]


def test_lesson_1_a_directory_of_templates_in_one_file_each(tmp_path: Path) -> None:
    files = {f"{name}.pkr.hcl": single(name) for name in ("debian", "fedora", "ubuntu")}
    assert [rule for _, rule in told(tmp_path, files)] == ["directory-is-not-one-template"]


def test_lesson_3_a_list_of_sources_that_a_variable_has() -> None:
    sources = "".join(
        f'source "virtualbox-iso" "s{n}" {{\n  iso_url = "a.iso"\n  iso_checksum = "none"\n}}\n'
        for n in range(6)
    )
    listed = ", ".join(f'"virtualbox-iso.s{n}"' for n in range(2))
    variable = f'variable "wanted" {{\n  default = [{listed}]\n}}\n'
    build = f"build {{\n  sources = var.wanted\n{STEP}}}\n"
    files = {"a.pkr.hcl": variable + sources + build}
    assert findings("unused-source", files) == ()
    assert findings("too-many-parallel-sources", files) == ()
    every = ", ".join(f'"virtualbox-iso.s{n}"' for n in range(6))
    more = {"a.pkr.hcl": files["a.pkr.hcl"].replace(listed, every)}
    assert severities(findings("too-many-parallel-sources", more)) == ["note"]


def test_lesson_4_one_name_of_several_kinds() -> None:
    text = (
        'source "file" "a" {\n  content = "x"\n  target = "a.txt"\n}\n'
        'source "vmware-iso" "a" {\n  network = "nat"\n}\n'
        'source "veertu-anka-vm-create" "a" {\n  ram_size = "4G"\n}\n'
        'build {\n  sources = ["file.a", "vmware-iso.a", "veertu-anka-vm-create.a"]\n'
        '  provisioner "file" {\n    content = "x"\n    destination = "/tmp/a"\n  }\n}\n'
    )
    for rule in ("unknown-argument", "deprecated-argument", "removed-argument"):
        assert findings(rule, {"a.pkr.hcl": text}) == ()
    old = 'source "vsphere-iso" "a" {\n  network = "lan"\n}\nbuild {\n  sources = ["vsphere-iso.a"]\n}\n'
    assert len(findings("removed-argument", {"a.pkr.hcl": old})) == 1


def test_lesson_5_an_argument_that_a_later_plugin_dropped() -> None:
    text = (
        'packer {\n  required_plugins {\n    vmware = {\n      version = "%s"\n'
        '      source = "github.com/hashicorp/vmware"\n    }\n  }\n}\n'
        'source "vmware-iso" "a" {\n  remote_host = "esxi"\n}\n'
        'build {\n  sources = ["vmware-iso.a"]\n}\n'
    )
    for version, expected in (("~> 1.0", []), (">= 1.0.11", ["warning"]), (">= 2.0.0", ["error"])):
        found = findings("removed-argument", {"a.pkr.hcl": text % version})
        assert severities(found) == expected, version


def test_lesson_6_a_list_of_names_that_siblings_share() -> None:
    text = (
        'source "null" "web" {\n  ssh_host = "192.0.2.10"\n}\nbuild {\n  sources = ["null.web"]\n'
        '  provisioner "shell" {\n    only = [%s]\n    inline = ["true"]\n  }\n}\n'
    )
    partly = {"a.pkr.hcl": text % '"null.web", "null.webb"'}
    assert severities(findings("filter-matches-no-source", partly)) == ["warning"]
    assert findings("step-never-runs", partly) == ()
    nowhere = {"a.pkr.hcl": text % '"null", "web"'}
    assert severities(findings("step-never-runs", nowhere)) == ["error"]
    assert findings("filter-matches-no-source", nowhere) == ()


def test_lesson_7_a_wrapper_that_passes_every_kind_of_script_on() -> None:
    names = ("inline", "script", "scripts")
    defaults = {"inline": "[]", "script": '""', "scripts": "[]"}
    text = "".join(f'variable "{name}" {{\n  default = {defaults[name]}\n}}\n' for name in names)
    arguments = "".join(f"    {name} = var.{name}\n" for name in names)
    text += (
        'source "docker" "a" {\n  image = "debian:13"\n  commit = true\n}\n'
        f'build {{\n  sources = ["docker.a"]\n  provisioner "shell" {{\n{arguments}  }}\n}}\n'
    )
    for rule in ("conflicting-arguments", "argument-required-here", "missing-local-file"):
        assert findings(rule, {"a.pkr.hcl": text}) == ()


def test_lesson_16_a_template_for_every_hypervisor() -> None:
    types = ("virtualbox-iso", "vmware-iso", "parallels-iso", "hyperv-iso", "qemu")
    sources = "".join(
        f'source "{type_}" "web" {{\n  iso_url = "a.iso"\n  iso_checksum = "none"\n}}\n' for type_ in types
    )
    listed = ", ".join(f'"{type_}.web"' for type_ in types)
    files = {"a.pkr.hcl": f"{sources}build {{\n  sources = [{listed}]\n{STEP}}}\n"}
    assert severities(findings("too-many-parallel-sources", files)) == ["note"]
