"""Builders and post-processors → images that they give to everybody."""

from collections.abc import Iterator, Mapping

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.components import Component
from packlint.faults import defaults
from packlint.model import Argument, Configuration

PUBLIC: Mapping[str, tuple[object, ...]] = {
    "ami_groups": ("all",),
    "snapshot_groups": ("all",),
    "global_permission": (True,),
    "template_public": (True,),
    "image_visibility": ("public", "community"),
    "instance_template_visibility": ("public",),
}
"""Arguments that say who may use an image, with the values by which it is everybody."""


class ImageSharedPublicly(Rule):
    """Flags images that everybody is allowed to use.

    Whatever is in the image is public from then on: history files, package credentials, cloud-init data,
    keys that a provisioner forgot, and the source of what runs on it. Copies remain when the permission is
    taken back. For Amazon that is the group `all`, in `ami_groups` for the image and in `snapshot_groups`
    for its disks.

    Name the accounts that need the image, with `ami_users` and `snapshot_users`. An image that is meant for
    the public is a good reason for an ignore comment with a word about who looks after its content. Where
    the default of a variable says it, the finding is a note.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 6.5
    cwe = (732,)
    precision = Precision.VERY_HIGH
    looks_for = (*PUBLIC,)

    examples = (
        Bad(
            """
            variable "groups" {
              default = ["all"]
            }

            source "amazon-ebs" "web" {
              ami_groups      = ["all"] # finding: `ami_groups` is "all": everybody may use the image
              snapshot_groups = var.groups # finding: with the default of `var.groups`
            }

            source "openstack" "web" {
              image_visibility = "public" # finding: `image_visibility` is "public": everybody may use the
            }

            source "outscale-bsu" "web" {
              global_permission = true # finding: `global_permission` is true
            }
            """
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-ebsvolume",
                    "ebs_volumes": [{
                      "device_name": "/dev/xvdf",
                      "snapshot_groups": ["all"]
                    }]
                  }]
                }
                """
            },
            finds={"template.json:6": '`snapshot_groups` is "all"'},
        ),
        Good(
            """
            variable "public" {
              type    = bool
              default = false
            }

            source "amazon-ebs" "web" {
              ami_groups      = var.public ? ["all"] : []
              snapshot_groups = []
              ami_users       = ["123456789012"]
            }

            source "openstack" "web" {
              image_visibility = "private"
            }

            source "cloudstack" "web" {
              template_public = false
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        if component.kind not in ("builder", "post-processor"):
            return
        waiting = [component.arguments]
        while waiting:
            body = waiting.pop()
            for argument in filter(None, map(body.get, PUBLIC)):
                yield from _finding(argument, configuration)
            waiting += [block.arguments for block in body.blocks]


def _finding(argument: Argument, configuration: Configuration) -> Iterator[Finding]:
    value = argument.worth
    for item in value.items or (value,):
        data = item.known(str) or item.known(bool)
        if data not in PUBLIC[argument.name]:
            continue
        default = defaults([value], configuration)
        shown = f'"{data}"' if isinstance(data, str) else "true"
        yield Finding(
            argument.expression.range,
            f"`{argument.name}` is {shown}: everybody may use the image{default.words}",
            related=default.related,
            hint="name the accounts that need the image instead",
            softened=bool(default.words),
        )
        return
