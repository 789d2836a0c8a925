"""What the name of a value says about it: `adminPassword`, `GF_SECURITY_SECRET_KEY`, `token`."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST = 120
_MANY = 4096

_PASSWORDS = frozenset(
    {"password", "passwd", "passphrase", "passcode", "pwd", "pass", "pw", "passwort"}
)
_GLUED_PASSWORDS = ("password", "passwd", "passphrase")
_SECRETS = frozenset(
    {"secret", "token", "apikey", "secretkey", "accesskey", "privatekey", "authkey", "signingkey"}
    | {"encryptionkey", "masterkey", "authtoken", "accesstoken", "clientsecret", "psk", "bearer"}
    | {"credential", "credentials", "creds", "authorization", "jwt"}
    | {"secretaccesskey", "apitoken", "bottoken", "webhook", "appkey", "apisecret", "sharedkey"}
    | {"sessionkey", "accountkey", "storagekey", "tokens", "secrets", "passwords", "cookiesecret"}
)
_KEYS = frozenset(
    {"api", "access", "secret", "private", "signing", "encryption", "encrypt", "auth", "master"}
    | {"account", "storage", "shared", "session", "deploy", "service", "app", "unseal", "license"}
    | {"client", "hmac", "jwt", "ssh", "admin", "application", "root", "token", "recovery", "write"}
    | {
        "licence",
        "routing",
        "integration",
        "ingest",
        "security",
        "cipher",
        "crypto",
        "primary",
        "secondary",
    }
)
"""Words that make a credential of a following `key`."""

_PAIRS = frozenset(
    {
        ("secret", "id"),
        ("key", "data"),
        ("webhook", "url"),
        ("secret", "value"),
        ("token", "value"),
        ("password", "value"),
        ("secret", "text"),
    }
)
_HIDING_PARENTS = frozenset(
    {"secrets", "passwords", "credentials", "tokens", "secretenv", "secretdata", "stringdata"}
    | {"envsecrets", "secretenvvars", "secretvars", "extrasecrets", "sensitive", "securejsondata"}
)


class Naming(Enum):
    """How surely a name says that its value is a credential."""

    NONE = 0
    SECRET = 1
    """Names such as `token` and `secret`, which are also given to what only refers to one."""
    PASSWORD = 2
    """Names such as `password`, whose value is hardly ever something else."""


@lru_cache(_MANY)
def naming(name: str) -> Naming:
    """What `name` says about its value. The last words decide: `passwordSecretName` is a name,
    `existingSecret` a reference."""
    if "checksum" in name:
        return Naming.NONE
    words = words_of(name)
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return Naming.NONE
    last = words[-1]
    if last in _PASSWORDS or last.endswith(_GLUED_PASSWORDS):
        return Naming.PASSWORD
    if last in _SECRETS:
        return Naming.NONE if words[0] in ("existing", "image") else Naming.SECRET
    pair = tuple(words[-2:])
    if pair in _PAIRS or (last == "key" and len(words) > 1 and words[-2] in _KEYS):
        return Naming.SECRET
    return Naming.NONE


@lru_cache(_MANY)
def hides_children(name: str) -> bool:
    """Whether the name is that of a mapping whose entries are credentials, such as `secrets`."""
    return "".join(words_of(name)) in _HIDING_PARENTS


def words_of(name: str) -> list[str]:
    """The words of a name in lower case; of a dotted one only those of its last part."""
    if len(name) > _LONGEST:
        return []
    last = name.rpartition(".")[2] or name
    return [word.lower() for word in _WORD.findall(last)]
