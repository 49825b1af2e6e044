"""Filters for the image to start from → those that take the image of anybody."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.base_image import BLOCKS, DATA_SOURCES, image_filters
from packlint.components import Component
from packlint.faults import defaults
from packlint.model import Configuration
from packlint.value import Known

ANYBODY = ("*", "all")

NOT_ASKED = frozenset({"amazon-chroot", "outscale-chroot"})
"""Components that take a filter without owners."""


class BaseImageOwnerMissing(Rule):
    """Flags image filters that do not say whose image they look for.

    Everybody may publish an image under every name. A filter for `ubuntu-*` that names no owner takes the
    newest one of that name in the whole region, and people publish such images to be taken: builds have
    started from ones with a miner in them.

    Most components refuse a filter without `owners`, which `missing-required-argument` and
    `argument-required-here` tell. This rule is about those that do not, and about owners that are anybody:
    `"*"` and `"all"`.

    Name the account that publishes the image, or `"self"` or `"amazon"`. Owners that only a build knows are
    not judged.

    References:
    https://github.com/hashicorp/packer/issues/6584
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
    """

    category = Category.SECURITY
    severity = Severity.ERROR
    security_severity = 8.1
    cwe = (829,)
    precision = Precision.VERY_HIGH
    looks_for = (*BLOCKS, *DATA_SOURCES)

    examples = (
        Bad(
            """
            source "amazon-ebs" "web" {
              source_ami_filter {
                filters     = { name = "ubuntu-noble-*" }
                owners      = ["*"] # finding: `owners` of `source_ami_filter` is "*", which is anybody
                most_recent = true
              }
            }

            data "amazon-ami" "web" {
              filters     = { name = "ubuntu-noble-*" }
              owners      = ["self", "all"] # finding: `owners` of data source `amazon-ami` is "all"
              most_recent = true
            }

            source "amazon-chroot" "web" {
              source_ami_filter { # finding: `source_ami_filter` names no `owners`
                filters     = { name = "ubuntu-noble-*" }
                most_recent = true
              }
            }
            """
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-ebs",
                    "source_ami_filter": {
                      "filters": {"name": "debian-12-amd64-*"},
                      "owners": ["*"],
                      "most_recent": true
                    }
                  }]
                }
                """
            },
            finds={"template.json:6": 'is "*", which is anybody'},
        ),
        Good(
            """
            variable "owners" {
              type = list(string)
            }

            source "amazon-ebs" "web" {
              source_ami_filter {
                filters     = { name = "ubuntu-noble-*" }
                owners      = ["099720109477"]
                most_recent = true
              }
            }

            source "amazon-chroot" "web" {
              source_ami_filter {
                filters     = { name = "ubuntu-noble-*" }
                owners      = var.owners
                most_recent = true
              }
            }

            source "amazon-chroot" "scratch" {
              from_scratch = true
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for it in image_filters(component):
            owners = it.owners
            value = owners.value if owners is not None else Known(())
            if component.name in NOT_ASKED and it.filters is not None and value.items == ():
                place = it.range if owners is None else owners.expression.range
                hint = "name the account that publishes the image"
                yield Finding(place, f"{it.noun} names no `owners`, and takes an image of anybody", hint=hint)
            named = (owner.known(str) for owner in value.items or ())
            anybody = next((name for name in named if name in ANYBODY), None)
            if owners is not None and anybody is not None:
                default = defaults([value], configuration)
                yield Finding(
                    owners.expression.range,
                    f'`owners` of {it.noun} is "{anybody}", which is anybody{default.words}',
                    related=default.related,
                    hint="name the account that publishes the image",
                )
