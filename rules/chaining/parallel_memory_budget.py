"""The machines that one `packer build` starts → whether their memory is more than a host has."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.chain.host import most_on_one_host
from packlint.chain.memory import Memory, memory
from packlint.effective import names
from packlint.model import Configuration, SourceUse
from packlint.record import record

MOST_LISTED = 5
"""How many machines a message lists."""


class ParallelMemoryBudget(Rule):
    """Flags templates whose machines together take more memory than a budget.

    `packer build` starts every source of every build at the same moment, each with a machine of its own on
    this host. Packer and its plugins look at most whether there is room for one: when the host has no more,
    machines are killed, or swap until the wait for SSH ends.

    Limit the run with `packer build -parallel-builds=1`, build some with `-only`, or give the machines less:
    few installations need more than 2048 MB.

    What the template says counts, and the plugin's own size where it says nothing. Machines whose size comes
    from a variable, or from what they are made of, do not count, nor do clouds and hypervisors elsewhere.
    Where half of the sizes or more are not known the rule is silent. The finding is a note where no single
    host can run all of the machines, and those that one can keep to the budget.

    References:
    https://developer.hashicorp.com/packer/docs/commands/build#parallel-builds-n
    """

    category = Category.CHAINING
    severity = Severity.WARNING
    precision = Precision.MEDIUM
    looks_for = ("<several uses>", "memory", "memory_gb", "vboxmanage", "prlctl", "qemuargs", "vmx_data")

    @record
    class Options:
        """`memory_budget_mb` megabytes may be taken at once."""

        memory_budget_mb: int = 16384

    examples = (
        Bad(
            """
            source "qemu" "node" {
              memory = 13000
            }

            build { # finding: take 26000 MB at once, over the budget of 16384 MB
              sources = ["source.qemu.node"]
              source "qemu.node" {
                name = "second"
              }
            }
            """
        ),
        Bad(
            """
            source "virtualbox-iso" "a" {
              memory     = 1024
              vboxmanage = [["modifyvm", "{{ .Name }}", "--memory", "12288"]]
            }
            source "vmware-iso" "b" {
              vmx_data = {
                memsize = "8192"
              }
            }

            build { # finding: take 20480 MB at once
              sources = ["source.virtualbox-iso.a", "source.vmware-iso.b"]
            }
            """
        ),
        Good(
            """
            source "qemu" "node" {
              memory = 8192
            }
            source "virtualbox-iso" "node" {}

            build {
              sources = ["source.qemu.node", "source.virtualbox-iso.node"]
            }
            """
        ),
        Good(
            """
            source "proxmox-iso" "large" {
              memory = 65536
            }
            source "vmware-iso" "large" {
              memory      = 65536
              remote_type = "esx5"
            }

            build {
              sources = ["source.proxmox-iso.large", "source.vmware-iso.large"]
            }
            """
        ),
        Good(
            """
            variable "memory" {}

            source "qemu" "small" {
              memory = var.memory
            }
            source "qemu" "large" {
              memory = 24576
            }

            build {
              sources = ["source.qemu.small", "source.qemu.large"]
            }
            """
        ),
    )

    options: Options

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        builds = [build for build in configuration.builds if build.uses]
        taken = [(use, size) for build in builds for use in build.uses if (size := memory(use))]
        together = sum(size.megabytes for _, size in taken if size.certain)
        unsure = sum(not size.certain for _, size in taken)
        budget = self.options.memory_budget_mb
        if together <= budget or 2 * unsure >= len(taken):
            return
        sizes = {id(use): size.megabytes * size.certain for use, size in taken}
        most = "at least " if unsure else ""
        first, *others = builds
        yield Finding(
            first.header_range,
            f"{_subject(taken)} {most}{together} MB at once, over the budget of {budget} MB",
            related=tuple(Related(build.header_range, "started at the same time") for build in others),
            hint=_hint(taken, budget),
            softened=most_on_one_host([use for use, _ in taken], lambda use: sizes[id(use)]) <= budget,
        )


def _subject(taken: list[tuple[SourceUse, Memory]]) -> str:
    if len(taken) == 1:
        return f"the machine of {names((taken[0][0],))} takes"
    return f"the {len(taken)} machines of this template take"


def _hint(taken: list[tuple[SourceUse, Memory]], budget: int) -> str:
    if any(size.certain and size.megabytes > budget for _, size in taken):
        return f"give them less: {_listed(taken)}"
    return f"run `packer build -parallel-builds=1`, or give them less: {_listed(taken)}"


def _listed(taken: list[tuple[SourceUse, Memory]]) -> str:
    """The largest machines with what they take."""
    largest = sorted(taken, key=lambda it: -it[1].megabytes)
    listed = [
        f"{names((use,))} {'' if size.certain else 'perhaps '}{size.megabytes} MB"
        for use, size in largest[:MOST_LISTED]
    ]
    more = len(taken) - MOST_LISTED
    return ", ".join(listed) + (f" and {more} more" if more > 0 else "")
