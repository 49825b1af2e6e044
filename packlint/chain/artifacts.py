"""Configurations → the links between them: which source starts from what another one makes.

Both sides name the artifact: the producer by where it writes it, the consumer by the argument that it starts
from, as the plugins document `output_directory`, `vm_name`, `source_path` and their kin. Names are compared
exactly; one with a part that only a build knows, such as the time, can still fit a pattern.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from packlint.chain.families import FAMILIES, Family, Finder
from packlint.chain.lookup import UNKNOWN, Lookup
from packlint.chain.patterns import Patterns, special
from packlint.chain.produce import PART, Product, argument_at, products
from packlint.model import Argument, Arguments, Configuration, Source
from packlint.named import NamedTuple
from packlint.once import once
from packlint.project import Link
from packlint.record import replace

OWNERS_ELSEWHERE = frozenset({"amazon", "aws-marketplace", "aws-backup-vault", "microsoft"})
"""Names of owners of AMIs that are nobody's own (EC2, `DescribeImages`)."""


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
                for need, there in exact.get(key, ()):
                    met.setdefault(id(need), (need, (directory, there)))
            for need in patterns.fitting(product.name.replace(UNKNOWN, "0")):
                met.setdefault(id(need), (need, ("", "")))
            found += [
                _link(family, product, need, places)
                for need, places in met.values()
                if product.use.source is not need.source and not _in_other_regions(product, need)
            ]
    return tuple(found)


def _in_other_regions(product: Product, need: Need) -> bool:
    """Whether an AMI is made in one region, and looked for in another to which nothing copies it."""
    made = product.use.arguments
    if not product.use.type.startswith("amazon-") or "ami_regions" in made:
        return False
    here, there = made.worth("region"), need.arguments.worth("region")
    return bool(here and there and here.text and there.text and here.text != there.text)


def _link(family: Family, product: Product, need: Need, places: tuple[str, str]) -> Link:
    together = product.configuration is need.configuration and any(
        use.source is need.source for build in need.configuration.builds for use in build.uses
    )
    return Link(
        product.use, need.source, need.argument, need.name, together, family.latest, places, need.arguments
    )


def _indexed(
    family: Family, configurations: Sequence[Configuration]
) -> tuple[dict[str, list[tuple[Need, str]]], Patterns[Need]]:
    """What sources start from: by name, with where a path counts from; and apart from that by a pattern."""
    exact: dict[str, list[tuple[Need, str]]] = {}
    patterns: Patterns[Need] = Patterns()
    for need in (need for c in configurations for need in needs(family, c)):
        if family.latest and special(need.name):
            patterns.add(need.name, need)
        else:
            for key, directory in keys(family, need.directory, need.name):
                exact.setdefault(key, []).append((need, directory))
    return exact, patterns


def keys(family: Family, directory: str, name: str) -> tuple[tuple[str, str], ...]:
    """What is equal for two names of one artifact, each with the directory from which a path counts.

    Paths are relative to where Packer is run, which is one directory for both templates, or each template's
    own, or its own for one of them and the checked root for the other.
    """
    if not family.paths:
        untagged = family.tags and not {":", "@"} & {*name.rpartition("/")[2]}
        return ((f"{name}:latest" if untagged else name, ""),)
    name = name.replace("\\", "/")
    name = name.removeprefix("file://") if name.startswith("file:///") else name
    # What begins with `path.root` is named from the checked root, like the directory itself.
    rooted = name.startswith(f"{directory}/")
    own = posixpath.normpath(name if rooted else posixpath.join(directory, name))
    found = (f"run: {posixpath.normpath(name)}", ""), (f"own: {own}", directory)
    if rooted or name.startswith(("/", "../")) or posixpath.normpath(name) == own:
        return found
    return *found, (f"own: {posixpath.normpath(name)}", ".")


def needs(family: Family, configuration: Configuration) -> Iterator[Need]:
    """What the sources of a template start from, each as it is declared or, with more, as builds have it."""
    if _types(configuration).isdisjoint(family.consumers):
        return
    extended: dict[int, list[Arguments]] = {}
    for build in configuration.builds:
        for use in build.uses:
            if use.source is not None and use.type in family.consumers and use.own.by_name:
                extended.setdefault(id(use.source), []).append(use.arguments)
    lookup = Lookup(configuration)
    for source in configuration.sources:
        if source.type in family.consumers:
            for arguments in extended.get(id(source), (source.arguments,)):
                yield from _needs(family, configuration, source, arguments)
                for finder in family.finders:
                    yield from _found(finder, configuration, source, arguments, lookup)


@once
def _types(configuration: Configuration) -> frozenset[str]:
    """The types of the sources of a template: few families have to do with it."""
    return frozenset(source.type for source in configuration.sources)


def _needs(
    family: Family, configuration: Configuration, source: Source, arguments: Arguments
) -> Iterator[Need]:
    for pattern in family.inputs:
        places = [match[1].rpartition(".") for match in PART.finditer(pattern)]
        found = [argument_at(arguments, block, name) for block, _, name in places]
        first, *others = found
        if first is None or None in others or _is_of_others(arguments, places[0][0]):
            continue
        rest = [argument.worth.text for argument in others if argument]
        for value in first.worth.items or (first.worth,):
            if (text := value.text) and None not in rest:
                yield Need(source, configuration, arguments, first, "/".join([text, *filter(None, rest)]))


def _found(
    finder: Finder, configuration: Configuration, source: Source, arguments: Arguments, lookup: Lookup
) -> Iterator[Need]:
    """What a source starts from by a data source that finds it."""
    argument = arguments.get(finder.argument)
    named = lookup.data(argument.expression) if argument is not None else None
    if argument is None or named is None:
        return
    data, attribute = named
    if data.type != finder.type or attribute != finder.attribute or _is_of_others(data.arguments, ""):
        return
    for match in PART.finditer(finder.name):
        outer, _, inner = match[1].partition(".")
        value = data.arguments.worth(outer)
        value = (value.entries or {}).get(inner) if value is not None and inner else value
        if value is not None and (text := value.text):
            shown = (
                replace(argument, value=replace(argument.value, sensitive=True))
                if value.sensitive
                else argument
            )
            yield Need(source, configuration, arguments, shown, text)


def _is_of_others(arguments: Arguments, block: str) -> bool:
    """Whether a filter looks for images of owners who are certainly somebody else."""
    holders = arguments.blocks_of(block.partition(".")[0]) if block else ()
    owners = (holders[0].arguments if holders else arguments).worth("owners")
    listed = [owner.text for owner in (owners.items or ())] if owners is not None else []
    return bool(listed) and OWNERS_ELSEWHERE.issuperset(it or "" for it in listed)
