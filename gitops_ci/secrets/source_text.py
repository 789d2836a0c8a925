"""A file as text, and the lines of it that hold certain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from gitops_ci.documents.text import Lines, decode, encoding_of

CHUNK = 4096
"""Longer lines are looked at in pieces of this size (bytes), so that no pattern sees more."""
OVERLAP = 1024
_STEP = CHUNK - OVERLAP
_SNIFF = 8192
_MOST_KEPT = 2**18
"""Of larger files no lines are kept (bytes)."""


class Line(Struct, frozen=True):
    """A line, or a piece of a long one: its text and the offset of its start in bytes."""

    start: int
    text: str


class SourceText:
    """The text of one file. `data` is UTF-8 whatever the file was; positions in `lower` are the
    same."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self._last = (0, 0)
        self._lines_of: dict[frozenset[str], list[Line]] = {}

    @cached_property
    def lower(self) -> bytes:
        """The data with ASCII letters in lower case."""
        return self.data.lower()

    @cached_property
    def text(self) -> str:
        """The decoded text."""
        return self.data.decode("utf-8", "replace")

    @cached_property
    def lines(self) -> Lines:
        """The line table of `text`."""
        return Lines(self.text)

    def offset(self, position: int) -> int:
        """The offset in code points of a position in bytes; cheap when positions only grow."""
        if self._is_ascii:
            return position
        start, offset = self._last if position >= self._last[0] else (0, 0)
        offset += len(self.data[start:position].decode("utf-8", "replace"))
        self._last = (position, offset)
        return offset

    @cached_property
    def _is_ascii(self) -> bool:
        return self.data.isascii()

    def lines_with(self, words: Iterable[str]) -> Iterator[Line]:
        """The lines that hold one of the lower-case words, in order, each once."""
        wanted = frozenset(words)
        if len(self.data) > _MOST_KEPT:
            return self._found(wanted)
        if wanted not in self._lines_of:  # several searches ask for the same
            self._lines_of[wanted] = list(self._found(wanted))
        return iter(self._lines_of[wanted])

    def _found(self, words: frozenset[str]) -> Iterator[Line]:
        places: set[tuple[int, int]] = set()
        for word in words:
            places.update(self.places_of(word))
        for start, end in sorted(places):
            yield self.line(start, end)

    def line(self, start: int, end: int) -> Line:
        """The line at a place in bytes."""
        return Line(start, self.data[start:end].decode("utf-8", "replace"))

    def all_lines(self) -> Iterator[Line]:
        """Every line."""
        position, size = 0, len(self.data)
        while position < size:
            end = self.data.find(b"\n", position)
            end = size if end < 0 else end
            for start, stop in _pieces(position, end):
                yield self.line(start, stop)
            position = end + 1

    def places_of(self, text: str) -> set[tuple[int, int]]:
        """Where the lines are that hold the lower-case word: start and end in bytes."""
        starts: set[tuple[int, int]] = set()
        data, lower, word = self.data, self.lower, text.encode()
        start = end = -1
        position = lower.find(word)
        while position >= 0:
            if position >= end:
                start = data.rfind(b"\n", 0, position) + 1
                end = data.find(b"\n", position)
                end = len(data) if end < 0 else end
            if end - start <= CHUNK:
                starts.add((start, end))
                position = lower.find(word, end)
            else:
                pieces, following = _pieces_at(start, end, position)
                starts.update(pieces)
                position = lower.find(word, following)
        return starts


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of a line; each begins OVERLAP before the end of the one in front."""
    yield start, min(start + CHUNK, end)
    for at in range(start + _STEP, end - OVERLAP, _STEP):
        yield at, min(at + CHUNK, end)


def _pieces_at(start: int, end: int, position: int) -> tuple[list[tuple[int, int]], int]:
    """The pieces of a long line that hold the position, and the first position behind it of which
    some other piece holds more."""
    last = max((end - OVERLAP - start - 1) // _STEP, 0)
    number = min((position - start) // _STEP, last)
    pieces = [
        (at, min(at + CHUNK, end))
        for at in (start + number * _STEP, start + (number - 1) * _STEP)
        if at >= start and at <= position < at + CHUNK
    ]
    return pieces, end if number == last else start + (number + 1) * _STEP


def text_of(data: bytes) -> bytes | None:
    """The file's content as UTF-8; None when it is binary. A byte that cannot be read becomes the
    replacement character. UTF-16 is known by its mark, or by a NUL in every other byte."""
    name, mark = encoding_of(data)
    if name != "utf-8":
        try:
            return decode(data).encode("utf-8", "replace")
        except UnicodeDecodeError:
            return data[mark:].decode(name, "replace").encode("utf-8", "replace")
    data = data[mark:] if mark else data
    head = data[:_SNIFF]
    if b"\0" in head:
        return _utf16(data, head)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace").encode("utf-8")
    return data


def _utf16(data: bytes, head: bytes) -> bytes | None:
    half = len(head) // 2
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and head[first::2].count(0) >= 0.9 * half and not head[1 - first :: 2].count(0):
            return data.decode(name, "replace").encode("utf-8")
    return None
