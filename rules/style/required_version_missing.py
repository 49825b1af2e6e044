"""The templates → those that do not say which versions of Packer they are for."""

from collections.abc import Iterator

from packlint import (
    Bad,
    Category,
    Edit,
    Finding,
    Fix,
    Fixable,
    Good,
    Precision,
    Preset,
    Rule,
    Severity,
    catalog,
    notation,
)
from packlint.document import Range
from packlint.features import features
from packlint.model import Arguments, Configuration
from packlint.project import Project
from packlint.syntax import Block
from packlint.version import Version


class RequiredVersionMissing(Rule):
    """Flags templates that do not say which versions of Packer they need.

    What a template needs of Packer's language came over the years: `required_plugins` in 1.7.0, functions
    in nearly every release. An older Packer does not say that it is too old. It stops at the first thing
    that it does not know, with a message that sounds like a mistake in the template.

    Write `required_version` in a `packer` block: Packer reads it before all else, and says which version is
    wanted. The fix writes the first version that has everything of Packer's own which the template
    uses, so that nobody is turned away who could build it before.

    Nothing is said of a legacy template, of a directory without builds or without sources, and where such a
    part above or beside the template says it: its file may be linked or copied in before a build.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer#version-constraints
    """

    category = Category.STYLE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    preset = Preset.STRICT
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            packer { # finding: the template does not say which versions of Packer it needs
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
              }
            }
            source "docker" "web" {
              image  = "debian"
              commit = true
            }
            build {
              sources = ["source.docker.web"]
            }
            """,
            fixed="""
            packer {
              required_version = ">= 1.7.0"
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
              }
            }
            source "docker" "web" {
              image  = "debian"
              commit = true
            }
            build {
              sources = ["source.docker.web"]
            }
            """,
        ),
        Bad(
            """
            source "null" "web" {
              communicator = "none"
            }
            build { # finding: the template does not say
              sources = ["source.null.web"]
            }
            """
        ),
        Good(
            {
                "versions.pkr.hcl": """
                packer {
                  required_version = ">= 1.10.0"
                }
                """,
                "web/web.pkr.hcl": """
                source "null" "web" {
                  communicator = "none"
                }
                build {
                  sources = ["source.null.web"]
                }
                """,
                "old.json": """
                {"builders": [{"type": "null", "communicator": "none"}]}
                """,
            }
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for configuration in project.configurations:
            legacy = configuration.legacy
            if legacy or configuration.is_part or not configuration.complete or _says(configuration):
                continue
            if not any(map(_says, project.parts(configuration))):
                yield _finding(configuration)


def _says(configuration: Configuration) -> bool:
    return bool(configuration.required_version)


def _finding(configuration: Configuration) -> Finding:
    packers = [block for file in configuration.syntax for block in file.body.blocks if block.type == "packer"]
    first = _first(configuration)
    place = packers[0].header_range if packers else configuration.builds[0].header_range
    edit = _edit(packers[0], first) if packers and first else None
    version = f'">= {first}"' if first else "…"
    return Finding(
        place,
        "the template does not say which versions of Packer it needs",
        fix=Fix(f"require Packer {first} or newer", (edit,)) if edit else None,
        hint=f"write {notation.argument(place.document, 'required_version', version)} in `packer`",
    )


def _first(configuration: Configuration) -> Version | None:
    """The first version of Packer that has all that the template uses of it."""
    written = [feature.since for file in configuration.syntax for feature in features(file)]
    written += [since for it in _components(configuration) for since in _since(*it)]
    since = (Version.parse(text.removeprefix("packer ")) for text in written)
    return max((version for version in since if version is not None), default=None)


def _since(kind: str, type_: str, arguments: Arguments) -> Iterator[str]:
    """When Packer got a component of its own, and the arguments of it that are given."""
    schema = catalog.shipped(kind, type_) if type_ in catalog.core(kind) else None
    if schema is not None:
        known = catalog.properties(schema)
        names = {*arguments.by_name, *(block.type for block in arguments.blocks)}
        found = [schema.get("x-component", {}).get("first_version")]
        found += [known[name].get("x-since") for name in names & known.keys()]
        yield from filter(None, found)


def _components(configuration: Configuration) -> Iterator[tuple[str, str, Arguments]]:
    for source in configuration.sources:
        yield "builder", source.type, source.arguments
    for data in configuration.data_sources:
        yield "data-source", data.type, data.arguments
    for build in configuration.builds:
        for provisioner in (*build.provisioners, *build.error_cleanup):
            yield "provisioner", provisioner.type, provisioner.arguments
        for post_processor in build.post_processors:
            yield "post-processor", post_processor.type, post_processor.arguments


def _edit(block: Block, version: Version) -> Edit | None:
    """The argument as the first in a block that has a line for each of its items."""
    document, start = block.range.document, block.body.range.start
    if document.is_json or not block.body.items:
        return None
    item = block.body.items[0].range
    before = document.text[start : item.start]
    margin = before.rpartition("\n")[2]
    if "\n" not in before or margin.strip():
        return None
    at = Range(document, item.start, item.start)
    return Edit(at, f'required_version = ">= {version}"\n{margin}')
