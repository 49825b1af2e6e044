"""Traps of legacy JSON templates: what once looked like a finding and is none, and its twin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from packlint.testing import findings

SHELL = {"type": "shell", "inline": ["install-web"]}


def found(rule: str, *templates: dict[str, Any]) -> list[tuple[str, str]]:
    """Severities and messages; each template in a directory of its own."""
    texts = {f"{number}/t.json": json.dumps(template, indent=2) for number, template in enumerate(templates)}
    return [(d.severity.value, d.message) for d in findings(rule, texts)]


def machine(name: str, **more: Any) -> dict[str, Any]:
    """A VirtualBox machine that installs itself."""
    return {"type": "virtualbox-iso", "name": name, "iso_url": "https://example.com/debian-12.iso", **more}


def test_a_variable_need_not_be_declared() -> None:
    template = {
        "variables": {"a": "{{user `from_a_file`}}"},
        "builders": [machine("vm", vm_name="{{user `name`}}", disk_size="{{user `a`}}")],
        "provisioners": [{**SHELL, "override": {"vm": {"inline": ["{{user `more` | upper}}"]}}}],
    }
    assert found("undeclared-variable", template) == []


@pytest.mark.parametrize("only", ["web", ["web"]])
def test_only_may_be_a_string(only: Any) -> None:
    bare, web = machine("bare"), machine("web")
    template = {"builders": [bare, web], "provisioners": [{**SHELL, "only": only}]}
    ((_, message),) = found("missing-provisioners", template)
    assert message == "`only` and `except` leave no provisioner for `bare`"


def test_a_builder_without_a_name_is_known_by_its_type() -> None:
    builder = {key: value for key, value in machine("").items() if key != "name"}
    template = {"builders": [builder], "provisioners": [{**SHELL, "only": ["virtualbox-iso"]}]}
    assert found("missing-provisioners", template) == []
    assert found("invalid-legacy-template", template) == []


def test_builders_of_many_platforms_are_built_one_at_a_time() -> None:
    types = ("virtualbox-iso", "vmware-iso", "parallels-iso", "hyperv-iso", "qemu")
    ((severity, _),) = found("too-many-parallel-sources", {"builders": [{"type": t} for t in types]})
    assert severity == "note"
    ((severity, _),) = found(
        "too-many-parallel-sources", {"builders": [machine(f"vm{number}") for number in range(5)]}
    )
    assert severity == "warning"


def test_a_mounted_image_is_worked_on_from_outside() -> None:
    local = [{"type": "shell-local", "inline": ["ansible-playbook -c chroot -i /mnt, site.yml"]}]
    image = {"type": "arm-image", "iso_url": "https://example.com/raspbian.zip", "mount_path": "/mnt"}
    assert found("missing-provisioners", {"builders": [image], "provisioners": local}) == []
    assert len(found("missing-provisioners", {"builders": [machine("vm")], "provisioners": local})) == 1


def test_a_file_of_builders_is_a_part_of_a_template() -> None:
    part = {"builders": [{"type": "amazon-ebs", "ami_name": "{{user `name`}}", "source_ami": "ami-1"}]}
    assert found("missing-provisioners", part) == []
    assert len(found("missing-provisioners", {**part, "variables": {"name": "web"}})) == 1


def test_a_template_that_packer_refuses_is_not_said_to_lack_anything() -> None:
    template = {"builders": [machine("vm")], "provisioners": [{**SHELL, "only": ["virtualbox-iso.vm"]}]}
    assert found("missing-provisioners", template) == []
    assert len(found("invalid-legacy-template", template)) == 1


def test_templates_link_by_the_directory_that_a_builder_fills() -> None:
    base = {"builders": [machine("vm", vm_name="base")]}
    for directory, count in (("output-vm", 0), ("output-other", 1)):
        clone = {"type": "virtualbox-ovf", "source_path": f"{directory}/base.ovf"}
        child = {"builders": [clone], "provisioners": [SHELL]}
        assert len(found("missing-provisioners", base, child)) == count


def steps(*names: str) -> list[dict[str, Any]]:
    """A script for each name."""
    return [{"type": "shell", "inline": [f"install {name}"]} for name in names]


def test_templates_that_begin_alike_could_share_a_base() -> None:
    one = {"builders": [machine("vm")], "provisioners": steps("a", "b", "c", "d")}
    other = {"builders": [machine("vm")], "provisioners": steps("a", "b", "c", "e")}
    ((_, message),) = found("unchained-duplicate-steps", one, other)
    assert message == ("the first 3 steps for `vm` are those of another build on the same base image")


def test_templates_that_are_written_alike_are_variants() -> None:
    """The password is not known in either, and most likely the same."""
    unknown = {"type": "shell", "inline": ["passwd {{user `password`}}"]}
    one = {"builders": [machine("vm")], "provisioners": [*steps("a", "b", "c"), unknown]}
    other = {**one, "post-processors": ["vagrant"]}
    assert found("unchained-duplicate-steps", one, other) == []


def test_a_hint_names_builders_as_the_template_does() -> None:
    template = {
        "builders": [machine("lin"), machine("here", communicator="none")],
        "provisioners": [SHELL],
    }
    (finding,) = findings("provisioner-communicator-mismatch", {"t.json": json.dumps(template)})
    assert finding.message == '`shell` needs a communicator, but `here` has "none"'
    assert finding.hint == 'leave it out: `"except": ["here"]`'
