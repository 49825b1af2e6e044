"""Images → what each takes for itself while it is built: two that want the same are not built at once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from packlint.chain.host import EXCLUSIVE, HOSTS, hypervisor, local, runs_on
from packlint.chain.images import Image
from packlint.chain.naming import NAMINGS, name_of
from packlint.chain.written import output_of
from packlint.model import Arguments, SourceUse
from packlint.named import NamedTuple
from packlint.traits import builder

Key = tuple[str, ...]
"""What is equal for two images that want the same thing."""

PORTS = (
    ("http_port_min", "http_port_max"),
    ("vnc_port_min", "vnc_port_max"),
    ("vrdp_port_min", "vrdp_port_max"),
    ("host_port_min", "host_port_max"),
    ("ssh_host_port_min", "ssh_host_port_max"),
)
"""Ends of the ranges from which the plugins take a port of the host; a range of one port is that port."""

SERVED = ("http_directory", "http_content")
"""What Packer starts a server for, on the host, wherever the machine is (multistep/commonsteps)."""

_OF_QEMU = (
    re.compile(r"hostfwd=(?:tcp|udp)?:[^:,]*:([0-9]{1,5})-"),
    re.compile(r"\Atcp:[^:,]*:([0-9]{1,5}),(?:.*,)?server\b(?!=off)"),
    re.compile(r"\Atelnet:[^:,]*:([0-9]{1,5}),(?:.*,)?server\b(?!=off)"),
    re.compile(r"(?:\A|,)port=([0-9]{1,5})(?:,.*)?disable-ticketing"),
)
"""Ports of the host in the words of `qemuargs`: `-netdev`, `-qmp`, `-serial`, `-monitor` and `-spice`."""

_SOCKET = re.compile(r"\Aunix:([^,]+),(?:.*,)?server\b(?!=off)")
_DISPLAY = re.compile(r"\A[\w.]*:([0-9]{1,4})\b")
_FIRST_DISPLAY = 5900


class Claim(NamedTuple):
    """Something that an image takes for itself; `words` go on after "both": `write to "output-debian"`."""

    key: Key
    words: str


class Hypervisor(NamedTuple):
    """What runs a machine, with the operating systems that have it."""

    name: str
    hosts: frozenset[str]

    def bears(self, other: Hypervisor) -> bool:
        """Whether the two can run side by side on one host."""
        pair = {self.name, other.name}
        return not any({one, two} == pair for one, two, _ in EXCLUSIVE) and bool(self.hosts & other.hosts)


class Hold(NamedTuple):
    """What images take together."""

    claims: frozenset[Key] = frozenset()
    hypervisors: frozenset[Hypervisor] = frozenset()

    def bears(self, other: Hold) -> bool:
        """Whether both can be built at once."""
        return self.claims.isdisjoint(other.claims) and all(
            one is two or one == two or one.bears(two)
            for one in self.hypervisors
            for two in other.hypervisors
        )

    def with_more(self, other: Hold) -> Hold:
        """Both together."""
        return Hold(self.claims | other.claims, self.hypervisors | other.hypervisors)


def hold(images: Iterable[Image], directory: str) -> Hold:
    """What images take for which Packer is run in a directory."""
    images = tuple(images)
    keys = frozenset(claim.key for image in images for claim in claims(image, directory))
    run = (hypervisor_of(image.use) for image in images)
    return Hold(keys, frozenset(it for it in run if it is not None))


def conflict(one: Image, other: Image, directory: str) -> str | None:
    """Why two images of one template are not built at once, in words that follow their names; else None."""
    taken = {claim.key for claim in claims(other, directory)}
    for claim in claims(one, directory):
        if claim.key in taken:
            return f"both {claim.words}"
    first, second = hypervisor_of(one.use), hypervisor_of(other.use)
    if first and second and first != second and not first.bears(second):
        return "cannot run side by side on one host"
    return None


def hypervisor_of(use: SourceUse) -> Hypervisor | None:
    """What runs the machine of a source on this host; None where nothing does, or no host is known."""
    known = builder(use.type)
    if known is None or known.platform != "hypervisor" or not local(use):
        return None
    hosts = frozenset(host for host in HOSTS if runs_on(use, host))
    return Hypervisor(hypervisor(use), hosts) if hosts else None


def claims(image: Image, directory: str) -> Iterator[Claim]:
    """What an image takes for itself while it is built, as far as that is known.

    `directory` is where Packer is run; relative paths count from there.
    """
    use = image.use
    yield from _paths(image, directory)
    yield from _names(image)
    for port in sorted({*_ranges(use.arguments, on_host=local(use)), *_ports_of_qemu(use)}):
        yield Claim(("port", str(port)), f"take port {port}")
    for path in _sockets(use):
        yield Claim(("path", _placed(path, directory)), "listen on one socket")


def _paths(image: Image, directory: str) -> Iterator[Claim]:
    """What it writes: a directory, or the file of the builder `file`."""
    output = output_of(image.use)
    if output is not None and output.key.startswith("~"):
        yield Claim(("written", image.place, output.key), "write to the same directory")
    elif output is not None:
        told = "the same directory" if output.path is None else f'"{output.path}"'
        yield Claim(("path", _placed(output.key, directory)), f"write to {told}")
    target = image.use.arguments.worth("target") if image.use.type == "file" else None
    if target is not None and target.text:
        told = "the same file" if target.sensitive else f'"{target.text}"'
        yield Claim(("path", _placed(target.text, directory)), f"write to {told}")


def _placed(path: str, directory: str) -> str:
    return posixpath.normpath(posixpath.join(directory, path.replace("\\", "/")))


def _names(image: Image) -> Iterator[Claim]:
    """The names that it takes where each is taken once."""
    for naming in NAMINGS:
        name = name_of(naming, image.use)
        if name is not None:
            # What is only written alike is alike within one template.
            place = image.place if any(part.startswith("~") for part in name) else ""
            yield Claim((naming.where, naming.name, place, *name), f"have one `{naming.name}` {naming.where}")


def _ranges(arguments: Arguments, *, on_host: bool) -> Iterator[int]:
    for low, high in PORTS:
        served = low.startswith("http_")
        if not (any(arguments.may_set(name) for name in SERVED) if served else on_host):
            continue
        port = arguments.known(low, int)
        if port and port == arguments.known(high, int):
            yield port


def _words(use: SourceUse) -> Iterator[tuple[str, str]]:
    """The options of QEMU with the values that are known."""
    given = use.arguments.worth("qemuargs") if local(use) else None
    for line in (given.items or ()) if given is not None else ():
        option, *values = [word.text or "" for word in line.items or ()] or [""]
        yield from ((option, value) for value in values)


def _ports_of_qemu(use: SourceUse) -> Iterator[int]:
    for option, value in _words(use):
        for pattern in _OF_QEMU:
            yield from (int(port) for port in pattern.findall(value))
        display = _DISPLAY.match(value) if option == "-vnc" else None
        if display is not None:
            yield _FIRST_DISPLAY + int(display[1])


def _sockets(use: SourceUse) -> Iterator[str]:
    for _, value in _words(use):
        if found := _SOCKET.match(value):
            yield found[1]
    own = use.arguments.worth("qmp_socket_path")
    if own is not None and own.text and local(use):
        yield own.text
