"""Invented keys: the right structure around random numbers, so that they open nothing."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from random import Random

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RSA = bytes.fromhex("06092a864886f70d0101010500")
_P256 = bytes.fromhex("06082a8648ce3d030107")


def _der(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _number(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _odd(chance: Random, bits: int) -> int:
    return chance.getrandbits(bits) | 1 | 3 << (bits - 2)


def _rsa(chance: Random) -> bytes:
    """An RSAPrivateKey of 1,024 bits whose factors are not prime."""
    first, second = _odd(chance, 512), _odd(chance, 512)
    rest = [_odd(chance, bits) for bits in (1000, 510, 510, 510)]
    numbers = [0, first * second, 65537, rest[0], first, second, *rest[1:]]
    return _der(0x30, *map(_number, numbers))


def _pem(label: str, body: bytes, extra: str = "") -> str:
    text = base64.b64encode(body).decode()
    rows = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(
        [f"-----BEGIN {label}-----", *extra.splitlines(), *rows, f"-----END {label}-----"]
    )


def _pem_rsa(chance: Random, arguments: str) -> str:
    return _pem("RSA PRIVATE KEY", _rsa(chance))


def _pem_pkcs8(chance: Random, arguments: str) -> str:
    algorithm = _der(0x30, _RSA)
    return _pem("PRIVATE KEY", _der(0x30, _number(0), algorithm, _der(0x04, _rsa(chance))))


def _pem_ec(chance: Random, arguments: str) -> str:
    secret = _der(0x04, chance.randbytes(32))
    return _pem("EC PRIVATE KEY", _der(0x30, _number(1), secret, _der(0xA0, _P256)))


def _pem_encrypted(chance: Random, arguments: str) -> str:
    scheme = _der(0x30, bytes.fromhex("06092a864886f70d01050d"), _der(0x30))
    return _pem("ENCRYPTED PRIVATE KEY", _der(0x30, scheme, _der(0x04, chance.randbytes(300))))


def _pem_openssh(chance: Random, arguments: str) -> str:
    head = b"openssh-key-v1\0" + b"".join(
        len(part).to_bytes(4, "big") + part for part in (b"none", b"none", b"")
    )
    return _pem("OPENSSH PRIVATE KEY", head + (1).to_bytes(4, "big") + chance.randbytes(300))


def _pem_certificate(chance: Random, arguments: str) -> str:
    key = _der(0x30, _der(0x30, _RSA), _der(0x03, b"\0", chance.randbytes(270)))
    body = _der(0x30, _number(_odd(chance, 128)), key)
    return _pem(
        "CERTIFICATE", _der(0x30, body, _der(0x30, _RSA), _der(0x03, chance.randbytes(257)))
    )


def _pem_public(chance: Random, arguments: str) -> str:
    return _pem(
        "PUBLIC KEY", _der(0x30, _der(0x30, _RSA), _der(0x03, b"\0", chance.randbytes(270)))
    )


def _pgp(chance: Random, kind: str) -> str:
    """An armoured block: `PRIVATE KEY`, `PUBLIC KEY` or `MESSAGE`."""
    return _pem(
        f"PGP {kind} BLOCK" if "KEY" in kind else f"PGP {kind}", chance.randbytes(400), "\n"
    )


def _putty(chance: Random, arguments: str) -> str:
    public, private = (base64.b64encode(chance.randbytes(48)).decode() for _ in range(2))
    return "\n".join(
        [
            "PuTTY-User-Key-File-3: ssh-ed25519",
            "Encryption: none",
            "Comment: deploy",
            "Public-Lines: 1",
            public,
            "Private-Lines: 1",
            private,
            f"Private-MAC: {chance.randbytes(32).hex()}",
        ]
    )


def _ssh_public(chance: Random, arguments: str) -> str:
    head = b"\0\0\0\x0bssh-ed25519\0\0\0\x20"
    return "ssh-ed25519 " + base64.b64encode(head + chance.randbytes(32)).decode()


def _polymod(values: list[int]) -> int:
    """The checksum of bech32 (BIP 173)."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            check ^= generator if top >> bit & 1 else 0
    return check


def _bech32(chance: Random, prefix: str) -> str:
    """The prefix, `1`, 32 random bytes and their checksum."""
    bits = int.from_bytes(chance.randbytes(32), "big") << 4
    data = [bits >> shift & 31 for shift in range(255, -1, -5)]
    head = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = _polymod([*head, *data, 0, 0, 0, 0, 0, 0]) ^ 1
    data += [check >> shift & 31 for shift in range(25, -1, -5)]
    return prefix + "1" + "".join(_BECH32[value] for value in data)


def _age(chance: Random, arguments: str) -> str:
    return _bech32(chance, "age-secret-key-").upper()


def _age_recipient(chance: Random, arguments: str) -> str:
    return _bech32(chance, "age")


def _wif(chance: Random, arguments: str) -> str:
    """A Bitcoin key in wallet import format: base58 with a checksum."""
    data = b"\x80" + chance.randbytes(32) + b"\x01"
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return digits


def _nkey(chance: Random, arguments: str) -> str:
    """A seed of a NATS user: two prefix bytes, 32 random ones, their CRC16."""
    data = bytes([0x90 | 20 << 3 >> 5, (20 << 3 & 31) << 3]) + chance.randbytes(32)
    data += binascii.crc_hqx(data, 0).to_bytes(2, "little")
    return base64.b32encode(data).decode().rstrip("=")


KEY_KINDS: dict[str, Callable[[Random, str], str]] = {
    "pem-rsa": _pem_rsa,
    "pem-pkcs8": _pem_pkcs8,
    "pem-ec": _pem_ec,
    "pem-encrypted": _pem_encrypted,
    "pem-openssh": _pem_openssh,
    "pem-certificate": _pem_certificate,
    "pem-public": _pem_public,
    "pgp": _pgp,
    "putty": _putty,
    "ssh-public": _ssh_public,
    "bech32-key": _bech32,
    "age": _age,
    "age-recipient": _age_recipient,
    "wif": _wif,
    "nkey": _nkey,
}
"""Kinds for keys and certificates; the arguments are a label or prefix where a kind takes one."""
