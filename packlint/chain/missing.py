"""Configurations → what their sources start from that no build of them makes, and what builds do make."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from packlint.chain.artifacts import Need, keys, needs
from packlint.chain.families import FAMILIES, Family
from packlint.chain.lookup import UNKNOWN
from packlint.chain.patterns import Patterns, literal
from packlint.chain.produce import products
from packlint.model import Configuration
from packlint.named import NamedTuple
from packlint.once import once
from packlint.project import Market
from packlint.suggest import Guesses

MOST_PRODUCTS = 200
"""Of more, only those of the same directory may have been meant."""

OUTPUT = re.compile(r"output([-_.]|$)", re.IGNORECASE)
"""What a directory is called that a builder makes."""

MANY_LETTERS = 8
"""Of shorter names one letter makes another."""

Wish = tuple[int, str, bool, int]
"""What a source starts from: the number of its family, the name, whether it has to come from a build, and the
number of the source."""

Ware = tuple[int, str, int]
"""What a build makes: the number of its family, the name, and the number of the source."""

Trade = tuple[str, bool, tuple[Wish, ...], tuple[Ware, ...]]
"""Of a template its directory, whether all of it is seen, its wishes and its wares; plain data."""

NOBODY = -1
"""In the place of the number of a source that the template does not have."""


class Missing(NamedTuple):
    """What a source starts from and no build makes; `path` tells that it is a path."""

    need: Need
    path: bool


class Unmet(NamedTuple):
    """A wish that no ware meets, by the number of its family and the directory of its template.

    `made` are the names of what builds of the platform make, as the template of the source would write them.
    `source` is the one that has the wish, `makers` are those of these builds: the numbers of their templates,
    and their own there.
    """

    family: int
    directory: str
    name: str
    source: tuple[int, int]
    made: tuple[str, ...]
    makers: frozenset[tuple[int, int]]


class _Placed(NamedTuple):
    """The name of a wish or a ware, with the directory of its template and its source."""

    directory: str
    name: str
    source: tuple[int, int]


def not_made(
    configurations: Sequence[Configuration], known: Market | None = None
) -> Iterator[tuple[Missing, str | None]]:
    """What was certainly to be made by a build and is by none, with the name that was probably meant.

    A path lies below the checked root in a directory that is called what builders call theirs, and nothing
    is there; a name differs from one that a build gives by as much as a slip of the pen. Where these are some
    of the templates, `known` is the market of all.
    """
    if known is None:
        known = market([trade(it) for it in configurations])
    if not known.unmade:
        return
    for number, family in enumerate(FAMILIES):
        for need in (need for it in configurations for need in needs(family, it)):
            key = number, need.directory, need.name
            if key in known.unmade and (not family.paths or _lies_here(need)):
                yield Missing(need, family.paths), known.unmade[key]


@once
def trade(configuration: Configuration) -> Trade:
    """What the sources of a template start from, and what its builds make, in the order of the families."""
    numbers = {id(source): number for number, source in enumerate(configuration.sources)}
    wishes = tuple(
        (number, need.name, _is_open(need, family), numbers[id(need.source)])
        for number, family in enumerate(FAMILIES)
        for need in needs(family, configuration)
    )
    wares = tuple(
        (number, product.name, numbers.get(id(product.use.source), NOBODY))
        for number, family in enumerate(FAMILIES)
        for product in products(family, configuration)
    )
    whole = configuration.complete and not any(build.open for build in configuration.builds)
    return configuration.template.directory, whole, wishes, wares


def market(trades: Sequence[Trade]) -> Market:
    """What is missing, as all templates of a run tell together."""
    seen_whole = all(whole for _, whole, _, _ in trades)
    found = [*unmet(trades)]
    # What is made of something that is not there itself tells nothing of where images come from.
    stranded = {it.source for it in found}
    # Many have the same makers and the same names to choose from: each lot is looked at once.
    at_home = {it.family: not it.makers <= stranded for it in found}
    guesses = {(it.family, it.directory): Guesses(it.made) for it in found}
    unmade: dict[tuple[int, str, str], str | None] = {}
    for it in found:
        meant = guesses[it.family, it.directory].near(it.name)
        path = FAMILIES[it.family].paths
        if not path and (meant is None or not _slip(it.name, meant)):
            continue
        if path and not (seen_whole and at_home[it.family] and _in_output(it.name)):
            continue
        unmade[it.family, it.directory, it.name] = meant
    return Market(unmade)


def unmet(trades: Sequence[Trade]) -> Iterator[Unmet]:
    """The wishes that no ware meets, or may meet, where such are made at all."""
    wanted: dict[int, list[_Placed]] = {}
    made: dict[int, list[_Placed]] = {}
    for at, (directory, _, wishes, wares) in enumerate(trades):
        for number, name, open_, source in wishes:
            if open_:
                wanted.setdefault(number, []).append(_Placed(directory, name, (at, source)))
        for number, name, source in wares:
            made.setdefault(number, []).append(_Placed(directory, name, (at, source)))
    for number in sorted(wanted.keys() & made.keys()):
        yield from _unmet(number, wanted[number], made[number])


def _unmet(number: int, wanted: Sequence[_Placed], made: Sequence[_Placed]) -> Iterator[Unmet]:
    family = FAMILIES[number]
    known = [it for it in made if UNKNOWN not in it.name]
    exact = {key for it in known for key, _ in keys(family, it.directory, it.name)}
    vague = _patterns(family, made)
    makers = frozenset(it.source for it in made)
    seen: dict[str, tuple[str, ...]] = {}
    for directory, name, source in wanted:
        met = {key for key, _ in keys(family, directory, name)}
        if met & exact or any(True for key in met for _ in vague.fitting(key)):
            continue
        if directory not in seen:
            seen[directory] = _seen_from(directory, known, family)
        yield Unmet(number, directory, name, source, seen[directory], makers)


def _patterns(family: Family, made: Sequence[_Placed]) -> Patterns[None]:
    """What products may be called of which a part is not known."""
    names = {(it.directory, it.name) for it in made if UNKNOWN in it.name}
    found: Patterns[None] = Patterns()
    for pattern in {literal(key) for directory, name in names for key, _ in keys(family, directory, name)}:
        found.add(pattern.replace(UNKNOWN, "*"), None)
    return found


def _seen_from(directory: str, known: Sequence[_Placed], family: Family) -> tuple[str, ...]:
    """The names of products, paths as they are from another directory and from where all may be run."""
    if len(known) > MOST_PRODUCTS:
        known = [product for product in known if product.directory == directory]
    names = {product.name for product in known}
    if family.paths:
        names |= {
            posixpath.relpath(
                posixpath.join("/", product.directory, product.name), posixpath.join("/", directory)
            )
            for product in known
        }
    return tuple(sorted(names))


def _is_open(need: Need, family: Family) -> bool:
    """Whether a name is one that a build has to make, if anybody does."""
    return not (family.latest or family.others or (family.paths and not _lies_here(need)))


def _lies_here(need: Need) -> bool:
    """Whether a path is one below the checked root where nothing lies, and that the source starts from."""
    name, configuration = need.name.replace("\\", "/"), need.configuration
    if "://" in name or name.startswith(("/", "~")) or name[1:2] == ":":
        return False
    if need.source.type == "qemu" and not need.arguments.known("disk_image", bool):
        return False
    if posixpath.normpath(posixpath.join(need.directory, name)).startswith(".."):
        return False
    return configuration.locate(name) is None


def _in_output(name: str) -> bool:
    """Whether the directory of a path is called what builders call theirs."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in (".", "..", "")]
    return any(OUTPUT.match(part) for part in parts[:-1])


def _slip(one: str, other: str) -> bool:
    """Whether names differ in nothing but their case, their dashes or one letter, and in no digit."""
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    one, other = (re.sub(r"[-_. ]", "", name.lower()) for name in (one, other))
    if len(one) > len(other):
        one, other = other, one
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(other) - len(one) > 1 or (len(one) < MANY_LETTERS and one != other):
        return False
    return one[same + (len(one) == len(other)) :] == other[same + 1 :]
