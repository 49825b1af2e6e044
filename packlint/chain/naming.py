"""A source → the name that its machine or image takes where a name can be taken once."""

from __future__ import annotations

from packlint.chain.written import same_in_a_run
from packlint.model import Argument, SourceUse
from packlint.named import NamedTuple
from packlint.traits import builder


class Naming(NamedTuple):
    """How builders of one platform name what has to be unique there.

    It is so within what `target` names: arguments that are equal, or missing, in both sources. `where` ends a
    sentence, and `stops` tells that the platform refuses the second.
    """

    where: str
    builders: tuple[str, ...]
    name: str
    target: tuple[str, ...] = ()
    stops: bool = True


AMAZON = ("amazon-ebs", "amazon-ebssurrogate", "amazon-instance", "amazon-chroot")
PROXMOX = ("proxmox-iso", "proxmox-clone")
ACCOUNT = ("region", "profile", "access_key", "assume_role")
NODE = ("proxmox_url", "node")

NAMINGS = (
    Naming("on one VirtualBox", ("virtualbox-iso", "virtualbox-ovf"), "vm_name"),
    Naming(
        "on one Parallels", ("parallels-iso", "parallels-pvm", "parallels-ipsw", "parallels-macvm"), "vm_name"
    ),
    Naming("on one Hyper-V", ("hyperv-iso", "hyperv-vmcx"), "vm_name"),
    Naming("on one Tart", ("tart-cli",), "vm_name"),
    Naming(
        "on one vSphere",
        ("vsphere-iso", "vsphere-clone"),
        "vm_name",
        ("vcenter_server", "datacenter", "folder", "cluster"),
    ),
    Naming("on one Proxmox", PROXMOX, "vm_id", ("proxmox_url",)),
    Naming("on one Proxmox", PROXMOX, "template_name", NODE, stops=False),
    Naming("in one region of AWS", AMAZON, "ami_name", ACCOUNT),
    Naming(
        "on one Azure",
        ("azure-arm",),
        "managed_image_name",
        ("subscription_id", "managed_image_resource_group_name"),
    ),
    Naming("on one Google Cloud", ("googlecompute",), "image_name", ("project_id",)),
)
"""The rows are of platforms where a name is taken once: names in VMware's and QEMU's files are not."""


def name_of(naming: Naming, use: SourceUse) -> tuple[str, ...] | None:
    """What is equal for two sources whose names collide; None where that is not known."""
    known = builder(use.type)
    argument = use.arguments.get(naming.name)
    if known is None or known.type not in naming.builders or argument is None:
        return None
    if use.arguments.known("skip_create_ami", bool):
        return None  # no image, no name
    own = [use.arguments.get(name) for name in naming.target]
    said = [_said(argument) for argument in (argument, *own)]
    blocks = [block.range.text for name in naming.target for block in use.arguments.blocks_of(name)]
    return None if said[0] in ("=", "") or None in said else (*(it or "" for it in said), *blocks)


def _said(argument: Argument | None) -> str | None:
    return "" if argument is None else same_in_a_run(argument)
