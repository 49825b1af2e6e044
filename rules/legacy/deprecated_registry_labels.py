"""Registries of HCP → those whose labels stand under their former name."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.model import Configuration
from packlint.registry import REGISTRY, registries


class DeprecatedRegistryLabels(Rule):
    """Flags `labels` of `hcp_packer_registry`, which is `bucket_labels` now.

    Packer has two kinds of labels, those of the bucket and, in `build_labels`, those of a version. `labels`
    is the former name of the first kind. Packer still takes it, warns in every run and says that it will go.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/hcp_packer_registry
    """

    category = Category.LEGACY
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = (REGISTRY,)

    examples = (
        Bad(
            """
            hcp_packer_registry {
              bucket_name = "web"
              labels = { # finding: `labels` of `hcp_packer_registry` is deprecated
                team = "platform"
              }
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
            }
            """,
            fixed="""
            hcp_packer_registry {
              bucket_name = "web"
              bucket_labels = {
                team = "platform"
              }
            }

            source "null" "web" {
              ssh_host = "web.example.com"
            }

            build {
              sources = ["source.null.web"]
            }
            """,
        ),
        Good(
            """
            hcp_packer_registry {
              bucket_name = "web"
              bucket_labels = {
                team = "platform"
              }
              build_labels = {
                release = "12"
              }
            }

            source "null" "web" {
              ssh_host = "web.example.com"
              labels   = []
            }

            build {
              sources = ["source.null.web"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        for registry in registries(configuration):
            labels = registry.attribute("labels")
            if labels is None or registry.attribute("bucket_labels") is not None:
                continue
            name = '"bucket_labels"' if labels.name_range.text.startswith('"') else "bucket_labels"
            yield Finding(
                labels.name_range,
                "`labels` of `hcp_packer_registry` is deprecated",
                hint="use `bucket_labels`",
                fix=Fix("rename it to `bucket_labels`", (Edit(labels.name_range, name),)),
            )
