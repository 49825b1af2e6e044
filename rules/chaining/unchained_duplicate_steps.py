"""The builds of a run → groups that start with the same work on the same base."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.chain.shared import Group, groups
from packlint.effective import names
from packlint.project import Project
from packlint.record import record


class UnchainedDuplicateSteps(Rule):
    """Flags builds that begin with the same steps on the same base image.

    Each of these builds installs the same operating system and does the same work to it before it goes
    its own way. The work is done once for each of them, which costs the time of an installation every
    time, and it drifts apart as soon as one copy is changed.

    Do it once in a base template, and let the others start from its artifact: `virtualbox-ovf` and
    `vmware-vmx` from the `source_path` that the base wrote, `qemu` with `disk_image = true`,
    `proxmox-clone` and `vsphere-clone` from the template, the clouds from the image's name. Packer does
    not order builds: run the base first, and the others when it is done.

    The rule compares only sources of one platform whose base image is wholly known, and only what stands
    at the beginning: clean-up at the end is every image's own. Steps that merely refresh package lists,
    clean up or restart do not count.

    References:
    https://developer.hashicorp.com/packer/guides/packer-on-cicd/pipelineing-builds
    """

    category = Category.CHAINING
    severity = Severity.WARNING
    precision = Precision.HIGH
    looks_for = ("<several uses>",)

    @record
    class Options:
        """`min_steps` shared steps, and `min_ratio` of the shorter build, make a finding."""

        min_steps: int = 3
        min_ratio: float = 0.5

    examples = (
        Bad(
            {
                "web/web.pkr.hcl": """
                source "qemu" "web" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                }
                build {
                  sources = ["source.qemu.web"]
                  provisioner "shell" {
                    inline = ["install-agent"]
                  }
                  provisioner "shell" {
                    inline = ["harden"]
                  }
                  provisioner "shell" {
                    inline = ["install-monitoring"]
                  }
                  provisioner "shell" {
                    inline = ["install-nginx"]
                  }
                }
                """,
                "app/app.pkr.hcl": """
                source "qemu" "app" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                }
                build {
                  sources = ["source.qemu.app"]
                  provisioner "shell" {
                    inline = ["install-agent"]
                  }
                  provisioner "shell" {
                    inline = ["harden"]
                  }
                  provisioner "shell" {
                    inline = ["install-monitoring"]
                  }
                  provisioner "shell" {
                    inline = ["install-java"]
                  }
                }
                """,
            },
            finds={"web/web.pkr.hcl:7": "the first 3 steps"},
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                source "qemu" "base" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                }
                build {
                  sources = ["source.qemu.base"]
                  provisioner "shell" {
                    scripts = ["agent.sh", "harden.sh", "monitoring.sh"]
                  }
                }
                """,
                "web/web.pkr.hcl": """
                source "qemu" "web" {
                  iso_url      = "../base/output-base/packer-base"
                  iso_checksum = "none"
                  disk_image   = true
                }
                build {
                  sources = ["source.qemu.web"]
                  provisioner "shell" {
                    scripts = ["nginx.sh"]
                  }
                }
                """,
            }
        ),
        Bad(
            """
            source "virtualbox-iso" "web" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            source "virtualbox-iso" "app" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.virtualbox-iso.web"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                inline = ["install-nginx"]
              }
            }
            build {
              sources = ["source.virtualbox-iso.app"]
              provisioner "shell" {
                inline       = ["update"]
                pause_before = "10s"
              }
              provisioner "shell" {
                inline = ["# the agent", "  install-agent  "]
              }
              provisioner "shell" {
                name              = "hardening"
                inline            = ["harden"]
                expect_disconnect = true
              }
              provisioner "shell" {
                inline = ["install-java"]
              }
            }
            """,
            finds={"template.pkr.hcl:26": "the first 3 steps for `virtualbox-iso.app`"},
        ),
        # What is done at the end is every image's own.
        Good(
            """
            source "qemu" "web" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            source "qemu" "app" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.web"]
              provisioner "shell" {
                inline = ["install-nginx"]
              }
              provisioner "shell" {
                inline = ["remove-logs"]
              }
              provisioner "shell" {
                inline = ["remove-keys"]
              }
              provisioner "shell" {
                inline = ["trim"]
              }
            }
            build {
              sources = ["source.qemu.app"]
              provisioner "shell" {
                inline = ["install-java"]
              }
              provisioner "shell" {
                inline = ["remove-logs"]
              }
              provisioner "shell" {
                inline = ["remove-keys"]
              }
              provisioner "shell" {
                inline = ["trim"]
              }
            }
            """
        ),
        # Another base.
        Good(
            """
            source "qemu" "web" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            source "qemu" "app" {
              iso_url      = "https://example.com/debian-13.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.web"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                inline = ["install-nginx"]
              }
            }
            build {
              sources = ["source.qemu.app"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                inline = ["install-java"]
              }
            }
            """
        ),
        # A base that is not known.
        Good(
            """
            variable "iso_url" {}
            source "qemu" "web" {
              iso_url      = var.iso_url
              iso_checksum = "none"
            }
            source "qemu" "app" {
              iso_url      = var.iso_url
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.web"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                inline = ["install-nginx"]
              }
            }
            build {
              sources = ["source.qemu.app"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                inline = ["install-java"]
              }
            }
            """
        ),
        # Sources of one build share its steps already.
        Good(
            """
            source "qemu" "web" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            source "qemu" "app" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.web", "source.qemu.app"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                only   = ["qemu.web"]
                inline = ["install-nginx"]
              }
            }
            """
        ),
        # There is no image to start from.
        Good(
            """
            source "null" "web" {
              ssh_host = "web.example.com"
            }
            source "null" "app" {
              ssh_host = "web.example.com"
            }
            build {
              sources = ["source.null.web"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                inline = ["install-nginx"]
              }
            }
            build {
              sources = ["source.null.app"]
              provisioner "shell" {
                inline = ["update"]
              }
              provisioner "shell" {
                inline = ["install-agent"]
              }
              provisioner "shell" {
                inline = ["harden"]
              }
              provisioner "shell" {
                inline = ["install-java"]
              }
            }
            """
        ),
        # What every image does for itself.
        Good(
            """
            source "qemu" "web" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            source "qemu" "app" {
              iso_url      = "https://example.com/debian-12.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.web"]
              provisioner "shell" {
                inline = ["apt-get update"]
              }
              provisioner "shell" {
                inline = ["apt-get -y upgrade"]
              }
              provisioner "shell" {
                inline = ["sudo reboot"]
              }
              provisioner "shell" {
                inline = ["install-nginx"]
              }
            }
            build {
              sources = ["source.qemu.app"]
              provisioner "shell" {
                inline = ["apt-get update"]
              }
              provisioner "shell" {
                inline = ["apt-get -y upgrade"]
              }
              provisioner "shell" {
                inline = ["sudo reboot"]
              }
              provisioner "shell" {
                inline = ["install-java"]
              }
            }
            """
        ),
    )

    options: Options

    def check_project(self, project: Project) -> Iterator[Finding]:
        for group in groups(project):
            if not group.same and self._counts(group):
                yield _finding(group)

    def _counts(self, group: Group) -> bool:
        shortest = min(sum(step.weight for step in run.steps) for run in group.runs)
        identical = len({tuple(step.written for step in run.steps[group.depth :]) for run in group.runs}) == 1
        enough = max(self.options.min_steps, self.options.min_ratio * shortest)
        return group.weight >= enough and not identical


def _finding(group: Group) -> Finding:
    (*others, last), depth = group
    first = last.steps[0].provisioner.header_range
    builds = "another build" if len(others) == 1 else f"{len(others)} other builds"
    return Finding(
        first,
        f"the first {depth} steps for {names((last.use,))} are those of {builds} on the same base image",
        related=tuple(
            Related(run.steps[0].provisioner.header_range, f"the same steps for {names((run.use,))}")
            for run in others
        ),
        hint="do them once in a base template, and start the others from its artifact",
    )
