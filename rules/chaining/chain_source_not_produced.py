"""What sources start from → what looks like the artifact of a build and is none's."""

import posixpath
import re
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.chain.missing import Missing, missing
from packlint.document import Range
from packlint.project import Project
from packlint.suggest import Guesses

OUTPUT = re.compile(r"output([-_.]|$)", re.IGNORECASE)
"""What a directory is called that a builder makes."""


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
        seen_whole = all(
            configuration.complete and not any(build.open for build in configuration.builds)
            for configuration in project.configurations
        )
        found = [it for it in missing(project.configurations) if not it.path or _lies_here(it)]
        # What is made of something that is not there itself tells nothing of where images come from.
        stranded = {id(it.need.source) for it in found}
        # Many have the same makers and the same names to choose from: each lot is looked at once.
        makers = {id(it.makers): it.makers for it in found}
        at_home = {key: not them <= stranded for key, them in makers.items()}
        names = {id(it.made): it.made for it in found}
        guesses = {key: Guesses(made) for key, made in names.items()}
        for it in found:
            meant = guesses[id(it.made)].near(it.need.name)
            if not it.path and (meant is None or not _slip(it.need.name, meant)):
                continue
            if it.path and not (seen_whole and at_home[id(it.makers)] and _in_output(it.need.name)):
                continue
            yield _finding(it, meant)


def _lies_here(it: Missing) -> bool:
    """Whether a path is one below the checked root where nothing lies, and that the source starts from."""
    name, configuration = it.need.name.replace("\\", "/"), it.need.configuration
    if "://" in name or name.startswith(("/", "~")) or name[1:2] == ":":
        return False
    if it.need.source.type == "qemu" and not it.need.arguments.known("disk_image", bool):
        return False
    if posixpath.normpath(posixpath.join(it.need.directory, name)).startswith(".."):
        return False
    return configuration.locate(name) is None


def _in_output(name: str) -> bool:
    """Whether the directory of a path is called what builders call theirs."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in (".", "..", "")]
    return any(OUTPUT.match(part) for part in parts[:-1])


def _slip(one: str, other: str) -> bool:
    """Whether names differ in nothing but their case, their dashes or one letter, and in no digit."""
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    one, other = (re.sub(r"[-_. ]", "", name.lower()) for name in (one, other))
    if len(one) > len(other):
        one, other = other, one
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(other) - len(one) > 1 or (len(one) < MANY_LETTERS and one != other):
        return False
    return one[same + (len(one) == len(other)) :] == other[same + 1 :]


MANY_LETTERS = 8
"""Of shorter names one letter makes another."""


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
