"""Variable files → the values in them that no variable takes."""

from collections.abc import Iterable, Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.model import Configuration
from packlint.project import Project
from packlint.suggest import Guesses
from packlint.syntax import File


class UndeclaredVariableInVarFile(Rule):
    """Flags values in variable files for variables that nothing declares.

    `packer build` passes over them without a word: where the name is misspelt, the variable keeps its
    default, and the image is not the one that the file asks for.

    A file `*.auto.pkrvars.hcl` or `*.auto.pkrvars.json` belongs to the template of its directory, and of
    every directory that links to it. One that is named with `--var-file` is for all templates of the run, and
    only what none of them declares is flagged. Other variable files are left alone: nobody says whose they
    are.

    Nothing is said of what a directory without builds or without sources declares above or beside the
    template: its files may be linked or copied in before a build.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.WARNING
    precision = Precision.HIGH
    looks_for = ("<variable file>",)

    examples = (
        Bad(
            {
                "image.auto.pkrvars.hcl": """
                disk_sise = 40960 # finding: no variable `disk_sise` is declared
                cpus      = 4
                """,
                "image.pkr.hcl": """
                variable "disk_size" {
                  default = 20480
                }
                variable "cpus" {
                  default = 2
                }
                source "null" "here" {
                  communicator = "none"
                }
                build {
                  sources = ["source.null.here"]
                }
                """,
            }
        ),
        Good(
            {
                "common.pkr.hcl": """
                variable "user" {
                  default = "packer"
                }
                """,
                "debian/debian.auto.pkrvars.hcl": """
                user = "debian"
                """,
                "debian/debian.pkr.hcl": """
                source "null" "here" {
                  communicator = "none"
                }
                build {
                  sources = ["source.null.here"]
                }
                """,
            }
        ),
        Good(
            {
                "image.auto.pkrvars.hcl": """
                disk_size = 40960
                """,
                "production.pkrvars.hcl": """
                anything = true
                """,
                "image.pkr.hcl": """
                variables {
                  disk_size = 20480
                }
                source "null" "here" {
                  communicator = "none"
                }
                build {
                  sources = ["source.null.here"]
                }
                """,
            }
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        users: dict[str, tuple[File, list[Configuration]]] = {}
        templates = [it for it in project.configurations if it.template.documents]
        for configuration in templates:
            for file in configuration.syntax:
                if file.document.path in configuration.template.var_files:
                    users.setdefault(file.document.path, (file, []))[1].append(configuration)
        for file, configurations in users.values():
            if not any(configuration.is_part for configuration in configurations):
                yield from _undeclared(file, configurations, project)
        if any(not file.legacy for it in templates for file in it.syntax):
            for file in project.var_files:
                if file.document.path not in users:
                    yield from _undeclared(file, templates, project)


def _undeclared(file: File, configurations: Iterable[Configuration], project: Project) -> Iterator[Finding]:
    """What none of these declares; of one that could not be read in full nobody knows what it declares."""
    declared: set[str] = set()
    for configuration in configurations:
        if not configuration.complete:
            return
        for it in (configuration, *project.parts(configuration)):
            declared |= {variable.name for variable in it.variables}
    guesses = Guesses(declared)
    for attribute in file.body.attributes:
        if attribute.name not in declared:
            near = guesses.near(attribute.name)
            yield Finding(
                attribute.name_range,
                f"no variable `{attribute.name}` is declared, and `packer build` ignores the value",
                hint=f"did you mean `{near}`?" if near else "declare the variable, or remove the value",
            )
