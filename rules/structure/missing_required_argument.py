"""Packer's blocks, and components → those without an argument that is asked for."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.blocks import Place, places
from packlint.catalog import is_block, properties
from packlint.components import Component, Problem
from packlint.document import Range
from packlint.faults import Path, Substitutes, of_kind, schema_at, whose
from packlint.misplaced import instead
from packlint.model import Configuration
from packlint.suggest import suggest
from packlint.syntax import Attribute, File, Object
from packlint.wording import names_words


class MissingRequiredArgument(Rule):
    """Flags blocks and components without an argument that is required.

    A `validation` has a `condition` and an `error_message`, a required plugin a `source` and a `version`,
    a `dynamic` block a `for_each` and a `content`, and `labels` where the blocks that it makes have some:
    without one of them Packer loads no template. A `local` block without `expression` loads, and makes
    Packer break down when it evaluates the locals. Nothing is said of a file with syntax errors, which may
    hide the argument.

    Components have required arguments too, as `iso_checksum` is for those that install from a disk image.
    What counts is what the code of a plugin asks for; documentation calls more required than that. Nothing
    is said of what the environment or a default may supply, of a source that no build uses, of what only
    newer versions of a plugin ask for than the template admits, and where a former or misspelled argument
    stands for the missing one, of which other rules tell.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<problem: missing>", "<unusual>")

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
        Bad(
            """
            source "virtualbox-iso" "debian" { # finding: builder `virtualbox-iso` has no `iso_checksum`
              iso_url      = "https://example.org/debian.iso"
              ssh_username = "packer"
            }
            source "hcloud" "web" { # finding: builder `hcloud` has no `location` or `server_type`
              image        = "debian-12"
              ssh_username = "root"
            }
            build {
              sources = ["source.virtualbox-iso.debian", "source.hcloud.web"]
              provisioner "file" { # finding: provisioner `file` has no `destination`
                source = "motd"
              }
            }
            """
        ),
        Bad(
            {
                "legacy.json": """
                {
                  "builders": [{
                    "type": "virtualbox-iso",
                    "iso_url": "https://example.org/debian.iso"
                  }]
                }
                """
            },
            finds={"legacy.json:3": "builder `virtualbox-iso` has no `iso_checksum`"},
        ),
        Good(
            """
            source "virtualbox-iso" "unused" {
              iso_url = "https://example.org/debian.iso"
            }
            source "virtualbox-iso" "former" {
              iso_url           = "https://example.org/debian.iso"
              iso_checksum_type = "none"
              ssh_username      = "packer"
            }
            source "virtualbox-iso" "completed" {
              iso_url      = "https://example.org/debian.iso"
              ssh_username = "packer"
            }
            build {
              sources = ["source.virtualbox-iso.former"]
              source "virtualbox-iso.completed" {
                iso_checksum = "none"
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

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        substitutes = Substitutes()
        for component in components:
            yield from _component(component, substitutes)

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        for place in places(file) if file.complete else ():
            yield from _block(place)
            if place.type.declares is not None and place.type.declares.keys:
                yield from _entries(place)


def _component(component: Component, substitutes: Substitutes) -> Iterator[Finding]:
    """One finding for each block that lacks something which does not come otherwise."""
    lacking: dict[Path, list[Problem]] = {}
    for problem in of_kind(component, "missing"):
        lacking.setdefault(problem.path[:-1], []).append(problem)
    for path, problems in lacking.items():
        otherwise = substitutes.of(component, path)
        names = {
            problem.name: problem.older
            for problem in problems
            if otherwise is not None and problem.name not in otherwise
        }
        if names:
            yield _lacking(component, path, problems[0].range, [*names], max(names.values()))


def _lacking(component: Component, path: Path, where: Range, names: list[str], softened: int) -> Finding:
    message = f"{whose(component, path)} has no {names_words(names, 'or')}"
    known, document = properties(schema_at(component, path)), where.document
    write = (notation.block if is_block(known.get(name, {})) else notation.argument for name in names)
    written = [how(document, name) for how, name in zip(write, names, strict=True)]
    return Finding(where, message, hint=f"add {' and '.join(written)}", softened=softened)


def _block(place: Place) -> Iterator[Finding]:
    block = place.block
    if block is None:
        return
    needed = [name for name, argument in place.type.arguments.items() if argument.required]
    holds = "content" in place.type.blocks
    if not (needed or holds):
        return
    given, document = _given(place), block.range.document
    for name in needed:
        if name not in given:
            message = f"`{block.type}` has no `{name}`"
            yield Finding(block.header_range, message, hint=f"add {notation.argument(document, name)}")
    if holds and "content" not in given:
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
