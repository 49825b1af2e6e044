"""Blocks and arguments that Packer accepts → those that it never reads."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.blocks import Place, places
from packlint.misplaced import meant
from packlint.model import Configuration
from packlint.syntax import File

INSTEAD = {
    "communicator": "put `communicator` and what belongs to it into the `source`",
    "from": "name the source in `sources`, or in a `source` block",
}
"""What does what an ignored block promises."""


class IgnoredConfiguration(Rule):
    """Flags blocks and arguments that Packer accepts and never reads.

    A template with them validates and builds as if they were not there:

    - `communicator "TYPE" "NAME"` at the root of a template: no source can refer to it, and the arguments
      of a communicator stand in the source;
    - `from "TYPE"` in a `build`;
    - whatever `hcp_packer_registry` holds beyond its six arguments, a misspelled one for instance.

    References:
    https://developer.hashicorp.com/packer/docs/communicators
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/hcp_packer_registry
    """

    category = Category.STRUCTURE
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    looks_for = ("<unusual>",)

    examples = (
        Bad(
            """
            communicator "ssh" "vagrant" { # finding: Packer never reads `communicator` at the root
              ssh_username = "vagrant"
            }
            source "null" "here" {}
            build {
              from "null" {} # finding: Packer never reads `from` in `build`
              sources = ["source.null.here"]
            }
            hcp_packer_registry {
              bucket_name  = "base-images"
              bucket_lable = { os = "debian" } # finding: Packer never reads `bucket_lable`
              iteration {} # finding: Packer never reads `iteration` in `hcp_packer_registry`
            }
            """
        ),
        Good(
            """
            source "null" "here" {
              communicator = "ssh"
              ssh_username = "vagrant"
            }
            build {
              sources = ["source.null.here"]
            }
            hcp_packer_registry {
              bucket_name   = "base-images"
              bucket_labels = { os = "debian" }
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        for place in places(file) if file.complete else ():
            for block in place.body.blocks:
                type_ = place.type.blocks.get(block.type)
                if type_ is not None and type_.ignored:
                    message = f"Packer never reads `{block.type}` {place.where}"
                    yield Finding(block.header_range, message, hint=INSTEAD.get(block.type))
            if place.type.lenient:
                yield from _unread(place)


def _unread(place: Place) -> Iterator[Finding]:
    """What a body holds beyond what Packer knows of it."""
    known = {*place.type.arguments, *place.type.blocks}
    names = [(attribute.name, attribute.name_range) for attribute in place.body.attributes]
    names += [(block.type, block.header_range) for block in place.body.blocks]
    for name, range_ in names:
        if name not in known:
            hint = meant(name, place) or "remove it: it does nothing"
            yield Finding(range_, f"Packer never reads `{name}` {place.where}", hint=hint)
