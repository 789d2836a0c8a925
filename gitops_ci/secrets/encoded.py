"""Credentials that stand in a text as base64 or hexadecimal digits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from gitops_ci.model.regex import regex
from gitops_ci.secrets.decode import layers, may_be_text
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.matching import Matcher
from gitops_ci.secrets.prefilter import linear_pattern
from gitops_ci.secrets.source_text import CHUNK, SourceText
from gitops_ci.secrets.text_scan import hit_of

_TOKEN = regex(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,}={0,2}")
_TOKEN_LINEAR = rb"[A-Za-z0-9+/_-]{32,}={0,2}"
_APART = bytes(
    char if chr(char).isascii() and (chr(char).isalnum() or chr(char) in "+/_-") else 0x20
    for char in range(256)
)
"""Leaves the characters of tokens."""
_SHORTEST = 32
_MOST = 2000
_LONGEST = 200_000


def encoded_in(source: SourceText, matcher: Matcher) -> Iterator[Hit]:
    """The credentials of known formats that are encoded in a file."""
    if not any(map(may_be_text, _texts(source.data))):
        return
    for number, found in enumerate(_tokens(matcher).finditer(source.data)):
        if number >= _MOST:
            return
        if found.end() - found.start() > _LONGEST:
            continue
        token = found.group().decode("ascii")
        for inner in layers(token) if may_be_text(token) else ():
            yield from _hits(inner, found, source, matcher)


def _texts(data: bytes) -> Iterator[str]:
    """The tokens of a text, without their places."""
    for token in data.translate(_APART).split():
        if len(token) >= _SHORTEST:
            yield token.decode("ascii")


def _tokens(matcher: Matcher) -> Any:
    """RE2's pattern, which needs no look-behind to be fast, where it may be used."""
    return (None if matcher.plain else _linear()) or _TOKEN


@lru_cache(1)
def _linear() -> Any:
    return linear_pattern(_TOKEN_LINEAR)


def _hits(inner: str, found: Any, source: SourceText, matcher: Matcher) -> Iterator[Hit]:
    for line in inner[:_LONGEST].splitlines():
        for match in matcher.in_line(line[:CHUNK]):
            place = Stretch(source.offset(found.start()), source.offset(found.end()))
            hit = hit_of(match, place)
            yield replace(hit, what=f"{hit.what}, encoded,")
            return
