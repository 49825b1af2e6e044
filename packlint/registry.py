"""The files of a template → its `hcp_packer_registry` blocks, and where each stands."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.blocks import places
from packlint.model import Configuration
from packlint.record import record
from packlint.syntax import Attribute, Block, Body, Template, is_null

REGISTRY = "hcp_packer_registry"


@record(eq=False)
class Registry:
    """A registry block; `build` is the build that it stands in, None at the root of the template.

    `block` is the `dynamic` block for one that is made by that, and `body` its content. Legacy templates
    have none (hcl2template/types.build.hcp_packer_registry.go).
    """

    block: Block
    body: Body
    build: Block | None
    dynamic: bool = False

    def attribute(self, name: str) -> Attribute | None:
        """The argument of that name, unless it is `null`."""
        found = self.body.attribute(name)
        return None if found is None or is_null(found.expression) else found

    def text(self, name: str) -> str | None:
        """The text of an argument, where it is nothing but text."""
        found = self.body.attribute(name)
        return found.expression.literal if found and isinstance(found.expression, Template) else None


def registries(configuration: Configuration) -> Iterator[Registry]:
    """The registry blocks of a template, in the order of its files."""
    for file in configuration.syntax:
        for place in places(file):
            if place.block is None or place.path == ("build",):
                for block in place.body.blocks:
                    yield from _registry(block, place.block)


def _registry(block: Block, build: Block | None) -> Iterator[Registry]:
    if block.type == REGISTRY:
        yield Registry(block, block.body, build)
    elif block.type == "dynamic" and build is not None and [it.value for it in block.labels] == [REGISTRY]:
        for content in block.body.blocks[:1]:
            yield Registry(block, content.body, build, dynamic=True)
