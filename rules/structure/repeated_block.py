"""Blocks that may stand once → the second ones."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.blocks import places
from packlint.components import Component
from packlint.faults import name_range, of_kind, standing, whose
from packlint.model import Configuration
from packlint.syntax import Block


class RepeatedBlock(Rule):
    """Flags a second block of a type that Packer takes only once.

    A build has at most one `error-cleanup-provisioner`, and a template or a build at most one
    `hcp_packer_registry`; a `dynamic` block has one `content`. Within a component some blocks stand once,
    such as `source_ami_filter` of `amazon-ebs`, and others for each thing of their kind, such as `disks` of
    `proxmox-iso`. Packer refuses a second one of the former. All other blocks may be repeated.

    To clean up in several steps, give the one `error-cleanup-provisioner` a longer script.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/provisioner
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<problem: repeated>", "<unusual>")

    examples = (
        Bad(
            """
            source "null" "here" {}
            build {
              sources = ["source.null.here"]
              error-cleanup-provisioner "shell-local" {
                inline = ["rm -rf work"]
              }
              error-cleanup-provisioner "shell-local" { # finding: second `error-cleanup-provisioner`
                inline = ["rm -rf cache"]
              }
            }
            """
        ),
        Bad(
            {
                "a.pkr.hcl": """
                hcp_packer_registry {
                  bucket_name = "base"
                }
                source "null" "here" {}
                build {
                  sources = ["source.null.here"]
                }
                """,
                "b.pkr.hcl": """
                hcp_packer_registry { # finding: second `hcp_packer_registry`
                  bucket_name = "other"
                }
                """,
            }
        ),
        Bad(
            """
            source "amazon-ebs" "web" {
              source_ami_filter {
                owners = ["136693071363"]
              }
              source_ami_filter { # finding: second `source_ami_filter` in builder `amazon-ebs`
                most_recent = true
              }
              launch_block_device_mappings {
                device_name = "/dev/sda1"
              }
              launch_block_device_mappings {
                device_name = "/dev/sdb"
              }
            }
            """
        ),
        Good(
            """
            packer {}
            packer {}
            source "null" "here" {}
            build {
              sources = ["source.null.here"]
              error-cleanup-provisioner "shell-local" {
                inline = ["rm -rf work"]
              }
            }
            build {
              sources = ["source.null.here"]
              error-cleanup-provisioner "shell-local" {
                inline = ["rm -rf work"]
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem in of_kind(component, "repeated"):
            around = problem.path[:-1]
            first, *_ = standing(component, around, problem.name)
            yield Finding(
                problem.range,
                f"this is the second `{problem.name}` in {whose(component, around)}, which takes one only",
                related=(Related(name_range(first), "the first one"),),
                hint="make one block of the two",
            )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        at_root: dict[str, Block] = {}
        for file in configuration.syntax:
            for place in places(file) if file.complete else ():
                # The files of a part need not be loaded together.
                whole = place.block is None and not configuration.is_part
                first = at_root if whole else {}
                for block in place.body.blocks:
                    type_ = place.type.blocks.get(block.type)
                    if (
                        type_ is not None
                        and type_.most == 1
                        and first.setdefault(block.type, block) is not block
                    ):
                        yield Finding(
                            block.header_range,
                            f"this is the second `{block.type}` {place.where}, which takes one only",
                            related=(Related(first[block.type].header_range, "the first one"),),
                            hint="make one block of the two",
                        )
