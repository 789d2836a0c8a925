"""What identifies a secret over time without giving it away.

A value that cannot be guessed is identified by a salted, slow hash of it, shortened, so that it is
known again wherever it moves. One that can be guessed never is: its place identifies it.
"""

from __future__ import annotations

from functools import lru_cache

from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.strength import HIGH_BITS, bits

SALT_FILE = ".gitops-ci/secrets-salt"
"""Holds the salt of the repository. It is no secret: it keeps one table of guesses from serving
against all repositories, and has to be the same for everybody who checks this one."""

DEFAULT_SALT = b"gitops-ci"
_COST = 2**10
"""Far below what guessable passwords need, which are never hashed: a file may hold hundreds."""
_BLOCK = 8
_BYTES = 10
_PLACE = "by place"


def salt_of(content: bytes | None) -> bytes:
    """The salt from the content of SALT_FILE; a fixed one when there is none."""
    text = (content or b"").strip()
    return text if text else DEFAULT_SALT


def identity_key(identity: str, value: SecretText, salt: bytes) -> str:
    """The key of a finding: the way inside its place, and the print of the value if it has one."""
    return f"{identity}#{print_of(value, salt) or _PLACE}"


def is_by_place(key: str) -> bool:
    """Whether a key has no print, so that its place is all there is."""
    return not key.rpartition("#")[2] or key.endswith(f"#{_PLACE}") or "#" not in key


@lru_cache(2048)
def print_of(value: SecretText, salt: bytes) -> str:
    """80 bits of scrypt (RFC 7914) in hexadecimal digits; empty for a value that can be guessed."""
    text = value.reveal().strip()
    if bits(text) < HIGH_BITS:
        return ""
    import hashlib  # loads OpenSSL: only a found value pays

    digest = hashlib.scrypt(text.encode("utf-8", "replace"), salt=salt, n=_COST, r=_BLOCK, p=1)
    return digest[:_BYTES].hex()
