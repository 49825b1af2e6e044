"""What builders download → what they hold to a checksum that two different files can share."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Rule, Severity
from packlint.components import Component
from packlint.downloads import ARGUMENTS, downloads
from packlint.model import Configuration

CALLED = {"md5": "an MD5", "sha1": "a SHA-1"}


class WeakChecksum(Rule):
    """Flags downloads that are held to an MD5 or SHA-1 checksum.

    For both kinds two different files with one checksum can be made, so that such a checksum tells a broken
    download, and not one that its maker has prepared. Packer takes the kind from the prefix, as in `md5:…`,
    or from the number of digits.

    Use the SHA-256 or SHA-512 checksum that the publisher gives beside it. Where there is none, as for some
    old releases, compute it from a download that is trusted. Files on this machine are not flagged.

    References:
    https://www.rfc-editor.org/rfc/rfc6194
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 3.7
    cwe = (328,)
    looks_for = ARGUMENTS

    examples = (
        Bad(
            """
            source "qemu" "typed" {
              iso_url      = "https://example.org/arch.iso"
              iso_checksum = "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709" # finding: is a SHA-1 checksum
            }

            source "qemu" "plain" {
              iso_url      = "https://example.org/arch.iso"
              iso_checksum = "d41d8cd98f00b204e9800998ecf8427e" # finding: `iso_checksum` is an MD5 checksum
            }
            """
        ),
        Bad(
            {
                "template.json": """
                {
                  "variables": {"type": "md5"},
                  "builders": [{
                    "type": "virtualbox-iso",
                    "iso_url": "https://example.org/arch.iso",
                    "iso_checksum": "d41d8cd98f00b204e9800998ecf8427e",
                    "iso_checksum_type": "{{ user `type` }}"
                  }]
                }
                """
            },
            finds={"template.json:6": "which two different files can share, with the default of `var.type`"},
        ),
        Good(
            """
            source "qemu" "local" {
              iso_url      = "images/arch.iso"
              iso_checksum = "md5:d41d8cd98f00b204e9800998ecf8427e"
            }

            source "qemu" "listed" {
              iso_url      = "https://example.org/arch.iso"
              iso_checksum = "file:https://example.org/sha1sums.txt"
            }

            source "qemu" "malformed" {
              iso_url      = "https://example.org/arch.iso"
              iso_checksum = "sha1:da39a3ee"
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for download in downloads(component):
            sum_, argument = download.checksum, download.argument
            if sum_ is None or not sum_.is_weak or argument is None or not download.is_remote:
                continue
            told = [download.value, download.type.value if download.type is not None else None]
            from packlint.faults import defaults

            default = defaults(told, configuration)
            called = CALLED[sum_.type]
            yield Finding(
                argument.expression.range,
                f"`{argument.name}` is {called} checksum, which two different files can share{default.words}",
                related=default.related,
                hint="use the SHA-256 or SHA-512 checksum of the file",
            )
