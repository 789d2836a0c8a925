"""IP addresses and networks.

https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from gitops_ci.cel.function import content_of, method, opaque, plain
from gitops_ci.model.regex import regex

IP = "net.IP"
CIDR = "net.CIDR"
_LENGTH = regex(r"0|[1-9]\d{0,2}")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _address(text: str) -> Address:
    """Raises ValueError for what is no address, for zones, and for IPv4 inside of IPv6."""
    made = ipaddress.ip_address(text)
    if "%" in text or (made.version == 6 and made.ipv4_mapped is not None):
        message = f"an address with a zone or an IPv4-mapped address is not allowed: {text!r}"
        raise ValueError(message)
    return made


def ip(text: str) -> Mapping[str, str]:
    """The address that the text states. Raises ValueError."""
    return opaque(IP, text=str(_address(text)))


def cidr(text: str) -> Mapping[str, str]:
    """The network that the text states; bits of the host are kept. Raises ValueError."""
    address, slash, length = text.partition("/")
    made = _address(address)
    if not slash or not _LENGTH.fullmatch(length) or int(length) > made.max_prefixlen:
        message = f"network address parse error: {text!r}"
        raise ValueError(message)
    return opaque(CIDR, text=f"{made}/{length}")


def _is(read: str, text: str) -> bool:
    try:
        (ip if read == IP else cidr)(text)
    except ValueError:
        return False
    return True


def _of(value: object) -> Address:
    return ipaddress.ip_address(content_of(value, IP)["text"])


def _network(value: object) -> Network:
    return ipaddress.ip_network(content_of(value, CIDR)["text"], strict=False)


def _contains_ip(network: object, address: object) -> bool:
    inner = _address(address) if isinstance(address, str) else _of(address)
    return inner in _network(network)


def _contains_cidr(network: object, other: object) -> bool:
    outer = _network(network)
    inner = _network(cidr(other) if isinstance(other, str) else other)
    if isinstance(outer, ipaddress.IPv4Network):
        return isinstance(inner, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, ipaddress.IPv6Network) and inner.subnet_of(outer)


def _ip_of(network: object) -> Mapping[str, str]:
    return opaque(IP, text=content_of(network, CIDR)["text"].partition("/")[0])


def _link_local_multicast(value: object) -> bool:
    address = _of(value)
    if isinstance(address, ipaddress.IPv4Address):
        return address in ipaddress.IPv4Network("224.0.0.0/24")
    return address.is_multicast and address.packed[1] & 0x0F == 0x02


def _global_unicast(value: object) -> bool:
    address = _of(value)
    special = (
        address.is_unspecified
        or address.is_loopback
        or address.is_multicast
        or address.is_link_local
    )
    return not special and str(address) != "255.255.255.255"


FUNCTIONS = (
    plain("ip", "string", IP, ip),
    plain("isIP", "string", "bool", lambda text: _is(IP, text)),
    plain("ip.isCanonical", "string", "bool", lambda text: str(_address(text)) == text),
    method(IP, "family", "", "int", lambda value: _of(value).version),
    method(IP, "isUnspecified", "", "bool", lambda value: _of(value).is_unspecified),
    method(IP, "isLoopback", "", "bool", lambda value: _of(value).is_loopback),
    method(IP, "isLinkLocalMulticast", "", "bool", _link_local_multicast),
    method(IP, "isLinkLocalUnicast", "", "bool", lambda value: _of(value).is_link_local),
    method(IP, "isGlobalUnicast", "", "bool", _global_unicast),
    plain("cidr", "string", CIDR, cidr),
    plain("isCIDR", "string", "bool", lambda text: _is(CIDR, text)),
    method(CIDR, "containsIP", "string", "bool", _contains_ip),
    method(CIDR, "containsIP", IP, "bool", _contains_ip),
    method(CIDR, "containsCIDR", "string", "bool", _contains_cidr),
    method(CIDR, "containsCIDR", CIDR, "bool", _contains_cidr),
    method(CIDR, "ip", "", IP, _ip_of),
    method(CIDR, "masked", "", CIDR, lambda value: opaque(CIDR, text=str(_network(value)))),
    method(CIDR, "prefixLength", "", "int", lambda value: _network(value).prefixlen),
    plain("string", IP, "string", lambda value: content_of(value, IP)["text"]),
    plain("string", CIDR, "string", lambda value: content_of(value, CIDR)["text"]),
)
