"""The arguments of components → switches that turn the check of a server's certificate off."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Preset, Rule, Severity
from packlint.catalog import properties
from packlint.components import Component
from packlint.model import Configuration

SWITCHES = frozenset(
    {
        *("insecure", "insecure_connection", "insecure_skip_tls_verify", "insecure_skip_verify"),
        *("nutanix_insecure", "skip_tls_verify", "ssl_no_verify", "tls_insecure", "vergeio_insecure"),
    }
)
"""Arguments of plugins that mean it; `winrm_insecure` is about the guest, whose certificate is its own."""


class TlsVerificationDisabled(Rule):
    """Flags components that accept any certificate of the server.

    With such a switch the plugin sends the user and the password, or the token, of the cloud or hypervisor to
    whoever answers under that address, and takes what comes back. The connection is encrypted, but not known
    to lead where it should.

    Have the machine that runs Packer trust the authority which signed the certificate, as with
    `SSL_CERT_FILE`, or give the server a certificate that is trusted, and remove the switch. For a laboratory
    with certificates of its own, ignore the finding there. It is a note where the value is the default of a
    variable, which others may set. `winrm_insecure` is not meant: a guest that is just being made has no
    certificate yet that anybody knows.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/proxmox/latest/components/builder/iso
    https://developer.hashicorp.com/packer/integrations/hashicorp/vsphere/latest/components/builder/vsphere-iso
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 7.4
    cwe = (295,)
    precision = Precision.VERY_HIGH
    preset = Preset.STRICT
    looks_for = (*sorted(SWITCHES),)

    examples = (
        Bad(
            """
            source "proxmox-iso" "debian" {
              insecure_skip_tls_verify = true # finding: builder `proxmox-iso` accepts any certificate
            }
            source "vsphere-iso" "debian" {
              insecure_connection = "true" # finding: builder `vsphere-iso` accepts any certificate
            }
            build {
              sources = ["proxmox-iso.debian", "vsphere-iso.debian"]
              post-processor "vsphere" {
                insecure = true # finding: post-processor `vsphere` accepts any certificate
              }
            }
            """
        ),
        Good(
            """
            variable "insecure" {
              type = bool
            }
            source "proxmox-iso" "debian" {
              insecure_skip_tls_verify = false
            }
            source "vsphere-iso" "debian" {
              insecure_connection = var.insecure
            }
            source "amazon-ebs" "windows" {
              winrm_insecure = true
            }
            build {
              sources = ["proxmox-iso.debian", "vsphere-iso.debian", "amazon-ebs.windows"]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        known = component.schema
        had = known and {*properties(known), *known.get("x-removed", ())}
        for argument in component.arguments:
            if argument.name not in SWITCHES or (had and argument.name not in had):
                continue
            value = argument.value
            on = value.known(bool) or (value.known(str) or "").lower() in ("true", "1")
            if on:
                default = f" with the default of `var.{value.default_of}`" if value.default_of else ""
                yield Finding(
                    argument.range,
                    f"{component.noun} accepts any certificate of its server{default}",
                    hint=f"trust the authority that signed the certificate, and remove `{argument.name}`",
                    softened=bool(value.default_of),
                )
