"""A builder or data source → the filter by which it finds the image to start from, in Amazon's way."""

from __future__ import annotations

from packlint.components import Component
from packlint.document import Range
from packlint.model import Argument, Arguments
from packlint.record import record
from packlint.value import Value

BLOCKS = ("source_ami_filter", "source_omi_filter", "source_image_filter")
BUILDERS = ("amazon-", "outscale-", "numspot-")
DATA_SOURCES = ("amazon-ami", "outscale-omi", "numspot-image")
"""Amazon's, and those that were made after it."""


@record(eq=False)
class ImageFilter:
    """A filter for images: `arguments` are `filters`, `owners` and `most_recent`, `range` is its header.

    `noun` is what a sentence calls it.
    """

    noun: str
    arguments: Arguments
    range: Range

    @property
    def name(self) -> Value | None:
        """The pattern of names that it looks for; None where it looks for none, or for what is not known."""
        filters = self.arguments.worth("filters")
        entries = filters.entries if filters is not None else None
        return entries.get("name") if entries is not None else None

    @property
    def filters(self) -> Argument | None:
        """`filters`."""
        return self.arguments.get("filters")

    @property
    def owners(self) -> Argument | None:
        """`owners`."""
        return self.arguments.get("owners")


def image_filters(component: Component) -> tuple[ImageFilter, ...]:
    """The filter of a component, if it has one and is one of these."""
    if component.kind == "data-source" and component.name in DATA_SOURCES:
        return (ImageFilter(component.noun, component.arguments, component.header_range),)
    if component.kind != "builder" or not component.name.startswith(BUILDERS):
        return ()
    return tuple(
        ImageFilter(f"`{block.type}`", block.arguments, block.header_range)
        for name in BLOCKS
        for block in component.arguments.blocks_of(name)
    )
