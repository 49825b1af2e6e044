"""The links of a chain → those whose source cannot read what its base writes."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.effective import names
from packlint.model import Arguments
from packlint.project import Link, Project


class ChainFormatMismatch(Rule):
    """Flags a source that cannot read what its base writes.

    The path is right but for what lies there. `virtualbox-iso` exports `.ovf` unless `format` says `ova`,
    and nothing with `skip_export`; `vmware-vmx` clones `.vmx` files and takes no `.ovf` or `.ova`;
    `hyperv-vmcx` needs the exported machine, of which `skip_export` leaves only the disks; `qemu` takes the
    disk of another build for an installation medium unless `disk_image` is true. Packer finds out when the
    base has long been built.

    Let the source read what the base writes, or the base write what the source reads.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/ovf
    https://developer.hashicorp.com/packer/integrations/hashicorp/vmware/latest/components/builder/vmx
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    https://github.com/hashicorp/packer/issues/11041
    """

    category = Category.CHAINING
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<link>",)

    examples = (
        Bad(
            {
                "base/base.pkr.hcl": """
                source "vmware-iso" "base" {
                  vm_name = "base"
                  format  = "ova"
                }
                build {
                  sources = ["source.vmware-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "vmware-vmx" "web" {
                  source_path = "../base/output-base/base.ova" # finding: clones `.vmx` files only
                }
                build {
                  sources = ["source.vmware-vmx.web"]
                }
                """,
            }
        ),
        Bad(
            {
                "base/base.pkr.hcl": """
                source "virtualbox-iso" "base" {
                  vm_name = "base"
                }
                build {
                  sources = ["source.virtualbox-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-base/base.ova" # finding: `virtualbox-iso.base` exports `.ovf`
                }
                build {
                  sources = ["source.virtualbox-ovf.web"]
                }
                """,
            }
        ),
        Bad(
            {
                "base/base.pkr.hcl": """
                source "qemu" "base" {
                  vm_name = "base.qcow2"
                }
                build {
                  sources = ["source.qemu.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "qemu" "web" {
                  iso_url = "../base/output-base/base.qcow2" # finding: boots the disk
                }
                build {
                  sources = ["source.qemu.web"]
                }
                """,
            }
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                source "virtualbox-iso" "base" {
                  vm_name = "base"
                  format  = "ova"
                }
                source "qemu" "base" {
                  vm_name          = "base.raw"
                  format           = "raw"
                  output_directory = "output-qemu"
                }
                build {
                  sources = ["source.virtualbox-iso.base", "source.qemu.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-base/base.ova"
                }
                source "qemu" "web" {
                  disk_image       = true
                  iso_url          = "../base/output-qemu/base.raw"
                  format           = "qcow2"
                  output_directory = "output-web-qemu"
                }
                build {
                  sources = ["source.virtualbox-ovf.web", "source.qemu.web"]
                }
                """,
            }
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                variable "format" {}
                source "virtualbox-iso" "base" {
                  vm_name = "base"
                  format  = var.format
                }
                build {
                  sources = ["source.virtualbox-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-base/base.ova"
                }
                build {
                  sources = ["source.virtualbox-ovf.web"]
                }
                """,
            }
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        fits: set[tuple[str, int, int]] = set()
        found: dict[tuple[str, int, int], Finding] = {}
        for link in project.links:
            place = link.argument.range.order
            mismatch = _mismatch(link)
            if mismatch is None:
                fits.add(place)
            else:
                found.setdefault(place, _finding(link, *mismatch))
        yield from (finding for place, finding in found.items() if place not in fits)


def _finding(link: Link, message: str, hint: str) -> Finding:
    return Finding(
        link.argument.expression.range,
        message,
        related=(Related(link.producer.range, f"{names((link.producer,))} makes what it starts from"),),
        hint=hint,
    )


def _mismatch(link: Link) -> tuple[str, str] | None:
    """Why a source cannot read what its base writes, and what to do."""
    base, made = names((link.producer,)), link.producer.arguments
    source, suffix = f"`{link.consumer.key}`", link.artifact.rpartition(".")[2].lower()
    type_ = link.consumer.type
    if type_ in ("virtualbox-ovf", "hyperv-vmcx") and made.known("skip_export", bool):
        return (
            f"{source} starts from what {base} exports, and that has `skip_export`",
            f"take `skip_export` out of {base}",
        )
    if type_ == "virtualbox-ovf":
        exported = _format(made, "ovf")
        if exported in ("ovf", "ova") and suffix in ("ovf", "ova") and suffix != exported:
            return (
                f"{source} starts from an `.{suffix}` file, and {base} exports `.{exported}`",
                f'name the `.{exported}` file, or let {base} have `format = "{suffix}"`',
            )
    if type_ == "vmware-vmx" and suffix in ("ovf", "ova"):
        return f"`vmware-vmx` clones `.vmx` files only, and this names an `.{suffix}`", "name the `.vmx` file"
    if type_ == "qemu" and _no_disk_image(link.arguments):
        return (
            f"{source} boots the disk of {base} as an installation medium",
            "set `disk_image = true` to start from the disk",
        )
    return None


def _format(arguments: Arguments, default: str) -> str | None:
    argument = arguments.get("format")
    return argument.worth.text if argument else default


def _no_disk_image(arguments: Arguments) -> bool:
    return "disk_image" not in arguments or arguments.known("disk_image", bool) is False
