"""The arguments of a file → those that Packer does not know where they stand."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.blocks import Place, places
from packlint.misplaced import meant
from packlint.model import Configuration
from packlint.suggest import suggest
from packlint.syntax import Attribute, File, Object


class UnsupportedArgument(Rule):
    """Flags arguments that Packer does not know at the place where they stand.

    Packer loads no template with such an argument: "Unsupported argument". Often the name is misspelled,
    a brace closes a block too early, or the argument is Terraform's.

    Outside of blocks a template has no arguments at all. A line `name = value` that gives a variable its
    value belongs in a variable file, whose name ends in `.pkrvars.hcl`.

    What a source, a data source, a provisioner or a post-processor takes is its plugin's affair and is not
    looked at here. In a file with syntax errors nothing is said of the places of arguments, since what
    surrounds them may be hidden.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            """
            variable "size" {
              type     = number
              defualt  = 10    # finding: Packer knows no argument `defualt` in `variable`
              nullable = false # finding: no argument `nullable` in `variable`
            }
            local "half" {
              value = var.size / 2 # finding: no argument `value` in `local`
              expression = 5
            }
            """
        ),
        Bad(
            """
            variable "region" {}
            region = "eu-west-1" # finding: `region` stands outside of all blocks
            required_version = ">= 1.9" # finding: `required_version` stands outside of all blocks
            """
        ),
        Bad(
            """
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources     = ["source.null.here"]
              only        = ["null.here"] # finding: no argument `only` in `build`
              provisioner = {}            # finding: `provisioner` is a block, not an argument
              post-processors {
                keep_input_artifact = true # finding: no argument `keep_input_artifact` in `post-processors`
                post-processor "manifest" {}
              }
            }
            """
        ),
        Bad(
            """
            packer {
              required_plugins {
                docker = {
                  src     = "github.com/hashicorp/docker" # finding: no argument `src` in `docker`
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
              }
            }
            """
        ),
        Good(
            {
                "template.pkr.hcl": """
                packer {
                  required_version = ">= 1.9"
                }
                variable "region" {
                  description = "where the image is built"
                  sensitive   = false
                }
                source "null" "here" {
                  what_the_plugin_takes = "is its own affair"
                }
                build {
                  name    = "all"
                  sources = ["source.null.here"]
                  provisioner "shell" {
                    only   = ["null.here"]
                    inline = ["true"]
                  }
                }
                """,
                "values.auto.pkrvars.hcl": """
                region = "eu-west-1"
                """,
            }
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        variables = {variable.name for variable in configuration.variables}
        for place in places(file) if file.complete else ():
            if place.type.declares is not None:
                yield from _keys(place)
            elif place.type.component is None and not place.type.lenient:
                for attribute in place.body.attributes:
                    if attribute.name not in place.type.arguments:
                        yield _finding(attribute, place, variables)


def _finding(attribute: Attribute, place: Place, variables: set[str]) -> Finding:
    name, document = attribute.name, attribute.range.document
    if name in place.type.blocks:
        message = f"`{name}` is a block, not an argument"
        labels = (label.upper() for label in place.type.blocks[name].labels)
        return Finding(attribute.name_range, message, hint=f"write {notation.block(document, name, *labels)}")
    hint = meant(name, place)
    if place.block is not None:
        message = f"Packer knows no argument `{name}` {place.where}"
        return Finding(attribute.name_range, message, hint=hint)
    if name in variables:
        files = notation.ending(document, ".auto.pkrvars")
        hint = f"to give variable `{name}` a value, write this in a file that ends in {files}"
    return Finding(
        attribute.name_range,
        f"`{name}` stands outside of all blocks, where Packer knows no arguments",
        hint=hint
        or "put it into the block that it belongs to; values of variables stand in "
        f"{notation.ending(document, '.pkrvars')} files",
    )


def _keys(place: Place) -> Iterator[Finding]:
    """What an entry of `required_plugins` says beyond source and version."""
    keys = place.type.declares.keys if place.type.declares is not None else {}
    for attribute in place.body.attributes if keys else ():
        if isinstance(attribute.expression, Object):
            for item in attribute.expression.items:
                if item.name is not None and item.name not in keys:
                    near = suggest(item.name, keys)
                    yield Finding(
                        item.key.range,
                        f"Packer knows no argument `{item.name}` in `{attribute.name}`",
                        hint=f"did you mean `{near}`?"
                        if near
                        else "a required plugin has `source` and `version`, and nothing else",
                    )
