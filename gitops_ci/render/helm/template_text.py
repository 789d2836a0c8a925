"""Reads a template as text: which line writes which key. No template is ever executed here.

A template is not YAML, but nearly every line of one is: indentation and keys are enough to find
the line behind a rendered value in most cases, and the reader says so where it is not sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_ci.model.span import Span

_KEY = re.compile(r"^(\s*)((?:- +)*)([\w./$-]+|\"[^\"]+\"|'[^']+'):(?:\s+(.*))?$")
_ITEM = re.compile(r"^(\s*)((?:- +)+)(.*)$")
_CONTROL = re.compile(r"^\s*\{\{-?\s*(?:if|else|end|with|range|define|block|/\*|\$)")
_VALUES = re.compile(r"\.Values\.((?:[\w-]+)(?:\.[\w-]+)*)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that writes something: the keys that lead to it (list items are left out), the text
    behind the last key, and its place. `document` counts the `---` lines above it."""

    keys: tuple[str, ...]
    text: str
    span: Span
    document: int

    @property
    def references(self) -> tuple[tuple[str, ...], ...]:
        """The paths below `.Values` that the line uses."""
        return tuple(tuple(match.split(".")) for match in _VALUES.findall(self.text))


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a template that write a key, an item or an inserted block."""
    return tuple(_scan(text))


def _scan(text: str) -> Iterator[Line]:
    stack: list[tuple[int, str]] = []
    document, offset = 0, 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        start, offset = offset, offset + len(raw) + 1
        if line.startswith("---"):
            document, stack = document + 1, []
            continue
        if not line.strip() or line.lstrip().startswith("#") or _CONTROL.match(line):
            continue
        match = _KEY.match(line)
        item = None if match else _ITEM.match(line)
        depth, key, rest = _parts(line, match, item)
        while stack and stack[-1][0] >= depth:
            stack.pop()
        if key:
            stack.append((depth, key))
        first = len(line) - len(line.lstrip())
        end = len(line.rstrip())
        span = Span(start + first, start + end, number, first + 1, number, end + 1)
        yield Line(tuple(name for _, name in stack), rest, span, document)


def _parts(
    line: str, match: re.Match[str] | None, item: re.Match[str] | None
) -> tuple[int, str, str]:
    """The depth, the key ("" if there is none) and the rest of a line."""
    if match:
        space, dashes, key, rest = match.groups()
        return len(space) + len(dashes), key.strip("\"'"), rest or ""
    if item:
        space, dashes, rest = item.groups()
        return len(space) + len(dashes), "", rest
    return len(line) - len(line.lstrip()), "", line.strip()
