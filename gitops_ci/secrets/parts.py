"""The documents of a YAML file as ranges of its bytes, and a file with only some of them.

Most files with many documents hold few that matter. What does not is blanked out before parsing,
so that every place stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from gitops_ci.model.regex import regex
from gitops_ci.repo.names import is_yaml
from gitops_ci.secrets.source_text import SourceText

Part = tuple[int, int]
"""Start and end in bytes."""

_MARKER = b"---"
_NEXT = b"\n---"
_ENDS = (b"", b" ", b"\t", b"\r", b"\n")
_CONTENT = regex(rb"(?:\A---[ \t]+|^(?!---|\.\.\.|%)[ \t]*)(?=[^\s#])", re.MULTILINE)
_BLANK = bytes(char if char in b"\r\n" else 0x20 for char in range(256))


def parts_of(source: SourceText) -> list[Part]:
    """The ranges of the documents, which cover the whole file; one where it cannot be divided."""
    size = len(source.data)
    if not is_yaml(source.path):
        return [(0, size)]
    starts = [0]
    place = source.data.find(_NEXT)
    while place >= 0:
        if source.data[place + len(_NEXT) : place + len(_NEXT) + 1] in _ENDS:
            starts.append(place + 1)
        place = source.data.find(_NEXT, place + 1)
    return list(zip(starts, [*starts[1:], size], strict=True))


def with_only(source: SourceText, wanted: Collection[Part]) -> bytes:
    """The file with every other document replaced by one that is nothing but `0`. Positions and
    the count of the documents stay the same. Only for ASCII, where bytes are characters."""
    pieces = []
    for start, end in parts_of(source):
        data = source.data[start:end]
        pieces.append(data if (start, end) in wanted else _emptied(data))
    return b"".join(pieces)


def _emptied(data: bytes) -> bytes:
    marker = _MARKER if data.startswith(_MARKER) else b""
    first = _CONTENT.search(data)
    blank = marker + data[len(marker) :].translate(_BLANK)
    if first is None:
        return blank
    place = first.end()
    return blank[:place] + b"0" + blank[place + 1 :]
