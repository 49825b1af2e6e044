"""Configurations → what their sources start from that no build of them makes, and what builds do make."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from packlint.chain.artifacts import Need, keys, needs
from packlint.chain.families import FAMILIES, Family
from packlint.chain.lookup import UNKNOWN
from packlint.chain.patterns import Patterns, literal
from packlint.chain.produce import Product, products
from packlint.model import Configuration
from packlint.suggest import Guesses

MOST_PRODUCTS = 200
"""Of more, only those of the same directory may have been meant."""

OUTPUT = re.compile(r"output([-_.]|$)", re.IGNORECASE)
"""What a directory is called that a builder makes."""

MANY_LETTERS = 8
"""Of shorter names one letter makes another."""


class Missing(NamedTuple):
    """What a source starts from and no build makes.

    `made` are the names of what builds of the platform make, as the template of the source would write them.
    `path` tells that they are paths. `makers` are the sources of these builds, by their ids.
    """

    need: Need
    made: tuple[str, ...]
    path: bool
    makers: frozenset[int]


def missing(configurations: Sequence[Configuration]) -> tuple[Missing, ...]:
    """The needs of sources that no product of a build meets, or may meet, where such are made at all."""
    found = []
    for family in FAMILIES:
        wanted = [need for c in configurations for need in needs(family, c)]
        made = [product for c in configurations for product in products(family, c)] if wanted else []
        if not made or family.latest or family.others:
            continue
        exact = {k for p in made if UNKNOWN not in p.name for k, _ in keys(family, p.directory, p.name)}
        vague = _patterns(family, made)
        makers = frozenset(id(product.use.source) for product in made)
        by_directory: dict[str, tuple[str, ...]] = {}
        for need in wanted:
            met = {key for key, _ in keys(family, need.directory, need.name)}
            if met & exact or any(True for key in met for _ in vague.fitting(key)):
                continue
            if need.directory not in by_directory:
                by_directory[need.directory] = _seen_from(need.directory, made, family)
            found.append(Missing(need, by_directory[need.directory], family.paths, makers))
    return tuple(found)


def _patterns(family: Family, made: Sequence[Product]) -> Patterns[None]:
    """What products may be called of which a part is not known."""
    names = {(p.directory, p.name) for p in made if UNKNOWN in p.name}
    found: Patterns[None] = Patterns()
    for pattern in {literal(key) for directory, name in names for key, _ in keys(family, directory, name)}:
        found.add(pattern.replace(UNKNOWN, "*"), None)
    return found


def _seen_from(directory: str, made: Sequence[Product], family: Family) -> tuple[str, ...]:
    """The names of products, paths as they are from another directory and from where all may be run."""
    known = [product for product in made if UNKNOWN not in product.name]
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


def not_made(configurations: Sequence[Configuration]) -> Iterator[tuple[Missing, str | None]]:
    """What was certainly to be made by a build and is by none, with the name that was probably meant.

    A path lies below the checked root in a directory that is called what builders call theirs, and nothing
    is there; a name differs from one that a build gives by as much as a slip of the pen.
    """
    seen_whole = all(it.complete and not any(build.open for build in it.builds) for it in configurations)
    found = [it for it in missing(configurations) if not it.path or _lies_here(it)]
    # What is made of something that is not there itself tells nothing of where images come from.
    stranded = {id(it.need.source) for it in found}
    # Many have the same makers and the same names to choose from: each lot is looked at once.
    makers = {id(it.makers): it.makers for it in found}
    at_home = {key: not them <= stranded for key, them in makers.items()}
    names = {id(it.made): it.made for it in found}
    guesses = {key: Guesses(made) for key, made in names.items()}
    for it in found:
        meant = guesses[id(it.made)].near(it.need.name)
        if not it.path and (meant is None or not _slip(it.need.name, meant)):
            continue
        if it.path and not (seen_whole and at_home[id(it.makers)] and _in_output(it.need.name)):
            continue
        yield it, meant


def _lies_here(it: Missing) -> bool:
    """Whether a path is one below the checked root where nothing lies, and that the source starts from."""
    name, configuration = it.need.name.replace("\\", "/"), it.need.configuration
    if "://" in name or name.startswith(("/", "~")) or name[1:2] == ":":
        return False
    if it.need.source.type == "qemu" and not it.need.arguments.known("disk_image", bool):
        return False
    if posixpath.normpath(posixpath.join(it.need.directory, name)).startswith(".."):
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
