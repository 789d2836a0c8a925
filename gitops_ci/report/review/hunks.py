"""Which lines of a file can carry a remark: those that the forge shows in its diff.

Format: POSIX diff -u as git writes it, and what the forges' APIs call `patch` (without file
header). A forge refuses a whole review for one remark outside of the hunks.
"""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.regex import regex

_HEADER = regex(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class ShownLine(Struct, frozen=True):
    """A line on the head's side: the number of its hunk, and where it was before (0: added)."""

    hunk: int
    old: int = 0


def shown_lines(patch: str) -> dict[int, ShownLine]:
    """The lines of the head's side by their number. A patch that is not one shows nothing."""
    lines: dict[int, ShownLine] = {}
    old = new = hunk = 0
    for text in patch.split("\n"):
        header = _HEADER.match(text)
        if header:
            old, new, hunk = int(header[1]), int(header[2]), hunk + 1
        elif not hunk or text.startswith("\\"):
            continue
        elif text.startswith("+"):
            lines[new] = ShownLine(hunk)
            new += 1
        elif text.startswith("-"):
            old += 1
        elif text.startswith(" "):
            lines[new] = ShownLine(hunk, old)
            old, new = old + 1, new + 1
    return lines
