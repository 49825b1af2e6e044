"""The sizes of disks → those with a unit that the builder does not take, or takes for another one."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Rule, Severity
from packlint.components import Component
from packlint.model import Arguments, Configuration
from packlint.pattern import pattern
from packlint.value import Value

IN_MEGABYTES = {
    "virtualbox-iso": "",
    "vmware-iso": "",
    "hyperv-iso": "",
    "parallels-iso": "",
    "vsphere-clone": "",
    "vsphere-iso": "storage",
}
"""Builders that count `disk_size` in megabytes, and the block that it stands in."""

LEAST, MOST = 1024, 2 * 1024 * 1024
"""A first disk of less than 1 GB, or of more than 2 TB, was meant in another unit."""

QEMU = pattern(r"[0-9]+[bkmgt]?", re.IGNORECASE)
"""What the builder checks (hashicorp/packer-plugin-qemu, builder/qemu/config.go)."""

TOO_LONG = pattern(r"([0-9]+) ?([kmgt])i?b?", re.IGNORECASE)


class DiskSizeUnit(Rule):
    """Flags disk sizes with a unit that the builder does not take.

    Every builder has its own way to say how large a disk is. `qemu` takes a number with one letter, as in
    `"40G"`, or a number of megabytes, and refuses `"40GB"`. The `disk_size` of a disk for Proxmox needs its
    letter: a bare number is no gigabytes there. VirtualBox, VMware, Hyper-V, Parallels and vSphere count
    megabytes, so that `disk_size = 40` is a disk which no system fits on; `argument-type-mismatch`
    flags a text such as `"40GB"` there.

    Write the size in the builder's unit. Without a letter it is a warning; a number of megabytes that is
    less than one gigabyte or more than two terabytes, which may be right, a note.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/iso
    """

    category = Category.SOURCES
    severity = Severity.ERROR
    looks_for = ("disk_size", "disk_additional_size")

    examples = (
        Bad(
            """
            variable "size" {
              default = "20 GB"
            }

            source "qemu" "letters" {
              disk_size            = "40GB" # finding: `disk_size` of builder `qemu` has a unit
              disk_additional_size = ["10G", var.size] # finding: with the default of `var.size`
            }

            source "proxmox-iso" "bare" {
              disks {
                disk_size = "32" # finding: `disk_size` of builder `proxmox-iso` has no unit
              }
            }

            source "virtualbox-iso" "gigabytes" {
              disk_size = 40 # finding: `disk_size` of builder `virtualbox-iso` is 40 MB
            }

            source "vsphere-iso" "kilobytes" {
              storage {
                disk_size = 41943040 # finding: `disk_size` of builder `vsphere-iso` is 41943040 MB
              }
            }
            """
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [
                    {
                      "type": "qemu",
                      "disk_size": "40 G"
                    },
                    {
                      "type": "vmware-iso",
                      "disk_size": "60"
                    }
                  ]
                }
                """
            },
            finds={"template.json:5": "has a unit that it does not take", "template.json:9": "is 60 MB"},
        ),
        Good(
            """
            variable "size" {
              default = ""
            }

            source "qemu" "letter" {
              disk_size            = "40g"
              disk_additional_size = ["1T"]
            }

            source "qemu" "megabytes" {
              disk_size = 40960
            }

            source "qemu" "supplied" {
              disk_size = "${var.size}M"
            }

            source "proxmox-iso" "letter" {
              disks {
                disk_size = "32G"
              }
            }

            source "virtualbox-iso" "megabytes" {
              disk_size            = 40960
              disk_additional_size = [100]
            }

            source "vsphere-iso" "second" {
              storage {
                disk_size = 40960
              }
              storage {
                disk_size = 512
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        if component.kind != "builder":
            return
        if component.name == "qemu":
            yield from _of_qemu(component, configuration)
        elif component.name in ("proxmox", "proxmox-iso", "proxmox-clone"):
            for disk in component.arguments.blocks_of("disks"):
                yield from _of_proxmox(component, disk.arguments, configuration)
        elif component.name in IN_MEGABYTES:
            yield from _in_megabytes(component, configuration)


def _of_qemu(component: Component, configuration: Configuration) -> Iterator[Finding]:
    for argument in filter(None, map(component.arguments.get, ("disk_size", "disk_additional_size"))):
        value = argument.worth
        texts = [text for item in value.items or (value,) if (text := item.known(str))]
        wrong = next((text for text in texts if not QEMU.fullmatch(text)), None)
        if wrong is None:
            continue
        from packlint.faults import defaults

        default = defaults([value], configuration)
        meant = TOO_LONG.fullmatch(wrong)
        yield Finding(
            argument.expression.range,
            f"`{argument.name}` of {component.noun} has a unit that it does not take{default.words}",
            related=default.related,
            hint=f'write "{meant[1]}{meant[2].upper()}"'
            if meant and not value.sensitive
            else 'write a number with one letter, such as "40G"',
        )


def _of_proxmox(component: Component, disk: Arguments, configuration: Configuration) -> Iterator[Finding]:
    argument, value = disk.get("disk_size"), disk.worth("disk_size")
    if argument is None or value is None:
        return
    if (value.text or "").isdecimal():
        from packlint.faults import defaults

        default = defaults([value], configuration)
        yield Finding(
            argument.expression.range,
            f"`disk_size` of {component.noun} has no unit{default.words}",
            related=default.related,
            hint='write a number with its letter, such as "40G"',
            softened=1,
        )


def _in_megabytes(component: Component, configuration: Configuration) -> Iterator[Finding]:
    block, body = IN_MEGABYTES[component.name], component.arguments
    bodies = [it.arguments for it in body.blocks_of(block)] if block else [body]
    argument = bodies[0].get("disk_size") if bodies else None
    size = _number(argument.worth) if argument is not None else None
    if argument is None or not size or LEAST <= size <= MOST:
        return
    from packlint.faults import defaults

    default = defaults([argument.worth], configuration)
    gigabytes = f", as in {size * 1024} for {size} GB" if size < LEAST else ""
    yield Finding(
        argument.expression.range,
        f"`disk_size` of {component.noun} is {size} MB{default.words}",
        related=default.related,
        hint=f"write the size in megabytes{gigabytes}",
        softened=2,
    )


def _number(value: Value) -> int | None:
    """A whole number that may be shown, also as text, which Packer converts."""
    text = None if value.sensitive else value.text
    if not text:
        return None
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None
