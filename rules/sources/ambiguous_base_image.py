"""Filters for the image to start from → those that more than one image may match."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Related, Rule, Severity, notation
from packlint.base_image import BLOCKS, DATA_SOURCES, ImageFilter, image_filters
from packlint.components import Component
from packlint.edits import added
from packlint.faults import defaults
from packlint.model import Configuration
from packlint.value import Value


class AmbiguousBaseImage(Rule):
    """Flags image filters with a wildcard that do not ask for the newest one.

    A filter has to match one image. With `*` or `?` in the name it matches one today and two on the day
    when the next release is published, and then the build fails: Packer chooses among several only with
    `most_recent = true`.

    Add `most_recent = true`. To stay with one release, give its full name instead.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/data-source/ami
    """

    category = Category.SOURCES
    severity = Severity.WARNING
    fixable = Fixable.SAFE
    looks_for = (*BLOCKS, *DATA_SOURCES)

    examples = (
        Bad(
            """
            source "amazon-ebs" "web" {
              source_ami_filter { # finding: `source_ami_filter` may match several images
                filters = {
                  name = "ubuntu/images/*/ubuntu-noble-24.04-amd64-server-*"
                }
                owners = ["099720109477"]
              }
            }

            data "amazon-ami" "web" {
              filters     = { name = "web-?" }
              owners      = ["self"]
              most_recent = false # finding: data source `amazon-ami` may match several images
            }
            """,
            fixed="""
            source "amazon-ebs" "web" {
              source_ami_filter {
                filters = {
                  name = "ubuntu/images/*/ubuntu-noble-24.04-amd64-server-*"
                }
                owners = ["099720109477"]
                most_recent = true
              }
            }

            data "amazon-ami" "web" {
              filters     = { name = "web-?" }
              owners      = ["self"]
              most_recent = true
            }
            """,
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-ebs",
                    "source_ami_filter": {
                      "filters": {"name": "debian-12-amd64-*"},
                      "owners": ["136693071363"]
                    }
                  }]
                }
                """
            },
            finds={"template.json:4": "`source_ami_filter` may match several images"},
            fixed={
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-ebs",
                    "source_ami_filter": {
                      "filters": {"name": "debian-12-amd64-*"},
                      "owners": ["136693071363"],
                      "most_recent": true
                    }
                  }]
                }
                """
            },
        ),
        Good(
            """
            variable "pattern" {
              default = ""
            }

            source "amazon-ebs" "newest" {
              source_ami_filter {
                filters     = { name = "debian-12-amd64-*" }
                owners      = ["136693071363"]
                most_recent = true
              }
            }

            source "amazon-ebs" "full" {
              source_ami_filter {
                filters = { name = "debian-12-amd64-20240507-1740" }
                owners  = ["136693071363"]
              }
            }

            source "amazon-ebs" "supplied" {
              source_ami_filter {
                filters = { name = var.pattern }
                owners  = ["136693071363"]
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for it in image_filters(component):
            name, recent = it.name, it.arguments.worth("most_recent")
            text = name.known(str) if name is not None else None
            if name is None or text is None or it.filters is None or not {*text} & {*"*?"}:
                continue
            if recent is None or recent.known(bool) is False:
                yield _finding(it, name, recent, configuration)


def _finding(it: ImageFilter, name: Value, recent: Value | None, configuration: Configuration) -> Finding:
    argument = it.arguments.get("most_recent")
    default = defaults([name, recent], configuration)
    assert it.filters is not None
    return Finding(
        it.range if argument is None else argument.expression.range,
        f"{it.noun} may match several images, and does not take the newest{default.words}",
        related=(Related(it.filters.range, "the name has a wildcard"), *default.related),
        hint=f"add {notation.argument(it.range.document, 'most_recent', 'true')}",
        fix=_fix(it),
    )


def _fix(it: ImageFilter) -> Fix | None:
    """The newest of several, which is the same one as long as there is one; from anybody it is no good."""
    argument, owners = it.arguments.get("most_recent"), it.owners
    if owners is None:
        return None
    if argument is None:
        edit = added(owners, "most_recent", "true")
    else:
        range_ = argument.expression.range
        edit = Edit(range_, "true") if range_.text == "false" else None
    return Fix("take the newest", (edit,)) if edit is not None else None
