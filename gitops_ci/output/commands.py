"""Workflow commands of GitHub's runner: exactly the seven that cannot change a job's state.

Source: docs.github.com, "Workflow commands for GitHub Actions"; escaping as in actions/runner.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

MAX_MESSAGE = 4096
"""Characters of an annotation that the runner keeps."""


class Name(Enum):
    """The commands that this tool may ever send."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    GROUP = "group"
    ENDGROUP = "endgroup"
    DEBUG = "debug"
    MASK = "add-mask"


class Command(Struct, frozen=True):
    """One command: free text in `data`, `properties` in the order in which they are written."""

    name: Name
    data: str = ""
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def line(self) -> str:
        """The line that the runner reads, without its end."""
        words = ",".join(f"{key}={_property(value)}" for key, value in self.properties if value)
        head = f"{self.name.value} {words}" if words else self.name.value
        return f"::{head}::{_data(self.data)}"


def annotation(
    level: Name,
    message: str,
    *,
    path: str = "",
    line: int = 0,
    end_line: int = 0,
    column: int = 0,
    end_column: int = 0,
    title: str = "",
) -> Command:
    """An error, warning or notice on lines of a file; a zero leaves a property out.

    Columns are dropped when the span covers several lines, where the forge ignores them.
    """
    if end_line > line:
        column = end_column = 0
    places = (("line", line), ("endLine", end_line), ("col", column), ("endColumn", end_column))
    numbers = tuple((key, str(value)) for key, value in places if value > 0 and path)
    properties = (("file", path), *numbers, ("title", title))
    return Command(level, shorten(message, MAX_MESSAGE), properties)


def shorten(text: str, limit: int) -> str:
    """`text`, cut to at most `limit` UTF-16 units, as the runner and the forges count them."""
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 <= limit:
        return text
    kept, room = [], limit - 1
    for char in text:
        room -= 2 if ord(char) > 0xFFFF else 1
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + "…"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
