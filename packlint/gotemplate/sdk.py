"""Facts about the Go templates of Packer's SDK: which functions they have, and which components render them.

(hashicorp/packer-plugin-sdk, template/interpolate/funcs.go)
"""

from __future__ import annotations

from collections.abc import Container

from packlint.named import NamedTuple


class Signature(NamedTuple):
    """The parameters of a function; `rest` is the type of any number of further arguments."""

    parameters: tuple[type, ...] = ()
    rest: type | None = None


FUNCTIONS = {
    "aws_secretsmanager": Signature(rest=str),
    "aws_secretsmanager_raw": Signature((str,)),
    "build": Signature((str,)),
    "build_name": Signature(),
    "build_type": Signature(),
    "consul_key": Signature((str,)),
    "env": Signature((str,)),
    "isotime": Signature(rest=str),
    "lower": Signature((str,)),
    "packer_version": Signature(),
    "pwd": Signature(),
    "replace": Signature((str, str, int, str)),
    "replace_all": Signature((str, str, str)),
    "sed": Signature((str, str)),
    "split": Signature((str, str, int)),
    "strftime": Signature((str,)),
    "template_dir": Signature(),
    "timestamp": Signature(),
    "upper": Signature((str,)),
    "user": Signature((str,)),
    "uuid": Signature(),
    "vault": Signature((str, str)),
}
"""What the SDK adds to Go's own functions; all of them give a text."""

BUILTINS = frozenset(
    {"and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print"}
    | {"printf", "println", "slice", "urlquery"}
)
"""Go's own functions (text/template, `builtins`)."""

ADDED = frozenset({"clean_resource_name", "clean_ami_name", "clean_image_name"})
"""What some builders add, under its name of today and older ones."""

_EVERYWHERE = FUNCTIONS.keys() | BUILTINS

NAMES = _EVERYWHERE | ADDED
"""Every function that some component has."""

VARIABLES_ONLY = frozenset({"aws_secretsmanager", "aws_secretsmanager_raw", "consul_key", "env", "vault"})
"""What fails anywhere but in the `variables` of a legacy template."""


CORE = {
    "builder": frozenset({"file", "null"}),
    "provisioner": frozenset(
        {"breakpoint", "file", "powershell", "shell", "shell-local", "windows-restart", "windows-shell"}
    ),
    "post-processor": frozenset({"artifice", "checksum", "compress", "manifest", "shell-local"}),
}
"""Packer's own components, which add no function (hashicorp/packer, command/execute.go)."""


def _types(names: str) -> frozenset[str]:
    return frozenset(names.split())


RENDERING = {
    "builder": _types(
        """
        alicloud-ecs amazon-chroot amazon-ebs amazon-ebssurrogate amazon-ebsvolume amazon-instance azure-arm
        azure-chroot azure-dtl cloudstack digitalocean docker file googlecompute hcloud hyperv-iso hyperv-vmcx
        lxc lxd ncloud null oneandone openstack oracle-classic oracle-oci parallels-iso parallels-pvm
        profitbricks proxmox proxmox-clone proxmox-iso qemu scaleway tencentcloud-cvm triton vagrant
        virtualbox-iso virtualbox-ovf virtualbox-vm vmware-iso vmware-vmx vsphere-clone vsphere-iso
        """
    ),
    "provisioner": _types(
        """
        ansible ansible-local azure-dtlartifact breakpoint chef-client chef-solo converge file inspec
        powershell puppet-masterless puppet-server salt-masterless shell shell-local windows-restart
        windows-shell
        """
    ),
    "post-processor": _types(
        """
        alicloud-import amazon-import artifice checksum compress digitalocean-import docker-import docker-push
        docker-save docker-tag exoscale-import googlecompute-export googlecompute-import manifest shell-local
        vagrant vagrant-cloud vsphere vsphere-template
        """
    ),
}
"""The components that refuse a bad template in whatever string, also in one that they do not render.

All that Packer 1.6.6 has, but for `jdcloud`; a plugin of another make need not render its strings.
(hashicorp/packer-plugin-sdk, template/interpolate/render.go)
"""


def functions(kind: str, type_: str) -> Container[str]:
    """The functions that a component has, or may have."""
    return _EVERYWHERE if type_ in CORE.get(kind, ()) else NAMES
