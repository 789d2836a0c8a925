"""String formats that the API server checks and JSON Schema reads differently or not at all.

Each follows kube-openapi's strfmt, and is lenient where that library is.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable

from gitops_ci.model.regex import regex

_UNIT = "[A-Za-z\u00b5\u03bc]+"
DURATION = rf"^(?:[+-]?0|[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)\s*{_UNIT}\s*)+)$"
"""A duration as a regular expression of JSON Schema."""
_DURATION = regex(DURATION, re.ASCII)
_URI = regex(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|/)\S*")
_MAC = regex(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5,19}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4})+")


def is_duration(text: str) -> bool:
    """Go's `1h30m` and strfmt's `5 minutes`."""
    return _DURATION.search(text) is not None and not text.endswith("\n")


def is_byte(text: str) -> bool:
    """Standard base64; line breaks are ignored, as Go does. What SOPS encrypted is opaque."""
    if text.startswith("ENC["):
        return True
    try:
        base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def is_cidr(text: str) -> bool:
    """An address with a prefix length."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def is_uri(text: str) -> bool:
    """What Go's url.ParseRequestURI takes: an absolute URI or an absolute path."""
    return _URI.fullmatch(text) is not None


def is_mac(text: str) -> bool:
    """A hardware address of six bytes or more."""
    return _MAC.fullmatch(text) is not None


CHECKS: dict[str, Callable[[str], bool]] = {
    "byte": is_byte,
    "cidr": is_cidr,
    "duration": is_duration,
    "mac": is_mac,
    "uri": is_uri,
}
"""Format name to check; every other format of `structural.FORMATS` is the usual one."""
