"""The variables of a template → those that nothing in it uses."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.edits import deleted
from packlint.model import Configuration, Variable
from packlint.project import Project
from packlint.syntax import Binary, is_null
from packlint.usage import Assignments, Unused, referred, unused


class UnusedVariable(Rule):
    """Flags variables that no expression of the template uses.

    Whoever sets such a variable, on the command line or in a variable file, changes nothing in the image,
    and Packer does not say so. One without a default has to be set all the same: "Unset variable" stops the
    build. Often the line that used it was lost, and the image is built with a fixed value in its place.

    Use the variable, or remove it with the values that are set for it. What the variable's own validation
    says is no use of it, save that it must be null: such a variable tells people that it is gone. One whose
    name begins with `_` is left alone.

    A finding is a note where a variable file in or near the directory sets the variable, for one such file
    may serve several templates; where another template uses it from an identical copy of the file; and where
    a comment refers to it, which may be a line that is switched off. Nothing is said where another template
    that links to the file uses it, or a file of the same directory that is checked as a template of its own;
    nor of a directory without builds or without sources, which is a part of other templates.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<not used>",)

    examples = (
        Bad(
            """
            variable "user" {
              default = "packer"
            }

            variable "disk_size" { # finding: nothing uses variable `disk_size`
              type    = number
              default = 20480
              validation {
                condition     = var.disk_size > 1024
                error_message = "The disk is too small."
              }
            }

            variables {
              memory = 1024 # finding: nothing uses variable `memory`
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = var.user
              sources = ["source.null.here"]
            }
            """,
            fixed="""
            variable "user" {
              default = "packer"
            }

            variables {
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = var.user
              sources = ["source.null.here"]
            }
            """,
        ),
        Bad(
            {
                "image.json": """
                {
                  "variables": {
                    "user": "packer",
                    "home": "/home/{{user `user`}}",
                    "size": "20480"
                  },
                  "builders": [
                    {"type": "null", "ssh_host": "192.0.2.1", "ssh_username": "{{user `user`}}"}
                  ]
                }
                """,
            },
            finds={"image.json:4": "variable `home`", "image.json:5": "variable `size`"},
        ),
        Bad(
            {
                "image.pkr.hcl": """
                variable "region" {} # finding: no build can do without a value for it
                source "null" "here" {
                  communicator = "none"
                }
                build {
                  sources = ["source.null.here"]
                }
                """
            },
            fixed={
                "image.pkr.hcl": """
                source "null" "here" {
                  communicator = "none"
                }
                build {
                  sources = ["source.null.here"]
                }
                """
            },
        ),
        Good(
            """
            variable "names" {
              default = ["a", "b"]
            }
            variable "suffix" {
              default = "x"
            }
            variable "_later" {
              default = ""
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              dynamic "source" {
                for_each = var.names
                labels   = ["null.here"]
                content {
                  name = source.value
                }
              }
              provisioner "shell-local" {
                inline = [<<-EOT
                  echo %{ for var in ["a"] }${var}%{ endfor }-${var.suffix}
                EOT
                ]
              }
            }
            """
        ),
        Good(
            """
            variable "iso" {
              default = null
              validation {
                condition     = var.iso == null
                error_message = "Set iso_url in its place."
              }
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
            }
            """
        ),
        Good(
            {
                "variables.pkr.hcl": """
                variable "user" {
                  default = "packer"
                }
                """,
                "debian/debian.pkr.hcl": """
                variable "user" {
                  default = "debian"
                }
                variable "arch" {
                  default = "x86_64"
                }
                source "null" "here" {
                  communicator = "none"
                }
                build {
                  name    = "${var.user}-${var.arch}"
                  sources = ["source.null.here"]
                }
                """,
            }
        ),
        Good(
            """
            variable "user" {
              default = "packer"
            }
            locals {
              all = jsonencode(var)
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = local.all
              sources = ["source.null.here"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        assignments: Assignments | None = None
        for it in unused(project, _named, _used, "var"):
            assignments = assignments or Assignments(project)
            if not (it.declaration.name.startswith("_") or _refuses(it.declaration)):
                yield _finding(it, assignments)


def _named(configuration: Configuration) -> Iterator[tuple[str, Variable]]:
    return ((variable.name, variable) for variable in configuration.variables)


def _used(configuration: Configuration) -> frozenset[str]:
    return referred(configuration, "var")


def _refuses(variable: Variable) -> bool:
    """Whether a validation asks for null: the variable is there to say that it is there no more."""
    asked = (it.condition.expression for it in variable.validations if it.condition is not None)
    return any(
        isinstance(it, Binary) and it.operator == "==" and (is_null(it.left) or is_null(it.right))
        for it in asked
    )


def _finding(it: Unused[Variable], assignments: Assignments) -> Finding:
    variable, value = it.declaration, assignments.of(it.declaration.name, it.configuration)
    kept, but = it.kept or value is not None, it.but
    if value is not None and it.copy is None:
        but = f", which `{value.document.path}` sets"
    elif not kept and variable.default is None:
        but = ", and no build can do without a value for it"
    edit = None if kept else deleted(variable.range)
    return Finding(
        variable.name_range,
        f"nothing uses variable `{variable.name}`{but}",
        related=(Related(value, "this value changes nothing here"),) if value else (),
        fix=Fix(f"remove variable `{variable.name}`", (edit,), safe=False) if edit else None,
        hint="use it, or remove it" + ("" if not value else " with its values"),
        softened=kept,
    )
