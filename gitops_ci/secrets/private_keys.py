"""Private keys: PEM in every form, PGP, PuTTY, age.

Formats: RFC 7468 and RFC 1421 (PEM), PROTOCOL.key of OpenSSH, the appendix "PPK file format" of
PuTTY's manual, the age specification (age-encryption.org/v1).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.model.regex import regex

WORDS = ("private key", "putty-user-key-file-", "age-secret-key-", "ls0tls1crudjt")
"""What a text has to hold one of (lower case); the last is the beginning of PEM in base64."""

_LONGEST = 32_000
_PEM = regex(
    r"-----BEGIN (?P<label>[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----"
    rf"(?P<body>[^-]{{40,{_LONGEST}}}(?:-(?!----)[^-]{{0,200}}){{0,4}})"
)
_PUTTY = regex(r"PuTTY-User-Key-File-[123]: \S+\s{1,4}Encryption: (?P<cipher>[\w-]+)")
_AGE = regex(r"AGE-SECRET-KEY-(?:PQ-)?1[02-9AC-HJ-NP-Z]{50,400}", re.IGNORECASE)
_PACKED = regex(rf"LS0tLS1CRUdJT[A-Za-z0-9+/=]{{40,{_LONGEST}}}")
_HEADER = regex(r"(?m)^[A-Za-z-]+:[^\n]*$")
_NOISE = regex(r"\\[nrt]|[^A-Za-z0-9+/=]")
_OPENSSH = b"openssh-key-v1\0"
_RUN = regex(r"[A-Za-z0-9+/=]{32,}")
_SHORTEST = 40


class PrivateKey(Struct, frozen=True):
    """A key and where it stands in the text. `protected` means that it needs a passphrase."""

    value: str
    start: int
    end: int
    protected: bool


def private_keys(text: str) -> Iterator[PrivateKey]:
    """The private keys in a text, also those that stand there as base64 of their file."""
    for match in _PEM.finditer(text):
        body = _HEADER.sub("", match["body"].replace("\\n", "\n"))
        if _RUN.search(body) and _is_key(_NOISE.sub("", body)):
            yield PrivateKey(
                match.group(), *match.span(), _protected(match["label"], match["body"])
            )
    for match in _PUTTY.finditer(text):
        yield PrivateKey(match.group(), *match.span(), match["cipher"] != "none")
    for match in _AGE.finditer(text):
        if len(set(match.group())) > 20:
            yield PrivateKey(match.group(), *match.span(), protected=False)
    for match in _PACKED.finditer(text):
        inner = _unpacked(match.group())
        if inner:
            yield PrivateKey(match.group(), *match.span(), inner[0].protected)


def _is_key(body: str) -> bool:
    return len(body) >= _SHORTEST and len(set(body)) >= 16


def _protected(label: str, body: str) -> bool:
    if "ENCRYPTED" in label or "ENCRYPTED" in body[:200]:
        return True
    if label.startswith("OPENSSH"):
        try:
            start = base64.b64decode(_NOISE.sub("", body)[:64])
        except binascii.Error:
            return False
        cipher = start[len(_OPENSSH) + 4 :][:4]
        return start.startswith(_OPENSSH) and cipher != b"none"
    return False


def _unpacked(text: str) -> list[PrivateKey]:
    padded = text.rstrip("=")
    try:
        data = base64.b64decode(padded + "=" * (-len(padded) % 4))
    except binascii.Error:
        return []
    return list(private_keys(data.decode("utf-8", "replace")))
