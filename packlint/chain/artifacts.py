"""Configurations → the links between them: which source starts from what another one makes.

Both sides name the artifact: the producer by where it writes it, the consumer by the argument that it starts
from, as the plugins document `output_directory`, `vm_name`, `source_path` and their kin. Names are compared
exactly; one with a part that only a build knows, such as the time, can still fit a pattern.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from packlint.model import Argument, Arguments, Build, Configuration, Link, Source, SourceUse
from packlint.syntax import Expression, Template, Text
from packlint.value import Value


class Family(NamedTuple):
    """How the builders of one platform name what they make, `outputs`, and what they start from, `inputs`."""

    producers: tuple[str, ...]
    outputs: tuple[str, ...]
    consumers: tuple[str, ...]
    inputs: tuple[str, ...]
    paths: bool = False


FAMILIES = (
    Family(
        ("virtualbox-iso", "virtualbox-ovf", "virtualbox-vm"),
        tuple(
            f"{{output_directory}}/{{{name}}}.{suffix}"
            for name in ("output_filename", "vm_name")
            for suffix in ("ovf", "ova")
        ),
        ("virtualbox-ovf",),
        ("source_path",),
        paths=True,
    ),
    Family(
        ("vmware-iso", "vmware-vmx"),
        ("{output_directory}/{vm_name}.vmx",),
        ("vmware-vmx",),
        ("source_path",),
        paths=True,
    ),
    Family(
        ("qemu",),
        ("{output_directory}/{vm_name}",),
        ("qemu",),
        ("iso_url", "iso_urls"),
        paths=True,
    ),
    Family(
        ("hyperv-iso", "hyperv-vmcx"),
        ("{output_directory}", "{output_directory}/{vm_name}"),
        ("hyperv-vmcx",),
        ("clone_from_vmcx_path",),
        paths=True,
    ),
    Family(
        ("parallels-iso", "parallels-pvm", "parallels-ipsw", "parallels-macvm"),
        ("{output_directory}/{vm_name}.pvm", "{output_directory}/{vm_name}.macvm"),
        ("parallels-pvm", "parallels-macvm"),
        ("source_path",),
        paths=True,
    ),
    Family(("vagrant",), ("{output_dir}/package.box",), ("vagrant",), ("source_path",), paths=True),
    Family(
        ("proxmox", "proxmox-iso", "proxmox-clone"),
        ("{template_name}", "{vm_name}"),
        ("proxmox-clone",),
        ("clone_vm",),
    ),
    Family(("proxmox", "proxmox-iso", "proxmox-clone"), ("{vm_id}",), ("proxmox-clone",), ("clone_vm_id",)),
    Family(
        ("vsphere-iso", "vsphere-clone"),
        ("{vm_name}", "{folder}/{vm_name}"),
        ("vsphere-clone",),
        ("template",),
    ),
    Family(("azure-arm",), ("{managed_image_name}",), ("azure-arm",), ("custom_managed_image_name",)),
    Family(("googlecompute",), ("{image_name}",), ("googlecompute",), ("source_image",)),
    Family(("googlecompute",), ("{image_family}",), ("googlecompute",), ("source_image_family",)),
    Family(("digitalocean",), ("{snapshot_name}",), ("digitalocean",), ("image",)),
    Family(("hcloud",), ("{snapshot_name}",), ("hcloud",), ("image",)),
    Family(("tart-cli",), ("{vm_name}",), ("tart-cli",), ("vm_base_name",)),
    Family(("amazon-ebs", "amazon-ebssurrogate"), ("{ami_name}",), ("amazon-ebs", "amazon-ebssurrogate"), ()),
    Family(("docker",), (), ("docker",), ("image",)),
)

DEFAULTS = {"output_directory": "output-{}", "vm_name": "packer-{}", "output_dir": "output-{}"}
"""What the local hypervisors' plugins call what is not named, by the name of the source."""


class Product(NamedTuple):
    """A source in a build and one name of its artifact."""

    use: SourceUse
    directory: str
    name: str


class Need(NamedTuple):
    """A source and the name of what it starts from, by the argument that says so."""

    source: Source
    directory: str
    argument: Argument
    name: str


def links(configurations: Sequence[Configuration]) -> tuple[Link, ...]:
    """The links between the sources of all templates, in the order of the families and producers."""
    found = []
    for family in FAMILIES:
        exact, patterns = _indexed(family, configurations)
        if not (exact or patterns):
            continue
        for product in (p for c in configurations for p in _products(family, c)):
            keys = _keys(family, product.directory, product.name)
            needs = {id(need): need for key in keys for need in exact.get(key, ())}
            needs |= {id(n): n for n in patterns if fnmatchcase(product.name, n.name)}
            found += [
                Link(product.use, need.source, need.argument, product.name)
                for need in needs.values()
                if product.use.source is not need.source
            ]
    return tuple(found)


def _indexed(
    family: Family, configurations: Sequence[Configuration]
) -> tuple[dict[str, list[Need]], list[Need]]:
    """What sources start from: by name, and apart from these the patterns of names."""
    exact: dict[str, list[Need]] = {}
    patterns = []
    for need in (need for c in configurations for need in _needs(family, c)):
        if "*" in need.name and not family.paths:
            patterns.append(need)
        else:
            for key in _keys(family, need.directory, need.name):
                exact.setdefault(key, []).append(need)
    return exact, patterns


def _keys(family: Family, directory: str, name: str) -> tuple[str, ...]:
    """What is equal for two names of one artifact.

    Paths are relative to where Packer is run, which is either one directory for both templates or each
    template's own.
    """
    if not family.paths:
        return (name,)
    return f"run: {posixpath.normpath(name)}", f"own: {posixpath.normpath(posixpath.join(directory, name))}"


def _products(family: Family, configuration: Configuration) -> Iterator[Product]:
    directory = configuration.template.directory
    for build in configuration.builds:
        for use in build.uses:
            if use.type not in family.producers:
                continue
            for pattern in family.outputs:
                if name := _filled(pattern, use, family.paths):
                    yield Product(use, directory, name)
            if use.type == "docker":
                yield from (Product(use, directory, tag) for tag in _tags(build, use))


def _filled(pattern: str, use: SourceUse, defaults: bool) -> str | None:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        argument = use.arguments.get(name)
        text = _text(argument.value) or _shape(argument.expression) if argument else None
        if text is None and defaults and name not in use.arguments and name in DEFAULTS:
            text = DEFAULTS[name].format(use.name)
        return text if text else "\0"

    filled = re.sub(r"\{(\w+)\}", value, pattern)
    return None if "\0" in filled else filled


def _shape(expression: Expression) -> str | None:
    """A template with what is not known in it written as `0`, to be compared with a pattern."""
    if not isinstance(expression, Template):
        return None
    return "".join(part.value if isinstance(part, Text) else "0" for part in expression.parts)


def _tags(build: Build, use: SourceUse) -> Iterator[str]:
    """`repository:tag` of each docker-tag step that runs for a source."""
    for step in build.post_processors:
        repository = step.arguments.known("repository", str)
        if step.type == "docker-tag" and repository and step.runs_on(use):
            tags = step.arguments.value("tags") or step.arguments.value("tag")
            texts = [_text(tag) for tag in (tags.items or (tags,) if tags else ())]
            yield from (f"{repository}:{tag}" for tag in texts if tag)
            if not tags:
                yield f"{repository}:latest"


def _needs(family: Family, configuration: Configuration) -> Iterator[Need]:
    directory = configuration.template.directory
    for source in configuration.sources:
        if source.type not in family.consumers:
            continue
        for argument in _inputs(family, source.arguments):
            for value in argument.value.items or (argument.value,):
                if name := _text(value):
                    yield Need(source, directory, argument, name)


def _inputs(family: Family, arguments: Arguments) -> Iterator[Argument]:
    yield from (argument for name in family.inputs if (argument := arguments.get(name)))
    if "{ami_name}" in family.outputs:
        for block in arguments.blocks_of("source_ami_filter"):
            filters = block.arguments.get("filters")
            if filters and filters.value.entries and (name := filters.value.entries.get("name")):
                yield Argument("filters", filters.expression, name, filters.range, filters.name_range)


def _text(value: Value | None) -> str | None:
    if value is None:
        return None
    text = value.known(str)
    number = value.known(int)
    return text if text is not None else None if number is None else str(number)
