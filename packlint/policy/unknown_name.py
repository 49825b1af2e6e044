"""A name that there is not → the error that says which there are."""

from __future__ import annotations

from collections.abc import Iterable

from packlint.document import Range
from packlint.errors import PolicyError
from packlint.suggest import suggest

MOST_LISTED = 12
"""How many names a hint lists; of more it says the nearest, and what lists them."""

MOST_NEAR = 5
LONGEST = 60
"""Characters of a name that a message repeats."""


def unknown_name(
    what: str, name: str, known: Iterable[str], place: Range, *, prefix: str = "", listing: str = ""
) -> PolicyError:
    """The error that there is no `what` `name`; the likely name first, with the `prefix`, then others.

    `listing` is what tells all names where they are many.
    """
    names = sorted({*known})
    near = suggest(name, names)
    many = len(names) > MOST_LISTED
    others = [it for it in (_nearest(name, names) if many else names) if it != near]
    said = f"did you mean `{prefix}{near}`? " if near else "" if names else "there is none"
    if others:
        said += "there are, among others, " if many else "there are also " if near else "there are "
        said += ", ".join(f"`{it}`" for it in others)
    if listing and many:
        said += f"{'; ' if others else ''}{listing}"
    return PolicyError(f"there is no {what} `{shortened(prefix + name)}`", said.strip(), place)


def shortened(text: str) -> str:
    """A name that fits into a sentence."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _nearest(name: str, names: list[str]) -> list[str]:
    import difflib

    wanted = name[:LONGEST]
    parts = {part for part in wanted.split("_") if len(part) > 2}
    alike = difflib.get_close_matches(wanted, names, n=MOST_NEAR, cutoff=0.5)
    sharing = [it for it in names if parts & {*it.split("_")}]
    return list(dict.fromkeys([*alike, *sharing]))[:MOST_NEAR]
