"""The sources that one `packer build` starts → whether they are more than a machine can bear."""

from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.chain.host import machines, most_on_one_host
from packlint.model import Build, Configuration, SourceUse
from packlint.record import record


class TooManyParallelSources(Rule):
    """Flags templates that start more machines at once than a host bears.

    `packer build` starts every source of every build at the same moment: `-parallel-builds` is unlimited
    unless it is given. Each machine takes its whole memory, and when there is none left the builds fail
    one after the other, often with nothing better than a timeout while waiting for SSH.

    Limit the run with `packer build -parallel-builds=4`, build some with `-only`, or split the template.
    Sources of the clouds do not count, since they run elsewhere; nor do `null` and `file`. Where no single
    operating system has all the hypervisors that are named, so that a run is always a selection, and where
    the list of sources is the default of a variable, the finding is a note.

    References:
    https://developer.hashicorp.com/packer/docs/commands/build#parallel-builds-n
    """

    category = Category.CHAINING
    severity = Severity.WARNING
    precision = Precision.HIGH
    looks_for = ("<several uses>",)

    @record
    class Options:
        """`max_parallel_sources` may start at once."""

        max_parallel_sources: int = 4

    examples = (
        Bad(
            """
            source "qemu" "debian" {}

            build {
              sources = ["qemu.debian"] # finding: this build starts 5 sources at once
              dynamic "provisioner" {
                labels   = ["shell"]
                for_each = ["update.sh"]
                content {
                  script = provisioner.value
                }
              }
              source "qemu.debian" {
                name = "web"
              }
              source "qemu.debian" {
                name = "app"
              }
              source "qemu.debian" {
                name = "cache"
              }
              source "qemu.debian" {
                name = "database"
              }
            }
            """
        ),
        Good(
            """
            source "qemu" "debian" {}

            build {
              sources = ["qemu.debian"]
              source "qemu.debian" {
                name = "web"
              }
              source "qemu.debian" {
                name = "app"
              }
              source "qemu.debian" {
                name = "cache"
              }
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "debian" {}

            build {
              sources = [
                "amazon-ebs.debian",
                "amazon-ebs.debian",
                "amazon-ebs.debian",
                "amazon-ebs.debian",
                "amazon-ebs.debian",
              ]
            }
            """
        ),
        Bad(
            """
            source "qemu" "debian" {}
            source "virtualbox-iso" "debian" {}
            source "vmware-iso" "debian" {}

            build { # finding: the 2 builds of this template together start 6 sources at once
              sources = ["qemu.debian", "virtualbox-iso.debian", "vmware-iso.debian"]
            }
            build {
              sources = ["qemu.debian", "virtualbox-iso.debian", "vmware-iso.debian"]
            }
            """
        ),
        Bad(
            """
            variable "sources" {
              default = ["proxmox-iso.a", "proxmox-iso.b", "proxmox-iso.c", "proxmox-iso.d", "proxmox-iso.e"]
            }

            source "proxmox-iso" "a" {}
            source "proxmox-iso" "b" {}
            source "proxmox-iso" "c" {}
            source "proxmox-iso" "d" {}
            source "proxmox-iso" "e" {}

            build {
              sources = var.sources # finding: with the default of `var.sources`
            }
            """
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [
                    {"type": "qemu", "name": "a"},
                    {"type": "qemu", "name": "b"},
                    {"type": "qemu", "name": "c"},
                    {"type": "qemu", "name": "d"},
                    {"type": "qemu", "name": "e"}
                  ]
                }
                """
            },
            finds={"template.json:2": "this build starts 5 sources at once"},
        ),
        # What makes no machine.
        Good(
            """
            source "null" "a" {}
            source "file" "b" {}
            source "qemu" "c" {}

            build {
              sources = ["null.a", "file.b", "qemu.c"]
              source "null.a" {
                name = "second"
              }
              source "null.a" {
                name = "third"
              }
            }
            """
        ),
        # Those that are known are no more than four.
        Good(
            """
            variable "more" {}

            source "qemu" "a" {}
            source "qemu" "b" {}

            build {
              sources = concat(["qemu.a", "qemu.b"], var.more)
            }
            """
        ),
    )

    options: Options

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        limit = self.options.max_parallel_sources
        started = {build.range: machines(build) for build in configuration.builds}
        crowded = [build for build in configuration.builds if len(started[build.range]) > limit]
        for build in crowded:
            yield _finding([build], started[build.range], limit)
        everything = [use for uses in started.values() for use in uses]
        if not crowded and len(everything) > limit:
            yield _finding(configuration.builds, everything, limit)


def _finding(builds: Sequence[Build], uses: Sequence[SourceUse], limit: int) -> Finding:
    first, *others = builds
    listed = first.sources
    by_default = [b.sources.value.default_of for b in builds if b.sources and b.sources.value.default_of]
    message = f"{len(uses)} sources at once, over the limit of {limit}"
    if others:
        message = f"the {len(builds)} builds of this template together start {message}"
    else:
        message = f"this build starts {message}"
    if by_default:
        message += f", with the default of `var.{by_default[0]}`"
    return Finding(
        listed.name_range if listed and not others else first.header_range,
        message,
        related=tuple(Related(build.header_range, "started at the same time") for build in others),
        hint=f"run `packer build -parallel-builds={limit}`, select with `-only`, or split the template",
        softened=bool(by_default) or most_on_one_host(uses) <= limit,
    )
