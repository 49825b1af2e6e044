"""Arguments and blocks → those that Packer, or the component they are for, does not know where they stand."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity, notation
from packlint.blocks import Place, places
from packlint.components import Component, Problem
from packlint.document import Range
from packlint.edits import renamed
from packlint.faults import of_kind, subject, whose
from packlint.gone import gone
from packlint.homes import Meanings
from packlint.misplaced import meant
from packlint.model import Argument, Configuration, NestedBlock
from packlint.suggest import suggest
from packlint.syntax import Attribute, File, Object


class UnknownArgument(Rule):
    """Flags arguments and blocks that are not known where they stand.

    Packer loads no template with an argument that it does not know: "Unsupported argument". Often the name
    is misspelled, a brace closes a block too early, or the argument is Terraform's. Outside of blocks a
    template has no arguments at all. A line `name = value` that gives a variable its value belongs in a
    variable file, whose name ends in `.pkrvars.hcl`.

    What a source, a data source, a provisioner or a post-processor takes is its plugin's affair. packlint
    knows the components of the plugins that people use, without having them installed: `packlint schema
    show` prints what one takes. Nothing is said of an argument that an older version of the plugin had, which
    other rules tell of, nor of one for a plugin of which the template wants a newer version than
    packlint knows.

    In a file with syntax errors nothing is said of the places of Packer's own arguments, since what surrounds
    them may be hidden.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks
    https://developer.hashicorp.com/packer/integrations
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<problem: unknown>", "<problem: value>", "<unusual>")

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
        Bad(
            """
            source "qemu" "debian" {
              isourl       = "debian.iso" # finding: builder `qemu` has no argument `isourl`
              iso_checksum = "none"
              ssh_username = "packer"
              only         = ["qemu.debian"] # finding: builder `qemu` has no argument `only`
            }
            build {
              sources = ["source.qemu.debian"]
              provisioner "file" {
                source      = "motd"
                destination = "/etc/motd"
                inline      = ["true"] # finding: provisioner `file` has no argument `inline`
              }
            }
            """,
            fixed="""
            source "qemu" "debian" {
              iso_url      = "debian.iso"
              iso_checksum = "none"
              ssh_username = "packer"
              only         = ["qemu.debian"]
            }
            build {
              sources = ["source.qemu.debian"]
              provisioner "file" {
                source      = "motd"
                destination = "/etc/motd"
                inline      = ["true"]
              }
            }
            """,
        ),
        Bad(
            """
            source "amazon-ebs" "web" {
              ami_name      = "web"
              instance_type = "t3.micro"
              region        = "eu-west-1"
              owners        = ["amazon"] # finding: builder `amazon-ebs` has no argument `owners`
              source_ami_filter {
                owner   = ["amazon"] # finding: `source_ami_filter` of builder `amazon-ebs` has no argument
                filters = { name = "debian-12-*" }
              }
              lifecycle { # finding: builder `amazon-ebs` has no block `lifecycle`
              }
            }
            """
        ),
        Bad(
            {
                "image.pkr.json": """
                {
                  "source": {"qemu": {"debian": {
                    "iso_cheksum": "none",
                    "efi_firmware_code": "code.fd"
                  }}}
                }
                """,
                "legacy.json": """
                {
                  "builders": [{
                    "type": "qemu",
                    "name": "debian",
                    "ISO_URL": "https://example.org/debian.iso",
                    "iso_checksum": "none",
                    "ssh_user": "packer"
                  }]
                }
                """,
            },
            finds={
                "image.pkr.json:3": "builder `qemu` has no argument `iso_cheksum`",
                "legacy.json:7": "builder `qemu` has no argument `ssh_user`",
            },
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
                  communicator = "none"
                }
                source "nobody-knows" "it" {
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
        Good(
            """
            packer {
              required_plugins {
                qemu = {
                  source  = "github.com/hashicorp/qemu"
                  version = ">= 900.1.0"
                }
              }
            }
            source "qemu" "debian" {
              added_in_the_future = true
            }
            """
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

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        meanings = Meanings()
        for component in components:
            if not component.beyond:
                yield from _of_component(component, meanings)


def _of_component(component: Component, meanings: Meanings) -> Iterator[Finding]:
    for problem in of_kind(component, "unknown"):
        if gone(component, problem) is None:
            yield _unknown(problem, component, meanings)
    for problem in of_kind(component, "value"):
        if problem.keyword == "additionalProperties":
            message = f"{subject(component, problem.path[:-1])} has no `{problem.name}`"
            yield Finding(problem.range, message)


def _unknown(problem: Problem, component: Component, meanings: Meanings) -> Finding:
    around, name = problem.path[:-1], problem.name
    is_block = isinstance(problem.given, NestedBlock)
    hint, near = meanings.of(component, around, name, is_block)
    message = f"{whose(component, around)} has no {'block' if is_block else 'argument'} `{name}`"
    fix = _renamed(problem, near) if near is not None else None
    return Finding(problem.range, message, hint=hint, fix=fix)


def _renamed(problem: Problem, near: str) -> Fix | None:
    """The name in its place; None where it is not what stands at the beginning, as in `dynamic "name"`."""
    where, name, given = problem.range, problem.name, problem.given
    if isinstance(given, Argument) and given.name_range == where:
        return Fix(f"write `{near}`", (renamed(given, near),), safe=False)
    at = where.text.find(name)
    if where.text[:at] not in ("", '"'):
        return None
    start = where.start + at
    edit = Edit(Range(where.document, start, start + len(name)), near)
    return Fix(f"write `{near}`", (edit,), safe=False)


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
