"""The builds of a run → those that do the same work on the same base."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.chain.shared import Group, groups
from packlint.effective import names
from packlint.project import Project
from packlint.record import record


class DuplicateBuild(Rule):
    """Flags builds that do the same work on the same base image.

    The builds install the same operating system and run the same steps, one for one and to the last. What
    comes out is the same image twice, or one that differs in nothing but the size of its disk or the place
    where it ends up, and every change has to be made in each copy.

    Make it one build with several sources, or one template with a variable for what differs. A template that
    several sources of one build share is that already.

    Only steps whose arguments and scripts are wholly known are compared, and only sources of one platform
    whose base image is known: copies that get their image from a file of variables are left alone. Builds
    that part after a common beginning are the matter of `unchained-duplicate-steps`.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/source
    """

    category = Category.CHAINING
    severity = Severity.WARNING
    precision = Precision.HIGH
    looks_for = ("<several uses>",)

    @record
    class Options:
        """`min_steps` steps that count make two equal builds a finding."""

        min_steps: int = 2

    examples = (
        Bad(
            {
                "small/small.pkr.hcl": """
                source "qemu" "small" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                  disk_size    = "10G"
                }
                build {
                  sources = ["source.qemu.small"]
                  provisioner "shell" {
                    inline = ["install-agent"]
                  }
                  provisioner "shell" {
                    inline = ["harden"]
                  }
                }
                """,
                "large/large.pkr.hcl": """
                source "qemu" "large" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                  disk_size    = "100G"
                }
                build {
                  sources = ["source.qemu.large"]
                  provisioner "shell" {
                    inline = ["install-agent"]
                  }
                  provisioner "shell" {
                    inline = ["harden"]
                  }
                }
                """,
            },
            finds={"small/small.pkr.hcl:6": "the 2 steps for `qemu.small` are those of another build"},
        ),
        Good(
            """
            source "qemu" "small" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            source "qemu" "large" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.small", "source.qemu.large"]
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
            }
            """
        ),
        Good(
            {
                "a/a.pkr.hcl": """
                variable "iso_url" {
                  default = ""
                }
                source "qemu" "a" {
                  iso_url = var.iso_url
                }
                build {
                  sources = ["source.qemu.a"]
                  provisioner "shell" {
                    scripts = ["agent.sh", "harden.sh"]
                  }
                }
                """,
                "b/b.pkr.hcl": """
                variable "iso_url" {
                  default = ""
                }
                source "qemu" "b" {
                  iso_url = var.iso_url
                }
                build {
                  sources = ["source.qemu.b"]
                  provisioner "shell" {
                    scripts = ["agent.sh", "harden.sh"]
                  }
                }
                """,
            }
        ),
    )

    options: Options

    def check_project(self, project: Project) -> Iterator[Finding]:
        for group in groups(project):
            if group.same and group.weight >= self.options.min_steps:
                yield _finding(group)


def _finding(group: Group) -> Finding:
    (*others, last), depth = group
    builds = "another build" if len(others) == 1 else f"{len(others)} other builds"
    return Finding(
        last.build.header_range,
        f"the {depth} steps for {names((last.use,))} are those of {builds} on the same base image",
        related=tuple(Related(run.build.header_range, f"the same for {names((run.use,))}") for run in others),
        hint="make it one build with several sources, or one template with a variable for what differs",
    )
