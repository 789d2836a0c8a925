"""Bytes to text, without losing a byte: line ends stay as they are."""

from __future__ import annotations

import codecs
from bisect import bisect_right

from gitops_ci.model.regex import regex
from gitops_ci.model.span import Span

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NEWLINE = regex(r"\r\n|\r|\n")


def encoding_of(data: bytes) -> tuple[str, int]:
    """The encoding that the byte order mark names (UTF-8 without one) and the mark's length."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, len(mark)
    return "utf-8", 0


def decode(data: bytes) -> str:
    """The text behind the byte order mark. Raises UnicodeDecodeError."""
    name, skip = encoding_of(data)
    return data[skip:].decode(name) if skip else data.decode("utf-8")


def encode(text: str, like: bytes) -> bytes:
    """`text` with the byte order mark and encoding of the file whose bytes are `like`."""
    name, skip = encoding_of(like)
    return like[:skip] + text.encode(name)


class Lines:
    """Turns offsets of one text into lines and columns. Lines end at LF, CR LF or CR, as editors
    count them; the other breaks that YAML 1.1 knows (NEL, LS, PS) do not start a line."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        self.text = text

    def span(self, start: int, end: int) -> Span:
        """The span from offset `start` to offset `end`."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Span(
            start,
            end,
            line,
            start - self._starts[line - 1] + 1,
            end_line,
            end - self._starts[end_line - 1] + 1,
        )

    def offset(self, line: int, column: int) -> int:
        """The offset of a place given as line and column, both from 1, clamped to the text."""
        if line > len(self._starts):
            return len(self.text)
        return min(self._starts[max(line, 1) - 1] + column - 1, len(self.text))

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its end; empty when there is none."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def __len__(self) -> int:
        return len(self._starts)
