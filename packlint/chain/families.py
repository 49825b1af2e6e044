"""Builders of one platform → the arguments that name what they make and what they start from."""

from __future__ import annotations

from typing import NamedTuple


class Family(NamedTuple):
    """How the builders of one platform name what they make, `outputs`, and what they start from, `inputs`.

    A name is made of arguments, `{block.argument}` being one of a nested block. `latest` tells that several
    images may bear a name, of which the newest is taken.
    """

    producers: tuple[str, ...]
    outputs: tuple[str, ...]
    consumers: tuple[str, ...]
    inputs: tuple[str, ...]
    paths: bool = False
    latest: bool = False


FAMILIES = (
    Family(
        ("virtualbox-iso", "virtualbox-ovf", "virtualbox-vm"),
        tuple(
            f"{{output_directory}}/{{{name}}}.{suffix}"
            for name in ("output_filename", "vm_name")
            for suffix in ("ovf", "ova")
        ),
        ("virtualbox-ovf",),
        ("{source_path}",),
        paths=True,
    ),
    Family(
        ("vmware-iso", "vmware-vmx"),
        tuple(f"{{output_directory}}/{{vm_name}}.{suffix}" for suffix in ("vmx", "ovf", "ova")),
        ("vmware-vmx",),
        ("{source_path}",),
        paths=True,
    ),
    Family(
        ("qemu",),
        ("{output_directory}/{vm_name}",),
        ("qemu",),
        ("{iso_url}", "{iso_urls}"),
        paths=True,
    ),
    Family(
        ("hyperv-iso", "hyperv-vmcx"),
        ("{output_directory}", "{output_directory}/{vm_name}"),
        ("hyperv-vmcx",),
        ("{clone_from_vmcx_path}",),
        paths=True,
    ),
    Family(
        ("parallels-iso", "parallels-pvm", "parallels-ipsw", "parallels-macvm"),
        ("{output_directory}/{vm_name}.pvm", "{output_directory}/{vm_name}.macvm"),
        ("parallels-pvm", "parallels-macvm"),
        ("{source_path}",),
        paths=True,
    ),
    Family(("vagrant",), ("{output_dir}/package.box",), ("vagrant",), ("{source_path}",), paths=True),
    Family(
        ("proxmox", "proxmox-iso", "proxmox-clone"),
        ("{template_name}", "{vm_name}"),
        ("proxmox-clone",),
        ("{clone_vm}",),
    ),
    Family(("proxmox", "proxmox-iso", "proxmox-clone"), ("{vm_id}",), ("proxmox-clone",), ("{clone_vm_id}",)),
    Family(
        ("vsphere-iso", "vsphere-clone"),
        ("{vm_name}", "{folder}/{vm_name}"),
        ("vsphere-clone",),
        ("{template}",),
    ),
    Family(("azure-arm",), ("{managed_image_name}",), ("azure-arm",), ("{custom_managed_image_name}",)),
    Family(("googlecompute",), ("{image_name}",), ("googlecompute",), ("{source_image}",)),
    Family(
        ("googlecompute",), ("{image_family}",), ("googlecompute",), ("{source_image_family}",), latest=True
    ),
    Family(("digitalocean",), ("{snapshot_name}",), ("digitalocean",), ("{image}",)),
    Family(("hcloud",), ("{snapshot_name}",), ("hcloud",), ("{image}",)),
    Family(("tart-cli",), ("{vm_name}",), ("tart-cli",), ("{vm_base_name}",)),
    Family(
        ("amazon-ebs", "amazon-ebssurrogate", "amazon-instance", "amazon-chroot"),
        ("{ami_name}",),
        ("amazon-ebs", "amazon-ebssurrogate", "amazon-ebsvolume", "amazon-instance", "amazon-chroot"),
        ("{source_ami_filter.filters.name}",),
        latest=True,
    ),
    Family(
        ("azure-arm",),
        ("{shared_image_gallery_destination.gallery_name}/{shared_image_gallery_destination.image_name}",),
        ("azure-arm",),
        ("{shared_image_gallery.gallery_name}/{shared_image_gallery.image_name}",),
        latest=True,
    ),
    Family(("lume-cli",), ("{vm_name}",), ("lume-cli",), ("{vm_base_name}",)),
    Family(
        ("veertu-anka-vm-create", "veertu-anka-vm-clone"),
        ("{vm_name}",),
        ("veertu-anka-vm-clone",),
        ("{source_vm_name}",),
    ),
    Family(
        ("utm-iso", "utm-utm", "utm-cloud"),
        ("{output_directory}/{vm_name}.utm",),
        ("utm-utm",),
        ("{source_path}",),
        True,
    ),
    Family(("docker",), ("{docker-tag}",), ("docker",), ("{image}",)),
)
"""The rows of the catalogue's table of chains."""
