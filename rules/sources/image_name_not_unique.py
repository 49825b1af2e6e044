"""Builders of cloud images → those that give every image the same name."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.components import Component
from packlint.document import Range
from packlint.faults import written_text
from packlint.model import Argument, Configuration
from packlint.pattern import pattern
from packlint.syntax import Call, walk
from packlint.value import Known

NAMES = {
    "amazon-ebs": ("ami_name", "force_deregister"),
    "amazon-ebssurrogate": ("ami_name", "force_deregister"),
    "amazon-chroot": ("ami_name", "force_deregister"),
    "amazon-instance": ("ami_name", "force_deregister"),
    "outscale-bsu": ("omi_name", "force_deregister"),
    "outscale-bsusurrogate": ("omi_name", "force_deregister"),
    "outscale-chroot": ("omi_name", "force_deregister"),
    "azure-arm": ("managed_image_name", None),
    "googlecompute": ("image_name", None),
    "alicloud-ecs": ("image_name", "image_force_delete"),
}
"""Builders that refuse a name which is taken: the argument with it, and that to replace the older image."""

WITHOUT = ("skip_create_ami", "skip_create_image")
"""Arguments by which no image is made."""

VERSION = pattern(r"\d+[.-]\d+[.-]\d+|(?<![a-zA-Z0-9])v\d|\d{6}")
"""A version or a date in a name, which changes where they do; `ubuntu-22.04` is that of what it has."""


class ImageNameNotUnique(Rule):
    """Flags cloud images that get the same name in every build.

    Amazon, Azure, Google and Alibaba take a name once. The first build succeeds, and the next one stops
    because the name is taken, unless it runs with `-force`, which deletes the older image first, and with
    it the way back.

    Put the time or a version into the name, and find the newest image by a pattern or a family. Where the
    older image shall go, say so: `force_deregister = true` for Amazon. Names with a variable or with
    anything that only a build knows are not judged, nor such as have a version or a date written in them, or
    come from a file.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
    https://developer.hashicorp.com/packer/docs/commands/build
    """

    category = Category.SOURCES
    severity = Severity.WARNING
    precision = Precision.MEDIUM
    fixable = Fixable.UNSAFE
    looks_for = (*sorted({name for name, _ in NAMES.values()}),)

    examples = (
        Bad(
            """
            locals {
              name = "web"
            }

            source "amazon-ebs" "web" {
              ami_name = "web-server" # finding: `ami_name` is the same in every build
            }

            source "googlecompute" "web" {
              image_name = local.name # finding: `image_name` is the same in every build
            }
            """,
            fixed="""
            locals {
              name = "web"
            }

            source "amazon-ebs" "web" {
              ami_name = "web-server-${formatdate("YYYYMMDDhhmm", timestamp())}"
            }

            source "googlecompute" "web" {
              image_name = local.name
            }
            """,
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-ebs",
                    "ami_name": "web-server"
                  }]
                }
                """
            },
            finds={"template.json:4": "`ami_name` is the same in every build"},
            fixed={
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-ebs",
                    "ami_name": "web-server-{{timestamp}}"
                  }]
                }
                """
            },
        ),
        Good(
            """
            variable "version" {
              default = "1.4.0"
            }

            source "amazon-ebs" "dated" {
              ami_name = "web-${formatdate("YYYYMMDDhhmm", timestamp())}"
            }

            source "amazon-ebs" "versioned" {
              ami_name = "web-${var.version}"
            }

            locals {
              release = "1.4.0"
            }

            source "amazon-ebs" "released" {
              ami_name = "web-${local.release}"
            }

            source "googlecompute" "released" {
              image_name = "web-v3"
            }

            source "amazon-ebs" "rendered" {
              ami_name = "web-{{isotime}}"
            }

            source "amazon-ebs" "replaced" {
              ami_name         = "web"
              force_deregister = true
            }

            source "googlecompute" "tried" {
              image_name        = "web"
              skip_create_image = true
            }

            source "amazon-ebs" "several" {}

            build {
              source "amazon-ebs.several" {
                ami_name = "web-${build.ID}"
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        name, force = NAMES.get(component.name, ("", None)) if component.kind == "builder" else ("", None)
        arguments = component.arguments
        argument, value = arguments.get(name), arguments.worth(name)
        if argument is None or not isinstance(value, Known) or value.default_of is not None:
            return
        text = value.known(str)
        if not text or VERSION.search(text) or _is_read(argument):
            return
        if any(arguments.may_set(it) for it in (force, *WITHOUT) if it):
            return
        replace = f", or replace the older image with `{force}`" if force else ""
        yield Finding(
            argument.expression.range,
            f"`{argument.name}` is the same in every build, and the name can be taken once",
            hint=f"put the time or a version into the name{replace}",
            fix=_fix(argument, component.legacy),
        )


def _is_read(argument: Argument) -> bool:
    """Whether the name comes from a file, which has a version of its own."""
    return any(isinstance(node, Call) and "file" in node.name for node in walk(argument.expression))


def _fix(argument: Argument, legacy: bool) -> Fix | None:
    """The time at the end of the name where it is written; HCL in JSON would need its quotes escaped."""
    written = written_text(argument.expression)
    if written is None or (written.range.document.is_json and not legacy):
        return None
    time = "{{timestamp}}" if legacy else '${formatdate("YYYYMMDDhhmm", timestamp())}'
    at = written.range.end - 1
    edit = Edit(Range(written.range.document, at, at), f"-{time}")
    return Fix("put the time into the name", (edit,), safe=False)
