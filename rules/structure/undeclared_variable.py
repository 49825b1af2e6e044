"""References to input variables → those that name nothing."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.model import Configuration
from packlint.project import Project
from packlint.references import Dangling, dangling


class UndeclaredVariable(Rule):
    """Flags references to input variables that the template does not declare.

    `packer validate` looks only where it evaluates: a reference in a source that no build uses, or in the
    branch of a conditional that the defaults do not take, passes, and fails on the day when somebody flips
    the switch. packlint looks at every expression of every file. In `try` and `can`, which get over it, a
    finding is a warning.

    Declare the variable, or correct the name. A file whose variables are declared in another directory
    should link that file into its own: Packer reads one directory and nothing else.

    Nothing is said of a template with blocks that Packer does not know, which may be misspelled `variable`
    blocks, nor of a directory without builds or without sources, which is a part of other
    templates, nor of a variable that such a part above or beside it declares: its file may be linked or
    copied in before a build. Where Packer takes literal values only, as in the default of a variable, no
    variable may stand at all, which `non-constant-argument` tells.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<not declared>",)

    examples = (
        Bad(
            """
            variable "iso_keys" {
              default = ["<enter>"]
            }
            source "parallels-iso" "vm" {
              boot_command = false ? var.vm_keys : var.iso_keys # finding: variable `vm_keys`
            }
            build {
              sources = ["source.parallels-iso.vm"]
            }
            """
        ),
        Bad(
            """
            variable "user" {
              default = "packer"
            }
            source "null" "shell" {
              ssh_username = "${var.users}-ci" # finding: variable `users` is not declared
            }
            build {
              sources = ["source.null.shell"]
            }
            """
        ),
        Good(
            {
                "common.pkr.hcl": """
                variable "arch" {
                  default = "x86_64"
                }
                """,
                "debian/debian.pkr.hcl": """
                build {
                  name    = var.arch
                  sources = ["source.null.debian"]
                }
                source "null" "debian" {}
                """,
            }
        ),
        Good(
            """
            variables {
              users = ["a", "b"]
            }
            locals {
              greetings = [for var in var.users : "hello ${var.name}"]
            }
            source "null" "here" {}
            build {
              sources = ["source.null.here"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it in dangling(project, "var", _names):
            yield _finding(it)


def _names(configuration: Configuration) -> set[str]:
    return {variable.name for variable in configuration.variables}


def _finding(it: Dangling) -> Finding:
    declaration = notation.block(it.range.document, "variable", it.name, body="{}")
    return Finding(
        it.range,
        f"variable `{it.name}` is not declared in this template",
        hint=f"did you mean `var.{it.near}`?" if it.near else f"declare it: {declaration}",
        softened=it.tried,
    )
