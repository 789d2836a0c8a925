"""Which documents of a file can hold a secret that only shows when they are parsed, told from its
lines. Errs on the side of looking."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from gitops_ci.model.regex import regex
from gitops_ci.repo.names import is_kustomization
from gitops_ci.secrets.heads import ALL, Judged, judged_part
from gitops_ci.secrets.known_lines import Said
from gitops_ci.secrets.parts import Part, parts_of
from gitops_ci.secrets.source_text import SourceText
from gitops_ci.secrets.telling import Telling, entry_key
from gitops_ci.secrets.walking import JOINED

TEMPLATE = ("externalsecret", "template:")
"""Words that together make a template of a secret (lower case)."""
_ITEM = regex(rb"(?:^|\n)[ \t]*-[ \t]")
_UP_TO_ITEM = regex(rb"(?s:.*)(?:\A|\n)[ \t]*-[ \t]")
_VALUE = regex(rb"value\b")
_NEAR = 200
"""So many bytes around a name its value is looked for."""


def worth_parsing(source: SourceText, said: Said) -> list[Part]:
    """The documents of the file that, parsed, could show more than their text does."""
    rows = [
        (row, line.telling)
        for row, line in enumerate(said.lines)
        if line is not None and line.telling is not Telling.NO
    ]
    templates = said.words.issuperset(TEMPLATE)
    if not rows and not templates:
        return []
    parts = parts_of(source)
    told: set[int] = set()
    if templates:
        told.update(n for n, part in enumerate(parts) if _holds_all(source.lower, part))
    ends = list(accumulate(len(line) + 1 for line in source.data.split(b"\n"))) if rows else []
    starts = [start for start, _ in parts]
    judged: dict[int, Judged] = {}
    for row, telling in rows:
        start, end = ends[row - 1] if row else 0, ends[row] - 1
        number = bisect_right(starts, start) - 1
        if number in told:
            continue
        if number not in judged:
            judged[number] = (
                ALL if is_kustomization(source.path) else judged_part(source, parts[number])
            )
        first, last = judged[number]
        if first <= start < last and _tells(telling, source, start, end):
            told.add(number)
    return [parts[number] for number in sorted(told)]


def _holds_all(lower: bytes, part: Part) -> bool:
    return all(lower.find(sign.encode(), *part) >= 0 for sign in TEMPLATE)


def _tells(told: Telling, source: SourceText, start: int, end: int) -> bool:
    """Whether a line tells what it says when its neighbours are seen too."""
    if told is Telling.NEAR_VALUE:
        return _has_value(source, start, end)
    return told is Telling.SURELY or not _entry_follows(source, end)


def _entry_follows(source: SourceText, end: int) -> bool:
    """Whether the next line is another entry that is judged by its own name alone."""
    following = source.data[end : end + _NEAR].decode("utf-8", "replace").lstrip("\r\n")
    key = entry_key(following.partition("\n")[0])
    return bool(key) and key not in JOINED


def _has_value(source: SourceText, start: int, end: int) -> bool:
    """Whether the value of a name stands near it, as in the environment of a container: in the same
    item, where there are items."""
    if _VALUE.search(source.lower, max(start - _NEAR, 0), end + _NEAR + 1) is None:
        return False
    behind = source.lower[end : end + _NEAR]
    item = _ITEM.search(behind)
    if _VALUE.search(behind[: item.start()] if item else behind):
        return True
    before = source.lower[max(start - _NEAR, 0) : end]
    last = _UP_TO_ITEM.match(before)
    return _VALUE.search(before, last.end() if last else 0) is not None
