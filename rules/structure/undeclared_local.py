"""References to local values → those that name nothing."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.model import Configuration
from packlint.project import Project
from packlint.references import dangling


class UndeclaredLocal(Rule):
    """Flags references to local values that the template does not declare.

    Packer evaluates all locals, but of the rest only what a build uses: a wrong name in a source that no
    build uses, or in the branch of a conditional that is not taken, passes `packer validate`. In `try`
    and `can`, which get over it, a finding is a warning.

    Declare the local in `locals`, or correct the name. Nothing is said of a template with blocks that Packer
    does not know, nor of a directory without builds or without sources, which is a part of other templates,
    nor of a local that such a part above or beside it declares.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/locals
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("local",)

    examples = (
        Bad(
            """
            locals {
              image_name = "web"
            }
            source "qemu" "web" {
              vm_name          = local.image_nam # finding: local `image_nam` is not declared
              output_directory = false ? local.folder : "out" # finding: local `folder` is not declared
            }
            build {
              sources = ["source.qemu.web"]
            }
            """
        ),
        Good(
            """
            locals {
              disks = [for local in [{ size = 1 }] : local.size]
            }
            local "name" {
              expression = "web-${length(local.disks)}"
            }
            source "null" "web" {}
            build {
              name    = local.name
              sources = ["source.null.web"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it in dangling(project, "local", _names):
            yield Finding(
                it.range,
                f"local `{it.name}` is not declared in this template",
                hint=f"did you mean `local.{it.near}`?" if it.near else "declare it in `locals`",
                softened=it.tried,
            )


def _names(configuration: Configuration) -> set[str]:
    return {local.name for local in configuration.locals}
