"""The first step of cloud images → package commands that race with those of the first boot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.communicator import communicator_of
from packlint.document import Range
from packlint.duration import seconds
from packlint.effective import EffectiveStep, Instance, instances, names
from packlint.guest import guest_of
from packlint.model import Build, Configuration, SourceUse, Step
from packlint.pattern import pattern
from packlint.shell.command import Command
from packlint.shell.steps import StepScript, scripts
from packlint.syntax import Tuple

CLOUDS = frozenset(
    {
        *("amazon-ebs", "amazon-ebssurrogate", "amazon-ebsvolume", "amazon-instance", "azure-arm"),
        *("digitalocean", "hcloud"),
    }
)
"""Builders whose images with `apt` set themselves up with cloud-init."""

PASSIVE = frozenset({"file", "shell-local", "breakpoint"})
"""Steps that say nothing of whether the first boot is over."""

_WAITING = pattern(
    r"cloud-init|boot-finished|lock::timeout|lock-frontend|dpkg/lock|\bfuser\b|\bflock\b|\blsof\b|apt-daily"
    r"|unattended|is-system-running|user_data|google-startup|\bretry\b",
    re.IGNORECASE,
)
"""What a script says that waits for it, or that keeps `apt` from racing."""

LONG_ENOUGH = 20
"""Seconds of sleep after which nothing is said."""

_APT = frozenset({"apt", "apt-get", "aptitude"})
_LOCKING = frozenset({"update", "install", "upgrade", "dist-upgrade", "full-upgrade", "remove", "purge"})


class NoCloudInitWait(Rule):
    """Flags `apt` commands that do not wait for the first boot to end.

    An image of a cloud sets itself up when it first boots: `cloud-init` writes the sources of packages and
    may install some, and `unattended-upgrades` starts. SSH answers before that is over. If the first
    thing a build does is `apt-get update` or `apt-get install`, it meets the lock of the other one, "Could
    not get lock /var/lib/dpkg/lock-frontend", or package lists that are not there yet, "Unable to locate
    package": now and then, and not when somebody looks.

    The rule reads the first step that works on the guest, where that is a `shell` step whose commands can be
    read and the image has cloud-init: on AWS, Azure, DigitalOcean and Hetzner Cloud, Ubuntu on Google
    Cloud, `qemu` with `disk_image`, and `proxmox-clone` with `cloud_init`. Nothing is said of other package
    managers, after a sleep of 20 seconds or more, in a loop or with `max_retries`, and where anything before
    mentions `cloud-init` or the lock.

    Let the first command be `cloud-init status --wait`. On images without cloud-init, give `apt-get` the
    option `-o DPkg::Lock::Timeout=300`, which waits for the lock alone.

    References:
    https://developer.hashicorp.com/packer/docs/debugging#issues-installing-ubuntu-packages
    """

    category = Category.PROVISIONERS
    severity = Severity.WARNING
    precision = Precision.MEDIUM
    fixable = Fixable.UNSAFE
    looks_for = ("shell",)

    examples = (
        Bad(
            """
            source "amazon-ebs" "web" {
              ssh_username = "ubuntu"
            }
            build {
              sources = ["amazon-ebs.web"]
              provisioner "file" {
                source      = "web.conf"
                destination = "/tmp/web.conf"
              }
              provisioner "shell" {
                inline = [
                  "set -e",
                  "sudo apt-get update", # finding: `apt-get update` may run before the first boot
                  "sudo apt-get install -y nginx",
                ]
              }
            }
            """,
            fixed="""
            source "amazon-ebs" "web" {
              ssh_username = "ubuntu"
            }
            build {
              sources = ["amazon-ebs.web"]
              provisioner "file" {
                source      = "web.conf"
                destination = "/tmp/web.conf"
              }
              provisioner "shell" {
                inline = [
                  "cloud-init status --wait",
                  "set -e",
                  "sudo apt-get update",
                  "sudo apt-get install -y nginx",
                ]
              }
            }
            """,
        ),
        Bad(
            """
            source "qemu" "web" {
              disk_image   = true
              iso_url      = "https://example.com/debian-13-generic-amd64.qcow2"
              iso_checksum = "none"
              ssh_username = "debian"
            }
            build {
              sources = ["qemu.web"]
              provisioner "shell" {
                inline = ["sudo apt-get -y install nginx"] # finding: `apt-get install` may run before
              }
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "web" {
              ssh_username = "ubuntu"
            }
            build {
              sources = ["amazon-ebs.web"]
              provisioner "shell" {
                inline = ["cloud-init status --wait", "sudo apt-get update"]
              }
              provisioner "shell" {
                inline = ["sudo apt-get install -y nginx"]
              }
            }
            build {
              sources = ["amazon-ebs.web"]
              provisioner "shell" {
                pause_before = "30s"
                inline       = ["sudo apt-get update"]
              }
            }
            build {
              sources = ["amazon-ebs.web"]
              provisioner "shell" {
                inline = [
                  "until sudo apt-get update; do sleep 5; done",
                  "sudo apt-get -o DPkg::Lock::Timeout=300 install -y nginx",
                ]
              }
            }
            build {
              sources = ["amazon-ebs.web"]
              provisioner "ansible" {
                playbook_file = "site.yml"
              }
              provisioner "shell" {
                inline = ["sudo apt-get update"]
              }
            }
            build {
              sources = ["amazon-ebs.web"]
              provisioner "shell" {
                inline = ["sudo yum -y update", "echo apt-get update"]
              }
            }
            """
        ),
        Good(
            """
            source "qemu" "web" {
              iso_url      = "https://example.com/debian-13-netinst-amd64.iso"
              iso_checksum = "none"
              ssh_username = "root"
            }
            build {
              sources = ["qemu.web"]
              provisioner "shell" {
                inline = ["apt-get update"]
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        racing: dict[Step, tuple[EffectiveStep, list[SourceUse]]] = {}
        for instance in () if build.open_steps else instances(build):
            first = _first(instance) if _boots_cloud_image(instance.use) else None
            if first is not None:
                racing.setdefault(first.step, (first, []))[1].append(instance.use)
        for step, uses in racing.values():
            yield from _race(step, uses, configuration)


def _boots_cloud_image(use: SourceUse) -> bool:
    """Whether a source boots an image that sets itself up with cloud-init, if it has `apt`."""
    if use.source is None or communicator_of(use) != "ssh":
        return False
    guest = guest_of(use)
    if guest is not None and guest.family == "windows":
        return False
    match use.type:
        case "qemu":
            return use.arguments.known("disk_image", bool) is True
        case "proxmox-clone":
            return use.arguments.known("cloud_init", bool) is True
        case "googlecompute":
            # Its images of Debian come without cloud-init.
            return guest is not None and any(it.system.name == "Ubuntu" for it in guest.evidence)
    return use.type in CLOUDS


def _first(instance: Instance) -> EffectiveStep | None:
    """The first step that works on the guest, where it is one that may race."""
    for step in instance.provisioners:
        if not step.certain:
            return None
        if step.step.type not in PASSIVE:
            return step if step.step.type == "shell" and not _waits(step) else None
    return None


def _waits(step: EffectiveStep) -> bool:
    """Whether the step begins late, or is tried again."""
    meta = step.step.meta
    pause = meta.get("pause_before")
    if pause is not None:
        text = pause.value.known(str)
        length = seconds(text) if text else None
        if text is None or length is None or length >= LONG_ENOUGH:
            return True
    return "max_retries" in meta


def _race(step: EffectiveStep, uses: Sequence[SourceUse], configuration: Configuration) -> Iterator[Finding]:
    found = scripts(step.arguments, configuration)
    for script in found if any(it.mentions(_APT) for it in found) else ():
        if not script.script.whole:
            return  # it may do anything
        for command in script.commands():
            if _WAITING.search(script.text or "", 0, command.end) or _pauses(command):
                return
            if command.name in _APT:
                if _locks(command):
                    yield _finding(command, script, uses)
                return


def _pauses(command: Command) -> bool:
    """Whether a command sleeps long enough, or runs what cannot be read."""
    if command.name == "sleep":
        text = (command.texts or ("",))[0] or ""
        length = seconds(text if text[-1:].isalpha() else f"{text}s")
        return length is None or length >= LONG_ENOUGH
    return command.name is None or command.name in ("bash", "sh", ".", "source") or command.repeated


def _locks(command: Command) -> bool:
    subcommand = next((text for text in command.texts if text and not text.startswith("-")), None)
    return subcommand in _LOCKING and not command.asked


def _finding(command: Command, script: StepScript, uses: Sequence[SourceUse]) -> Finding:
    subcommand = next(text for text in command.texts if text and not text.startswith("-"))
    return Finding(
        script.range(command.words[0].start, command.words[-1].end),
        f"`{command.name} {subcommand}` may run before the first boot of {names(uses)} is over",
        hint="let the first command be `cloud-init status --wait`",
        fix=_fix(script),
    )


def _fix(script: StepScript) -> Fix | None:
    """Another first command in a list."""
    written = script.argument.expression
    if script.argument.name != "inline" or not isinstance(written, Tuple) or not written.items:
        return None
    first = written.items[0].range
    text = first.document.text
    blanks = text[written.range.start + 1 : first.start]
    if blanks.strip() or not text.startswith('"', first.start):
        return None
    place = Range(first.document, first.start, first.start)
    edit = Edit(place, f'"cloud-init status --wait",{blanks or " "}')
    return Fix("wait for cloud-init first", (edit,), safe=False)
