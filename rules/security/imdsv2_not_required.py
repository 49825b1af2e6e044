"""Amazon's builders → images and build instances on which the old metadata service answers."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Preset, Rule, Severity, notation
from packlint.base_image import image_filters
from packlint.catalog import at
from packlint.components import Component
from packlint.edits import added
from packlint.faults import defaults
from packlint.model import Argument, Arguments, Configuration
from packlint.value import Known, Value

NEWER = "al2023"
"""In the names of Amazon Linux 2023, whose images ask for tokens by themselves."""


class Imdsv2NotRequired(Rule):
    """Flags Amazon images and build instances that do not ask for IMDSv2.

    The metadata service of an instance hands out the credentials of its role. Version 1 answers every
    request that reaches it, also one that a web application on the instance was tricked into; version 2
    wants a token first. An image says with `imds_support = "v2.0"` that instances started from it use
    version 2 only. The instance that builds the image has a switch of its own, `http_tokens` of
    `metadata_options`; that finding is a note, as the instance lives for minutes.

    Set both, after a look whether something on the image still needs version 1: old SDKs, or scripts that
    call `http://169.254.169.254` without a token. Nothing is said of the build instance where the base is
    Amazon Linux 2023, which requires tokens already, and the finding about the image is a note there. Nor
    is anything said where the versions of the plugin that the template admits have no such argument.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 5.9
    cwe = (1188,)
    preset = Preset.STRICT
    fixable = Fixable.UNSAFE

    examples = (
        Bad(
            """
            source "amazon-ebs" "web" { # finding: the build instance answers version 1
              ami_name = "web" # finding: the image does not ask for version 2 of the metadata service
            }

            source "amazon-ebs" "half" {
              ami_name     = "half"
              imds_support = "v2.0"
              metadata_options {
                http_endpoint = "enabled"
                http_tokens   = "optional" # finding: the build instance answers version 1
              }
            }

            build {
              sources = ["source.amazon-ebs.web", "source.amazon-ebs.half"]
            }
            """,
            fixed="""
            source "amazon-ebs" "web" {
              ami_name = "web"
              imds_support = "v2.0"
            }

            source "amazon-ebs" "half" {
              ami_name     = "half"
              imds_support = "v2.0"
              metadata_options {
                http_endpoint = "enabled"
                http_tokens   = "required"
              }
            }

            build {
              sources = ["source.amazon-ebs.web", "source.amazon-ebs.half"]
            }
            """,
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-chroot",
                    "ami_name": "web"
                  }]
                }
                """
            },
            finds={"template.json:4": "the image does not ask for version 2"},
            fixed={
                "template.json": """
                {
                  "builders": [{
                    "type": "amazon-chroot",
                    "ami_name": "web",
                    "imds_support": "v2.0"
                  }]
                }
                """
            },
        ),
        Good(
            """
            variable "imds" {
              default = ""
            }

            source "amazon-ebs" "web" {
              ami_name     = "web"
              imds_support = "v2.0"
              metadata_options {
                http_tokens = "required"
              }
            }

            source "amazon-ebs" "supplied" {
              ami_name     = "supplied"
              imds_support = var.imds
              metadata_options {
                http_tokens = var.imds
              }
            }

            source "amazon-ebs" "unused" {
              ami_name = "unused"
            }

            build {
              sources = ["source.amazon-ebs.web", "source.amazon-ebs.supplied"]
            }
            """
        ),
        Good(
            """
            packer {
              required_plugins {
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = "1.0.9"
                }
              }
            }

            source "amazon-chroot" "old" {
              ami_name = "old"
            }

            build {
              sources = ["source.amazon-chroot.old"]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        amazon = component.kind == "builder" and component.name.startswith("amazon-")
        if not amazon or not component.runs or not configuration.complete or component.arguments.open:
            return
        newer = any(_is_newer(it.name) for it in image_filters(component))
        if _has(component, "imds_support") and not _is_only_tried(component):
            yield from _of_image(component, newer, configuration)
        if _has(component, "metadata_options", "http_tokens") and not newer:
            yield from _of_instance(component, configuration)


def _is_only_tried(component: Component) -> bool:
    """Whether no image comes of it, whatever a run sets."""
    value = component.arguments.worth("skip_create_ami")
    return isinstance(value, Known) and value.default_of is None and value.data in (True, "true")


def _has(component: Component, *path: str) -> bool:
    """Whether a version of the plugin that the template admits has an argument."""
    schemas = [at(component.schema or {}, path[: end + 1]) for end in range(len(path))]
    for schema in schemas:
        reach = component.reach(schema["x-since"]) if schema and "x-since" in schema else None
        if schema is None or (reach is not None and not reach.since):
            return False
    return True


def _has_surely(component: Component, name: str) -> bool:
    """Whether no version of the plugin that the template asks for lacks an argument."""
    schema = at(component.schema or {}, (name,))
    reach = component.reach(schema["x-since"]) if schema and "x-since" in schema else None
    return reach is None or not (component.dated and reach.before)


def _is_newer(name: Value | None) -> bool:
    text = name.known(str) if name is not None else None
    return text is not None and NEWER in text


def _of_image(component: Component, newer: bool, configuration: Configuration) -> Iterator[Finding]:
    arguments = component.arguments
    given, name = arguments.get("imds_support"), arguments.get("ami_name")
    value = arguments.worth("imds_support")
    if value is not None and not _is_not(value, "v2.0"):
        return
    place = given or name
    default = defaults([value], configuration)
    written = notation.argument(component.range.document, "imds_support", '"v2.0"')
    fix = _added(name, "imds_support", "v2.0") if given is None else _instead(given, "v2.0")
    yield Finding(
        component.header_range if place is None else place.range,
        f"the image does not ask for version 2 of the metadata service{default.words}",
        related=default.related,
        hint=f"add {written}",
        fix=fix if given is not None or _has_surely(component, "imds_support") else None,
        softened=newer,
    )


def _of_instance(component: Component, configuration: Configuration) -> Iterator[Finding]:
    blocks = component.arguments.blocks_of("metadata_options")
    options = blocks[0].arguments if blocks else Arguments({})
    given, beside = options.get("http_tokens"), options.get("http_endpoint")
    value, off = options.worth("http_tokens"), options.worth("http_endpoint")
    if (value is not None and not _is_not(value, "required")) or (
        off is not None and not _is_not(off, "disabled")
    ):
        return
    default = defaults([value], configuration)
    place = component.header_range if not blocks else blocks[0].header_range
    fix = _added(beside, "http_tokens", "required") if given is None else _instead(given, "required")
    written = notation.argument(component.range.document, "http_tokens", '"required"')
    yield Finding(
        place if given is None else given.range,
        f"the build instance answers version 1 of the metadata service{default.words}",
        related=default.related,
        hint=f"add {written} to `metadata_options`",
        fix=fix,
        softened=1,
    )


def _is_not(value: Value, wanted: str) -> bool:
    """Whether a value is known, and another one."""
    return isinstance(value, Known) and not value.to_be_supplied and value.data != wanted


def _added(after: Argument | None, name: str, value: str) -> Fix | None:
    edit = added(after, name, f'"{value}"') if after is not None else None
    return Fix(f'add `{name}`, "{value}"', (edit,), safe=False) if edit is not None else None


def _instead(given: Argument, value: str) -> Fix | None:
    range_ = given.expression.range
    if not range_.text.startswith('"'):
        return None
    return Fix(f'write "{value}"', (Edit(range_, f'"{value}"'),), safe=False)
