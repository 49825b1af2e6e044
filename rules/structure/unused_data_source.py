"""The data sources of a template → those that nothing in it uses."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.edits import deleted
from packlint.model import Configuration, DataSource
from packlint.project import Project
from packlint.usage import Unused, referred, unused

DOING = frozenset(("create", "copy", "delete", "download", "import", "update", "upload"))
"""Words in the type of a data source that does something beside looking it up."""


class UnusedDataSource(Rule):
    """Flags data sources that no expression of the template uses.

    Packer runs every data source of a template before each build, used or not: it logs in, asks somebody
    over the network, and stops the build where that fails or finds nothing. Here nobody reads the answer.

    Refer to it, or remove it. Nothing is said of one whose type tells that it is there for what it does,
    such as `artifactory-import`.

    A finding is a note where another template uses it from an identical copy of the file, and where a
    comment refers to it, which may be a line that is switched off. Nothing is said either where another
    template that links to the file uses it, or a file of the same directory that is checked as a template of
    its own; nor of a directory without builds or without sources, which is a part of other templates.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/datasources
    """

    category = Category.STRUCTURE
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("data",)

    examples = (
        Bad(
            """
            data "amazon-ami" "windows" { # finding: nothing uses data source `amazon-ami.windows`
              filters     = { name = "Windows_Server-2022-*" }
              owners      = ["801119661308"]
              most_recent = true
            }

            data "amazon-ami" "debian" {
              filters     = { name = "debian-12-amd64-*" }
              owners      = ["136693071363"]
              most_recent = true
            }

            source "amazon-ebs" "web" {
              source_ami = data.amazon-ami.debian.id
            }

            build {
              sources = ["source.amazon-ebs.web"]
            }
            """,
            fixed="""
            data "amazon-ami" "debian" {
              filters     = { name = "debian-12-amd64-*" }
              owners      = ["136693071363"]
              most_recent = true
            }

            source "amazon-ebs" "web" {
              source_ami = data.amazon-ami.debian.id
            }

            build {
              sources = ["source.amazon-ebs.web"]
            }
            """,
        ),
        Good(
            """
            data "artifactory-import" "base" {
              datacenter_name = "lab"
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
            """
            data "http" "version" {
              url = "https://example.com/version"
            }
            data "http" "name" {
              url = "https://example.com/${data.http.version.body}/name"
            }
            data "null" "one" {
              input = "1"
            }
            data "null" "two" {
              input = "2"
            }
            locals {
              both = [for it in ["one", "two"] : data.null[it].output]
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = "${data.http.name.body}-${join("-", local.both)}"
              sources = ["source.null.here"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it in unused(project, _named, _used, "data"):
            if DOING.isdisjoint(it.declaration.type.split("-")):
                yield _finding(it)


def _named(configuration: Configuration) -> Iterator[tuple[str, DataSource]]:
    return ((data.key, data) for data in configuration.data_sources)


def _used(configuration: Configuration) -> frozenset[str]:
    return referred(configuration, "data", steps=2)


def _finding(it: Unused[DataSource]) -> Finding:
    data = it.declaration
    edit = None if it.kept else deleted(data.range)
    return Finding(
        data.header_range,
        f"nothing uses data source `{data.key}`{it.but}, and every build runs it",
        fix=Fix(f"remove data source `{data.key}`", (edit,), safe=False) if edit else None,
        hint="refer to it, or remove it",
        softened=it.kept,
    )
