"""A file → what it uses of Packer's language that older releases do not have.

The releases are the first tags of Packer with each (hcl2template/parser.go, types.*.go; CHANGELOG.md); what
all releases with the language have is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from packlint.blocks import Context, Place, places
from packlint.document import Range
from packlint.functions import SINCE as FUNCTIONS
from packlint.named import NamedTuple
from packlint.references import calls
from packlint.syntax import Attribute, Call, File, traversals, walk


class Feature(NamedTuple):
    """Something that a file uses, and the first release of Packer that has it."""

    name: str
    range: Range
    since: str


FIRST = "1.6.0"
"""The release whose functions may be older than that."""

BLOCKS = {
    ("", "data"): "1.7.0",
    ("", "local"): "1.7.0",
    ("", "hcp_packer_registry"): "1.13.0",
    ("packer", "required_plugins"): "1.7.0",
    ("build", "error-cleanup-provisioner"): "1.7.0",
    ("build", "hcp_packer_registry"): "1.7.5",
}
"""The block around, and the type of the block."""

ARGUMENTS = {
    ("variable", "sensitive"): "1.5.2",
    ("provisioner", "override"): "1.6.2",
    ("provisioner", "continue_on_error"): "1.16.0",
    ("hcp_packer_registry", "bucket_labels"): "1.7.9",
    ("hcp_packer_registry", "build_labels"): "1.7.9",
    ("hcp_packer_registry", "channels"): "1.15.0",
}
"""The block around, and the name of the argument."""

ATTRIBUTES = {"iterationID": "1.7.7", "versionFingerprint": "1.10.1"}
"""What follows `packer.` in references."""

OPTIONAL = "1.16.0"
"""`optional(…)` in the type of a variable."""


def features(file: File) -> Iterator[Feature]:
    """What an HCL file uses; nothing of a legacy template."""
    if file.legacy:
        return
    for place in places(file):
        yield from _of_place(place)
    for call, _ in calls(file):
        since = FUNCTIONS.get(call.name, FIRST)
        if since != FIRST:
            yield Feature(f"{call.name}()", call.name_range, since)
    if any(name in file.document.text for name in ATTRIBUTES):
        for traversal in traversals(file.body):
            name = traversal.steps[0].name if traversal.root == "packer" and traversal.steps else None
            if name in ATTRIBUTES:
                yield Feature(f"packer.{name}", traversal.range, ATTRIBUTES[name])


def _of_place(place: Place) -> Iterator[Feature]:
    around = place.path[-1] if place.path else ""
    for item in place.body.items:
        if isinstance(item, Attribute):
            type_ = place.type.arguments.get(item.name)
            if type_ is not None and (around, item.name) in ARGUMENTS:
                yield Feature(item.name, item.name_range, ARGUMENTS[around, item.name])
            if type_ is not None and type_.context is Context.TYPE:
                yield from _optional(item)
        elif (around, item.type) in BLOCKS:
            yield Feature(item.type, item.type_range, BLOCKS[around, item.type])


def _optional(attribute: Attribute) -> Iterator[Feature]:
    for node in walk(attribute.expression):
        if isinstance(node, Call) and node.name == "optional":
            yield Feature("optional()", node.name_range, OPTIONAL)
