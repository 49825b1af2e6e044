"""The blocks of a file → those that Packer does not know where they stand."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.blocks import ROOT, VALUES, Place, places
from packlint.document import Range
from packlint.misplaced import meant, meant_elsewhere
from packlint.model import Configuration
from packlint.syntax import Block, File


class UnsupportedBlock(Rule):
    """Flags blocks that Packer does not know at the place where they stand.

    Packer loads no template with such a block: "Unsupported block type". Often the name is misspelled,
    a brace closes a block too early, or the block is Terraform's.

    Some bodies take arguments only: `required_plugins`, `variables`, `locals` and variable files. And
    `dynamic` blocks are expanded within `source` and `build` alone; the body of a `data` block, the root
    of a file and all other blocks cannot have one.

    The bodies of sources, data sources, provisioners and post-processors are their plugins' affair and
    are not looked at here. In a file with syntax errors nothing is said of the places of blocks, since what
    surrounds them may be hidden.

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
            varaible "user" { # finding: Packer knows no block `varaible` at the root of a template
              default = "packer"
            }
            provisioner "shell" { # finding: no block `provisioner` at the root of a template
              inline = ["true"]
            }
            module "base" { # finding: no block `module`
              source = "./base"
            }
            """
        ),
        Bad(
            """
            variable "size" {
              default = 1
              validate { # finding: no block `validate` in `variable`
                condition = var.size > 0
              }
            }
            locals {
              disk { # finding: `locals` takes no blocks
                size = 1
              }
            }
            """
        ),
        Bad(
            """
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources { # finding: `sources` is an argument of `build`, not a block
              }
              post-processors {
                provisioner "shell" { # finding: no block `provisioner` in `post-processors`
                }
              }
              dynamic "step" { # finding: no block `step` in `build`
                for_each = [1]
                content {}
              }
            }
            """
        ),
        Bad(
            """
            dynamic "source" { # finding: `dynamic` is not expanded at the root of a template
              for_each = ["a", "b"]
              labels   = ["null", source.value]
              content {}
            }
            data "amazon-ami" "base" {
              dynamic "assume_role" { # finding: `dynamic` is not expanded in `data`
                for_each = var.roles
                content {
                  role_arn = assume_role.value
                }
              }
            }
            """
        ),
        Bad(
            {
                "template.pkr.hcl": """
                variable "user" {}
                """,
                "values.auto.pkrvars.hcl": """
                variable "user" { # finding: a variable file declares no variables
                  default = "packer"
                }
                """,
            }
        ),
        Good(
            """
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
              }
            }
            locals {
              disk = { size = 1 }
            }
            source "docker" "base" {
              image  = "debian:12"
              commit = true
            }
            build {
              source "docker.base" {
                name = "debian"
              }
              dynamic "provisioner" {
                for_each = ["true", "date"]
                labels   = ["shell"]
                content {
                  inline = [provisioner.value]
                }
              }
              post-processors {
                post-processor "docker-tag" {
                  repository = "debian"
                }
              }
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        if not file.complete:
            return
        for place in (place for place in places(file) if not place.type.lenient):
            for block in place.body.blocks:
                if block.type == "dynamic":
                    yield from _dynamic(block, place)
                elif block.type not in place.type.blocks and place.type.component is None:
                    yield _finding(block, place)


def _dynamic(block: Block, place: Place) -> Iterator[Finding]:
    """A `dynamic` block that is not expanded there, or makes blocks that do not belong there."""
    if not place.type.dynamic:
        hint = "Packer expands `dynamic` blocks within `source` and `build` only"
        yield Finding(block.header_range, f"`dynamic` is not expanded {place.where}", hint=hint)
    elif place.type.component is None and block.labels and block.labels[0].value not in place.type.blocks:
        label = block.labels[0]
        yield _unknown(label.value, label.range, place)


def _finding(block: Block, place: Place) -> Finding:
    name = block.type
    if place.type is VALUES:
        if name == "variable":
            return Finding(
                block.header_range,
                "a variable file declares no variables",
                hint=f"write `{block.labels[0].value if block.labels else 'NAME'} = VALUE` here, "
                "and declare the variable in a `.pkr.hcl` file",
            )
        return Finding(
            block.header_range,
            "a variable file takes no blocks",
            hint=f"write `{name} = {{ … }}` for a value; blocks stand in `.pkr.hcl` files",
        )
    if place.type.declares is not None:
        return Finding(
            block.header_range, f"`{place.path[-1]}` takes no blocks", hint=f"write `{name} = {{ … }}`"
        )
    return _unknown(name, block.header_range, place)


def _unknown(name: str, where: Range, place: Place) -> Finding:
    if name in place.type.arguments:
        message = f"`{name}` is an argument of `{place.path[-1]}`, not a block"
        return Finding(where, message, hint=f"write {notation.argument(where.document, name)}")
    hint = meant(name, place) or (meant_elsewhere(name) if place.type is ROOT else None)
    return Finding(where, f"Packer knows no block `{name}` {place.where}", hint=hint)
