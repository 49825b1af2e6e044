"""Configurations → what their sources start from that no build of them makes, and what builds do make."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from packlint.chain.artifacts import UNKNOWN, Need, Product, keys, needs, products
from packlint.chain.families import FAMILIES, Family
from packlint.chain.patterns import Patterns, literal
from packlint.model import Configuration

MOST_PRODUCTS = 200
"""Of more, only those of the same directory may have been meant."""


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
        if not made or family.latest:
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
