"""The sources that a template starts together → hypervisors that cannot share a host."""

from collections.abc import Iterator, Mapping

from packlint import Bad, Category, Finding, Good, Precision, Preset, Related, Rule, Severity
from packlint.chain.host import EXCLUSIVE, hosts_of, hypervisor, local
from packlint.effective import names
from packlint.model import Configuration, SourceUse


class HypervisorHostConflict(Rule):
    """Flags templates that start hypervisors which cannot share a host.

    Only one hypervisor at a time has the processor's virtualization: a virtual machine of VirtualBox does not
    start beside one of QEMU with KVM (`VERR_VMX_IN_VMX_ROOT_MODE`), and next to Hyper-V VirtualBox is slow or
    does not start at all. Others have no operating system in common: Hyper-V runs on Windows, and Parallels,
    Tart, Anka, Lume and UTM run on macOS. `packer build` starts all sources of a template at once, so that
    some of them fail wherever it is run.

    Build them apart, each with `packer build -only=…`, or one after the other with `-parallel-builds=1` where
    they have a host in common.

    The finding is a note where the template is meant to be built in parts: where one build has the sources,
    which are then the same image for several hypervisors, and where no host could build the whole. It is one
    for Hyper-V with VirtualBox, too, which from release 6 on can work beside it.

    References:
    https://developer.hashicorp.com/packer/docs/commands/build
    https://github.com/hashicorp/packer/issues/924
    """

    category = Category.CHAINING
    severity = Severity.WARNING
    precision = Precision.HIGH
    preset = Preset.STRICT
    looks_for = ("<several uses>",)

    examples = (
        Bad(
            """
            source "qemu" "debian" {
              accelerator = "kvm"
            }
            source "virtualbox-iso" "debian" {
              output_directory = "output-virtualbox"
            }

            build {
              sources = ["source.qemu.debian"]
            }
            build { # finding: `virtualbox-iso.debian` cannot run beside `qemu.debian`
              sources = ["source.virtualbox-iso.debian"]
            }
            """
        ),
        Bad(
            """
            source "hyperv-iso" "debian" {}
            source "parallels-iso" "ubuntu" {}

            build { # finding: no host runs both `hyperv-iso.debian` and `parallels-iso.ubuntu`
              sources = ["source.hyperv-iso.debian", "source.parallels-iso.ubuntu"]
            }
            """
        ),
        Good(
            """
            source "qemu" "debian" {
              accelerator = "tcg"
            }
            source "virtualbox-iso" "ubuntu" {}
            source "vmware-iso" "rocky" {}

            build {
              sources = ["source.qemu.debian", "source.virtualbox-iso.ubuntu", "source.vmware-iso.rocky"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        first: dict[str, SourceUse] = {}
        built: dict[str, int] = {}
        for number, build in enumerate(configuration.builds):
            for use in build.uses:
                if local(use):
                    first.setdefault(hypervisor(use), use)
                    built.setdefault(use.key, number)
        conflict = _conflict(first)
        if conflict is None:
            return
        message, (one, other), certain = conflict
        yield Finding(
            configuration.builds[built[other.key]].header_range,
            message,
            related=(
                Related(one.range, f"{names((one,))} is started"),
                Related(other.range, f"{names((other,))} is started at the same time"),
            ),
            hint="build them apart, each with `packer build -only=…`",
            softened=built[one.key] == built[other.key] or not (certain and hosts_of(tuple(first.values()))),
        )


def _conflict(
    first: Mapping[str, SourceUse],
) -> tuple[str, tuple[SourceUse, SourceUse], bool] | None:
    """What cannot run together, the worst first: a message, the two sources, and whether that is certain."""
    for one, other, certain in EXCLUSIVE:
        use, beside = first.get(one), first.get(other)
        if use is not None and beside is not None:
            verb = "cannot" if certain else "may not"
            said = f"{names((use,))} {verb} run beside {names((beside,))} on one host"
            return said, (beside, use), certain
    known = [use for use in first.values() if hosts_of((use,)) != ()]
    for use in known:
        for other_use in known:
            if use is not other_use and not hosts_of((use, other_use)):
                return f"no host runs both {names((use,))} and {names((other_use,))}", (use, other_use), False
    return None
