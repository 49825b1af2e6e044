"""What sources start from → what looks like the artifact of a build and is none's."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.chain.families import FAMILIES
from packlint.chain.missing import Missing, not_made
from packlint.document import Range
from packlint.project import Project


class ChainSourceNotProduced(Rule):
    """Flags a source that starts from an artifact which no build makes.

    A source names what it starts from by the path or the name that another build gives its artifact. Here
    builds of the same platform are among the templates, and none makes what is named: the path lies in an
    `output…` directory where no build writes it, or the name differs by a letter from one that a build does
    give. Packer finds out when it runs, and says that the file or the image is not there.

    Name what the base writes: `<output_directory>/<vm_name>.ovf` for VirtualBox, `.vmx` for VMware. Without
    these arguments the directory is `output-` and the file `packer-`, each with the name of the source.

    Files that are there, URLs, and paths that leave the checked root are left alone, and so is what a build
    may make under a name that only a run knows. The finding is a note where the path or name is the default
    of a variable.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/ovf
    https://developer.hashicorp.com/packer/guides/packer-on-cicd/pipelineing-builds
    """

    category = Category.CHAINING
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = tuple(
        it for family in FAMILIES if not (family.latest or family.others) for it in family.consumers
    )

    examples = (
        Bad(
            {
                "base/base.pkr.hcl": """
                source "virtualbox-iso" "base" {
                  vm_name = "debian"
                }
                build {
                  sources = ["source.virtualbox-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-bse/debian.ovf" # finding: no build makes "../base/output-bse
                }
                build {
                  sources = ["source.virtualbox-ovf.web"]
                }
                """,
            },
            fixed={
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-base/debian.ovf"
                }
                build {
                  sources = ["source.virtualbox-ovf.web"]
                }
                """,
            },
        ),
        Bad(
            {
                "base/base.pkr.hcl": """
                source "proxmox-iso" "base" {
                  template_name = "debian12-cloud"
                }
                build {
                  sources = ["source.proxmox-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "proxmox-clone" "web" {
                  clone_vm = "debian12_cloud" # finding: no build makes "debian12_cloud"
                }
                build {
                  sources = ["source.proxmox-clone.web"]
                }
                """,
            },
            fixed={
                "web/web.pkr.hcl": """
                source "proxmox-clone" "web" {
                  clone_vm = "debian12-cloud"
                }
                build {
                  sources = ["source.proxmox-clone.web"]
                }
                """,
            },
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                source "virtualbox-iso" "base" {
                  vm_name = "debian"
                }
                source "proxmox-iso" "base" {
                  template_name = "debian11-cloud"
                }
                build {
                  sources = ["source.virtualbox-iso.base", "source.proxmox-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-base/debian.ovf"
                }
                source "virtualbox-ovf" "downloaded" {
                  source_path = "https://example.com/output-base/web.ovf"
                }
                source "virtualbox-ovf" "kept" {
                  source_path = "appliances/debian.ovf"
                }
                source "virtualbox-ovf" "elsewhere" {
                  source_path = "../../elsewhere/output-base/debian.ovf"
                }
                source "proxmox-clone" "web" {
                  clone_vm = "debian12-cloud"
                }
                build {
                  sources = ["source.virtualbox-ovf.web", "source.proxmox-clone.web"]
                }
                """,
            }
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                variable "release" {}
                source "virtualbox-iso" "base" {
                  output_directory = "output-${var.release}"
                  vm_name          = "debian"
                }
                build {
                  sources = ["source.virtualbox-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-12/debian.ovf"
                }
                build {
                  sources = ["source.virtualbox-ovf.web"]
                }
                """,
            }
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it, meant in not_made(project.configurations, project.market):
            yield _finding(it, meant)


def _finding(it: Missing, meant: str | None) -> Finding:
    argument = it.need.argument
    shown = "what this names" if argument.value.sensitive else f'"{it.need.name}"'
    hint = "name what the base writes, or build the base"
    place = argument.expression.range
    return Finding(
        place,
        f"no build makes {shown}, which `{it.need.source.key}` starts from",
        hint=f'did you mean "{meant}"?' if meant else hint,
        fix=_fix(place, it.need.name, meant) if meant else None,
        softened=argument.value.default_of is not None,
    )


def _fix(place: Range, name: str, meant: str) -> Fix | None:
    if place.text != f'"{name}"' or re.search(r'["\\$%{]', meant):
        return None
    return Fix("name what a build makes", (Edit(place, f'"{meant}"'),), safe=False)
