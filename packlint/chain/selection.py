"""Images of a template → the patterns by which `-only` chooses them, and those that none tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packlint.chain.images import Image
from packlint.glob import compiled

SPECIAL = frozenset("*?[]{}\\!")
"""Characters that mean something in a glob of gobwas, or may within one."""

MOST_AWKWARD = 200
"""Names in one template for which a pattern needs a `?`, which then are compared with all others."""


def pattern(image: Image) -> str | None:
    r"""What `-only` chooses an image by; None where nothing can, as where a build has a name that is unknown.

    Legacy templates are compared with the name of the builder itself, others with a glob, in which `?` stands
    for what cannot be passed: a comma parts two patterns, and a terminal may obey a control character
    (packer/core.go; hcl2template/utils.go; command/flag-slice).
    """
    name = _name(image)
    if name is None or image.use.written is None:
        return None if name is None else "".join(map(_escaped, name))
    return name if name and all(map(_passes, name)) else None


def inseparable(images: Sequence[Image]) -> Iterator[tuple[Image, ...]]:
    """The images of one template in groups which `-only` can choose without the others, in order."""
    names = [_name(image) for image in images]
    awkward = list(dict.fromkeys(name for name in names if name and not all(map(_passes, name))))
    if len(awkward) > MOST_AWKWARD or any(pattern(image) is None for image in images):
        yield tuple(images)
        return
    group: dict[str, str] = {}  # the name of the group that a name belongs to
    for name in names:
        assert name is not None
        group.setdefault(name, name)
    for name in awkward:
        glob = compiled("".join(map(_escaped, name)))
        alike = {group[other] for other in group if glob.matches(other)}
        if len(alike) > 1:
            first = next(group[other] for other in group if group[other] in alike)
            group = {other: first if it in alike else it for other, it in group.items()}
    together: dict[str, list[Image]] = {}
    for name, image in zip(names, images, strict=True):
        together.setdefault(group[name or ""], []).append(image)
    yield from map(tuple, together.values())


def _name(image: Image) -> str | None:
    """What Packer compares patterns with."""
    return image.instance.address if image.use.written is None else image.use.written


def _passes(character: str) -> bool:
    return character != "," and character.isprintable()


def _escaped(character: str) -> str:
    if not _passes(character):
        return "?"
    return f"\\{character}" if character in SPECIAL else character
