"""What the documents of a YAML text say that they are, read off their first lines.

Nearly every manifest begins with `apiVersion` and `kind`, unquoted and at the margin. Where it
does, both are known for a hundredth of what parsing costs; where it does not, nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from gitops_ci.documents.scalars import plain
from gitops_ci.model.regex import regex

_HEAD = regex(
    rb"(?:[ \t]*(?:#[^\n]*)?\r?\n|---[ \t]*\r?\n)*"
    rb"(?:apiVersion: (?P<a>[a-z][\w./-]*)[ \t]*\r?\nkind: (?P<b>[A-Z]\w+)"
    rb"|kind: (?P<c>[A-Z]\w+)[ \t]*\r?\napiVersion: (?P<d>[a-z][\w./-]*))[ \t]*\r?\n(?=[A-Za-z]|\Z)"
)
_EMPTY = regex(rb"(?:---)?(?:[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z))*\Z")
_MARK = b"\n---"
_AGAIN = (b"\napiVersion", b"\nkind", b'\n"', b"\n'", b"\n?", b"\n&", b"\n!", b"\n...")
"""What may give one of both keys a second time in a document, or end it without a mark."""
_BREAKS = ("\x85".encode(), "\u2028".encode(), "\u2029".encode())
"""Ends of lines for YAML 1.1, beside the usual ones and a CR of its own."""


class Head(Struct, frozen=True):
    """The identity of a document's object; `kind` may be that of a List."""

    api_version: str
    kind: str


def heads_of(data: bytes) -> Iterator[Head | None]:
    """One for each document that is not empty: what it is if it can be parsed, None when the text
    does not tell."""
    start = 0
    while start >= 0:
        end = data.find(_MARK, start)
        stop = len(data) if end < 0 else end + 1
        head = _HEAD.match(data, start, stop)
        if head is not None:
            yield _sure(head, data, stop)
        elif not _EMPTY.match(data, start, stop):
            yield None
        start = end + len(_MARK) if end >= 0 else -1


def _sure(head: re.Match[bytes], data: bytes, stop: int) -> Head | None:
    if any(data.find(sign, head.end() - 1, stop) >= 0 for sign in _AGAIN):
        return None
    start = head.start()
    if any(data.find(end, start, stop) >= 0 for end in _BREAKS):
        return None
    if data.count(b"\r", start, stop) != data.count(b"\r\n", start, stop):
        return None
    version, kind = (head["a"] or head["d"]).decode(), (head["b"] or head["c"]).decode()
    if not isinstance(plain(version), str) or not isinstance(plain(kind), str):
        return None
    return Head(version, kind)
