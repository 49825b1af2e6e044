"""A block or argument at a place that knows none of its name → a hint at what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator

from packlint import notation
from packlint.blocks import ROOT, BlockType, Place
from packlint.suggest import suggest

_NO_COUNTERPART = "this is a word of Terraform's that has no counterpart in Packer"
_PLUGINS = "plugins are required in `required_plugins`, a block in `packer`"
_BUILDER = "a builder is configured in a `source` block, which has a type and a name"

FOREIGN = {
    "terraform": "Packer's own settings stand in a `packer` block",
    "required_providers": _PLUGINS,
    "provider": _PLUGINS,
    "resource": "Packer has no resources: it builds what a `source` block describes",
    "module": "Packer has no modules: the files of one directory are one template",
    "output": "Packer has no outputs: the post-processor `manifest` writes down what was built",
    "ephemeral": "Packer has no ephemeral values; `sensitive` hides one in the log",
    "nullable": "Packer has no `nullable`: every variable may be null",
    "depends_on": "Packer orders no builds: run `packer build` once for each of them",
    "count": "Packer has no `count`: `dynamic` blocks repeat blocks within `source` and `build`",
    "for_each": "Packer has no `for_each` outside of `dynamic` blocks",
    "lifecycle": _NO_COUNTERPART,
    "moved": _NO_COUNTERPART,
    "removed": _NO_COUNTERPART,
    "import": _NO_COUNTERPART,
    "check": _NO_COUNTERPART,
    "backend": _NO_COUNTERPART,
    "cloud": _NO_COUNTERPART,
    "builder": _BUILDER,
    "builders": _BUILDER,
}
"""Words of Terraform and of legacy templates, and what Packer has in their place."""

OWN_WORDS = {
    "variable": {"value": "default", "expression": "default", "validate": "validation"},
    "local": {"value": "expression", "default": "expression"},
    "validation": {"message": "error_message"},
}
"""What people write in a block, and what it is called there."""


def meant(name: str, place: Place) -> str | None:
    """A hint for somebody who wrote a block or argument `name` at a place that has none of that name."""
    near = instead(name, place)
    if near is not None:
        return f"did you mean `{near}`?"
    if name in FOREIGN:
        return FOREIGN[name]
    if _is_label(name, place):
        written = notation.block(place.body.range.document, place.path[-1], "NAME")
        return f"the name stands before the brace: {written}"
    homes = _homes(name, place)
    return f"`{name}` belongs {_listed(homes)}" if homes else None


def instead(name: str, place: Place) -> str | None:
    """The name at the place that somebody probably meant who wrote one that the place does not know."""
    own = OWN_WORDS.get(place.path[-1] if place.path else "", {}).get(name)
    if own is not None:
        return own
    if name in FOREIGN or _is_label(name, place) or _homes(name, place):
        return None
    return suggest(name, (*place.type.blocks, *place.type.arguments))


def _is_label(name: str, place: Place) -> bool:
    return name == "name" and "name" in place.type.labels


def meant_elsewhere(name: str) -> str | None:
    """A hint at a block that has nearly that name and another place."""
    near = suggest(name, _BLOCKS)
    return f"did you mean `{near}`, which belongs {_listed(_BLOCKS[near])}?" if near else None


def _homes(name: str, place: Place) -> tuple[str, ...]:
    """Where a name belongs: right below the place, or in few places elsewhere."""
    inner = tuple(
        f"in `{type_}`" for type_, it in place.type.blocks.items() if name in (*it.blocks, *it.arguments)
    )
    if inner:
        return inner
    homes = (*_BLOCKS.get(name, ()), *_ARGUMENTS.get(name, ()))
    return homes if len(homes) <= 2 else ()


def _listed(homes: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(homes[:-1]), homes[-1])))


def _known(below: BlockType, home: str) -> Iterator[tuple[str, str, bool]]:
    """Every name below a place, where it belongs, and whether it is a block's."""
    for name in below.arguments:
        yield name, home, False
    for name, inner in below.blocks.items():
        yield name, home, True
        yield from _known(inner, f"in `{name}`")


def _gathered(blocks: bool) -> dict[str, tuple[str, ...]]:
    homes: dict[str, tuple[str, ...]] = {}
    for name, home, is_block in _known(ROOT, "at the root of a template"):
        if is_block is blocks and home not in homes.get(name, ()):
            homes[name] = (*homes.get(name, ()), home)
    return homes


_BLOCKS = _gathered(blocks=True)
_ARGUMENTS = _gathered(blocks=False)
