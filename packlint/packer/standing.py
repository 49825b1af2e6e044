"""Templates and the links between them → the directory in which Packer is run for each."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from packlint.catalog import Kind
from packlint.chain.families import FAMILIES
from packlint.chain.images import ArtifactGraph
from packlint.components import Component
from packlint.local_files import LocalFile, local_files
from packlint.model import Configuration, Provisioner
from packlint.project import Link
from packlint.syntax import Template

MOST_PATHS = 1_000
"""Paths of one template that are looked for."""

Votes = Mapping[str, int]
"""How many paths of a template lead somewhere from each directory in which Packer may be run for it."""


def standing(graph: ArtifactGraph) -> Mapping[Configuration, str]:
    """Where Packer is run for each template of a graph, as names of files are written.

    That is what the settings say; else the directory, of the template's own and those above it up to the
    checked root, from which most relative paths of its components lead somewhere, the nearest where several
    do. A link counts as one path: templates that it joins only from one directory are run in one, unless more
    paths speak against it.
    """
    templates = list(dict.fromkeys(image.configuration for image in graph.images))
    votes = {it: Counter(_votes(it)) for it in templates}
    joined: dict[Configuration, Configuration] = {it: it for it in templates}
    agreeing: Counter[Configuration] = Counter()
    for one, other, link in _links(graph):
        if one is other:
            continue
        if link.directories == ("", ""):
            _join(joined, one, other)
            agreeing[one] += 1
        else:
            for it, directory in zip((one, other), link.directories, strict=True):
                votes[it][posixpath.normpath(directory or ".")] += 1
    found: dict[Configuration, str] = {}
    for group in _groups(templates, joined):
        found |= _placed(group, votes, sum(agreeing[it] for it in group))
    return found


def _placed(
    group: Sequence[Configuration], votes: Mapping[Configuration, Votes], agreeing: int
) -> dict[Configuration, str]:
    """Where templates are run which `agreeing` links join in one directory, or which stand by themselves."""
    own = {it: _best(votes[it], _candidates(it)) for it in group}
    said = next((it.template.working_directory for it in group if it.template.working_directory), None)
    if len(group) == 1:
        return {it: it.template.working_directory or own[it] for it in group}
    common = [said] if said is not None else _common(group)
    if common:
        together: Counter[str] = Counter()
        for it in group:
            together.update(votes[it])
        place = _best(together, common)
        if said is not None or together[place] + agreeing >= sum(votes[it][own[it]] for it in group):
            return {it: it.template.working_directory or place for it in group}
    return {it: it.template.working_directory or own[it] for it in group}


def _best(votes: Votes, candidates: Sequence[str]) -> str:
    """The candidate with most votes, the first of several."""
    return max(candidates, key=lambda it: votes.get(it, 0))


def _candidates(configuration: Configuration) -> list[str]:
    """The directory of a template and those above it, up to the checked root."""
    files = configuration.files
    directory = posixpath.normpath(configuration.template.directory)
    root = posixpath.normpath(files.name(files.root))
    found = [directory]
    while found[-1] not in (root, ".", "", "/", "..") and not found[-1].endswith("/.."):
        found.append(posixpath.dirname(found[-1]) or ".")
    return found


def _common(group: Iterable[Configuration]) -> list[str]:
    """The directories that all of the templates may be run in, the nearest first."""
    first, *others = map(_candidates, group)
    return [it for it in first if all(it in other for other in others)]


def _votes(configuration: Configuration) -> Iterator[str]:
    """The directories from which each path of a template leads somewhere, one for each time that it does."""
    candidates = _candidates(configuration)
    if len(candidates) == 1:
        return
    paths = dict.fromkeys(
        it.path
        for component in _components(configuration)
        for it in local_files(component)
        if not _is_rooted(it, candidates[0])
    )
    for path in list(paths)[:MOST_PATHS]:
        for directory in candidates:
            if configuration.files.exists(posixpath.normpath(posixpath.join(directory, path))):
                yield directory


def _is_rooted(file: LocalFile, directory: str) -> bool:
    """Whether a path is, or may be, written from `path.root`, and means one file wherever Packer is run."""
    plain = isinstance(file.expression, Template) and file.expression.literal is not None
    return file.is_rooted(directory) and (directory == "." or not plain)


def _components(configuration: Configuration) -> Iterator[Component]:
    """The components that name files, without what only their schemas tell."""
    for build in configuration.builds:
        for use in build.uses:
            if (it := use.source) is not None:
                header = it.header_range
                yield Component("builder", it.type, it.type, use.arguments, it.range, header, header)
        for step in (*build.provisioners, *build.error_cleanup, *build.post_processors):
            kind: Kind = "provisioner" if isinstance(step, Provisioner) else "post-processor"
            places = step.range, step.header_range, step.type_range
            yield Component(kind, step.type, step.type, step.arguments, *places)


def _links(graph: ArtifactGraph) -> Iterator[tuple[Configuration, Configuration, Link]]:
    """The templates that a path joins, each link once."""
    seen: set[int] = set()
    for it in graph.derivations:
        if it.link is not None and id(it.link) not in seen and is_path(it.link):
            seen.add(id(it.link))
            yield it.producer.configuration, it.consumer.configuration, it.link


def is_path(link: Link) -> bool:
    """Whether it is a path that the consumer starts from, and not a name of another kind."""
    wanted = f"{{{link.argument.name}}}"
    return any(it.paths and link.consumer.type in it.consumers and wanted in it.inputs for it in FAMILIES)


def _join(joined: dict[Configuration, Configuration], one: Configuration, other: Configuration) -> None:
    first, second = _first(joined, one), _first(joined, other)
    if first is not second:
        joined[second] = first


def _first(joined: dict[Configuration, Configuration], one: Configuration) -> Configuration:
    """What stands for all that a template is joined with."""
    while joined[one] is not one:
        joined[one] = joined[joined[one]]
        one = joined[one]
    return one


def _groups(
    templates: Iterable[Configuration], joined: dict[Configuration, Configuration]
) -> Iterable[list[Configuration]]:
    groups: dict[Configuration, list[Configuration]] = {}
    for it in templates:
        groups.setdefault(_first(joined, it), []).append(it)
    return groups.values()
