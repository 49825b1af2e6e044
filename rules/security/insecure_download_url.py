"""What builders download, and data sources fetch → what comes over a connection that anybody can change."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Rule, Severity
from packlint.components import Component
from packlint.document import Range
from packlint.downloads import ARGUMENTS, Download, Url, downloads
from packlint.model import Configuration
from packlint.pattern import pattern
from packlint.syntax import Expression, Template
from packlint.value import Value

OPEN = ("http", "ftp")
"""Schemes that neither encrypt nor authenticate."""

INSIDE = pattern(r"(?:^|\.)(?:local(?:host|domain)?|lan|internal|intranet|corp|home|home\.arpa|test)$")
"""Names of hosts that no public server has."""


class InsecureDownloadUrl(Rule):
    """Flags downloads over plain HTTP or FTP, of checksums above all.

    Anybody between the server and the machine that runs Packer can change what comes over such a
    connection. A file of checksums that comes over it, as in `file:http://…`, protects nothing: who replaces
    the media replaces their checksum too. The same goes for media, machines and boxes without a
    checksum, and for the `http` data source, whose answer goes into the image.

    Write `https`, which nearly all mirrors have; the fix does that, and is unsafe, because packlint does not
    ask the server.

    Nothing is said where a checksum in the template holds the media anyway. So it is with a server
    on this machine. A finding is a note where the server is one's own: a private address or a name without a
    public domain.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/qemu/latest/components/builder/qemu
    https://developer.hashicorp.com/packer/docs/datasources/http
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 7.4
    cwe = (494, 924)
    fixable = Fixable.UNSAFE
    looks_for = (*ARGUMENTS, "url")

    examples = (
        Bad(
            """
            source "qemu" "sums" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "file:http://example.org/SHA512SUMS" # finding: come over http
            }

            source "virtualbox-ovf" "machine" {
              source_path = "ftp://example.org/base.ova" # finding: `source_path` is fetched over ftp
            }

            source "proxmox-iso" "nested" {
              boot_iso {
                iso_urls     = [
                  "https://example.org/debian.iso",
                  "http://example.org/debian.iso", # finding: `iso_urls` is fetched over http, which anybody
                ]
                iso_checksum = "none"
              }
            }

            data "http" "keys" {
              url = "http://example.org/keys" # finding: `url` is fetched over http
            }
            """,
            fixed="""
            source "qemu" "sums" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "file:https://example.org/SHA512SUMS"
            }

            source "virtualbox-ovf" "machine" {
              source_path = "ftp://example.org/base.ova"
            }

            source "proxmox-iso" "nested" {
              boot_iso {
                iso_urls     = [
                  "https://example.org/debian.iso",
                  "https://example.org/debian.iso",
                ]
                iso_checksum = "none"
              }
            }

            data "http" "keys" {
              url = "https://example.org/keys"
            }
            """,
        ),
        Bad(
            {
                "template.json": """
                {
                  "variables": {"mirror": "http://mirror.example.org"},
                  "builders": [{
                    "type": "vmware-iso",
                    "iso_url": "{{ user `mirror` }}/debian.iso",
                    "iso_checksum": "none"
                  }]
                }
                """
            },
            finds={"template.json:5": "which anybody on the way can change, with the default of"},
        ),
        Good(
            """
            source "qemu" "secure" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "file:https://example.org/SHA512SUMS"
            }

            source "qemu" "pinned" {
              iso_url      = "http://example.org/debian.iso"
              iso_checksum = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            }

            source "qemu" "here" {
              iso_url      = "debian.iso"
              iso_checksum = "none"
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for download in downloads(component):
            yield from _of_checksum(download, configuration)
            for url in download.urls:
                yield from _of_url(url, download, configuration)
        if component.kind == "data-source" and component.name == "http":
            argument = component.arguments.get("url")
            text = argument.worth.known(str) if argument is not None else None
            if argument is not None and text is not None:
                url = Url(argument, argument.expression, argument.worth, text)
                yield from _of_url(url, None, configuration)


def _of_checksum(download: Download, configuration: Configuration) -> Iterator[Finding]:
    sum_, argument = download.checksum, download.argument
    if sum_ is None or sum_.type != "file" or argument is None or download.value is None:
        return
    url = Url(argument, argument.expression, download.value, sum_.value)
    if url.scheme in OPEN and not _is_here(url):
        message = (
            f"the checksums that `{argument.name}` names come over {url.scheme}, "
            "which anybody on the way can change"
        )
        yield _finding(url, message, download.value, configuration, softened=_is_inside(url))


def _of_url(url: Url, download: Download | None, configuration: Configuration) -> Iterator[Finding]:
    if url.scheme not in OPEN or _is_here(url) or (download is not None and _is_held(download)):
        return
    message = f"`{url.argument.name}` is fetched over {url.scheme}, which anybody on the way can change"
    yield _finding(url, message, url.value, configuration, softened=_is_inside(url))


def _is_held(download: Download) -> bool:
    """Whether a checksum tells a change, or may do so; one that does not for a fault has its own finding."""
    sum_ = download.checksum
    if sum_ is None:
        return download.argument is not None
    return sum_.type != "none"


def _host(url: Url) -> str | None:
    try:
        return urlsplit(url.text).hostname or ""
    except ValueError:
        return None


def _is_here(url: Url) -> bool:
    """Whether nothing leaves this machine."""
    host = _host(url) or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _is_inside(url: Url) -> bool:
    """Whether the server is certainly, or may be, one of one's own network; its name may be computed."""
    host = _host(url)
    if host is None:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or "{" in host or INSIDE.search(host) is not None
    return not address.is_global


def _finding(url: Url, message: str, value: Value, configuration: Configuration, softened: bool) -> Finding:
    from packlint.faults import defaults

    default = defaults([value], configuration)
    return Finding(
        url.expression.range,
        message + default.words,
        related=default.related,
        hint="write `https`" if url.scheme == "http" else "find a server that has it over `https`",
        fix=_fix(url.expression) if url.scheme == "http" else None,
        softened=softened,
    )


def _fix(expression: Expression) -> Fix | None:
    """`https` where the URL is written, whatever is computed behind its scheme."""
    if not isinstance(expression, Template) or expression.heredoc:
        return None
    range_ = expression.range
    match = re.match(r'"(?:file:)?http(?=://)', range_.text)
    if match is None:
        return None
    at = range_.start + match.end()
    return Fix("write `https`", (Edit(Range(range_.document, at, at), "s"),), safe=False)
