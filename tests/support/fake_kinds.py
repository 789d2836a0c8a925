"""The kinds of invented values: what a marker of `fakes` can ask for."""

from __future__ import annotations

import base64
import json
import string
import uuid
import zlib
from collections.abc import Callable
from random import Random

from tests.support.fake_keys import KEY_KINDS

Kind = Callable[[Random, str], str]

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
ALPHABETS = {
    "digit": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "alpha": string.ascii_letters,
    "alnum": BASE62,
    "lowalnum": string.ascii_lowercase + string.digits,
    "upalnum": string.ascii_uppercase + string.digits,
    "base32": string.ascii_uppercase + "234567",
    "bech32": "qpzry9x8gf2tvdw0s3jn54khce6mua7l",
    "base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "b64": BASE62 + "+/",
    "b64url": BASE62 + "-_",
}
"""Kinds that take a length: so many characters of the alphabet."""

_WORDS = ("lagoon", "trumpet", "velvet", "harbour", "copper", "meadow", "saddle", "walnut", "ember")


def _drawn(alphabet: str) -> Kind:
    def draw(chance: Random, arguments: str) -> str:
        """The length, then a number that only tells two values of one text apart."""
        length = int(arguments.split()[0])
        value = "".join(chance.choice(alphabet) for _ in range(length))
        edge = [char for char in alphabet if char.isalnum()]
        return chance.choice(edge) + value[1:-1] + chance.choice(edge) if length > 1 else value

    return draw


def _password(chance: Random, arguments: str) -> str:
    """What a person or a generator makes up: mixed characters that need no quoting in YAML."""
    length = int(arguments.split()[0]) if arguments else 20
    inner = "".join(chance.choice(BASE62 + "-_.+") for _ in range(length - 4))
    return chance.choice("kRtWz") + inner + chance.choice("Qx") + chance.choice("379") + "v"


def _phrase(chance: Random, arguments: str) -> str:
    """A password of words: `Velvet-harbour-41`."""
    first, second = chance.sample(_WORDS, 2)
    return f"{first.title()}-{second}-{chance.randrange(10, 99)}"


def _bytes(chance: Random, arguments: str) -> str:
    """The base64 form of so many random bytes."""
    return base64.b64encode(chance.randbytes(int(arguments.split()[0]))).decode()


def _uuid(chance: Random, arguments: str) -> str:
    return str(uuid.UUID(bytes=chance.randbytes(16), version=4))


def base62(number: int) -> str:
    """A number in GitHub's base 62, six digits."""
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def _github(chance: Random, prefix: str) -> str:
    """The prefix, 30 random characters, the CRC32 of these in base 62."""
    body = "".join(chance.choice(BASE62) for _ in range(30))
    return prefix + body + base62(zlib.crc32(body.encode()))


def _grafana(chance: Random, arguments: str) -> str:
    """`glsa_`, 32 random characters, the CRC32 of all before, little endian, in hex."""
    head = "glsa_" + "".join(chance.choice(BASE62) for _ in range(32))
    return head + "_" + zlib.crc32(head.encode()).to_bytes(4, "little").hex()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = (string.digits + string.ascii_lowercase)[digit] + digits
    return digits


def _gitlab_routable(chance: Random, prefix: str) -> str:
    """The prefix, a base64url payload, its length in two digits, a CRC32 in seven (base 36)."""
    body = b"c:%d\no:%d\nu:%d\n" % tuple(chance.randrange(1, 99) for _ in range(3))
    body += chance.randbytes(16) + bytes([16])
    payload = base64.urlsafe_b64encode(body).decode().rstrip("=")
    head = f"{prefix}{payload}.01.{_base36(len(payload)).rjust(2, '0')}"
    return head + _base36(zlib.crc32(head.encode())).rjust(7, "0")


def _aws_id(chance: Random, prefix: str) -> str:
    """A key id whose account number is below 10**12, as AWS gives them since 2019."""
    account = chance.randrange(10**11, 10**12)
    head = (1 << 47 | account << 7 | chance.randrange(128)).to_bytes(6, "big")
    body = base64.b32encode(head + chance.randbytes(4)).decode()
    return (prefix or "AKIA") + body[:16]


def _jwt(chance: Random, arguments: str) -> str:
    """A signed token; the arguments are claims as `name=value`, a number where it is one."""
    claims: dict[str, str | int] = {"sub": f"robot-{chance.randrange(1000)}", "iat": 1_700_000_000}
    for word in arguments.split():
        name, _, value = word.partition("=")
        claims[name] = int(value) if value.isdigit() else value
    parts = [_compact({"alg": "HS256", "typ": "JWT"}), _compact(claims), chance.randbytes(32)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _pypi(chance: Random, host: str) -> str:
    """A version 2 macaroon: location, identifier, a caveat, a signature of 32 bytes."""
    location = (host or "pypi.org").encode()
    packets = b"\x02\x01" + bytes([len(location)]) + location
    identifier = str(uuid.UUID(bytes=chance.randbytes(16), version=4)).encode()
    packets += b"\x02" + bytes([len(identifier)]) + identifier + b"\x00"
    caveat = b'[3,"%s"]' % str(uuid.UUID(bytes=chance.randbytes(16), version=4)).encode()
    packets += b"\x02" + bytes([len(caveat)]) + caveat + b"\x00\x00\x06\x20"
    data = packets + chance.randbytes(32)
    return "pypi-" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def _discord(chance: Random, arguments: str) -> str:
    """The base64 of a user number, a time, a signature, joined by dots."""
    user = str(chance.randrange(10**17, 10**18)).encode()
    parts = [base64.urlsafe_b64encode(user).decode().rstrip("=")]
    signature = ["".join(chance.choice(BASE62) for _ in range(size)) for size in (6, 38)]
    return ".".join([*parts, *signature])


def _registry_login(chance: Random, host: str) -> str:
    """A `.dockerconfigjson` with one registry."""
    password = _password(chance, "")
    login = base64.b64encode(f"robot:{password}".encode()).decode()
    entry = {"username": "robot", "password": password, "auth": login}
    return json.dumps({"auths": {host or "registry.example.com": entry}}, separators=(",", ":"))


def _docker_cfg(chance: Random, host: str) -> str:
    """A `.dockercfg` with one registry, the older form."""
    login = base64.b64encode(f"robot:{_password(chance, '')}".encode()).decode()
    return json.dumps({host or "registry.example.com": {"auth": login}})


def _sops(chance: Random, arguments: str) -> str:
    """An encrypted value of SOPS: data, 32 bytes of iv, 16 bytes of tag, the type."""
    data, iv, tag = (base64.b64encode(chance.randbytes(size)).decode() for size in (18, 32, 16))
    type_ = arguments.split()[0] if arguments else "str"
    return f"ENC[AES256_GCM,data:{data},iv:{iv},tag:{tag},type:{type_}]"


def _armoured(chance: Random, arguments: str) -> str:
    """A file key that age encrypted for one recipient, in its armour."""
    head = b"age-encryption.org/v1\n-> X25519 "
    body = base64.b64encode(head + chance.randbytes(160)).decode()
    rows = [body[start : start + 64] for start in range(0, len(body), 64)]
    lines = ["-----BEGIN AGE ENCRYPTED FILE-----", *rows, "-----END AGE ENCRYPTED FILE-----"]
    return "\n".join(lines)


def _sealed(chance: Random, arguments: str) -> str:
    """An entry of a SealedSecret: two length bytes, an RSA block, the ciphertext."""
    return base64.b64encode(b"\x02\x00" + chance.randbytes(512 + 40)).decode()


def _ansible_vault(chance: Random, arguments: str) -> str:
    """A vault: its header, then hex in lines of 80."""
    body = chance.randbytes(120).hex()
    rows = [body[start : start + 80] for start in range(0, len(body), 80)]
    return "\n".join(["$ANSIBLE_VAULT;1.1;AES256", *rows])


def _bcrypt(chance: Random, arguments: str) -> str:
    return "$2y$10$" + "".join(chance.choice(BASE62 + "./") for _ in range(53))


def _text(chance: Random, text: str) -> str:
    """The words themselves, for a filter; two of `\\n` stand for a line break."""
    return text.replace("\\n", "\n")


KINDS: dict[str, Kind] = {
    **{name: _drawn(alphabet) for name, alphabet in ALPHABETS.items()},
    "password": _password,
    "phrase": _phrase,
    "bytes": _bytes,
    "uuid": _uuid,
    "github": _github,
    "gitlab-routable": _gitlab_routable,
    "grafana": _grafana,
    "aws-id": _aws_id,
    "jwt": _jwt,
    "pypi": _pypi,
    "discord": _discord,
    "registry-login": _registry_login,
    "docker-cfg": _docker_cfg,
    "sops": _sops,
    "age-armour": _armoured,
    "sealed": _sealed,
    "ansible-vault": _ansible_vault,
    "bcrypt": _bcrypt,
    "text": _text,
    **KEY_KINDS,
}
