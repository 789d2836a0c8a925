"""Whether to colour, and how.

NO_COLOR (no-color.org) wins over FORCE_COLOR (force-color.org); both count when not empty.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "1;31",
    "yellow": "1;33",
    "green": "1;32",
    "blue": "1;34",
    "cyan": "36",
}


class Palette(Struct, frozen=True):
    """Paints words, or leaves them alone when it is off."""

    on: bool = False

    def paint(self, text: str, style: str) -> str:
        """`text` in `style`, one of bold, dim, red, yellow, green, blue, cyan."""
        if not self.on or not text:
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def wants_colour(environ: Mapping[str, str], *, tty: bool) -> bool:
    """Whether output to a stream should carry colour; `tty` says that a person looks at it."""
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", "")
    if forced:
        return forced not in ("0", "false")
    return tty and environ.get("TERM") != "dumb"
