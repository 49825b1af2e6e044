"""What a builder downloads → what it takes without a checksum."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Rule, Severity
from packlint.components import Component
from packlint.downloads import ARGUMENTS, downloads
from packlint.model import Configuration


class IsoChecksumNone(Rule):
    """Flags downloads of install media whose checksum is `none`.

    Packer then builds from whatever the server sends, or what lies in its cache from an earlier download: a
    file that was replaced, cut off or tampered with becomes the base of an image, and nothing in the
    template says which file was meant. Packer itself warns of it.

    Pin the checksum that the publisher gives, as `sha256:…`, or let Packer read it with `file:` and the URL
    of the publisher's file of checksums. Where the publisher has none, as for Windows evaluation media,
    compute it from one good download. Media that change under the same URL, as nightly builds do, need an
    ignore comment that says so.

    Media that lie on this machine are not flagged: those that were built or copied there by oneself.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    https://github.com/hashicorp/packer-plugin-sdk/blob/main/multistep/commonsteps/iso_config.go
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 6.5
    cwe = (494,)
    looks_for = ARGUMENTS

    examples = (
        Bad(
            """
            variable "checksum" {
              default = "none"
            }

            source "qemu" "debian" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "none" # finding: `iso_checksum` is "none": whatever is downloaded is taken
            }

            source "virtualbox-iso" "debian" {
              iso_urls     = ["debian.iso", "https://example.org/debian.iso"]
              iso_checksum = var.checksum # finding: with the default of `var.checksum`
            }

            source "proxmox-iso" "debian" {
              boot_iso {
                iso_url          = "https://example.org/debian.iso"
                iso_checksum     = "none" # finding: `iso_checksum` is "none"
                iso_storage_pool = "local"
              }
            }
            """
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "virtualbox-iso",
                    "iso_url": "https://example.org/debian.iso",
                    "iso_checksum_type": "none"
                  }]
                }
                """
            },
            finds={"template.json:5": '`iso_checksum_type` is "none"'},
        ),
        Good(
            """
            source "qemu" "pinned" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "file:https://example.org/SHA256SUMS"
            }

            source "qemu" "chained" {
              disk_image   = true
              iso_url      = "output-base/base.qcow2"
              iso_checksum = "none"
            }

            source "proxmox-iso" "uploaded" {
              boot_iso {
                iso_file     = "local:iso/debian.iso"
                iso_checksum = "none"
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for download in downloads(component):
            sum_ = download.checksum
            if sum_ is None or sum_.type != "none" or not download.is_remote:
                continue
            is_typed = download.type is not None
            said = download.type if is_typed else download.argument
            if said is not None:
                from packlint.faults import defaults

                default = defaults([said.value], configuration)
                yield Finding(
                    said.expression.range,
                    f'`{said.name}` is "none": whatever is downloaded is taken{default.words}',
                    related=default.related,
                    hint="pin the checksum that the publisher gives, or write `file:` and the URL of the "
                    "publisher's file of checksums",
                )
