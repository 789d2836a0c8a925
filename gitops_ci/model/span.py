"""Where something stands inside one file."""

from __future__ import annotations

from msgspec import Struct

Route = tuple[str | int, ...]
"""The way from the top of one document to a value: mapping keys and sequence indices."""


class Span(Struct, frozen=True, order=True):
    """A half-open range of one file's decoded text.

    `start` and `end` are offsets in code points (a byte order mark is not counted); `line` and
    `column`, like `end_line` and `end_column`, count from 1, columns in code points. `end_column`
    is the column just behind the last character.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


class Location(Struct, frozen=True):
    """A place in the repository: a path relative to its root, and where in that file.

    `span` is None when only the file is known. `document` counts the documents of the file from 0.
    """

    path: str
    span: Span | None = None
    route: Route = ()
    document: int = 0

    @property
    def line(self) -> int:
        """The first line, 1 when only the file is known."""
        return self.span.line if self.span else 1
