"""Untrusted text made fit for one line of a terminal or a log."""

from __future__ import annotations

import re
import unicodedata

from gitops_ci.model.regex import regex

_HIDDEN = regex(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL and C1 controls: escape sequences, carriage returns
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # characters that show nothing
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"  # breaks and bidirectional overrides
    "\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # invisible formatting and tag characters
    "\ud800-\udfff"  # bytes of a file name that are not UTF-8
    "]"
)
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_WIDE = frozenset("WF")
_ZERO = frozenset({"Mn", "Me"})


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """`text` on one line with every control, invisible and direction-changing character spelled
    out as an escape, so that what a person sees is what the file holds.

    Source of the character list: Unicode Default_Ignorable_Code_Point, and Unicode Technical
    Report 36 on bidirectional overrides. Joiners (U+200C, U+200D) and the
    emoji variation selector stay: scripts and pictures need them.
    """
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_escape, text)


def width(text: str) -> int:
    """How many terminal columns `text` takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in _ZERO or char in "\u200c\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1


def clip(text: str, columns: int) -> str:
    """`text`, cut to at most `columns` terminal columns; a cut ends in an ellipsis."""
    if width(text) <= columns:
        return text
    room, kept = columns - 1, []
    for char in text:
        room -= _columns(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + "…"
