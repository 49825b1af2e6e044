"""The name of install media, of an image or of a guest → the operating system it stands for.

Only what names a system for certain counts; a text that names two different families names none.
"""

from __future__ import annotations

import re
from typing import Literal

from packlint.record import record

Family = Literal["windows", "nix"]


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
_WORDS: tuple[tuple[System, str], ...] = (
    (WINDOWS, r"windows|windowsserver|winsvr|serverhypercore|(x64|x86)fre|w2k(3|8|12|16|19|22)?|ws20\d\d"),
    (WINDOWS, r"win(server|dows)?[-_ ]?(xp|vista|7|8|8\.?1|10|11|20(03|08|12|16|19|22|25)(r2)?)"),
    (WINDOWS, r"(server|enterprise|cliententerprise)[-_ ]?eval|win[-_](server|ent|pro|edu)"),
    (_linux("Ubuntu", "ubuntu"), r"[kxl]?ubuntu|(xenial|bionic|focal|jammy|noble)-server-cloudimg"),
    (_linux("Debian", "debian"), r"debian"),
    (_linux("Kali Linux", "debian"), r"kali"),
    (_linux("Devuan", "debian"), r"devuan"),
    (_linux("Proxmox VE", "debian"), r"proxmox-ve"),
    (_linux("CentOS", *_RED_HAT), r"centos(stream)?"),
    (_linux("Red Hat Enterprise Linux", *_RED_HAT), r"rhel|redhat"),
    (_linux("Rocky Linux", *_RED_HAT), r"rocky(linux)?"),
    (_linux("AlmaLinux", *_RED_HAT), r"alma(linux)?"),
    (_linux("Oracle Linux", *_RED_HAT), r"oracle[-_ ]?linux"),
    (_linux("Security Onion 2", *_RED_HAT), r"securityonion-2\.\d+(\.\d+)?"),
    (_linux("Fedora", "fedora"), r"fedora"),
    (_linux("Arch Linux", "arch"), r"archlinux"),
    (_linux("openSUSE", "suse"), r"opensuse"),
    (_linux("SUSE Linux Enterprise", "suse"), r"sles|suse|sle"),
    (_linux("Gentoo", "gentoo"), r"gentoo"),
    (_linux("Alpine Linux"), r"alpine"),
    (_linux("Photon OS"), r"photon"),
    (_linux("Amazon Linux"), r"amzn2?|al20(22|23)|amazonlinux"),
    (_linux("VyOS"), r"vyos"),
    (_linux("Flatcar"), r"flatcar"),
    (_linux("Talos"), r"talos"),
    (_linux("NixOS"), r"nixos"),
    (_linux("Linux Mint"), r"linuxmint"),
    (System("FreeBSD", "bsd", ("freebsd",)), r"freebsd"),
    (System("OpenBSD", "bsd", ("openbsd",)), r"openbsd"),
    (System("NetBSD", "bsd", ("netbsd",)), r"netbsd"),
    (System("pfSense", "bsd", ("freebsd",)), r"pfsense"),
    (System("OPNsense", "bsd", ("freebsd",)), r"opnsense"),
    (System("OmniOS", "solaris"), r"omnios(ce)?"),
    (System("OpenIndiana", "solaris"), r"openindiana"),
)
# A word ends where letters end: `ubuntu2204`, `Win10_22H2` and `x64FRE_SERVER_EVAL_EN` have theirs.
_SYSTEMS = tuple(
    (system, re.compile(rf"(?<![a-z])({words})(?![a-z])", re.IGNORECASE)) for system, words in _WORDS
)

_BESIDE = re.compile(
    r"virtio|tools|addition|driver|cidata|seed|cloud-?init|unattend|answer|context|config|kickstart|preseed",
    re.IGNORECASE,
)
"""Media that are mounted beside the ones to install from."""

_TOOLS = re.compile(r"(windows|linux|darwin|solaris|freebsd|netware)\.iso", re.IGNORECASE)
"""The names that VMware gives to the images of its guest tools."""

_GROUPS = tuple(
    (group, re.compile(words, re.IGNORECASE))
    for group, words in (
        ("ubuntu", r"^[LX]?ubuntu"),
        ("debian", r"^debian"),
        ("redhat", r"^redhat"),
        ("oracle", r"^oracle"),
        ("fedora", r"^fedora"),
        ("arch", r"^archlinux"),
        ("suse", r"^(open)?suse"),
        ("gentoo", r"^gentoo"),
        ("freebsd", r"^freebsd"),
        ("openbsd", r"^openbsd"),
        ("netbsd", r"^netbsd"),
    )
)

_UNIX_GUEST = re.compile(
    r"ubuntu|debian|centos|rhel|redhat|fedora|suse|oracle|rocky|alma|linux|bsd|arch(?!ive)|photon|darwin"
    r"|macos|solaris",
    re.IGNORECASE,
)


def system_of_image(name: str) -> System | None:
    """The system that a text names; where it names several of one family, only so much as they share."""
    found = tuple(dict.fromkeys(system for system, words in _SYSTEMS if words.search(name)))
    if len(found) < 2:
        return found[0] if found else None
    if len({system.family for system in found}) > 1:
        return None
    kernels = {system.kernel for system in found}
    return LINUX if kernels == {"linux"} else UNIX


def system_of_media(name: str) -> System | None:
    """The system on media of that file name; None for drivers, guest tools and answer files."""
    if _BESIDE.search(name) or _TOOLS.fullmatch(name):
        return None
    return system_of_image(name)


def system_of_guest_id(name: str, family: str | None) -> System | None:
    """The system that a hypervisor is told; `family` is what the hypervisor's own list says of the name."""
    if family in (None, "other"):
        if re.match(r"win|microsoft", name, re.IGNORECASE):
            return System(name, "windows")
        return System(name, None) if family is None and _UNIX_GUEST.search(name) else None
    return System(name, family, tuple(group for group, words in _GROUPS if words.search(name)))
