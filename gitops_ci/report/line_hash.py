"""The `primaryLocationLineHash` by which GitHub recognises an alert when lines move.

A rolling hash over the 100 characters (without blanks) that begin at a line, and a count that
tells equal ones apart. Source: github/codeql-action, fingerprints.ts; its test vectors are ours.
"""

from __future__ import annotations

from collections import Counter, deque
from struct import unpack

_BLOCK = 100
_BASE = 37
_MASK = 2**64 - 1
_OUT = pow(_BASE, _BLOCK, 2**64)
_END = 0xFFFF
_LF = 10


def line_hashes(data: bytes) -> list[str]:
    """The hash of each line of a file, the first line first."""
    units = _units(data)
    window: deque[int] = deque([0] * _BLOCK, _BLOCK)
    due: deque[bool] = deque([False] * _BLOCK, _BLOCK)
    seen: Counter[int] = Counter()
    hashes: list[str] = []
    value, at_start = 0, True
    for unit in [*units, _END, *[0] * _BLOCK]:
        if due[0]:
            seen[value] += 1
            hashes.append(f"{value:x}:{seen[value]}")
        due.append(at_start)
        at_start = unit == _LF
        value = (value * _BASE + unit - _OUT * window[0]) & _MASK
        window.append(unit)
    return hashes


def _units(data: bytes) -> list[int]:
    """The UTF-16 units of the text without spaces and tabs, every line end as one LF."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace(" ", "").replace("\t", "")
    if text.isascii():
        return list(text.encode("ascii"))
    encoded = text.encode("utf-16-le")
    return list(unpack(f"<{len(encoded) // 2}H", encoded))
