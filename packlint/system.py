"""The name of install media, of an image or of a guest → the operating system it stands for.

Only what names a system for certain counts; a text that names two different families names none.
"""

from __future__ import annotations

import re
from functools import cache

from packlint.pattern import pattern
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Family: TypeAlias = 'Literal["windows", "nix"]'


@record
class System:
    """An operating system: `name` for messages, `kernel` windows, linux, bsd, solaris, macos, or unknown.

    `groups` are the groups of VirtualBox's names that are right for it, the best first; empty where it has
    none.
    """

    name: str
    kernel: str | None
    groups: tuple[str, ...] = ()

    @property
    def family(self) -> Family:
        """Windows, or all else that has a Unix shell."""
        return "windows" if self.kernel == "windows" else "nix"


WINDOWS = System("Windows", "windows")
LINUX = System("Linux", "linux")
UNIX = System("Unix-like", None)


def _linux(name: str, *groups: str) -> System:
    return System(name, "linux", groups)


_RED_HAT = ("redhat", "oracle")
_WORDS: tuple[tuple[System, str, str], ...] = (
    (
        WINDOWS,
        "windows winsvr serverhypercore x64fre x86fre w2k ws20",
        r"windows|windowsserver|winsvr|serverhypercore|(x64|x86)fre|w2k(3|8|12|16|19|22)?|ws20\d\d",
    ),
    (WINDOWS, "win", r"win(server|dows)?[-_ ]?(xp|vista|7|8|8\.?1|10|11|20(03|08|12|16|19|22|25)(r2)?)"),
    (
        WINDOWS,
        "eval win- win_",
        r"(server|enterprise|cliententerprise)[-_ ]?eval|win[-_](server|ent|pro|edu)",
    ),
    (
        _linux("Ubuntu", "ubuntu"),
        "ubuntu cloudimg",
        r"[kxl]?ubuntu|(xenial|bionic|focal|jammy|noble)-server-cloudimg",
    ),
    (_linux("Debian", "debian"), "debian", r"debian"),
    (_linux("Kali Linux", "debian"), "kali", r"kali"),
    (_linux("Devuan", "debian"), "devuan", r"devuan"),
    (_linux("Proxmox VE", "debian"), "proxmox-ve", r"proxmox-ve"),
    (_linux("CentOS", *_RED_HAT), "centos", r"centos(stream)?"),
    (_linux("Red Hat Enterprise Linux", *_RED_HAT), "rhel redhat", r"rhel|redhat"),
    (_linux("Rocky Linux", *_RED_HAT), "rocky", r"rocky(linux)?"),
    (_linux("AlmaLinux", *_RED_HAT), "alma", r"alma(linux)?"),
    (_linux("Oracle Linux", *_RED_HAT), "oracle", r"oracle[-_ ]?linux"),
    (_linux("Security Onion 2", *_RED_HAT), "securityonion", r"securityonion-2\.\d+(\.\d+)?"),
    (_linux("Fedora", "fedora"), "fedora", r"fedora"),
    (_linux("Arch Linux", "arch"), "archlinux", r"archlinux"),
    (_linux("openSUSE", "suse"), "opensuse", r"opensuse"),
    (_linux("SUSE Linux Enterprise", "suse"), "sle suse", r"sles|suse|sle"),
    (_linux("Gentoo", "gentoo"), "gentoo", r"gentoo"),
    (_linux("Alpine Linux"), "alpine", r"alpine"),
    (_linux("Photon OS"), "photon", r"photon"),
    (_linux("Amazon Linux"), "amzn al20 amazonlinux", r"amzn2?|al20(22|23)|amazonlinux"),
    (_linux("VyOS"), "vyos", r"vyos"),
    (_linux("Flatcar"), "flatcar", r"flatcar"),
    (_linux("Talos"), "talos", r"talos"),
    (_linux("NixOS"), "nixos", r"nixos"),
    (_linux("Linux Mint"), "linuxmint", r"linuxmint"),
    (System("FreeBSD", "bsd", ("freebsd",)), "freebsd", r"freebsd"),
    (System("OpenBSD", "bsd", ("openbsd",)), "openbsd", r"openbsd"),
    (System("NetBSD", "bsd", ("netbsd",)), "netbsd", r"netbsd"),
    (System("pfSense", "bsd", ("freebsd",)), "pfsense", r"pfsense"),
    (System("OPNsense", "bsd", ("freebsd",)), "opnsense", r"opnsense"),
    (System("OmniOS", "solaris"), "omnios", r"omnios(ce)?"),
    (System("OpenIndiana", "solaris"), "openindiana", r"openindiana"),
)
"""Systems with what one of has to be in a text for one of the words to be, and the words."""


@cache
def _stands(words: str) -> re.Pattern[str]:
    """A word ends where letters end: `ubuntu2204`, `Win10_22H2` and `x64FRE_SERVER_EVAL_EN` have theirs."""
    return pattern(rf"(?<![a-z])({words})(?![a-z])")  # in lower case: to ignore it costs three times as much


_BESIDE = (
    *("virtio", "tools", "addition", "driver", "cidata", "seed", "cloudinit", "cloud-init", "unattend"),
    *("answer", "context", "config", "kickstart", "preseed"),
)
"""What is in the names of media that are mounted beside the ones to install from."""

_TOOLS = tuple(f"{name}.iso" for name in ("windows", "linux", "darwin", "solaris", "freebsd", "netware"))
"""The names that VMware gives to the images of its guest tools."""

_GROUPS = (
    ("ubuntu", ("ubuntu", "lubuntu", "xubuntu")),
    ("debian", ("debian",)),
    ("redhat", ("redhat",)),
    ("oracle", ("oracle",)),
    ("fedora", ("fedora",)),
    ("arch", ("archlinux",)),
    ("suse", ("suse", "opensuse")),
    ("gentoo", ("gentoo",)),
    ("freebsd", ("freebsd",)),
    ("openbsd", ("openbsd",)),
    ("netbsd", ("netbsd",)),
)
"""The groups of VirtualBox's names by what the names of guests begin with."""

_UNIX_GUEST = (
    *("ubuntu", "debian", "centos", "rhel", "redhat", "fedora", "suse", "oracle", "rocky", "alma", "linux"),
    *("bsd", "photon", "darwin", "macos", "solaris"),
)

_LETTERS = str.maketrans("\u0131\u0130\u017f", "iis")
"""Letters that regular expressions take for others where case is of no weight; `lower` does not."""


def _folded(name: str) -> str:
    return (name if name.isascii() else name.translate(_LETTERS)).lower()


def system_of_image(name: str) -> System | None:
    """The system that a text names; where it names several of one family, only so much as they share."""
    folded = _folded(name)
    found: list[System] = []
    for system, needed, words in _WORDS:
        may_be = any(part in folded for part in needed.split())
        if may_be and system not in found and _stands(words).search(folded):
            found.append(system)
    if len(found) < 2:
        return found[0] if found else None
    if len({system.family for system in found}) > 1:
        return None
    kernels = {system.kernel for system in found}
    return LINUX if kernels == {"linux"} else UNIX


def system_of_media(name: str) -> System | None:
    """The system on media of that file name; None for drivers, guest tools and answer files."""
    folded = _folded(name)
    if folded in _TOOLS or any(part in folded for part in _BESIDE):
        return None
    return system_of_image(name)


def system_of_guest_id(name: str, family: str | None) -> System | None:
    """The system that a hypervisor is told; `family` is what the hypervisor's own list says of the name."""
    folded = _folded(name)
    if family in (None, "other"):
        if folded.startswith(("win", "microsoft")):
            return System(name, "windows")
        arch = "arch" in folded.replace("archive", " ")
        unix = arch or any(part in folded for part in _UNIX_GUEST)
        return System(name, None) if family is None and unix else None
    return System(name, family, tuple(group for group, begins in _GROUPS if folded.startswith(begins)))
