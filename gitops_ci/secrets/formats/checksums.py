"""Checksums that credentials carry."""

from __future__ import annotations

import base64
import binascii
import string
import zlib

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CRC_DIGITS = 6


def github(token: str) -> bool:
    """Whether the last six characters are the CRC32 of those between it and the prefix, in base 62.

    Source: "Behind GitHub's new authentication token formats", GitHub blog, April 2021; npm's
    access tokens follow the same scheme.
    """
    body = token.partition("_")[2]
    number = 0
    for char in body[-_CRC_DIGITS:]:
        number = number * 62 + _BASE62.find(char)
    return number == zlib.crc32(body[:-_CRC_DIGITS].encode())


def grafana(token: str) -> bool:
    """Whether the last eight characters are the CRC32 of all before, little endian, in hex.

    Source: package satokengen of Grafana.
    """
    head, _, end = token.rpartition("_")
    return zlib.crc32(head.encode()).to_bytes(4, "little").hex() == end


def gitlab_routable(token: str) -> bool:
    """Whether the last seven characters are the CRC32 of all before, in base 36.

    Source: "Routable Tokens", design documents in GitLab's handbook.
    """
    try:
        return int(token[-7:], 36) == zlib.crc32(token[:-7].encode())
    except ValueError:
        return False


def base58(text: str) -> bool:
    """Whether the last four bytes are a double SHA-256 of those before (Base58Check).

    Source: Bitcoin's "Wallet import format".
    """
    number = 0
    for char in text:
        digit = _BASE58.find(char)
        if digit < 0:
            return False
        number = number * 58 + digit
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    body = data[:-4]
    from hashlib import sha256  # loads OpenSSL: only a value of that form pays

    return sha256(sha256(body).digest()).digest()[:4] == data[-4:]


def nkey(seed: str) -> bool:
    """Whether the last two bytes are the CRC16 (XMODEM) of those before, little endian.

    Source: the library nkeys of NATS.
    """
    try:
        data = base64.b32decode(seed + "=" * (-len(seed) % 8))
    except ValueError:
        return False
    return binascii.crc_hqx(data[:-2], 0) == int.from_bytes(data[-2:], "little")


def bech32(text: str) -> bool:
    """Whether the checksum of BIP 173 is right."""
    prefix, _, data = text.lower().rpartition("1")
    values = [_BECH32.find(char) for char in data]
    if not prefix or min(values, default=-1) < 0:
        return False
    head = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    return _polymod([*head, *values]) == 1


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check
