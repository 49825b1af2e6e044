"""Declarations of a template → those that say again what was said before."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.document import Range
from packlint.model import Configuration


class DuplicateDeclaration(Rule):
    """Flags a second declaration of the same thing in one template.

    Variables, locals, sources and data sources are known by name across all files of a template, and
    Packer refuses to load one that has a name twice ("Duplicate variable", "Duplicate source block").
    A variable counts whether it stands in a `variable` block or in `variables`, a local likewise.

    Remove one of the two, or rename it. Where files are meant to be built one by one, give each a
    directory of its own. Nothing is said of a directory without builds or without sources: it is a part of
    other templates, which may take only some of its files.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<declared twice>",)

    examples = (
        Bad(
            {
                "build.pkr.hcl": """
                variable "user" {}
                build {
                  sources = ["source.null.base"]
                }
                source "null" "base" {}
                """,
                "variables.pkr.hcl": """
                variable "user" {} # finding: variable `user` is declared twice
                locals {
                  stamp = "a"
                  stamp2 = "b"
                }
                source "null" "base" {} # finding: source `null.base` is declared twice
                """,
            }
        ),
        Good(
            """
            variable "user" {}
            local "user" {
              expression = var.user
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        if configuration.is_part:
            return
        first: dict[tuple[str, str], Range] = {}
        for kind, name, place in _declarations(configuration):
            earlier = first.setdefault((kind, name), place)
            if earlier is not place:
                yield Finding(
                    place,
                    f"{kind} `{name}` is declared twice in this template",
                    related=(Related(earlier, "first declared here"),),
                    hint="remove one of the two, or rename it",
                )


def _declarations(configuration: Configuration) -> Iterator[tuple[str, str, Range]]:
    for variable in configuration.variables:
        yield "variable", variable.name, variable.name_range
    for local in configuration.locals:
        yield "local", local.name, local.name_range
    for source in configuration.sources:
        yield "source", source.key, source.header_range
    for data in configuration.data_sources:
        yield "data source", f"{data.type}.{data.name}", data.header_range
