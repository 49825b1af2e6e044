"""Builders that reach Windows by WinRM → those that do so without encryption."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity, notation
from packlint.catalog import properties
from packlint.communicator import communicator
from packlint.components import Component
from packlint.model import Argument, Arguments, Configuration
from packlint.record import record
from packlint.traits import Builder, builder
from packlint.value import Known

TUNNELLED = frozenset({"kubevirt-iso"})
"""Builders that connect through the interface of their cluster."""

HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class WinrmUnencrypted(Rule):
    """Flags WinRM connections that are not encrypted.

    Unless `winrm_use_ssl` says otherwise Packer speaks plain HTTP on port 5985 and sends the user and the
    password of the administrator with each request, only encoded; so are all commands and files of the
    provisioners. Whoever sees the traffic has the machine, and every machine that keeps the password.

    Set up an HTTPS listener in the guest, as in `user_data` or by the answer file, and set
    `winrm_use_ssl = true`; with a certificate of the guest's own also `winrm_insecure = true`. With
    `winrm_use_ntlm = true` the password is not sent, which is not flagged.

    A finding is a note where the machine stands on a hypervisor in the network, not in a cloud, and where the
    value came from the default of a variable. Nothing is said of a connection
    through a tunnel, nor of a machine that runs on the host of Packer itself, whose traffic does not leave
    it; with the option `local` that is a note.

    References:
    https://developer.hashicorp.com/packer/docs/communicators/winrm
    https://github.com/hashicorp/packer/issues/12406
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 7.4
    cwe = (319,)
    precision = Precision.HIGH
    looks_for = ("communicator",)

    @record
    class Options:
        """With `local`, machines on the host of Packer itself are flagged too, as notes."""

        local: bool = False

    examples = (
        Bad(
            """
            source "amazon-ebs" "windows" {
              communicator   = "winrm" # finding: WinRM of `amazon-ebs` is not encrypted
              winrm_username = "Administrator"
            }
            build {
              sources = ["source.amazon-ebs.windows"]
            }
            """
        ),
        Bad(
            """
            source "vsphere-iso" "windows" {
              communicator   = "winrm"
              winrm_username = "Administrator"
              winrm_use_ssl  = false # finding: WinRM of `vsphere-iso` is not encrypted
            }
            build {
              sources = ["source.vsphere-iso.windows"]
            }
            """
        ),
        Good(
            """
            variable "ssl" {
              type = bool
            }
            source "amazon-ebs" "windows" {
              communicator   = "winrm"
              winrm_username = "Administrator"
              winrm_use_ssl  = true
              winrm_insecure = true
            }
            source "azure-arm" "windows" {
              communicator   = "winrm"
              winrm_username = "packer"
              winrm_use_ssl  = var.ssl
            }
            source "vsphere-iso" "windows" {
              communicator   = "winrm"
              winrm_username = "Administrator"
              winrm_use_ntlm = true
            }
            source "virtualbox-iso" "windows" {
              communicator   = "winrm"
              winrm_username = "vagrant"
            }
            build {
              sources = [
                "amazon-ebs.windows", "azure-arm.windows", "vsphere-iso.windows", "virtualbox-iso.windows",
              ]
            }
            """
        ),
    )

    options: Options

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        if component.kind != "builder" or component.name in TUNNELLED:
            return
        known, arguments = builder(component.name), component.arguments
        if known is None or communicator(component.name, arguments) != "winrm" or _is_tunnelled(arguments):
            return
        here = _is_here(known, arguments)
        if (here and not self.options.local) or "winrm_use_ssl" not in properties(component.schema or {}):
            return
        asked, switch = arguments.get("communicator"), arguments.get("winrm_use_ssl")
        sure = component.runs and configuration.complete
        if asked is None or not sure or not _is_plain(arguments):
            return
        where = switch or asked
        defaults = [it.value.default_of for it in (asked, switch) if it is not None and it.value.default_of]
        default = f", with the default of `var.{defaults[0]}`" if defaults else ""
        written = notation.argument(where.range.document, "winrm_use_ssl", "true")
        yield Finding(
            where.range,
            f"WinRM of `{component.type}` is not encrypted{default}: the password is sent as it is",
            related=(Related(asked.range, "asks for WinRM"),) if switch is not None else (),
            hint=f"set {written}, and set up an HTTPS listener in the guest",
            softened=(known.platform != "cloud") + here + bool(defaults),
        )


def _is_plain(arguments: Arguments) -> bool:
    """Whether nothing protects the password for certain."""
    return all(_is_off(arguments.get(name)) for name in ("winrm_use_ssl", "winrm_use_ntlm"))


def _is_off(argument: Argument | None) -> bool:
    if argument is None:
        return True
    value = argument.value
    return value.known(bool) is False or (isinstance(value, Known) and value.data is None)


def _is_tunnelled(arguments: Arguments) -> bool:
    """Whether the connection goes through an encrypted tunnel of the cloud, or may do so."""
    interface = arguments.get("ssh_interface")
    managed = interface is not None and interface.value.known(str) in (None, "session_manager")
    return managed or not _is_off(arguments.get("use_iap"))


def _is_here(known: Builder, arguments: Arguments) -> bool:
    """Whether the guest runs on the machine that Packer runs on, or may do so."""
    host = arguments.get("winrm_host")
    if host is not None and host.value.known(str) in (None, *HERE):
        return True
    return known.local and known.type != "null" and "remote_host" not in arguments
