"""The sources of a run → those that one machine can start together, by what Packer's hosts can run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from packlint.model import Build, SourceUse
from packlint.pattern import pattern
from packlint.traits import builder

HOSTS = {
    "linux": frozenset({"virtualbox", "vmware", "qemu", "libvirt", "docker", "lxc", "lxd", "incus"}),
    "windows": frozenset({"virtualbox", "vmware", "hyperv", "qemu", "docker"}),
    "macos": frozenset(
        {"virtualbox", "vmware", "parallels", "utm", "tart", "lume", "anka", "veertu-anka", "qemu", "docker"}
    ),
}
"""The local hypervisors of each operating system that Packer may run on."""

ACCELERATORS = {"kvm": "linux", "whpx": "windows", "hvf": "macos"}
"""What QEMU's accelerators need."""

EXCLUSIVE = (("virtualbox", "kvm", True), ("virtualbox", "hyperv", False))
"""Hypervisors that want the processor's virtualization for themselves; it is not certain of newer releases.

(VirtualBox ends with `VERR_VMX_IN_VMX_ROOT_MODE` beside KVM, and works beside Hyper-V from release 6 on.)
"""

_ACCEL = pattern(r"(?:^|accel=)(kvm|whpx|hvf|tcg)\b")


def machines(build: Build) -> list[SourceUse]:
    """The sources that start a virtual machine or a container on hosts of one's own."""
    facts = [(use, builder(use.type)) for use in build.uses]
    return [use for use, fact in facts if fact and fact.platform in ("hypervisor", "container")]


def local(use: SourceUse) -> bool:
    """Whether a source works on the machine that Packer runs on.

    VMware's builders work on a host of ESXi where `remote_type` says so.
    """
    facts = builder(use.type)
    return facts is not None and facts.local and "remote_type" not in use.arguments


def runs_on(use: SourceUse, host: str) -> bool:
    """Whether a host with that operating system can start a source; one that is remote, any can."""
    facts = builder(use.type)
    if facts is None or not facts.local or facts.provider not in _LOCAL:
        return True
    return facts.provider in HOSTS[host] and ACCELERATORS.get(accelerator(use) or "", host) == host


def accelerator(use: SourceUse) -> str | None:
    """What QEMU is told to run a machine with, by the argument or on its command line."""
    given = use.arguments.value("qemuargs")
    for line in (given.items or ()) if given is not None else ():
        option, *values = [word.known(str) or "" for word in line.items or ()] or [""]
        if option == "-enable-kvm":
            return "kvm"
        found = _ACCEL.search(values[0]) if values and option in ("-machine", "-M", "-accel") else None
        if found is not None:
            return found[1]
    return use.arguments.known("accelerator", str)


def hypervisor(use: SourceUse) -> str:
    """What runs the machine of a source, as `EXCLUSIVE` has it: `kvm` for QEMU that is told to use that."""
    facts = builder(use.type)
    provider = facts.provider if facts else use.type
    return "kvm" if provider == "qemu" and accelerator(use) == "kvm" else provider


_LOCAL = frozenset().union(*HOSTS.values())


def hosts_of(uses: Sequence[SourceUse]) -> tuple[str, ...]:
    """The operating systems on which all of the sources can be started together."""
    return tuple(host for host in HOSTS if all(runs_on(use, host) for use in uses))


def most_on_one_host(uses: Sequence[SourceUse], worth: Callable[[SourceUse], int] = lambda use: 1) -> int:
    """The most that the sources come to which one host can start, each counted for what it is worth."""
    return max(sum(worth(use) for use in uses if runs_on(use, host)) for host in HOSTS)
