"""The labels of Packer's blocks → too few, too many, or no names."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.blocks import DYNAMIC, BlockType, places
from packlint.model import Configuration
from packlint.syntax import Block, File

WORDS = {
    "type": "a type",
    "name": "a name",
    "reference": "a reference to a source",
    "block type": "the type of the blocks that it makes",
}


class WrongBlockLabels(Rule):
    """Flags blocks with too few or too many labels, or with impossible ones.

    Packer tells by the labels what a block declares or which component it configures, and refuses a
    template where one is missing or in excess:

    - `source` and `data` have a type and a name;
    - `variable` and `local` have a name;
    - `provisioner`, `error-cleanup-provisioner` and `post-processor` have a type;
    - `source` within a `build` has one label, `TYPE.NAME`;
    - `packer`, `build`, `variables`, `locals`, `validation`, `post-processors` and the others have none.

    The labels of `variable`, `local` and `data` are identifiers: a letter or `_`, then letters, digits,
    `_` and `-`. Nothing is said of a file with syntax errors, where what surrounds a block may be hidden.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<unusual>",)

    examples = (
        Bad(
            """
            variable { # finding: `variable` needs a name
              default = "packer"
            }
            source "qemu.base" { # finding: `source` needs a type and a name
              disk_size = "10G"
            }
            build "all" { # finding: `build` takes no labels
              sources = ["source.qemu.base"]
              provisioner { # finding: `provisioner` needs a type
                inline = ["true"]
              }
              provisioner "shell" "update" { # finding: `provisioner` takes no more than a type
                inline = ["true"]
              }
            }
            """
        ),
        Bad(
            """
            variable "disk size" { # finding: "disk size" is no identifier
              default = 10
            }
            local "2nd" { # finding: "2nd" is no identifier
              expression = 2
            }
            """
        ),
        Good(
            """
            variable "disk-size" {
              default = 10
            }
            source "qemu" "64 bits" {
              disk_size = var.disk-size
              storage "any" "labels" "here" {}
            }
            build {
              name = "all"
              source "qemu.base" {}
              provisioner "shell" {
                name   = "update"
                inline = ["true"]
              }
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        for place in places(file) if file.complete else ():
            for block in place.body.blocks:
                type_ = place.type.blocks.get(block.type)
                if block.type == "dynamic" and place.type.dynamic:
                    type_ = DYNAMIC
                if type_ is not None:
                    yield from _judged(block, type_)


def _judged(block: Block, type_: BlockType) -> Iterator[Finding]:
    words = " and ".join(WORDS[label] for label in type_.labels)
    if len(block.labels) < len(type_.labels):
        hint = f"write `{_header(block, type_)} {{ … }}`"
        yield Finding(block.header_range, f"`{block.type}` needs {words}", hint=hint)
    elif len(block.labels) > len(type_.labels):
        hint = f"write `{_header(block, type_)} {{ … }}`"
        if "name" in type_.arguments and type_.labels != ("reference",):
            hint += ', and `name = "…"` within it'
        takes = f"no more than {words}" if words else "no labels"
        yield Finding(block.header_range, f"`{block.type}` takes {takes}", hint=hint)
    elif type_.identifiers:
        for label in block.labels:
            if not _is_identifier(label.value):
                yield Finding(
                    label.range,
                    f'"{label.value}" is no identifier',
                    hint="write a letter or `_`, followed by letters, digits, `_` and `-`",
                )


def _header(block: Block, type_: BlockType) -> str:
    """The block's type and labels as they should be, with what can be taken from the ones that are there."""
    given = [label.value for label in block.labels]
    if type_.labels == ("reference",) and len(given) == 2:
        given = [".".join(given)]
    elif type_.labels == ("type", "name") and len(given) == 1 and given[0].count(".") == 1:
        given = given[0].split(".")
    wanted = (*given, *(label.upper() for label in type_.labels[len(given) :]))
    return " ".join((block.type, *(f'"{label}"' for label in wanted[: len(type_.labels)])))


def _is_identifier(text: str) -> bool:
    """Unicode's identifiers, with dashes anywhere but at the beginning (hclsyntax.ValidIdentifier)."""
    return not text.startswith("-") and text.replace("-", "_").isidentifier()
