"""Configurations and the links between their sources → the images of a run, and which is made from which."""

from __future__ import annotations

import fnmatch
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from packlint.effective import Instance, instances
from packlint.errors import SettingsError, unknown
from packlint.model import Build, Configuration, SourceUse
from packlint.project import Declared, Link, Named
from packlint.record import field, record
from packlint.traits import builder


@record(eq=False)
class Image:
    """What Packer makes of one source of one build.

    `place` is the path of its template, or of its file where the template's path does not tell it from
    another one; `label` is what Packer calls it, and what `-only` selects it by.
    """

    configuration: Configuration
    build: Build
    instance: Instance
    place: str

    @property
    def use(self) -> SourceUse:
        """The source in the build."""
        return self.instance.use

    @property
    def label(self) -> str:
        """`[<name of the build>.]<type>.<name>`; without the build's name where that is not known."""
        return self.instance.address or self.use.key

    @property
    def name(self) -> str:
        """What people call it and settings name it by: `images/base:qemu.debian`."""
        return f"{self.place}:{self.label}"


@record(eq=False)
class Derivation:
    """`consumer` starts from what `producer` makes.

    `artifact` is the name by which it does, "" where that is not told. `link` is what shows it, None where
    the settings say so.
    """

    producer: Image
    consumer: Image
    artifact: str
    link: Link | None


@record(eq=False)
class ArtifactGraph:
    """The images of a run, in the order of the templates, and what is made from what; it may have cycles."""

    images: tuple[Image, ...]
    derivations: tuple[Derivation, ...] = ()
    _bases: Mapping[Image, tuple[Derivation, ...]] = field(init=False, repr=False)
    _derived: Mapping[Image, tuple[Derivation, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        bases: dict[Image, list[Derivation]] = {}
        derived: dict[Image, list[Derivation]] = {}
        for it in self.derivations:
            bases.setdefault(it.consumer, []).append(it)
            derived.setdefault(it.producer, []).append(it)
        object.__setattr__(self, "_bases", {image: tuple(them) for image, them in bases.items()})
        object.__setattr__(self, "_derived", {image: tuple(them) for image, them in derived.items()})

    def bases(self, image: Image) -> tuple[Derivation, ...]:
        """What an image is made from, as far as builds of the run make that."""
        return self._bases.get(image, ())

    def derived(self, image: Image) -> tuple[Derivation, ...]:
        """What is made from an image."""
        return self._derived.get(image, ())


def artifact_graph(
    configurations: Sequence[Configuration], links: Sequence[Link], declared: Iterable[Declared] = ()
) -> ArtifactGraph:
    """The images of the builds of these templates; links to and from other templates are left out.

    `declared` is what settings say of what cannot be seen. Raises SettingsError where that names an image
    of one of the templates that there is not.
    """
    images = tuple(_images(configurations))
    found: dict[tuple[Image, Image, str], Derivation] = {}
    by_use = {id(image.use): image for image in images}
    by_source: dict[int, list[Image]] = {}
    for image in images:
        by_source.setdefault(id(image.use.source), []).append(image)
    for link in links:
        producer = by_use.get(id(link.producer))
        for consumer in by_source.get(id(link.consumer), ()) if producer else ():
            if producer and producer is not consumer and _starts_so(consumer, link):
                artifact = without_detours(link.artifact)
                found.setdefault(
                    (producer, consumer, artifact), Derivation(producer, consumer, artifact, link)
                )
    for said in declared:
        for producer, consumer in _paired(_named(said.producer, images), _named(said.consumer, images)):
            if not any((producer, consumer) == (it.producer, it.consumer) for it in found.values()):
                found[producer, consumer, ""] = Derivation(producer, consumer, "", None)
    return ArtifactGraph(images, tuple(found.values()))


def without_detours(artifact: str) -> str:
    """A path such that what is one file has one name: `output/base.ovf` for `web/../output/base.ovf`."""
    return posixpath.normpath(artifact) if "/../" in artifact and "://" not in artifact else artifact


def _images(configurations: Sequence[Configuration]) -> Iterator[Image]:
    shared = Counter(it.template.path for it in configurations)
    for configuration in configurations:
        for build in configuration.builds:
            path = configuration.template.path
            place = path if shared[path] == 1 else build.range.document.path
            for instance in instances(build):
                yield Image(configuration, build, instance, place)


def _starts_so(image: Image, link: Link) -> bool:
    """Whether it is this use of the source that the link speaks of: a build may give it other arguments."""
    argument = link.argument
    return argument.name not in image.use.own or image.use.arguments.get(argument.name) is argument


def _named(said: Named, images: Sequence[Image]) -> list[Image]:
    """The images that settings name; none where their template is not among those of the run."""
    there = [image for image in images if _is_of(image, said)]
    found = [image for image in there if said.label is None or fnmatch.fnmatchcase(image.label, said.label)]
    if there and not found:
        error = unknown("image", said.label or "", (image.label for image in there), "see `packlint graph`")
        raise SettingsError(str(error), error.hint, said.range)
    return found


def _is_of(image: Image, said: Named) -> bool:
    template = image.configuration.template
    name = template.files.name(said.path)
    return name in (template.path, image.place, image.build.range.document.path) or (
        name == template.directory and template.path in template.documents
    )


def _paired(producers: Sequence[Image], consumers: Sequence[Image]) -> Iterator[tuple[Image, Image]]:
    """Each consumer with the producers of its own platform, or with all where there are none of that."""
    for consumer in consumers:
        same = [it for it in producers if _platform(it) == _platform(consumer)]
        yield from ((producer, consumer) for producer in same or producers if producer is not consumer)


def _platform(image: Image) -> str:
    known = builder(image.use.type)
    return known.provider if known else image.use.type
