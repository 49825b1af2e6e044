"""Builders of one platform → the arguments that name what they make and what they start from."""

from __future__ import annotations

from packlint.named import NamedTuple


class Finder(NamedTuple):
    """A data source of a `type` that finds an image by its `name`; `argument` takes its `attribute`.

    `source_ami = data.amazon-ami.base.id` starts from what the filter of `data "amazon-ami" "base"` fits.
    """

    argument: str
    type: str
    attribute: str
    name: str


class Family(NamedTuple):
    """How the builders of one platform name what they make, `outputs`, and what they start from, `inputs`.

    A name is made of arguments, `{block.argument}` being one of a nested block. `latest` tells that several
    images may bear a name, of which the newest is taken. `steps` are post-processors that make such an image
    of what any builder made, each with its name for that. `others` tells that what is named so may come from
    elsewhere just as well, and `tags` that a name without a tag has the tag `latest`.
    """

    producers: tuple[str, ...]
    outputs: tuple[str, ...]
    consumers: tuple[str, ...]
    inputs: tuple[str, ...]
    paths: bool = False
    latest: bool = False
    steps: tuple[tuple[str, str], ...] = ()
    finders: tuple[Finder, ...] = ()
    others: bool = False
    tags: bool = False


BOX, DOCKER_TAG, DOCKER_IMPORT = "{vagrant-box}", "{docker-tag}", "{docker-import}"
"""Names that are not made of arguments alone."""

AMAZON = ("amazon-ebs", "amazon-ebssurrogate", "amazon-instance", "amazon-chroot")
PROXMOX = ("proxmox", "proxmox-iso", "proxmox-clone")

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
    Family(
        ("vagrant",),
        ("{output_dir}/package.box",),
        ("vagrant",),
        ("{source_path}",),
        paths=True,
        steps=(("vagrant", BOX),),
    ),
    # What a file is copied from is as often written by a script.
    Family(
        ("file",),
        ("{target}",),
        ("file",),
        ("{source}",),
        paths=True,
        steps=(("compress", "{output}"),),
        others=True,
    ),
    Family(("arm-image",), ("{output_filename}",), ("arm-image",), ("{iso_url}", "{iso_urls}"), paths=True),
    Family(("arm", "cross"), ("{image_path}",), ("arm", "cross"), ("{file_urls}",), paths=True),
    Family(PROXMOX, ("{template_name}", "{vm_name}"), ("proxmox-clone",), ("{clone_vm}",)),
    Family(PROXMOX, ("{vm_id}",), ("proxmox-clone",), ("{clone_vm_id}",)),
    Family(
        ("vsphere-iso", "vsphere-clone"),
        ("{vm_name}", "{folder}/{vm_name}"),
        ("vsphere-clone",),
        ("{template}",),
        finders=(Finder("template", "vsphere-virtualmachine", "vm_name", "{name}"),),
    ),
    Family(("azure-arm",), ("{managed_image_name}",), ("azure-arm",), ("{custom_managed_image_name}",)),
    Family(
        ("googlecompute",),
        ("{image_name}",),
        ("googlecompute",),
        ("{source_image}",),
        steps=(("googlecompute-import", "{image_name}"),),
    ),
    Family(
        ("googlecompute",),
        ("{image_family}",),
        ("googlecompute",),
        ("{source_image_family}",),
        latest=True,
        steps=(("googlecompute-import", "{image_family}"),),
    ),
    Family(
        ("digitalocean",),
        ("{snapshot_name}",),
        ("digitalocean",),
        ("{image}",),
        steps=(("digitalocean-import", "{image_name}"),),
        finders=(Finder("image", "digitalocean-image", "image_id", "{name}"),),
    ),
    Family(("hcloud",), ("{snapshot_name}",), ("hcloud",), ("{image}",)),
    Family(("openstack",), ("{image_name}",), ("openstack",), ("{source_image_name}",)),
    Family(("huaweicloud-ecs",), ("{image_name}",), ("huaweicloud-ecs",), ("{source_image_name}",)),
    Family(("ibmcloud-vpc",), ("{image_name}",), ("ibmcloud-vpc",), ("{vsi_base_image_name}",)),
    Family(("oracle-oci",), ("{image_name}",), ("oracle-oci",), ("{base_image_filter.display_name}",)),
    # Without a folder of its own a source starts from a public image.
    Family(
        ("yandex",),
        ("{folder_id}/{image_name}", "{target_image_folder_id}/{image_name}"),
        ("yandex",),
        ("{source_image_folder_id}/{source_image_name}",),
    ),
    Family(
        ("yandex",),
        ("{folder_id}/{image_family}", "{target_image_folder_id}/{image_family}"),
        ("yandex",),
        ("{source_image_folder_id}/{source_image_family}",),
        latest=True,
    ),
    Family(
        ("linode",),
        ("{image_label}",),
        ("linode",),
        (),
        latest=True,
        finders=(Finder("image", "linode-image", "id", "{label}"),),
    ),
    Family(
        ("oxide-instance",),
        ("{artifact_name}",),
        ("oxide-instance",),
        (),
        finders=(Finder("boot_disk_image_id", "oxide-image", "image_id", "{name}"),),
    ),
    Family(("cloudstack",), ("{template_name}",), ("cloudstack",), ("{source_template}",)),
    Family(("olvm",), ("{destination_template_name}",), ("olvm",), ("{source_template_name}",)),
    Family(
        ("ovirt", "ovirt-ovirt"),
        ("{template_name}",),
        ("ovirt", "ovirt-ovirt"),
        ("{source_template_name}",),
    ),
    Family(("lxd",), ("{output_image}",), ("lxd",), ("{image}",)),
    Family(("incus",), ("{output_image}",), ("incus",), ("{image}",)),
    Family(("tart-cli",), ("{vm_name}",), ("tart-cli",), ("{vm_base_name}",)),
    Family(
        AMAZON,
        ("{ami_name}",),
        (*AMAZON, "amazon-ebsvolume"),
        ("{source_ami_filter.filters.name}",),
        latest=True,
        steps=(("amazon-import", "{ami_name}"),),
        finders=(Finder("source_ami", "amazon-ami", "id", "{filters.name}"),),
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
    Family(
        ("docker",),
        (),
        ("docker",),
        ("{image}",),
        steps=(("docker-tag", DOCKER_TAG), ("docker-import", DOCKER_IMPORT)),
        tags=True,
    ),
)
"""The rows of the catalogue's table of chains, and what else names its images so."""
