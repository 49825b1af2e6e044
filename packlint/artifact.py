"""A source → the kind of artifact that Packer makes of it → what a chain of post-processors makes of that.

A kind is what the plugins compare, the artifact's `BuilderId`. The tables hold only what the plugins' sources
say (`builder/*/artifact.go` or `builder.go`, and `PostProcess` of `post-processor/*/post-processor.go`): a
component that is missing makes a kind that is not known, and so does everything after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from packlint.model import Argument, Arguments, PostProcessor, SourceUse
from packlint.record import record
from packlint.traits import builder
from packlint.value import Value

ArtifactKind = str
"""The `BuilderId` of an artifact, such as `mitchellh.virtualbox`."""

VAGRANT_BOX = "mitchellh.post-processor.vagrant"
ARTIFICE = "packer.post-processor.artifice"
COMPRESS = "packer.post-processor.compress"
CHECKSUM = "packer.post-processor.checksum"
DOCKER_EXPORT = "packer.docker"
DOCKER_IMAGE = "packer.post-processor.docker-import"
DOCKER_TAG = "packer.post-processor.docker-tag"
VMWARE = "mitchellh.vmware"
VMWARE_ESX = "mitchellh.vmware-esx"
VSPHERE = "jetbrains.vsphere"
VSPHERE_UPLOAD = "packer.post-processor.vsphere"

BUILDERS: dict[str, ArtifactKind] = {
    "amazon-chroot": "mitchellh.amazon.chroot",
    "amazon-ebs": "mitchellh.amazonebs",
    "amazon-ebssurrogate": "mitchellh.amazon.ebssurrogate",
    "amazon-ebsvolume": "mitchellh.amazon.ebsvolume",
    "amazon-instance": "mitchellh.amazon.instance",
    "azure-arm": "Azure.ResourceManagement.VMImage",
    "azure-chroot": "azure.chroot",
    "digitalocean": "pearkes.digitalocean",
    "file": "packer.file",
    "googlecompute": "packer.googlecompute",
    "hyperv-iso": "MSOpenTech.hyperv",
    "hyperv-vmcx": "MSOpenTech.hyperv",
    "lxc": "ustream.lxc",
    "null": "fnoeding.null",
    "openstack": "mitchellh.openstack",
    "parallels-iso": "packer.parallels",
    "parallels-pvm": "packer.parallels",
    "proxmox-clone": "proxmox.clone",
    "proxmox-iso": "proxmox.iso",
    "qemu": "transcend.qemu",
    "scaleway": "hashicorp.scaleway",
    "vagrant": "vagrant",
    "virtualbox-iso": "mitchellh.virtualbox",
    "virtualbox-ovf": "mitchellh.virtualbox",
    "virtualbox-vm": "mitchellh.virtualbox",
    "vsphere-clone": VSPHERE,
    "vsphere-iso": VSPHERE,
}
"""What the builders make whose artifact does not depend on their arguments."""

WITHOUT_FILES = frozenset(
    {
        *(kind for name, kind in BUILDERS.items() if name.startswith(("amazon-", "azure-"))),
        "pearkes.digitalocean",
        "packer.googlecompute",
        "fnoeding.null",
        "mitchellh.openstack",
        "proxmox.clone",
        "proxmox.iso",
        "hashicorp.scaleway",
        DOCKER_IMAGE,
        DOCKER_TAG,
    }
)
"""Artifacts that live with their platform: there is no file for a later step."""


@record
class Taker:
    """What a post-processor takes and makes.

    `only` are the kinds that it takes, None for all but those of `never`. `makes` is the kind that it makes,
    None where that is not known; `passes` tells that it hands on what it got. `wants` is for messages.
    """

    wants: str
    only: frozenset[ArtifactKind] | None = None
    never: frozenset[ArtifactKind] = frozenset()
    makes: ArtifactKind | None = None
    passes: bool = False

    def takes(self, kind: ArtifactKind) -> bool:
        """Whether it takes an artifact of that kind."""
        return kind in self.only if self.only is not None else kind not in self.never


def _file_import(wants: str) -> Taker:
    return Taker(wants, never=WITHOUT_FILES)


_IMAGES = frozenset({DOCKER_IMAGE, DOCKER_TAG})
_BOXES = frozenset({VAGRANT_BOX, ARTIFICE, "vagrant"})
_VAGRANT = frozenset(
    {
        "mitchellh.amazonebs",
        "mitchellh.amazon.instance",
        "mitchellh.virtualbox",
        VMWARE,
        VMWARE_ESX,
        "pearkes.digitalocean",
        "packer.googlecompute",
        "hashicorp.scaleway",
        "packer.parallels",
        "MSOpenTech.hyperv",
        "transcend.qemu",
        "ustream.lxc",
        "Azure.ResourceManagement.VMImage",
        DOCKER_IMAGE,
        DOCKER_TAG,
        "packer.file",  # of newer releases only: what depends on the version is taken
    }
)

TAKERS: dict[str, Taker] = {
    "artifice": Taker("any artifact", makes=ARTIFICE),
    "checksum": Taker("any artifact", makes=CHECKSUM),
    "compress": Taker("any artifact", makes=COMPRESS),
    "manifest": Taker("any artifact", passes=True),
    "shell-local": Taker("any artifact", passes=True),
    "vagrant": Taker("the machine that a builder made", only=_VAGRANT, makes=VAGRANT_BOX),
    "vagrant-cloud": Taker("a Vagrant box", only=_BOXES),
    "vagrant-registry": Taker("a Vagrant box", only=_BOXES),
    "docker-import": Taker(
        "a container's file system: `export_path` of the `docker` builder, or `artifice`",
        only=frozenset({DOCKER_EXPORT, ARTIFICE}),
        makes=DOCKER_IMAGE,
    ),
    "docker-tag": Taker("a committed or imported Docker image", only=_IMAGES, makes=DOCKER_TAG),
    "docker-push": Taker("a committed, imported or tagged Docker image", only=_IMAGES, makes=DOCKER_IMAGE),
    "docker-save": Taker("a committed, imported or tagged Docker image", only=_IMAGES, passes=True),
    "vsphere-template": Taker(
        "what `vsphere`, a vSphere builder or VMware on ESXi made",
        only=frozenset({VSPHERE_UPLOAD, VMWARE_ESX, VSPHERE, ARTIFICE}),
        passes=True,
    ),
    "vsphere": Taker("a .vmx, .ovf or .ova file", never=WITHOUT_FILES, makes=VSPHERE_UPLOAD),
    "googlecompute-export": Taker(
        "what `googlecompute` made", only=frozenset({"packer.googlecompute", ARTIFICE})
    ),
    "googlecompute-import": Taker("what `compress` or `artifice` made", only=frozenset({COMPRESS, ARTIFICE})),
    "exoscale-import": Taker(
        "what `qemu`, `file` or `artifice` made", only=frozenset({"transcend.qemu", "packer.file", ARTIFICE})
    ),
    "amazon-import": _file_import("a disk image in a file"),
}


@record
class Refused:
    """A post-processor cannot take what it is given; `wants` says, for a message, what it takes."""

    wants: str


def artifact_of(use: SourceUse) -> ArtifactKind | None:
    """The kind of artifact that a source makes; None where that is not known."""
    known = builder(use.type)
    if known is None or use.source is None:
        return None
    if known.type == "docker":
        return _of_docker(use.arguments)
    if known.type in ("vmware-iso", "vmware-vmx"):
        return VMWARE_ESX if "remote_type" in use.arguments else VMWARE
    return BUILDERS.get(known.type)


def _of_docker(arguments: Arguments) -> ArtifactKind | None:
    """hashicorp/packer-plugin-docker, builder/docker/builder.go: a committed image, or an exported file."""
    commit = arguments.known("commit", bool)
    if commit is None and "commit" in arguments:
        return None
    if commit:
        return DOCKER_IMAGE
    return DOCKER_EXPORT if "export_path" in arguments or "discard" in arguments else None


def after(step: PostProcessor, kind: ArtifactKind) -> ArtifactKind | Refused | None:
    """What a step makes of an artifact of that kind; None where that is not known."""
    taker = TAKERS.get(step.type)
    if taker is None:
        return None
    if step.type == "vagrant" and "provider_override" in step.arguments:
        return taker.makes
    if not taker.takes(kind):
        return Refused(taker.wants)
    return kind if taker.passes else taker.makes


def docker_tags(arguments: Arguments) -> Iterator[tuple[Argument, str]]:
    """The names that `docker-tag` gives an image, each with the argument that says it, as far as known.

    `latest` is the tag where none is given (hashicorp/packer-plugin-docker, post-processor/docker-tag).
    """
    repository = arguments.get("repository")
    name = _plain(repository.value) if repository else None
    if repository is None or name is None:
        return
    given = [argument for it in ("tag", "tags") if (argument := arguments.get(it))]
    if not given:
        yield repository, name if ":" in name.rpartition("/")[2] else f"{name}:latest"
    for argument in given:
        for item in argument.value.items or (argument.value,):
            if (tag := _plain(item)) is not None:
                yield argument, f"{name}:{tag}"


def _plain(value: Value) -> str | None:
    """A text that is known, may be shown, and that nothing fills in."""
    text = None if value.sensitive else value.text
    return text if text and "{{" not in text else None
