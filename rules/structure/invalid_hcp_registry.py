"""Registries of HCP → arguments that Packer refuses."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.model import Configuration
from packlint.pattern import pattern
from packlint.registry import REGISTRY, Registry, registries

BUCKET = pattern(r"[A-Za-z0-9-]{3,36}")
LONGEST = 255
"""Bytes that a description may have."""


class InvalidHcpRegistry(Rule):
    """Flags arguments of `hcp_packer_registry` that Packer refuses.

    The name of a bucket has from 3 to 36 letters, digits and hyphens, a description has no more than 255
    bytes, and `labels` is the former name of `bucket_labels`, which cannot stand beside it. Packer stops
    before anything is built.

    Only what is written as plain text is judged.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/hcp_packer_registry
    https://github.com/hashicorp/packer/blob/main/hcl2template/types.build.hcp_packer_registry.go
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = (REGISTRY,)

    examples = (
        Bad(
            """
            hcp_packer_registry {
              bucket_name = "web_server" # finding: `bucket_name` "web_server" is no name of a bucket
              labels = {
                team = "platform"
              }
              bucket_labels = { # finding: `labels` and `bucket_labels` exclude each other
                team = "platform"
              }
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
            }
            """
        ),
        Bad(
            {
                "web.pkr.json": """
                {
                  "source": { "null": { "web": { "ssh_host": "web.example.com" } } },
                  "build": {
                    "hcp_packer_registry": {
                      "bucket_name": "w"
                    },
                    "sources": ["source.null.web"]
                  }
                }
                """
            },
            finds={"web.pkr.json:5": "is no name of a bucket"},
        ),
        Good(
            """
            variable "bucket" {
              default = "w"
            }

            hcp_packer_registry {
              bucket_name = ""
              description = "the image of all web servers"
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
            }

            build {
              hcp_packer_registry {
                bucket_name = "web-${var.bucket}"
              }
              sources = ["source.null.web"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        for registry in registries(configuration):
            yield from _faults(registry)


def _faults(registry: Registry) -> Iterator[Finding]:
    bucket, name = registry.attribute("bucket_name"), registry.text("bucket_name")
    if bucket is not None and name and not BUCKET.fullmatch(name):
        yield Finding(
            bucket.expression.range,
            f'`bucket_name` "{name}" is no name of a bucket',
            hint="give it 3 to 36 letters, digits and hyphens",
        )
    about, text = registry.attribute("description"), registry.text("description")
    if about is not None and text and len(text.encode()) > LONGEST:
        yield Finding(
            about.expression.range,
            f"`description` of `{REGISTRY}` has {len(text.encode())} bytes, more than {LONGEST}",
            hint="shorten it",
        )
    former, labels = registry.attribute("labels"), registry.attribute("bucket_labels")
    if former is not None and labels is not None:
        yield Finding(
            labels.name_range,
            f"`labels` and `bucket_labels` exclude each other in `{REGISTRY}`",
            related=(Related(former.name_range, "is given too"),),
            hint="put all of them into `bucket_labels`",
        )
