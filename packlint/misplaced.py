"""A block or argument at a place that knows none of its name → a hint at what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.blocks import ROOT, BlockType, Place
from packlint.suggest import suggest

_NO_COUNTERPART = "this is a word of Terraform's that has no counterpart in Packer"

FOREIGN = {
    "terraform": "Packer's own settings stand in `packer { … }`",
    "required_providers": "plugins are required in `packer { required_plugins { … } }`",
    "provider": "plugins are required in `packer { required_plugins { … } }`",
    "resource": "Packer has no resources: it builds what a `source` block describes",
    "module": "Packer has no modules: the files of one directory are one template",
    "output": "Packer has no outputs: the post-processor `manifest` writes down what was built",
    "ephemeral": "Packer has no ephemeral values; `sensitive = true` hides one in the log",
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
    "builder": 'a builder is configured in `source "TYPE" "NAME" { … }`',
    "builders": 'a builder is configured in `source "TYPE" "NAME" { … }`',
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
    block = place.path[-1] if place.path else ""
    own = OWN_WORDS.get(block, {}).get(name)
    if own is not None:
        return f"did you mean `{own}`?"
    if name in FOREIGN:
        return FOREIGN[name]
    if name == "name" and "name" in place.type.labels:
        return f'the name stands before the brace: `{block} "NAME" {{ … }}`'
    homes = _homes(name, place)
    if homes:
        return f"`{name}` belongs {_listed(homes)}"
    near = suggest(name, (*place.type.blocks, *place.type.arguments))
    return f"did you mean `{near}`?" if near else None


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
