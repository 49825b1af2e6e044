"""The blocks of a file → those without an argument that Packer asks for."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.blocks import Place, places
from packlint.misplaced import instead
from packlint.model import Configuration
from packlint.suggest import suggest
from packlint.syntax import Attribute, File, Object


class MissingRequiredArgument(Rule):
    """Flags blocks without an argument that Packer requires.

    A `validation` has a `condition` and an `error_message`, a required plugin a `source` and a `version`,
    a `dynamic` block a `for_each` and a `content`, and `labels` where the blocks that it makes have some:
    without one of them Packer loads no template. A `local` block without `expression` loads, and makes
    Packer break down when it evaluates the locals. Nothing is said of a file with syntax errors, which may
    hide the argument.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                docker = { # finding: required plugin `docker` has no `source`
                  version = "~> 1.1"
                }
              }
            }
            variable "size" {
              default = 10
              validation { # finding: `validation` has no `error_message`
                condition = var.size > 5
              }
            }
            local "secret" { # finding: `local` has no `expression`
              sensitive = true
            }
            """
        ),
        Bad(
            """
            source "null" "here" {
              dynamic "disk" { # finding: `dynamic` has no `content`
                for_each = [1, 2]
              }
            }
            build {
              sources = ["source.null.here"]
              dynamic "provisioner" { # finding: `dynamic` has no `labels`
                for_each = ["true", "date"]
                content {
                  inline = [provisioner.value]
                }
              }
            }
            """
        ),
        Good(
            """
            variable "size" {
              validation {
                condition     = var.size > 5
                error_message = "The size must be more than 5."
              }
            }
            source "null" "here" {
              dynamic "disk" {
                for_each = [1, 2]
                content {
                  size = disk.value
                }
              }
            }
            build {
              sources = ["source.null.here"]
              dynamic "post-processors" {
                for_each = [1]
                content {
                  post-processor "manifest" {}
                }
              }
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        for place in places(file) if file.complete else ():
            yield from _block(place)
            if place.type.declares is not None and place.type.declares.keys:
                yield from _entries(place)


def _block(place: Place) -> Iterator[Finding]:
    block = place.block
    if block is None:
        return
    given, document = _given(place), block.range.document
    for name, argument in place.type.arguments.items():
        if argument.required and name not in given:
            message = f"`{block.type}` has no `{name}`"
            yield Finding(block.header_range, message, hint=f"add {notation.argument(document, name)}")
    if "content" in place.type.blocks and "content" not in given:
        message = f"`{block.type}` has no `content`"
        hint = f"put what each block holds into {notation.block(document, 'content')}"
        yield Finding(block.header_range, message, hint=hint)


def _given(place: Place) -> set[str]:
    """The names in a body, and what was meant by unknown ones, of which other rules tell."""
    names = {item.name if isinstance(item, Attribute) else item.type for item in place.body.items}
    unknown = (name for name in names if name not in place.type.arguments and name not in place.type.blocks)
    return names | {near for name in unknown if (near := instead(name, place))}


def _entries(place: Place) -> Iterator[Finding]:
    """The entries of `required_plugins`; one that is no object, or has computed keys, is left alone."""
    assert place.type.declares is not None
    for attribute in place.body.attributes:
        if not isinstance(attribute.expression, Object):
            continue
        known = place.type.declares.keys
        names = [item.name for item in attribute.expression.items]
        given = {name if name in known else suggest(name, known) for name in names if name is not None}
        for name, argument in known.items():
            if argument.required and name not in given and None not in names:
                message = f"required plugin `{attribute.name}` has no `{name}`"
                written = notation.argument(attribute.range.document, name)
                hint = f"add {written}, as the plugin's documentation shows it"
                yield Finding(attribute.name_range, message, hint=hint)
