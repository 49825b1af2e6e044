"""Which plugin brings a component, and what it is called there: packer/plugin.go and `required_plugins`."""

from __future__ import annotations

from typing import Any

import pytest

from packlint.components import Component


def of(conformed: Any, type_: str, *entries: str) -> Component:
    """A builder of a type in a template that requires plugins, each a name and an address."""
    lines = [f'{entry.split()[0]} = {{\nsource = "{entry.split()[1]}"\n}}' for entry in entries]
    head = "packer {\nrequired_plugins {\n" + "\n".join(lines) + "\n}\n}\n"
    (component,) = conformed(f'{head}source "{type_}" "a" {{\n}}\n')
    assert isinstance(component, Component)
    return component


AMAZON = "github.com/hashicorp/amazon"


@pytest.mark.parametrize(
    ("type_", "entries", "name", "plugin"),
    [
        ("amazon-ebs", ["amazon " + AMAZON], "amazon-ebs", AMAZON),
        ("amazon-ebs", [], "amazon-ebs", AMAZON),
        ("aws-ebs", ["aws " + AMAZON], "amazon-ebs", AMAZON),
        ("qemu", ["qemu github.com/hashicorp/qemu"], "qemu", "github.com/hashicorp/qemu"),
        ("vm", ["vm github.com/hashicorp/qemu"], "qemu", "github.com/hashicorp/qemu"),
        ("nobodys-own", [], "nobodys-own", None),
    ],
)
def test_who_brings_a_component(
    type_: str, entries: list[str], name: str, plugin: str | None, conformed: Any
) -> None:
    component = of(conformed, type_, *entries)
    assert component.name == name
    assert (component.plugin.source if component.plugin else None) == plugin
    assert (component.schema is not None) == (plugin is not None)


def test_packer_brings_its_own_whatever_is_required(conformed: Any) -> None:
    component = of(conformed, "null", "null github.com/someone/null")
    assert component.bundled and component.entry is None and component.plugin is None


def test_a_plugin_that_nobody_knows_has_no_schema(conformed: Any) -> None:
    component = of(conformed, "qemu", "qemu github.com/someone/qemu-of-ours")
    assert component.schema is None and component.problems == ()
    assert component.entry is not None and component.plugin is None


def test_the_longest_name_of_an_entry_wins(conformed: Any) -> None:
    component = of(conformed, "amazon-ebs", "amazon-ebs github.com/someone/x", "amazon " + AMAZON)
    assert component.entry is not None and component.entry.name == "amazon"
    assert component.name == "amazon-ebs" and component.schema is not None


def test_a_plugin_that_moved(conformed: Any) -> None:
    component = of(conformed, "vsphere-iso", "vsphere github.com/hashicorp/vsphere")
    assert component.plugin is not None and component.plugin.source == "github.com/vmware/vsphere"


def test_addresses_know_no_letter_case(conformed: Any) -> None:
    component = of(conformed, "qemu", "qemu github.com/HashiCorp/QEMU")
    assert component.plugin is not None and component.plugin.source == "github.com/hashicorp/qemu"
