"""What the name of a value says about it: `adminPassword`, `GF_SECURITY_SECRET_KEY`, `token`."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from gitops_ci.model.regex import regex
from gitops_ci.secrets.vocabulary import words

_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_COUNTED = regex(r"(?:\.\d+|\[\d+\])+\Z")
"""The place in a list, as properties write it: `password.1`, `password[0]`."""
_ENCODED = regex(r"[_-]?(?:b64|base64|hex)\Z", re.IGNORECASE)
_LONGEST = 120
_MANY = 4096

_PASSWORDS = words("passwords")
_GLUED_PASSWORDS = ("password", "passwd", "passphrase")
_SECRETS = words("secrets")
_KEYS = words("keys")
"""Words that make a credential of a following `key`."""

_PROSE = words("prose")
_PAIRS = frozenset(
    {
        ("secret", "id"),
        ("key", "data"),
        ("key", "base"),
        ("webhook", "url"),
        ("secret", "text"),
        ("erlang", "cookie"),
        ("snmp", "community"),
    }
)
_HIDING_PARENTS = words("holders")
_VERBS = words("verbs")


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
    parts = _without_number(words_of(_ENCODED.sub("", name)))
    if len(parts) > 1 and parts[-1] == "value":
        parts.pop()
    if not parts:
        return Naming.NONE
    last = parts[-1]
    if last in _PASSWORDS or last.endswith(_GLUED_PASSWORDS):
        return Naming.SECRET if parts[0] in _VERBS else Naming.PASSWORD
    if last in _SECRETS:
        return Naming.NONE if parts[0] in ("existing", "image") else Naming.SECRET
    pair = tuple(parts[-2:])
    if pair in _PAIRS or (last in ("key", "keys") and len(parts) > 1 and parts[-2] in _KEYS):
        return Naming.SECRET
    return Naming.NONE


def _without_number(parts: list[str]) -> list[str]:
    """The words without the number or version at their end: `password2`, `token_v1`."""
    kept = list(parts)
    while kept and kept[-1].isdigit():
        kept.pop()
        if len(kept) > 1 and kept[-1] == "v":
            kept.pop()
    return kept


@lru_cache(_MANY)
def is_prose(name: str) -> bool:
    """Whether the name is that of a text for people, such as `description`."""
    parts = words_of(name)
    return bool(parts) and parts[-1] in _PROSE


@lru_cache(_MANY)
def hides_children(name: str) -> bool:
    """Whether the name is that of a mapping whose entries are credentials, such as `secrets`."""
    return "".join(words_of(name)) in _HIDING_PARENTS


def words_of(name: str) -> list[str]:
    """The words of a name in lower case; of a dotted one only those of its last part that is no
    number, and of `secret.key` both."""
    if len(name) > _LONGEST:
        return []
    name = _COUNTED.sub("", name)
    before, _, last = name.rpartition(".")
    if last in ("key", "keys"):
        last = f"{before.rpartition('.')[2]}_{last}"
    last = last or name
    return [word.lower() for word in _WORD.findall(last)]
