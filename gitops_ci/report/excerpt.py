"""The lines of source around a finding, with the place marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from gitops_ci.documents.text import Lines, decode
from gitops_ci.model.finding import Finding
from gitops_ci.model.regex import regex
from gitops_ci.model.span import Span
from gitops_ci.output.terminal import visible, width

_TAB = 4
_HIDING = frozenset({"secret", "sops"})
_SENSITIVE = regex(r"""^kind\s*:\s*["']?Secret\b|secretGenerator|stringData""", re.MULTILINE)
_SECRET = regex(r"""\bkind["']?\s*:\s*["']?Secret\b""")
_DATA = regex(r"""\bdata["']?\s*:""")
_KEYED = regex(r"""^(\s*(?:-\s+)*["']?([^\s:"'{\[]+)["']?\s*:)(?=\s|$)""")
_OPEN_KEYS = frozenset({"apiVersion", "kind", "metadata", "name", "namespace", "type"})
_MASK = "***"
_CUT = "…"


class Excerpt(Struct, frozen=True):
    """Numbered lines ready to be shown; the last one is underlined for `length` columns behind
    `indent` columns."""

    lines: tuple[tuple[int, str], ...]
    indent: int
    length: int


class Excerpts:
    """Makes excerpts from the bytes that `source` gives. Files in which secrets live show their
    keys but no value, whatever the finding is about."""

    def __init__(self, source: Callable[[str], bytes | None], columns: int = 100) -> None:
        self._load = lru_cache(maxsize=64)(lambda path: _lines(source(path)))
        self._columns = max(columns, 20)

    def of(self, finding: Finding) -> Excerpt | None:
        """The line of the finding and the one above it; None when there is nothing to show."""
        span = finding.location.span
        lines = self._load(finding.location.path) if span else None
        if span is None or lines is None or span.line > len(lines):
            return None
        hide = holds_secret(finding) or _is_sensitive(lines.text)
        text = lines.line(span.line)
        if not text.strip() and span.start == span.end:
            return None
        start, end = _range(span, text)
        if hide:
            text, start, end = _masked(text, start, end)
        shown, indent, length = _window(text, start, end, self._columns)
        above = lines.line(span.line - 1)
        if hide:
            above = _masked(above, 0, 0)[0]
        rows = [(span.line, shown)]
        if above.strip() and not shown.startswith(_CUT):
            rows.insert(0, (span.line - 1, _window(above, 0, 0, self._columns)[0]))
        return Excerpt(tuple(rows), indent, length)


def _lines(data: bytes | None) -> Lines | None:
    try:
        return None if data is None else Lines(decode(data))
    except UnicodeDecodeError:
        return None


def holds_secret(finding: Finding) -> bool:
    """Whether the line of this finding may hold a secret value."""
    return finding.rule.prefix in _HIDING or (
        finding.object is not None and finding.object.kind == "Secret"
    )


def _is_sensitive(text: str) -> bool:
    """Whether the file may hold the values of Secrets. One that only refers to them, as the
    deployers of Flux do, has no `data`."""
    return bool(_SENSITIVE.search(text) or (_SECRET.search(text) and _DATA.search(text)))


def _range(span: Span, text: str) -> tuple[int, int]:
    """The part of the span that lies on its first line, as offsets into that line."""
    start = min(span.column - 1, len(text))
    end = span.end_column - 1 if span.end_line == span.line else len(text.rstrip())
    return start, max(min(end, len(text)), start)


def _masked(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The line without its value, and the marked range moved to what is left."""
    match = _KEYED.match(text)
    head = match.group(1) if match else text[: len(text) - len(text.lstrip())]
    rest = text[len(head) :].strip()
    if not rest or (match and match.group(2) in _OPEN_KEYS):
        return text, start, end
    masked = f"{head} {_MASK}" if match else f"{head}{_MASK}"
    value = len(masked) - len(_MASK)
    if end <= len(head):
        return masked, start, end
    return masked, min(start, value), len(masked)


def _window(text: str, start: int, end: int, columns: int) -> tuple[str, int, int]:
    """The line as shown, and where in it the marked range stands, in terminal columns. A line that
    is too long is cut so that the range stays in sight."""
    cells = _cells(text)
    widths = [width(cell) for cell in cells]
    first = 0
    if sum(widths) > columns:
        while first < start and sum(widths[first:start]) > columns // 3:
            first += 1
    lead = _CUT if first else ""
    room, last = columns - len(lead) - 1, first
    while last < len(cells) and room >= widths[last]:
        room -= widths[last]
        last += 1
    tail = _CUT if last < len(cells) else ""
    indent = len(lead) + sum(widths[first:start])
    length = max(sum(widths[start : min(end, last)]), 1)
    return lead + "".join(cells[first:last]) + tail, indent, length


def _cells(text: str) -> list[str]:
    """What each character is shown as: tabs as spaces up to the next stop, others `visible`."""
    cells: list[str] = []
    column = 0
    for char in text:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else visible(char)
        cells.append(cell)
        column += width(cell)
    return cells
