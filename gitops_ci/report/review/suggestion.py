"""A safe fix as a block that a person applies with one click.

Syntax: docs.github.com "Incorporating feedback in your pull request" (the remark spans the lines
to replace); docs.gitlab.com "Suggest changes" (the fence tells how many lines above and below).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.model.edit import Fix
from gitops_ci.model.regex import regex
from gitops_ci.report.review.hunks import ShownLine

_TICKS = regex("`{3,}")
_MOST_LINES = 20


class Suggestion(Struct, frozen=True):
    """The lines `first` to `last` of the head become `lines`."""

    first: int
    last: int
    lines: tuple[str, ...]


class Dialect(Struct, frozen=True):
    """How a forge writes suggestions. `anchors_at_start` says that the remark stands on the first
    line and the fence counts the others."""

    anchors_at_start: bool = False

    def block(self, suggestion: Suggestion) -> Iterator[str]:
        """The block. Its fence is longer than any in the text."""
        runs = (len(run) for line in suggestion.lines for run in _TICKS.findall(line))
        fence = "`" * (max(runs, default=2 + self.anchors_at_start) + 1)
        counts = f":-0+{suggestion.last - suggestion.first}" if self.anchors_at_start else ""
        yield f"{fence}suggestion{counts}"
        yield from suggestion.lines
        yield fence


GITHUB = Dialect()
GITLAB = Dialect(anchors_at_start=True)


def suggestion_of(
    fix: Fix | None,
    shown: Mapping[int, ShownLine],
    source: Callable[[str], bytes | None],
    path: str,
) -> Suggestion | None:
    """The suggestion for a safe fix of one file whose lines all lie in one hunk; None for any other
    fix."""
    if fix is None or not fix.safe or not fix.edits:
        return None
    if any(edit.path != path for edit in fix.edits):
        return None
    data = source(path)
    if data is None:
        return None
    first = min(edit.span.line for edit in fix.edits)
    last = max(edit.span.end_line for edit in fix.edits)
    hunks = {shown[line].hunk if line in shown else 0 for line in range(first, last + 1)}
    if len(hunks) != 1 or 0 in hunks or last - first >= _MOST_LINES:
        return None
    try:
        before, after = _lines(data), _lines(splice(data, fix.edits))
    except (StaleEditError, UnicodeDecodeError):
        return None
    grown = len(after) - len(before)
    new = after[first - 1 : last + grown]
    if new == before[first - 1 : last] or any("\r" in line or "\ufeff" in line for line in new):
        return None
    return Suggestion(first, last, tuple(new))


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8").split("\n")
