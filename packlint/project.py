"""Nouns for all templates of a run together: which of them starts from what another one makes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from packlint.document import Range
from packlint.model import Argument, Arguments, Configuration, Source, SourceUse
from packlint.record import field, record
from packlint.syntax import File

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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


@record
class Market:
    """What sources of a run start from and no build of it makes.

    `unmade` has for each such name, by the number of its family and the directory of the template, the name
    that was probably meant.
    """

    unmade: Mapping[tuple[int, str, str], str | None]


@record(eq=False)
class Project:
    """All templates of a run, with the links between them; or some of them, which are checked by themselves.

    `var_files` are the variable files that the run is given by name, for all of them, and `declared` the uses
    of sources from which others start by word of the settings. `market` is that of all templates of the run;
    None where these are all.
    """

    configurations: tuple[Configuration, ...]
    links: tuple[Link, ...] = ()
    var_files: tuple[File, ...] = ()
    declared: frozenset[SourceUse] = frozenset()
    market: Market | None = None
    _consumed: frozenset[SourceUse] = field(init=False, repr=False)
    _parts: Mapping[str, Mapping[int, Configuration]] = field(init=False, repr=False)
    _kept: dict[str, Any] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        seen = frozenset(link.producer for link in self.links)
        object.__setattr__(self, "_consumed", seen | self.declared)
        parts: dict[str, dict[int, Configuration]] = {}
        for number, part in enumerate(self.configurations):
            if part.is_part:
                for near in near_part(part.template.directory):
                    parts.setdefault(near, {})[number] = part
        object.__setattr__(self, "_parts", parts)

    def parts(self, configuration: Configuration) -> Iterator[Configuration]:
        """The parts that a template may take files from: those above it, and those beside one above it."""
        directory = configuration.template.directory
        near = self._kept.setdefault("parts", {})
        if directory not in near:
            found: dict[int, Configuration] = {}
            for place in above(directory):
                found |= self._parts.get(place, {})
            near[directory] = tuple(found[number] for number in sorted(found))
        return (it for it in near[directory] if it is not configuration)

    def consumed(self, use: SourceUse) -> bool:
        """Whether a source of the run starts from what this one makes."""
        return use in self._consumed


def near_part(directory: str) -> tuple[str, str]:
    """The directories of a part at and below which templates may take files from it."""
    place = _rooted(directory)
    return place, posixpath.dirname(place)


def above(directory: str) -> Iterator[str]:
    """A directory and those above it, up to the checked root, as `near_part` names them."""
    place = _rooted(directory)
    yield place
    while place != posixpath.dirname(place):
        place = posixpath.dirname(place)
        yield place


def _rooted(directory: str) -> str:
    return posixpath.normpath(posixpath.join("/", directory))
