"""Configurations → the links between them: which source starts from what another one makes.

Both sides name the artifact: the producer by where it writes it, the consumer by the argument that it starts
from, as the plugins document `output_directory`, `vm_name`, `source_path` and their kin. Names are compared
exactly; one with a part that only a build knows, such as the time, can still fit a pattern.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from packlint.artifact import docker_tags
from packlint.chain.families import FAMILIES, Family
from packlint.chain.patterns import Patterns, special
from packlint.chain.written import TIMED, output
from packlint.model import Argument, Arguments, Configuration, Source, SourceUse
from packlint.project import Link
from packlint.syntax import Expression, Template, Text
from packlint.traits import builder

UNKNOWN = "\0"
"""Stands in a name for a part that only a run knows."""


class Product(NamedTuple):
    """A source in a build and one name of its artifact, in which `UNKNOWN` may stand."""

    use: SourceUse
    configuration: Configuration
    name: str

    @property
    def directory(self) -> str:
        """Where its template is."""
        return self.configuration.template.directory


class Need(NamedTuple):
    """A source and the name of what it starts from, by the argument that says so."""

    source: Source
    configuration: Configuration
    arguments: Arguments
    argument: Argument
    name: str

    @property
    def directory(self) -> str:
        """Where its template is."""
        return self.configuration.template.directory


def links(configurations: Sequence[Configuration]) -> tuple[Link, ...]:
    """The links between the sources of all templates, in the order of the families and producers."""
    found = []
    for family in FAMILIES:
        exact, patterns = _indexed(family, configurations)
        if not (exact or patterns):
            continue
        for product in (p for c in configurations for p in products(family, c)):
            met: dict[int, tuple[Need, tuple[str, str]]] = {}
            known = UNKNOWN not in product.name
            for key, directory in keys(family, product.directory, product.name) if known else ():
                for need in exact.get(key, ()):
                    places = (directory, need.directory if directory else "")
                    met.setdefault(id(need), (need, places))
            for need in patterns.fitting(product.name.replace(UNKNOWN, "0")):
                met.setdefault(id(need), (need, ("", "")))
            found += [
                _link(family, product, need, places)
                for need, places in met.values()
                if product.use.source is not need.source
            ]
    return tuple(found)


def _link(family: Family, product: Product, need: Need, places: tuple[str, str]) -> Link:
    together = product.configuration is need.configuration and any(
        use.source is need.source for build in need.configuration.builds for use in build.uses
    )
    return Link(
        product.use, need.source, need.argument, need.name, together, family.latest, places, need.arguments
    )


def _indexed(
    family: Family, configurations: Sequence[Configuration]
) -> tuple[dict[str, list[Need]], Patterns[Need]]:
    """What sources start from: by name, and apart from that by a pattern of names."""
    exact: dict[str, list[Need]] = {}
    patterns: Patterns[Need] = Patterns()
    for need in (need for c in configurations for need in needs(family, c)):
        if family.latest and special(need.name):
            patterns.add(need.name, need)
        else:
            for key, _ in keys(family, need.directory, need.name):
                exact.setdefault(key, []).append(need)
    return exact, patterns


def keys(family: Family, directory: str, name: str) -> tuple[tuple[str, str], ...]:
    """What is equal for two names of one artifact, each with the directory from which a path counts.

    Paths are relative to where Packer is run, which is either one directory for both templates or each
    template's own.
    """
    if not family.paths:
        return ((name, ""),)
    name = name.replace("\\", "/")
    own = posixpath.normpath(posixpath.join(directory, name))
    return (f"run: {posixpath.normpath(name)}", ""), (f"own: {own}", directory)


def products(family: Family, configuration: Configuration) -> Iterator[Product]:
    """What the sources of a template make, under each name that a family has for it."""
    for build in configuration.builds:
        for use in build.uses:
            known = builder(use.type)
            if (
                known.type if known else use.type
            ) not in family.producers and use.type not in family.producers:
                continue
            for pattern in family.outputs:
                if pattern == "{docker-tag}":
                    steps = (it for it in build.post_processors if it.type == "docker-tag")
                    tags = (tag for it in steps if it.runs_on(use) for _, tag in docker_tags(it.arguments))
                    yield from (Product(use, configuration, tag) for tag in tags)
                elif (name := _made(pattern, use)).strip(UNKNOWN + "/."):
                    yield Product(use, configuration, name)


def _made(pattern: str, use: SourceUse) -> str:
    def value(match: re.Match[str]) -> str:
        block, _, name = match[1].rpartition(".")
        if name in ("output_directory", "output_dir"):
            directory = output(use.type, use.name, use.arguments)
            if directory is not None and directory.argument is None:
                return directory.key
        argument = _argument(use.arguments, block, name)
        if argument is not None:
            return argument.worth.text or _shape(argument.expression) or UNKNOWN
        if name == "vm_name" and "{output" in pattern:
            return f"packer-{use.name}" + (f"-{UNKNOWN}" if use.type in TIMED else "")
        return ""

    parts = [(match[0], value(match)) for match in _PART.finditer(pattern)]
    if any(not said for _, said in parts):
        return ""
    for written, said in parts:
        pattern = pattern.replace(written, said)
    return pattern


_PART = re.compile(r"\{([\w.-]+)\}")


def _argument(arguments: Arguments, block: str, name: str) -> Argument | None:
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


def _shape(expression: Expression) -> str | None:
    """A template with `UNKNOWN` for what is not known in it."""
    if not isinstance(expression, Template):
        return None
    return "".join(part.value if isinstance(part, Text) else UNKNOWN for part in expression.parts)


def needs(family: Family, configuration: Configuration) -> Iterator[Need]:
    """What the sources of a template start from, each as it is declared or, with more, as builds have it."""
    extended: dict[int, list[Arguments]] = {}
    for build in configuration.builds:
        for use in build.uses:
            if use.source is not None and use.type in family.consumers and use.own.by_name:
                extended.setdefault(id(use.source), []).append(use.arguments)
    for source in configuration.sources:
        if source.type in family.consumers:
            for arguments in extended.get(id(source), (source.arguments,)):
                yield from _needs(family, configuration, source, arguments)


def _needs(
    family: Family, configuration: Configuration, source: Source, arguments: Arguments
) -> Iterator[Need]:
    for pattern in family.inputs:
        places = [match[1].rpartition(".") for match in _PART.finditer(pattern)]
        found = [_argument(arguments, block, name) for block, _, name in places]
        first, *others = found
        if first is None or None in others:
            continue
        rest = [argument.worth.text for argument in others if argument]
        for value in first.worth.items or (first.worth,):
            if (text := value.text) and None not in rest:
                yield Need(source, configuration, arguments, first, "/".join([text, *filter(None, rest)]))
