"""The blocks of a file → those without an argument that Packer asks for."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.blocks import Place, places
from packlint.model import Configuration
from packlint.syntax import File, Object, Template, Text


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
    given = {attribute.name for attribute in place.body.attributes}
    for name, argument in place.type.arguments.items():
        if argument.required and name not in given:
            message = f"`{block.type}` has no `{name}`"
            yield Finding(block.header_range, message, hint=f"add `{name} = …`")
    if "content" in place.type.blocks and not any(b.type == "content" for b in place.body.blocks):
        message = f"`{block.type}` has no `content`"
        hint = "put what each block holds into `content { … }`"
        yield Finding(block.header_range, message, hint=hint)


def _entries(place: Place) -> Iterator[Finding]:
    """The entries of `required_plugins`; one that is no object, or has computed keys, is left alone."""
    assert place.type.declares is not None
    for attribute in place.body.attributes:
        if not isinstance(attribute.expression, Object):
            continue
        keys = {
            item.key.literal if isinstance(item.key, Template) else item.key.value
            for item in attribute.expression.items
            if isinstance(item.key, Template | Text)
        }
        for name, argument in place.type.declares.keys.items():
            if argument.required and name not in keys and len(keys) == len(attribute.expression.items):
                message = f"required plugin `{attribute.name}` has no `{name}`"
                hint = f"add `{name} = …`, as the plugin's documentation shows it"
                yield Finding(attribute.name_range, message, hint=hint)
