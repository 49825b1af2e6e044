"""The links of a chain → those whose source writes where its base lies, or under its name."""

import posixpath
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.chain.written import output, output_of
from packlint.effective import names
from packlint.model import Argument
from packlint.project import Link, Project

UNIQUE = {
    "amazon-ebs": ("ami_name",),
    "amazon-ebssurrogate": ("ami_name",),
    "amazon-instance": ("ami_name",),
    "azure-arm": ("managed_image_name", "managed_image_resource_group_name"),
    "googlecompute": ("image_name",),
    "proxmox-clone": ("vm_id",),
    "vsphere-clone": ("vm_name", "folder"),
    "tart-cli": ("vm_name",),
    "lume-cli": ("vm_name",),
    "veertu-anka-vm-clone": ("vm_name",),
}
"""What must not be the same in two images of one platform: all of these together."""


class ChainOverwritesBase(Rule):
    """Flags a source that writes over the image it starts from.

    The directory or the name that the source gives to its image is that of its base. Packer stops with
    `Output directory exists`, or because there is an image of that name. With `-force` it first deletes what
    is there, and with it the image that it was about to start from.

    Give the source an `output_directory`, or a name, of its own. Without `output_directory` it is `output-`
    and the name of the source, so that two sources of one name share it whatever their types.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/ovf
    https://github.com/hashicorp/packer-plugin-sdk/blob/main/multistep/commonsteps/step_output_dir.go
    """

    category = Category.CHAINING
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<link>",)

    examples = (
        Bad(
            {
                "base.pkr.hcl": """
                source "virtualbox-iso" "server" {
                  vm_name = "base"
                }
                build {
                  sources = ["source.virtualbox-iso.server"]
                }
                """,
                "web.pkr.hcl": """
                source "virtualbox-ovf" "server" {
                  source_path = "output-server/base.ovf" # finding: writes to the directory of the image
                }
                build {
                  sources = ["source.virtualbox-ovf.server"]
                }
                """,
            }
        ),
        Bad(
            """
            source "tart-cli" "base" {
              vm_name = "debian"
            }
            source "tart-cli" "web" {
              vm_base_name = "debian"
              vm_name      = "debian" # finding: gives its image the name of the one it starts from
            }
            build {
              sources = ["source.tart-cli.base"]
            }
            """
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                source "virtualbox-iso" "server" {
                  vm_name = "base"
                }
                build {
                  sources = ["source.virtualbox-iso.server"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "server" {
                  source_path = "../base/output-server/base.ovf"
                }
                build {
                  sources = ["source.virtualbox-ovf.server"]
                }
                """,
            }
        ),
        Good(
            """
            source "vsphere-iso" "base" {
              vm_name = "debian"
              folder  = "bases"
            }
            source "vsphere-clone" "web" {
              template = "bases/debian"
              vm_name  = "debian"
              folder   = "web"
            }
            build {
              sources = ["source.vsphere-iso.base"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        seen: set[tuple[tuple[str, int, int], str]] = set()
        for link in project.links:
            argument = _own_name(link)
            if argument is None and not _same_directory(link):
                continue
            place = link.argument.expression.range if argument is None else argument.expression.range
            if (place.order, link.producer.key) in seen:
                continue
            seen.add((place.order, link.producer.key))
            what = "writes to the directory of the image it starts from"
            if argument:
                what = "gives its image the name of the one it starts from"
            own = f"a `{argument.name}`" if argument else "an `output_directory`"
            yield Finding(
                place,
                f"`{link.consumer.key}` {what}",
                related=(Related(link.producer.range, f"{names((link.producer,))} makes that image"),),
                hint=f"give `{link.consumer.key}` {own} of its own",
            )


def _same_directory(link: Link) -> bool:
    """Whether both write to one directory, by where the paths of the link count from."""
    base = output_of(link.producer)
    own = output(link.consumer.type, link.consumer.name, link.arguments)
    if base is None or own is None or "remote_type" in link.arguments:
        return False
    if base.key.startswith("~") or own.key.startswith("~"):
        return base.key == own.key and link.together
    here, there = link.directories
    return posixpath.normpath(posixpath.join(here, base.key)) == posixpath.normpath(
        posixpath.join(there, own.key)
    )


def _own_name(link: Link) -> Argument | None:
    """The argument by which the source takes the name of its base, where that must be another one."""
    wanted = UNIQUE.get(link.consumer.type, ())
    arguments, base = link.arguments, link.producer.arguments
    for name in wanted:
        mine, other = arguments.get(name), base.get(name)
        if name == wanted[0] and (mine is None or other is None):
            return None
        if (mine is None) is not (other is None):
            return None
        if mine is not None and other is not None:
            text = mine.worth.text
            if not text or text != other.worth.text:
                return None
    return arguments.get(wanted[0]) if wanted else None
