"""Encodings that hide a text from a search: base64, hexadecimal digits, gzip, one in the other."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator

from gitops_ci.model.regex import regex

DEPTH = 3
"""So many encodings around each other are taken off."""
_LONGEST = 2 * 2**20
"""Longer texts are not decoded, and no text is unpacked to more than this (characters, bytes)."""
_BASE64 = regex(r"[A-Za-z0-9+/\s]+={0,2}\s*\Z")
_BASE64_URL = regex(r"[A-Za-z0-9_-]+={0,2}\Z")
_HEX = regex(r"(?:[0-9a-fA-F]{2}){8,}\Z")
_GZIP = b"\x1f\x8b"
_STANDARD = str.maketrans("-_", "+/")
_PRINTED = bytes([*b"\t\r\n", *range(32, 256)])
"""Bytes that may stand in a text; beyond ASCII only all of them together tell."""


def from_base64(text: str) -> str | None:
    """The text that standard base64 holds, None when it is no base64 or no text."""
    data = _bytes_of_base64(text)
    return None if data is None else _text(data)


def may_be_text(token: str) -> bool:
    """Whether the beginning of a token decodes to text or to a packed one, as base64 or as
    hexadecimal digits. Most tokens are random bytes, which the first few tell."""
    head = token[:16]
    try:
        if _is_text_head(binascii.a2b_base64(head.translate(_STANDARD))):
            return True
    except binascii.Error:
        return True
    try:
        return _is_text_head(bytes.fromhex(head))
    except ValueError:
        return False


def _is_text_head(data: bytes) -> bool:
    """Whether text can begin with the bytes, of which the last character may be cut."""
    if data.startswith(_GZIP):
        return True
    if data.translate(None, _PRINTED):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end == len(data) and "unexpected end" in error.reason
    return True


def layers(text: str) -> Iterator[str]:
    """The texts inside `text`, from the outer to the inner, at most DEPTH; nothing for text that is
    not encoded."""
    for _ in range(DEPTH):
        inner = _decoded(text)
        if inner is None:
            return
        yield inner
        text = inner


def _decoded(text: str) -> str | None:
    stripped = text.strip()
    if not 8 <= len(stripped) <= _LONGEST:
        return None
    data: bytes | None
    if _HEX.match(stripped):
        data = bytes.fromhex(stripped)
    elif _BASE64_URL.match(stripped) and ("-" in stripped or "_" in stripped):
        data = _decoded_url(stripped)
    else:
        data = _bytes_of_base64(stripped)
    return None if data is None else _text(data)


def _bytes_of_base64(text: str) -> bytes | None:
    if len(text) > _LONGEST or not _BASE64.match(text):
        return None
    try:
        packed = "".join(text.split())
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _decoded_url(text: str) -> bytes | None:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None


def _text(data: bytes) -> str | None:
    """The bytes as text, unpacked first; None when they are none."""
    if data.startswith(_GZIP):
        unpacked = _unpacked(data)
        if unpacked is None:
            return None
        data = unpacked
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not text or any(ord(char) < 32 and char not in "\t\r\n" for char in text):
        return None
    return text


def _unpacked(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, _LONGEST)
    except zlib.error:
        return None
