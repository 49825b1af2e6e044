"""The sources that a template starts → those that give one name to two machines or images."""

from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.chain.host import most_on_one_host
from packlint.chain.naming import NAMINGS, Naming, name_of
from packlint.effective import names
from packlint.model import Configuration, SourceUse


class VmNameCollision(Rule):
    """Flags sources of one template that give two machines or images one name.

    Packer starts all sources of a template at once. Where a hypervisor or a cloud takes a name only once, the
    second machine is refused, or the second image when its build is all but done; a number of a machine in
    Proxmox is taken as well. Hyper-V would have both, and Packer, which calls them by name, works on the
    wrong one.

    Give each its own name, for example with `${source.name}` in it. Names in other regions, accounts, folders
    or on other servers do not collide; nor do those of VMware and QEMU, which are names of files.

    The finding is a warning for `template_name` of Proxmox, which takes two templates of one name: what is
    cloned by that name later is either. So it is where no machine can run two of the sources together.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
    https://developer.hashicorp.com/packer/integrations/hashicorp/proxmox/latest/components/builder/iso
    https://github.com/hashicorp/packer/issues/12287
    """

    category = Category.CHAINING
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<several uses>",)

    examples = (
        Bad(
            """
            source "amazon-ebs" "web" {
              region   = "eu-west-1"
              ami_name = "debian-${formatdate("YYYYMMDD", timestamp())}"
            }
            source "amazon-ebs" "app" {
              region   = "eu-west-1"
              ami_name = "debian-web"
            }
            source "amazon-ebs" "cache" {
              region   = "eu-west-1"
              ami_name = "debian-web" # finding: `amazon-ebs.cache` and `amazon-ebs.app` have one `ami_name`
            }

            build {
              sources = ["source.amazon-ebs.web", "source.amazon-ebs.app", "source.amazon-ebs.cache"]
            }
            """
        ),
        Bad(
            """
            variable "name" {}

            source "virtualbox-iso" "a" {
              vm_name = "${var.name}-server"
            }
            source "virtualbox-iso" "b" {
              vm_name = "${var.name}-server" # finding: have one `vm_name` on one VirtualBox
            }

            build {
              sources = ["source.virtualbox-iso.a", "source.virtualbox-iso.b"]
            }
            """
        ),
        Bad(
            """
            source "proxmox-iso" "a" {
              node          = "pve"
              template_name = "base"
            }
            source "proxmox-iso" "b" {
              node          = "pve"
              template_name = "base" # finding: have one `template_name`
            }

            build {
              sources = ["source.proxmox-iso.a", "source.proxmox-iso.b"]
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "ireland" {
              region   = "eu-west-1"
              ami_name = "debian"
            }
            source "amazon-ebs" "frankfurt" {
              region   = "eu-central-1"
              ami_name = "debian"
            }

            build {
              sources = ["source.amazon-ebs.ireland", "source.amazon-ebs.frankfurt"]
            }
            """
        ),
        Good(
            """
            source "vmware-iso" "desktop" {
              vm_name = "debian"
            }
            source "vmware-iso" "esxi" {
              vm_name     = "debian"
              remote_type = "esx5"
            }
            source "virtualbox-iso" "debian" {
              vm_name = "debian"
            }

            build {
              sources = ["vmware-iso.desktop", "vmware-iso.esxi", "virtualbox-iso.debian"]
            }
            """
        ),
        Good(
            """
            variable "region" {}
            variable "other_region" {}

            source "amazon-ebs" "here" {
              region   = var.region
              ami_name = "debian"
            }
            source "amazon-ebs" "there" {
              region   = var.other_region
              ami_name = "debian"
            }

            build {
              sources = ["source.amazon-ebs.here", "source.amazon-ebs.there"]
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        uses = {
            use.key: use for build in configuration.builds for use in build.uses if use.source is not None
        }
        for naming in NAMINGS:
            alike: dict[tuple[str, ...], list[SourceUse]] = {}
            for use in uses.values():
                key = name_of(naming, use)
                if key is not None:
                    alike.setdefault(key, []).append(use)
            for same in alike.values():
                apart = [*{id(use.source): use for use in same}.values()]
                if len(apart) > 1:
                    yield _finding(naming, apart)


def _finding(naming: Naming, same: Sequence[SourceUse]) -> Finding:
    arguments = [argument for use in same if (argument := use.arguments.get(naming.name))]
    in_order = sorted(zip(arguments, same, strict=True), key=lambda it: it[0].range.order)
    *others, (last, use) = in_order
    uses = (use, *(other for _, other in others))
    return Finding(
        last.expression.range,
        f"{names(uses)} have one `{naming.name}` {naming.where}",
        related=tuple(
            Related(argument.expression.range, f"that of {names((other,))}") for argument, other in others
        ),
        hint=f"give each its own `{naming.name}`",
        softened=not naming.stops or most_on_one_host(uses) < 2,
    )
