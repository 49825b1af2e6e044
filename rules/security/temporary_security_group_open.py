"""Amazon's builders → those that open the build instance to the whole internet."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Preset, Rule, Severity, notation
from packlint.catalog import properties
from packlint.components import Component
from packlint.document import Range
from packlint.edits import added
from packlint.faults import defaults
from packlint.model import Argument, Arguments, Configuration
from packlint.value import Known, Value

SOURCES = ("temporary_security_group_source_cidrs", "temporary_security_group_source_cidr")
"""Who may connect, for Amazon's builders and for those that were made after them."""

PUBLIC_IP = "temporary_security_group_source_public_ip"
GROUPS = ("security_group_id", "security_group_ids")
EVERYWHERE = ("0.0.0.0/0", "::/0")


class TemporarySecurityGroupOpen(Rule):
    """Flags build instances that everybody may connect to.

    Without a security group of one's own Packer makes one for the build, and lets every address in: SSH or
    WinRM of a half-made machine is open to the internet for as long as the build takes, or to the whole
    network of a private subnet. A password for WinRM, or an image with a default user, is all that is
    between.

    Name who may connect, with `temporary_security_group_source_cidrs`; or let Packer find it out, with
    `temporary_security_group_source_public_ip = true`, which fits where Packer reaches the instance from a
    public address. Nothing has to be open with `ssh_interface = "session_manager"`. The fix sets the second
    one, where every admitted version of the plugin has it.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/amazon/latest/components/builder/ebs
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 4.8
    cwe = (284,)
    preset = Preset.STRICT
    fixable = Fixable.UNSAFE

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = "~> 1.3"
                }
              }
            }

            source "amazon-ebs" "default" { # finding: the temporary security group lets every address in
              instance_type = "t3.micro"
              ssh_username  = "admin"
            }

            source "amazon-ebs" "told" {
              instance_type                         = "t3.micro"
              temporary_security_group_source_cidrs = ["10.0.0.0/8", "0.0.0.0/0"] # finding: every address
            }

            build {
              sources = ["source.amazon-ebs.default", "source.amazon-ebs.told"]
            }
            """,
            fixed="""
            packer {
              required_plugins {
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = "~> 1.3"
                }
              }
            }

            source "amazon-ebs" "default" {
              instance_type = "t3.micro"
              temporary_security_group_source_public_ip = true
              ssh_username  = "admin"
            }

            source "amazon-ebs" "told" {
              instance_type                         = "t3.micro"
              temporary_security_group_source_cidrs = ["10.0.0.0/8", "0.0.0.0/0"]
            }

            build {
              sources = ["source.amazon-ebs.default", "source.amazon-ebs.told"]
            }
            """,
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "outscale-bsu",
                    "temporary_security_group_source_cidr": "0.0.0.0/0"
                  }]
                }
                """
            },
            finds={"template.json:4": "the temporary security group lets every address in"},
        ),
        Good(
            """
            variable "cidrs" {
              type = list(string)
            }

            source "amazon-ebs" "own" {
              security_group_ids = ["sg-0123456789abcdef0"]
            }

            source "amazon-ebs" "found" {
              security_group_filter {
                filters = { "tag:use" = "packer" }
              }
            }

            source "amazon-ebs" "restricted" {
              temporary_security_group_source_cidrs = var.cidrs
            }

            source "amazon-ebs" "mine" {
              temporary_security_group_source_public_ip = true
            }

            source "amazon-ebs" "tunnel" {
              ssh_interface = "session_manager"
            }

            source "amazon-ebs" "untouched" {
              communicator = "none"
            }

            source "amazon-ebs" "unused" {}

            build {
              sources = [
                "source.amazon-ebs.own", "source.amazon-ebs.found", "source.amazon-ebs.restricted",
                "source.amazon-ebs.mine", "source.amazon-ebs.tunnel", "source.amazon-ebs.untouched",
              ]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        name = next((it for it in SOURCES if it in properties(component.schema or {})), None)
        if component.kind != "builder" or name is None or not component.runs:
            return
        arguments = component.arguments
        if arguments.open or not configuration.complete or _is_restricted(arguments):
            return
        given = arguments.get(name)
        value = arguments.worth(name)
        if value is not None and not _lets_everybody_in(value):
            return
        default = defaults([value], configuration)
        yield Finding(
            component.header_range if given is None else given.expression.range,
            f"the temporary security group lets every address in{default.words}",
            related=default.related,
            hint=_hint(component, name),
            fix=_fix(component) if given is None else None,
        )


def _is_restricted(arguments: Arguments) -> bool:
    """Whether there is, or may be, no temporary group, no port that it opens, or one machine let in."""
    if any(arguments.may_set(name) for name in (*GROUPS, PUBLIC_IP)):
        return True
    if arguments.blocks_of("security_group_filter"):
        return True
    interface, communicator = arguments.worth("ssh_interface"), arguments.worth("communicator")
    return _may_be(interface, "session_manager") or _may_be(communicator, "none")


def _may_be(value: Value | None, wanted: str) -> bool:
    if value is None:
        return False
    return not isinstance(value, Known) or value.to_be_supplied or value.data == wanted


def _lets_everybody_in(value: Value) -> bool:
    return value.zero or any(item.known(str) in EVERYWHERE for item in value.items or (value,))


def _hint(component: Component, name: str) -> str:
    document: Range = component.range
    if PUBLIC_IP not in properties(component.schema or {}):
        return f"name who may connect with `{name}`"
    written = notation.argument(document.document, PUBLIC_IP, "true")
    return f"name who may connect with `{name}`, or add {written}"


def _fix(component: Component) -> Fix | None:
    """Only the address of this machine, where every admitted version of the plugin has the argument."""
    schema = properties(component.schema or {}).get(PUBLIC_IP)
    after: Argument | None = component.arguments.get("instance_type")
    reach = component.reach(schema.get("x-since", "")) if schema is not None and component.dated else None
    if after is None or reach is None or not reach.certain or not component.range.contains(after.range):
        return None
    edit = added(after, PUBLIC_IP, "true")
    return Fix(f"add `{PUBLIC_IP}`", (edit,), safe=False) if edit is not None else None
