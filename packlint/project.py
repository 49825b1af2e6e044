"""Nouns for all templates of a run together: which of them starts from what another one makes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from packlint.document import Range
from packlint.model import Argument, Arguments, Configuration, Source, SourceUse
from packlint.record import field, record
from packlint.syntax import File


@record(eq=False)
class Link:
    """One link of a chain: `producer` makes the artifact that `consumer` starts from.

    `argument` is the consumer's that names the artifact, `artifact` that name. `together` tells that one
    `packer build` starts both, and `latest` that the consumer takes the newest of several. `directories` are
    those from which the relative paths of producer and consumer count. `arguments` are the consumer's, with
    those that a build adds.
    """

    producer: SourceUse
    consumer: Source
    argument: Argument
    artifact: str
    together: bool = False
    latest: bool = False
    directories: tuple[str, str] = ("", "")
    arguments: Arguments = field(default_factory=lambda: Arguments({}))


@record
class Named:
    """Images that a settings file names: those of the template at `path`, or some by a glob on their label.

    `range` is the place in the settings.
    """

    path: Path
    label: str | None
    range: Range


@record
class Declared:
    """What a settings file says of a chain that cannot be seen: `consumer` starts from `producer`."""

    producer: Named
    consumer: Named


@record(eq=False)
class Project:
    """All templates of a run, with the links between them.

    `var_files` are the variable files that the run is given by name, for all of them, and `declared` the uses
    of sources from which others start by word of the settings.
    """

    configurations: tuple[Configuration, ...]
    links: tuple[Link, ...] = ()
    var_files: tuple[File, ...] = ()
    declared: frozenset[SourceUse] = frozenset()
    _consumed: frozenset[SourceUse] = field(init=False, repr=False)
    _parts: Mapping[str, Mapping[int, Configuration]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        seen = frozenset(link.producer for link in self.links)
        object.__setattr__(self, "_consumed", seen | self.declared)
        parts: dict[str, dict[int, Configuration]] = {}
        for number, part in enumerate(self.configurations):
            if part.is_part:
                place = _rooted(part.template.directory)
                for near in (place, posixpath.dirname(place)):
                    parts.setdefault(near, {})[number] = part
        object.__setattr__(self, "_parts", parts)

    def parts(self, configuration: Configuration) -> Iterator[Configuration]:
        """The parts that a template may take files from: those above it, and those beside one above it."""
        directory = _rooted(configuration.template.directory)
        found = dict(self._parts.get(directory, {}))
        while directory != posixpath.dirname(directory):
            directory = posixpath.dirname(directory)
            found |= self._parts.get(directory, {})
        return (found[number] for number in sorted(found) if found[number] is not configuration)

    def consumed(self, use: SourceUse) -> bool:
        """Whether a source of the run starts from what this one makes."""
        return use in self._consumed


def _rooted(directory: str) -> str:
    return posixpath.normpath(posixpath.join("/", directory))
