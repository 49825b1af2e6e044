"""The strings of a legacy template → what is wrong with the Go templates in them."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.diagnostic import Severity
from packlint.document import Range
from packlint.lower import gotemplate
from packlint.lower.decode import Decoder, entries, field
from packlint.lower.interpolation import LATER, LITERAL
from packlint.lower.legacy_root import Root
from packlint.lower.written import Written, of_key
from packlint.syntax import Expression, Object, ObjectItem, Template, Text, Tuple, walk


def _types(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PROVISIONERS = _types(
    """
    ansible ansible-local azure-dtlartifact breakpoint chef-client chef-solo converge file inspec powershell
    puppet-masterless puppet-server salt-masterless shell shell-local windows-restart windows-shell
    """
)

RENDERED = {
    "builders": _types(
        """
        alicloud-ecs amazon-chroot amazon-ebs amazon-ebssurrogate amazon-ebsvolume amazon-instance azure-arm
        azure-chroot azure-dtl cloudstack digitalocean docker file googlecompute hcloud hyperv-iso hyperv-vmcx
        lxc lxd ncloud null oneandone openstack oracle-classic oracle-oci parallels-iso parallels-pvm
        profitbricks proxmox proxmox-clone proxmox-iso qemu scaleway tencentcloud-cvm triton vagrant
        virtualbox-iso virtualbox-ovf virtualbox-vm vmware-iso vmware-vmx vsphere-clone vsphere-iso
        """
    ),
    "provisioners": _PROVISIONERS,
    "error-cleanup-provisioner": _PROVISIONERS,
    "post-processors": _types(
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

AS_TEXT = "where two braces are meant as text, write ``{{`{{`}}``"


def check_strings(root: Root, decoder: Decoder) -> None:
    """Tells the strings that are no templates of Go where Packer is sure to render them."""
    _check_defaults(root.value("variables"), decoder)
    for section, types in RENDERED.items():
        for item in _components(root.value(section)):
            type_ = field(item.items, "type")
            if type_ is None or not isinstance(type_.value, Template) or type_.value.literal not in types:
                continue
            for name, entry in entries(item):
                if name.lower() not in LITERAL[section]:
                    for found, text in _faults(entry.value):
                        message, hint = _told(found, text)
                        decoder.refuse(_place(found, text), message, hint)


def _check_defaults(variables: Expression | None, decoder: Decoder) -> None:
    """A default is not rendered where `-var` or a variable file has another value."""
    for _, item in entries(variables) if isinstance(variables, Object) else ():
        if not isinstance(item.value, Template):
            continue
        for found, text in _faults(item.value):
            # What has a field in it is left for the plugins.
            if gotemplate.fault(LATER.sub("", text.text)) is not None:
                message, hint = _told(found, text)
                message += ", so that Packer cannot render the default"
                decoder.refuse(_place(found, text), message, hint, severity=Severity.WARNING)


def _components(value: Expression | None) -> Iterator[Object]:
    """The objects of an array, or of the arrays in it, or the only one."""
    if isinstance(value, Tuple):
        for item in value.items:
            yield from _components(item)
    elif isinstance(value, Object):
        yield value


def _faults(value: Expression) -> Iterator[tuple[gotemplate.Fault, Written]]:
    """What is wrong in each string of a value, also in keys."""
    for node in walk(value):
        if isinstance(node, ObjectItem) and isinstance(node.key, Text):
            text, place = node.key.value, of_key(node.key.range)
        elif isinstance(node, Template) and node.parts:
            text, place = node.literal or "", node.parts[0].range
        else:
            continue
        found = gotemplate.fault(text) if "{{" in text else None
        if found is not None:
            yield found, Written(text, place)


def _place(found: gotemplate.Fault, text: Written) -> Range:
    return text.range(found.start, min(found.at + 1, len(text.text)))


def _told(found: gotemplate.Fault, text: Written) -> tuple[str, str]:
    """What is wrong, and what to do."""
    at = text.text[found.at : found.at + 1]
    if at in ("", "}") and not text.text.startswith("}}", found.at):
        return "`{{` is not closed by `}}`", f"close it; {AS_TEXT}"
    if at == "}":
        return "nothing stands between `{{` and `}}`", AS_TEXT
    if at in ('"', "`", "'"):
        return "a string between `{{` and `}}` is not closed", "close it with the quote that opens it"
    shown = f"`{at}`" if at.isprintable() else f"the character U+{ord(at):04X}"
    return f"{shown} cannot stand between `{{{{` and `}}}}`", AS_TEXT
