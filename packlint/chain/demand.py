"""A source → what its machine takes of the host that Packer runs on: memory and processors."""

from __future__ import annotations

import math
import re

from packlint.chain.host import local
from packlint.chain.memory import CLONES, SIZES, entry_of_vmx, memory, number, told
from packlint.model import Arguments, SourceUse
from packlint.named import NamedTuple
from packlint.traits import builder

ONE = 1
"""Processors of a machine for which nobody says how many: what the plugins give where they give a number."""

PROCESSORS = {
    **dict.fromkeys(("virtualbox-iso", "vmware-iso", "qemu", "hyperv-iso", "hyperv-vmcx"), "cpus"),
    **dict.fromkeys(("parallels-iso", "parallels-ipsw", "utm-iso", "utm-cloud"), "cpus"),
    "libvirt": "vcpu",
    "tart-cli": "cpu_count",
}
"""The argument of each builder that says how many, 1 where it is not given (`HWConfig.Prepare`)."""

LATER = {
    "virtualbox": ("vboxmanage", "--cpus"),
    "parallels": ("prlctl", "--cpus"),
    "qemu": ("qemuargs", "-smp"),
}
"""Commands by which a template sets it after all, by the provider."""

TOPOLOGY = ("sockets", "dies", "clusters", "cores", "threads")
"""What the processors of QEMU are the product of where their number is not said (`qemu -smp`)."""

_SMP = re.compile(r",(?:([a-z]+)=)?([0-9]{1,6})(?=,|\Z)")


class Demand(NamedTuple):
    """What a machine takes: megabytes and processors; `certain` is False where one of them is a guess."""

    memory: int = 0
    cpus: int = 0
    certain: bool = True


def demand(use: SourceUse) -> Demand:
    """What the machine of a source takes of this host; nothing for one elsewhere, or where there is none."""
    known = builder(use.type)
    size = memory(use)
    if known is None or not local(use) or not (known.type in SIZES or known.type in CLONES):
        return Demand()
    found = _said_later(use.arguments, known.provider)
    if found is None:
        found = _given(use.arguments, known.type)
    cpus, certain = found
    return Demand(size.megabytes if size else 0, cpus, certain and (size is None or size.certain))


def _given(arguments: Arguments, type_: str) -> tuple[int, bool]:
    """How many processors the arguments say, and whether that is more than a guess."""
    name = PROCESSORS.get(type_)
    if name is None or (type_ == "tart-cli" and name not in arguments):
        return ONE, False
    # 0 is not given, as for memory.
    if name in arguments and (said := number(arguments.value(name))) != 0:
        return (said, True) if said else (ONE, False)
    if type_ != "qemu":
        return ONE, True
    # Of nothing but a topology the plugin makes the number (builder/qemu/config.go, QemuSMPConfig).
    parts = [number(arguments.value(part)) for part in TOPOLOGY if part in arguments]
    return math.prod(part or ONE for part in parts if part is not None), None not in parts


def _said_later(arguments: Arguments, provider: str) -> tuple[int, bool] | None:
    """What a command of the template gives the machine; a guess where the command is not known."""
    if provider == "vmware":
        value = entry_of_vmx(arguments, "numvcpus")
    else:
        value = told(arguments, *LATER.get(provider, ("", "")))
    if value is None:
        return None
    found = number(value)
    if found is None and provider == "qemu":
        found = _smp(value.known(str) or "")
    return (found, True) if found else (ONE, False)


def _smp(text: str) -> int | None:
    """The number of processors in the value of `-smp`: `4`, `cpus=4,cores=2` or `sockets=2,cores=2`."""
    said = dict(_SMP.findall(f",{text}"))
    if count := said.get("", said.get("cpus")):
        return int(count)
    parts = [int(said[part]) for part in TOPOLOGY if part in said]
    return math.prod(parts) if parts else None
