"""Images that are to be copied → builds that leave in them what belongs to one machine alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Preset, Rule, Severity
from packlint.effective import EffectiveStep, Instance, instances, names
from packlint.guest import guest_of
from packlint.model import Build, Configuration
from packlint.pattern import pattern
from packlint.project import Project
from packlint.shell.steps import scripts
from packlint.traits import HOST_SIDE, builder

COPIED = frozenset({"proxmox-iso", "proxmox-clone", "vsphere-iso", "vsphere-clone"})
"""Builders, beside those of clouds, whose results are templates of machines."""

NO_IMAGE = frozenset({"amazon-ebsvolume", "azure-dtl"})

SHELLS = frozenset({"shell", "powershell", "windows-shell"})
WITHOUT_EFFECT = HOST_SIDE | {"file", "windows-restart", "windows-update"}
"""Steps that clean nothing up; what a step of another type does is not to be seen here."""

_CLEANING = pattern(
    r"clean|machine-id|ssh_host|waagent|deprovision|sysprep|ec2launch|seal|minimi[sz]e|generali[sz]e|zero|shrink"
    r"|unregister|reset",
    re.IGNORECASE,
)


class ImageNotGeneralised(Rule):
    """Flags images for many machines that nobody prepares for being copied.

    What an installed system has for itself is copied with the image: `/etc/machine-id`, from which
    DHCP leases come, logs and package lists, and where no cloud gives each machine an identity of its own
    also the SSH host keys and the state of cloud-init. Two machines of one image may then get the same
    address, or cloud-init takes the copy for the machine that it has already set up. Windows wants `sysprep`
    for the same reasons.

    The rule looks at builds for clouds, for templates of Proxmox and vSphere, and for Vagrant. A build has a
    step for it where a name, a path or a command speaks of cleaning up, of `machine-id`, host keys, sealing
    and the like. Nothing is said where a step cannot be read, such as a missing script or a playbook, and
    where another template starts from the image.

    End with a step like `cloud-init clean --logs --machine-id && rm -f /etc/ssh/ssh_host_*`, on Azure with
    `waagent -deprovision+user -force`, on Windows with `sysprep /generalize`.

    References:
    https://cloudinit.readthedocs.io/en/latest/reference/cli.html
    https://developer.hashicorp.com/packer/integrations/hashicorp/azure/latest/components/builder/arm
    """

    category = Category.PROVISIONERS
    severity = Severity.NOTE
    precision = Precision.MEDIUM
    preset = Preset.STRICT

    examples = (
        Bad(
            """
            source "proxmox-iso" "web" {
              ssh_username = "root"
            }
            build { # finding: nothing prepares the image of `proxmox-iso.web` for being copied
              sources = ["proxmox-iso.web"]
              provisioner "shell" {
                inline = ["apt-get -y install nginx"]
              }
            }
            """
        ),
        Good(
            """
            source "proxmox-iso" "web" {
              ssh_username = "root"
            }
            source "qemu" "web" {
              ssh_username = "root"
            }
            build {
              sources = ["proxmox-iso.web"]
              provisioner "shell" {
                inline = ["apt-get -y install nginx", "truncate -s 0 /etc/machine-id"]
              }
            }
            build {
              sources = ["proxmox-iso.web"]
              provisioner "shell" {
                inline = ["apt-get -y install nginx"]
              }
              provisioner "ansible" {
                playbook_file = "site.yml"
              }
            }
            build {
              sources = ["qemu.web"]
              provisioner "shell" {
                inline = ["apt-get -y install nginx"]
              }
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for configuration in project.configurations:
            for build in configuration.builds:
                yield from _of_build(build, configuration, project)


def _of_build(build: Build, configuration: Configuration, project: Project) -> Iterator[Finding]:
    if build.open_steps:
        return
    bare = [
        instance.use
        for instance in instances(build)
        if _is_copied(instance)
        and any(it.step.type not in HOST_SIDE for it in instance.provisioners)
        and not any(_may_clean(it, configuration) for it in instance.provisioners)
        and not project.consumed(instance.use)
    ]
    if bare:
        windows = any((guest := guest_of(use)) is not None and guest.family == "windows" for use in bare)
        yield Finding(
            build.header_range,
            f"nothing prepares the image of {names(bare)} for being copied",
            hint="run `sysprep /generalize` last"
            if windows
            else "end with a step that empties `/etc/machine-id`, removes host keys and cleans cloud-init",
        )


def _is_copied(instance: Instance) -> bool:
    """Whether many machines are to be made of what a source gives."""
    known = builder(instance.use.type)
    if known is None or instance.use.source is None or instance.use.type in NO_IMAGE:
        return False
    if known.platform == "cloud" or instance.use.type in COPIED:
        return True
    local = known.platform == "hypervisor"
    return local and any(it.step.type == "vagrant" for it in instance.post_processors)


def _may_clean(step: EffectiveStep, configuration: Configuration) -> bool:
    """Whether a step cleans up, or does what cannot be seen."""
    if step.step.type in WITHOUT_EFFECT:
        return False
    if step.step.type not in SHELLS or not step.certain:
        return True
    name = step.step.name
    if _CLEANING.search(name.range.text if name else "") or _CLEANING.search(step.step.range.text):
        return True
    if step.step.type != "shell":
        return any(given in step.arguments for given in ("script", "scripts"))
    found = scripts(step.arguments, configuration)
    return not found or any(_CLEANING.search(it.text or "") or not it.script.whole for it in found)
