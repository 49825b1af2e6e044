"""Registries of HCP → those that stand in a build, where they are deprecated."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.components import packer_versions
from packlint.document import Range
from packlint.edits import deleted
from packlint.margins import shifted
from packlint.model import Configuration
from packlint.registry import REGISTRY, Registry, registries
from packlint.syntax import traversals
from packlint.version import ANY_VERSION, Version

AT_ROOT = Version((1, 13, 0), 3)
"""The first release that takes the block at the root of a template."""


class HcpRegistryInBuild(Rule):
    """Flags `hcp_packer_registry` blocks that stand in a `build`.

    A template writes to one bucket of HCP Packer. Since Packer 1.13 the block belongs at the root of the
    template, for all builds together; within a `build` it is deprecated, and Packer says so in every run
    that publishes to HCP.

    Move it out of the build, which the fix does where there is one build. A finding is a note where the
    template admits older versions of Packer too, which take the block in a build only, and where a `dynamic`
    block makes it: there are none at the root, and `HCP_PACKER_REGISTRY=off` in the environment switches the
    registry off. There is no finding where all versions that the template admits are older.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/hcp_packer_registry
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/hcp_packer_registry
    """

    category = Category.LEGACY
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = (REGISTRY,)

    examples = (
        Bad(
            """
            packer {
              required_version = ">= 1.13.0"
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              hcp_packer_registry { # finding: `hcp_packer_registry` is deprecated in a `build`
                bucket_name = "web"
                bucket_labels = {
                  team = "platform"
                }
              }

              sources = ["source.null.web"]
            }
            """,
            fixed="""
            packer {
              required_version = ">= 1.13.0"
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            hcp_packer_registry {
              bucket_name = "web"
              bucket_labels = {
                team = "platform"
              }
            }

            build {
              sources = ["source.null.web"]
            }
            """,
        ),
        Bad(
            """
            source "null" "web" {
              ssh_host = "web.example.com"
            }

            variable "publish" {
              type    = bool
              default = true
            }

            build {
              sources = ["source.null.web"]
              dynamic "hcp_packer_registry" { # finding: is deprecated in a `build`
                for_each = var.publish ? ["web"] : []
                content {
                  bucket_name = hcp_packer_registry.value
                }
              }
            }
            """
        ),
        Good(
            """
            hcp_packer_registry {
              bucket_name = "web"
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
            }
            """
        ),
        Good(
            """
            packer {
              required_version = "~> 1.9.0"
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              hcp_packer_registry {
                bucket_name = "web"
              }
              sources = ["source.null.web"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        found = tuple(registries(configuration))
        versions = packer_versions(configuration)
        reach = versions.reach(AT_ROOT)
        older = versions != ANY_VERSION and reach.before
        for registry in found if reach.since else ():
            if registry.build is not None:
                yield Finding(
                    registry.block.header_range,
                    "`hcp_packer_registry` is deprecated in a `build`",
                    hint=_hint(registry),
                    fix=_moved(registry, configuration, sure=versions != ANY_VERSION)
                    if len(found) == 1 and not older
                    else None,
                    softened=registry.dynamic or older,
                )


def _hint(registry: Registry) -> str:
    if registry.dynamic:
        return "write it at the root of the template, and switch it off with `HCP_PACKER_REGISTRY=off`"
    return "move it to the root of the template"


def _moved(registry: Registry, configuration: Configuration, sure: bool) -> Fix | None:
    """The block before its build, where that is the only one, in HCL.

    Without `bucket_name` the name of the build is that of the bucket. It is `sure` where the template says
    that it wants a Packer that takes the block there.
    """
    block, build = registry.block, registry.build
    document = block.range.document
    within = any(reference.root in ("build", "source") for reference in traversals(block))
    if build is None or registry.dynamic or len(configuration.builds) != 1 or within:
        return None
    margin = document.text[: block.range.start].rpartition("\n")[2]
    outer = document.text[: build.range.start].rpartition("\n")[2]
    whole = _with_comments(block.range)
    removal = deleted(whole)
    if registry.text("bucket_name") is None or margin.strip() or outer or removal is None:
        return None
    newline = "\r\n" if "\r\n" in block.range.text else "\n"
    text = shifted(whole, (block,), margin, "")
    at = Range(document, build.range.start, build.range.start)
    return Fix("move it before the `build`", (Edit(at, f"{text}{newline}{newline}"), removal), sure)


def _with_comments(block: Range) -> Range:
    """A block with the lines of comment right above it."""
    document, start = block.document, block.start
    for line in range(block.first.line - 1, 0, -1):
        at, end = document.line_starts[line - 1], document.line_starts[line]
        above = document.text[at:end].lstrip(" \t")
        if not above.startswith(("#", "//")):
            break
        start = end - len(above)
    return Range(document, start, block.end)
