"""What a builder downloads → where the text given for its checksum is none."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.checksum import DIGITS, Checksum
from packlint.components import Component
from packlint.downloads import ARGUMENTS, IPSW, ISO, MACHINE, Download, downloads
from packlint.model import Configuration

OWN_GRAMMAR = frozenset({"vagrant", "xenserver-iso", "xenserver-xva"})
"""Builders that read some checksums in their own way."""


class IsoChecksumMalformed(Rule):
    """Flags checksums of install media that Packer cannot read or match.

    A checksum is `none`, hexadecimal digits, the type and the digits as in `sha256:…`, or `file:` and the
    URL or path of a file with checksums. The types are md5, sha1, sha256 and sha512; others, such as sha384,
    Packer refuses. It refuses most other mistakes too, but not digits that are too few or too many behind a
    type: `sha256:` with the forty digits of a SHA-1 is refused only after the download, which then is thrown
    away.

    Copy the checksum again from where the media are published, or let Packer look it up with `file:`. The
    URL of a file with checksums needs that prefix.

    Nothing is said of an empty checksum, or of a type with an empty variable behind it: those are for a
    build to supply.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    https://github.com/hashicorp/go-getter/blob/main/checksum.go
    """

    category = Category.SOURCES
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ARGUMENTS

    examples = (
        Bad(
            """
            source "qemu" "short" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "sha256:da39a3ee5e6b4b0d3255bfef95601890afd80709" # finding: has 40 digits
            }

            source "qemu" "sums" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "https://example.org/SHA256SUMS" # finding: a URL without `file:`
            }

            source "qemu" "unsupported" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "blake3:af1349b9f5f9a1a6" # finding: a type that Packer does not know
            }

            source "qemu" "empty" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "sha256:" # finding: has nothing after its type
            }
            """
        ),
        Bad(
            """
            source "proxmox-iso" "base" {
              boot_iso {
                iso_url          = "https://example.org/debian.iso"
                iso_checksum     = "none:" # finding: `iso_checksum` is not written `none`
                iso_storage_pool = "local"
              }
            }

            source "parallels-ipsw" "mac" {
              ipsw_url      = "https://example.org/mac.ipsw"
              ipsw_checksum = "d41d8cd98f00b204" # finding: 16 digits, as many as no type
            }
            """
        ),
        Bad(
            {
                "template.json": """
                {
                  "builders": [{
                    "type": "virtualbox-iso",
                    "iso_url": "debian.iso",
                    "iso_checksum": "debian.iso"
                  }]
                }
                """,
                "template.pkr.json": """
                {"source": {"hyperv-iso": {"base": {
                  "iso_url": "debian.iso",
                  "iso_checksum": "md5:not-yet-known"
                }}}}
                """,
            },
            finds={
                "template.json:5": "`iso_checksum` is a URL or path without `file:`",
                "template.pkr.json:3": "something other than hexadecimal digits",
            },
        ),
        Good(
            """
            variable "checksum" {
              default = ""
            }

            source "qemu" "typed" {
              iso_checksum = "SHA1:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"
            }

            source "qemu" "plain" {
              iso_checksum = "d41d8cd98f00b204e9800998ecf8427e"
            }

            source "qemu" "file" {
              iso_checksum = "file:https://example.org/SHA256SUMS"
            }

            source "qemu" "none" {
              iso_checksum = "none"
            }

            source "qemu" "supplied" {
              iso_checksum = var.checksum
            }

            source "qemu" "completed" {
              iso_checksum = "sha256:${var.checksum}"
            }

            source "xenserver-iso" "own" {
              iso_checksum = "sha384:ab"
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        if component.schema is None or component.name in OWN_GRAMMAR:
            return
        for download in downloads(component):
            sum_ = download.checksum
            if sum_ is not None and sum_.flaw and _is_said(download):
                yield _finding(download, sum_, configuration)


def _is_said(download: Download) -> bool:
    """Whether go-getter reads it, and the one argument tells all; of an empty one it is said as of none."""
    if download.group not in (ISO, IPSW, MACHINE) or download.type is not None:
        return False
    return download.value is not None and download.value.known(str) != ""


def _finding(download: Download, sum_: Checksum, configuration: Configuration) -> Finding:
    from packlint.faults import defaults

    assert download.argument is not None
    default = defaults([download.value], configuration)
    return Finding(
        download.argument.expression.range,
        f"`{download.argument.name}` {_words(sum_)}{default.words}",
        related=default.related,
        hint=_hint(sum_),
    )


def _words(sum_: Checksum) -> str:
    number = len(sum_.value)
    if sum_.flaw == "length":
        return f"has {number} digits, and {sum_.type} has {DIGITS[sum_.type]}"
    return {
        "empty": "has nothing after its type",
        "blank": "has blanks around it",
        "none": "is not written `none`, as Packer knows it",
        "url": "is a URL without `file:`",
        "path": "is a URL or path without `file:`",
        "type": "has a type that Packer does not know",
        "digits": "has something other than hexadecimal digits",
        "odd": f"has {number} digits, which no checksum has",
        "kind": f"has {number} digits, as many as no type that Packer knows",
    }[sum_.flaw or "type"]


def _hint(sum_: Checksum) -> str:
    from packlint.wording import listed

    if sum_.flaw in ("url", "path"):
        return "write `file:` and the URL or path of a file with checksums"
    if sum_.flaw == "none":
        return 'write "none", better a checksum'
    if sum_.flaw == "blank":
        return "remove the blanks"
    if sum_.flaw in ("type", "kind"):
        return f"write `TYPE:DIGITS` with one of the types {listed(DIGITS, 'or')}"
    return "copy the checksum again from where the file is published"
