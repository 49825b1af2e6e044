"""The templates of a run → those that declare sources and never build them."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.model import Configuration, SourceUse
from packlint.project import Project


class TemplateWithoutBuild(Rule):
    """Flags templates that declare sources and have no `build`.

    A `source` block makes nothing by itself. `packer build` of such a directory stops with "Missing build
    block"; before version 1.8.4 it made nothing and called that a success.

    Add a `build`, or remove the sources. A directory of sources for other templates is in its place: nothing
    is said where a template of the run links one of its files, names a source that only it declares, or has
    copied a source from it.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/source
    """

    category = Category.STRUCTURE
    severity = Severity.NOTE
    precision = Precision.HIGH
    looks_for = ("<no build>",)

    examples = (
        Bad(
            """
            source "qemu" "web" { # finding: this template declares sources and has no `build`
              iso_url = "web.iso"
            }
            source "qemu" "app" {
              iso_url = "app.iso"
            }
            """
        ),
        Good(
            {
                "common/sources.pkr.hcl": """
                source "qemu" "web" {
                  iso_url = "web.iso"
                }
                """,
                "web/build.pkr.hcl": """
                build {
                  sources = ["source.qemu.web"]
                }
                """,
            }
        ),
        Good(
            """
            variable "size" {
              default = 10
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        whole = [it for it in project.configurations if it.has_build]
        linked = {name for it in whole for name in it.template.documents}
        declared = {id(it): {source.key for source in it.sources} for it in project.configurations}
        used = set()
        for it in whole:
            near = declared[id(it)].union(f"{use.type}.{use.name}" for use in _uses(it))
            used |= {id(part) for part in project.parts(it) if not near.isdisjoint(declared[id(part)])}
        for part in project.configurations:
            without = bool(part.sources) and part.complete and not part.has_build
            if without and id(part) not in used and linked.isdisjoint(part.template.documents):
                yield Finding(
                    part.sources[0].header_range,
                    "this template declares sources and has no `build`",
                    hint="add a `build`, or move the sources to a template that has one",
                )


def _uses(configuration: Configuration) -> Iterator[SourceUse]:
    return (use for build in configuration.builds for use in (*build.uses, *build.unchosen))
