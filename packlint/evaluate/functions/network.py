"""Address ranges → addresses and smaller ranges (go-cty-funcs `cidr`)."""

from __future__ import annotations

import ipaddress
import re

from packlint.evaluate.functions.function import STRINGS, Family, Result, Wrong, integer, string_list
from packlint.evaluate.giving_up import Failed, NotKnown
from packlint.evaluate.numbers import Number
from packlint.value import NUMBER, STRING, Unknown

FAMILY = Family()
function = FAMILY.function

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LONGEST_STEP = 32


def _network(prefix: str) -> Network:
    if not re.fullmatch(r"[0-9a-fA-F.:]+/[0-9]{1,3}", prefix):
        raise Wrong(0, "the text is not an address range")
    try:
        network = ipaddress.ip_network(prefix, strict=False)
    except ValueError:
        raise Wrong(0, "the text is not an address range") from None
    if isinstance(network, ipaddress.IPv6Network) and network.network_address.ipv4_mapped:
        raise NotKnown(Unknown("Packer takes such a range for one of IPv4, and mixes both up"))
    return network


@function("cidrhost", STRING, NUMBER, returns=STRING)
def _cidrhost(prefix: str, number: Number) -> Result:
    """A negative number counts from the end of the range."""
    network, host = _network(prefix), integer(number)
    size = network.num_addresses
    if not -size <= host < size:
        raise Wrong(1, f"there is no host {host} in the range")
    return str(network[host])


@function("cidrnetmask", STRING, returns=STRING)
def _cidrnetmask(prefix: str) -> Result:
    return str(_network(prefix).netmask)


@function("cidrsubnet", STRING, NUMBER, NUMBER, returns=STRING)
def _cidrsubnet(prefix: str, bits: Number, number: Number) -> Result:
    network, more, position = _network(prefix), integer(bits), integer(number)
    length = network.prefixlen + more
    if more < 0:
        raise NotKnown(Unknown("Packer widens the range instead of dividing it"))
    if more > _LONGEST_STEP or length > network.max_prefixlen:
        raise Wrong(1, f"the range cannot be divided by {more} bits")
    if not 0 <= position < 1 << more:
        raise Wrong(2, f"there is no part {position} of the range")
    first = int(network.network_address) + (position << (network.max_prefixlen - length))
    return str(type(network)((first, length)))


@function("cidrsubnets", STRING, returns=STRINGS, rest=NUMBER)
def _cidrsubnets(prefix: str, *bits: Number) -> Result:
    network = _network(prefix)
    free, end = int(network.network_address), int(network.broadcast_address)
    parts: list[str] = []
    for number, more in enumerate(map(integer, bits), start=1):
        length = network.prefixlen + more
        if not 1 <= more <= _LONGEST_STEP or length > network.max_prefixlen:
            raise Wrong(number, f"the range cannot be divided by {more} bits")
        size = 1 << (network.max_prefixlen - length)
        first = -(-free // size) * size
        if first + size - 1 > end:
            raise Failed("the range has no room for so many parts")
        parts.append(str(type(network)((first, length))))
        free = first + size
    return string_list(parts)
