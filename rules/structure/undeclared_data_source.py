"""References to data sources → those that name nothing."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.model import Configuration
from packlint.project import Project
from packlint.references import dangling


class UndeclaredDataSource(Rule):
    """Flags references to data sources that the template does not declare.

    A data source runs before the build; a wrong name stops Packer only after it has asked the cloud for all
    the others.

    Declare the data source, or correct the name. Nothing is said of a template with blocks that Packer
    does not know, nor of a directory without builds or without sources, which is a part of other templates,
    nor of a data source that such a part above or beside it declares.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/datasources
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("data",)

    examples = (
        Bad(
            """
            data "amazon-ami" "ubuntu" {
              owners = ["099720109477"]
            }
            source "amazon-ebs" "web" {
              source_ami = data.amazon-ami.ubunto.id # finding: data source `amazon-ami.ubunto` is not
            }
            build {
              sources = ["source.amazon-ebs.web"]
            }
            """
        ),
        Good(
            """
            data "amazon-ami" "ubuntu" {
              owners = ["099720109477"]
            }
            locals {
              images = [for data in [{ amazon = { id = 1 } }] : data.amazon.id]
            }
            source "amazon-ebs" "web" {
              source_ami = data.amazon-ami.ubuntu.id
            }
            build {
              sources = ["source.amazon-ebs.web"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it in dangling(project, "data", _names, steps=2):
            declaration = notation.block(it.range.document, "data", *it.name.split(".", 1))
            yield Finding(
                it.range,
                f"data source `{it.name}` is not declared in this template",
                hint=f"did you mean `data.{it.near}`?" if it.near else f"declare it: {declaration}",
                softened=it.tried,
            )


def _names(configuration: Configuration) -> set[str]:
    return {data.key for data in configuration.data_sources}
