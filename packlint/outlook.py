"""A template that was looked at alone → what others could change of that, and what it may change for them.

The rules over all templates see a few things of others: what parts near a template declare and use, files
that several have, what sources start from, the steps that builds begin with. An `Outlook` has these as plain
data, so that `packlint.company` can tell who touches whom when the templates themselves are gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from packlint.chain.missing import Trade, trade
from packlint.chain.shared import runs
from packlint.diagnostic import Diagnostic
from packlint.document import Range
from packlint.model import Configuration
from packlint.project import Project, above, near_part
from packlint.record import record
from packlint.references import dangling
from packlint.usage import ANYTHING, Assignments, referred

Key = tuple[str, ...]
"""What is equal where two templates meet: its kind, and names."""

UNUSED = {
    "unused-variable": "var",
    "unused-local": "local",
    "unused-data-source": "data",
    "unused-source": "source",
    "unused-required-plugin": "plugin",
}
"""Rules that tell what nothing uses, and what references to that begin with."""

DANGLING = {
    "undeclared-variable": ("var", 1),
    "undeclared-local": ("local", 1),
    "undeclared-data-source": ("data", 2),
}
"""Rules that tell of references to nothing: to which root, and with how many names."""

STEPS = {"var": 1, "local": 1, "data": 2}

EVERYWHERE = "/"
"""The place that is above every template."""


@record
class Outlook:
    """What one template shows of itself to others, and what it looks out for; only texts, numbers and tuples.

    `files` are those that it has, `trades` what its sources start from and its builds make, and `shared` has
    a digest for each way in which its builds begin. `pins` are keys at places, which all templates meet that
    have such a key among their `looks` and that place among `places`: their own directories and those above.
    `doubted` tells that by itself it starts from what no build makes.
    """

    files: frozenset[str]
    shared: frozenset[str]
    trades: tuple[Trade, ...]
    places: frozenset[str]
    pins: frozenset[tuple[str, Key]]
    looks: frozenset[Key]
    doubted: bool


def outlook(configurations: Sequence[Configuration], alone: Sequence[Diagnostic]) -> Outlook:
    """The outlook of a template, which may have several configurations.

    `alone` is what the rules over all templates find in it by itself, before settings and waivers choose.
    """
    told: dict[str, list[Range]] = {}
    for diagnostic in alone:
        told.setdefault(diagnostic.rule, []).append(diagnostic.range)
    files = {file.document.path for it in configurations for file in it.syntax}
    return Outlook(
        files=frozenset(
            files.union(*(it.template.documents + it.template.var_files for it in configurations))
        ),
        shared=frozenset(_shared(configurations)),
        trades=tuple(trade(it) for it in configurations),
        places=frozenset(place for it in configurations for place in above(it.template.directory)),
        pins=frozenset((*_pins(configurations), *_calls(configurations, told))),
        looks=frozenset((*_looks(configurations, told), *_offers(configurations))),
        doubted="chain-source-not-produced" in told,
    )


def _shared(configurations: Iterable[Configuration]) -> Iterator[str]:
    """Digests of how builds begin, up to the first step that counts: groups of less have no weight."""
    for configuration in configurations:
        for lineage, run in runs(configuration):
            begun = [lineage]
            for step in run.steps:
                begun.append(step.signature)
                if step.weight:
                    yield _digest("\0".join(begun))
                    break


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


def _pins(configurations: Sequence[Configuration]) -> Iterator[tuple[str, Key]]:
    """What others may take from this one, at the places from which they do."""
    for it in configurations:
        if it.template.documents:
            for file in it.syntax:
                yield EVERYWHERE, ("text", _digest(file.document.text))
            if not it.legacy:
                yield EVERYWHERE, ("beside", it.template.directory)
        if it.is_part:
            keys = {*_given(it), *_used(it)}
            yield from ((place, key) for place in near_part(it.template.directory) for key in keys)
    if any(it.template.var_files for it in configurations):
        for place, names in Assignments(Project(tuple(configurations))).by_place.items():
            yield from ((place, ("assigned", name)) for name in names)


def _given(part: Configuration) -> Iterator[Key]:
    """What a part declares for the templates near it."""
    for root in ("var", "local", "data", "source"):
        for name, _ in _declared(part, root):
            yield "declared", root, name
    if part.variables:
        yield ("variables",)
    if part.required_version:
        yield ("version",)


def _used(part: Configuration) -> Iterator[Key]:
    """What a part uses and does not declare; of sources and plugins it may be anything."""
    if part.template.documents and not part.legacy:
        if part.has_build:
            yield "used", "source"
        yield "used", "plugin"
        for root, steps in STEPS.items():
            for name in referred(part, root, steps) - {name for name, _ in _declared(part, root)}:
                yield "used", root, name


def _declared(configuration: Configuration, root: str) -> Iterator[tuple[str, Range]]:
    """What is declared under a root by name, each with the place where a finding about it stands."""
    it = configuration
    if root == "var":
        yield from ((variable.name, variable.name_range) for variable in it.variables)
    elif root == "local":
        yield from ((local.name, local.name_range) for local in it.locals)
    elif root == "data":
        yield from ((data.key, data.header_range) for data in it.data_sources)
    elif root == "source":
        yield from ((source.key, source.header_range) for source in it.sources)


def _looks(configurations: Sequence[Configuration], told: dict[str, list[Range]]) -> Iterator[Key]:
    """What could take a finding back, or change it, were it there in another template."""
    for rule in UNUSED.keys() & told.keys():
        yield from _of_unused(configurations, UNUSED[rule], told[rule])
    for rule in DANGLING.keys() & told.keys():
        yield from _of_dangling(configurations, *DANGLING[rule])
    if "unknown-source-reference" in told:
        uses = (use for it in configurations for build in it.builds for use in build.uses)
        yield from (("declared", "source", f"{use.type}.{use.name}") for use in uses if use.source is None)
    if "undeclared-variable-in-var-file" in told:
        yield ("variables",)
    if "required-version-missing" in told:
        yield ("version",)


def _of_dangling(configurations: Sequence[Configuration], root: str, steps: int) -> Iterator[Key]:
    """Declarations of what references name that find none here."""

    def names(configuration: Configuration) -> frozenset[str]:
        return frozenset(name for name, _ in _declared(configuration, root))

    for it in dangling(Project(tuple(configurations)), root, names, steps):
        yield "declared", root, it.name


def _of_unused(configurations: Sequence[Configuration], root: str, places: Sequence[Range]) -> Iterator[Key]:
    """Uses of what nothing here uses: in templates near, and in those of copies of its files."""
    told = {place.order for place in places}
    names = {name for it in configurations for name, place in _declared(it, root) if place.order in told}
    yield from (("used", root, name) for name in (*names, ANYTHING))
    yield "used", root
    yield from (("beside", it.template.directory) for it in configurations)
    yield from (("text", _digest(text)) for text in {place.document.text for place in places})
    if root == "var":
        yield from (("assigned", name) for name in names)


def _calls(
    configurations: Sequence[Configuration], told: dict[str, list[Range]]
) -> Iterator[tuple[str, Key]]:
    """Sources without a build, for each template near that may have one for them."""
    if "template-without-build" in told:
        for it in configurations:
            for place in near_part(it.template.directory):
                yield from ((place, ("built", source.key)) for source in it.sources)


def _offers(configurations: Sequence[Configuration]) -> Iterator[Key]:
    """The sources that builds name, and those declared beside a build."""
    for it in configurations:
        if it.has_build:
            yield from (("built", source.key) for source in it.sources)
            for build in it.builds:
                yield from (("built", f"{use.type}.{use.name}") for use in (*build.uses, *build.unchosen))
