"""The builds of a template → what they make, under each name by which a source may start from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.artifact import docker_tags
from packlint.chain.families import BOX, DOCKER_IMPORT, DOCKER_TAG, Family
from packlint.chain.lookup import UNKNOWN, Lookup
from packlint.chain.written import TIMED, output
from packlint.effective import arguments_for
from packlint.model import Argument, Arguments, Configuration, SourceUse
from packlint.named import NamedTuple
from packlint.once import once
from packlint.pattern import pattern
from packlint.record import replace
from packlint.traits import builder

PROVIDERS = {
    "virtualbox": "virtualbox",
    "vmware": "vmware",
    "parallels": "parallels",
    "hyperv": "hyperv",
    "qemu": "libvirt",
}
"""What Vagrant calls the platforms of its boxes (hashicorp/packer-plugin-vagrant, post-processor/vagrant)."""

BOXES = tuple(f"packer_{{{{.BuildName}}}}_{{{{.Provider}}}}{more}.box" for more in ("", "_{{.Architecture}}"))
"""The names of boxes where none is given, in older and in newer releases of the plugin."""

PART = pattern(r"\{([\w.-]+)\}")
"""A part of a name that an argument gives."""

_FIELD = pattern(r"\{\{-?\s*\.?(\w+)\s*-?\}\}")
"""What the name of a box is made of: `{{.Provider}}`, `{{build_name}}`."""


class Product(NamedTuple):
    """A source in a build and one name of its artifact, in which `UNKNOWN` may stand."""

    use: SourceUse
    configuration: Configuration
    name: str

    @property
    def directory(self) -> str:
        """Where its template is."""
        return self.configuration.template.directory


def products(family: Family, configuration: Configuration) -> Iterator[Product]:
    """What the sources of a template make, under each name that a family has for it."""
    steps = dict(family.steps)
    if _makers(configuration).isdisjoint((*family.producers, *steps)):
        return
    lookup = Lookup(configuration)
    for build in configuration.builds:
        made_of = [step for step in build.post_processors if step.type in steps]
        for use in build.uses:
            known = builder(use.type)
            names: list[str] = []
            if {known.type if known else use.type, use.type} & {*family.producers}:
                names += (_made(pattern, use, lookup) for pattern in family.outputs)
            for step in made_of:
                if step.runs_on(use):
                    names += _stepped(steps[step.type], arguments_for(step, use), use, lookup)
            yield from (
                Product(use, configuration, name)
                for name in dict.fromkeys(names)
                if name.strip(UNKNOWN + "/.")
            )


@once
def _makers(configuration: Configuration) -> frozenset[str]:
    """The types of all that makes something: few families have to do with a template."""
    found = {step.type for build in configuration.builds for step in build.post_processors}
    for type_ in {use.type for build in configuration.builds for use in build.uses}:
        known = builder(type_)
        found |= {type_, known.type if known else type_}
    return frozenset(found)


def _made(pattern: str, use: SourceUse, lookup: Lookup) -> str:
    """The name of what a builder makes, "" where an argument is missing."""

    def value(match: re.Match[str]) -> str:
        block, _, name = match[1].rpartition(".")
        if name in ("output_directory", "output_dir"):
            directory = output(use.type, use.name, use.arguments)
            if directory is not None and directory.argument is None:
                return directory.key
        argument = argument_at(use.arguments, block, name)
        if argument is not None and not argument.worth.zero:
            return argument.worth.text or lookup.shape(argument.expression)
        if name == "vm_name" and "{output" in pattern:
            return f"packer-{use.name}" + (f"-{UNKNOWN}" if use.type in TIMED else "")
        return ""

    return _filled(pattern, [(match[0], value(match)) for match in PART.finditer(pattern)])


def _stepped(pattern: str, arguments: Arguments, use: SourceUse, lookup: Lookup) -> Iterator[str]:
    """The names that a post-processor gives to what it makes."""
    if pattern == DOCKER_TAG:
        yield from (tag for _, tag in docker_tags(arguments))
    elif pattern == BOX:
        yield from _boxes(arguments.get("output"), use, lookup)
    elif pattern == DOCKER_IMPORT:
        repository, tag = arguments.worth("repository"), arguments.worth("tag")
        if repository is not None and repository.text and (tag is None or tag.zero):
            yield repository.text
        elif repository is not None and repository.text and tag is not None and tag.text:
            yield f"{repository.text}:{tag.text}"
    else:
        argument = arguments.get(pattern.strip("{}"))
        if argument is not None:
            yield argument.worth.text or lookup.shape(argument.expression)


def _boxes(given: Argument | None, use: SourceUse, lookup: Lookup) -> Iterator[str]:
    known = builder(use.type)
    fields = {
        "BuildName": use.name,
        "build_name": use.name,
        "build_type": use.type,
        "Provider": PROVIDERS.get(known.provider if known else "", UNKNOWN),
    }
    texts: tuple[str, ...] = BOXES
    if given is not None and not given.value.zero:
        texts = (given.value.text or lookup.shape(given.expression),)
    for text in texts:
        name = _FIELD.sub(lambda match: fields.get(match[1], UNKNOWN), text)
        yield UNKNOWN if "{{" in name else name


def _filled(pattern: str, parts: list[tuple[str, str]]) -> str:
    if any(not said for _, said in parts):
        return ""
    for written, said in parts:
        pattern = pattern.replace(written, said)
    return pattern


def argument_at(arguments: Arguments, block: str, name: str) -> Argument | None:
    """An argument; one of the first nested block of a type, or an entry of a map in that, by a path."""
    outer, _, inner = block.partition(".")
    if not outer:
        return arguments.get(name)
    blocks = arguments.blocks_of(outer)
    if not blocks:
        return None
    if not inner:
        return blocks[0].arguments.get(name)
    holder = blocks[0].arguments.get(inner)
    entry = (holder.value.entries or {}).get(name) if holder else None
    return replace(holder, value=entry, rendered=None) if holder and entry is not None else None
