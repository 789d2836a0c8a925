"""Reads a template as text: which line writes which key. No template is ever executed here.

A template is not YAML, but nearly every line of one is: indentation and keys are enough to find
the line behind a rendered value in most cases, and the reader says so where it is not sure."""

from __future__ import annotations

from msgspec import Struct

from gitops_ci.model.regex import regex
from gitops_ci.model.span import Span

_KEY = regex(r"^(\s*)((?:- +)*)([\w./$-]+|\"[^\"]+\"|'[^']+'):(?:\s+(.*))?$")
_ITEM = regex(r"^(\s*)((?:- +)+)(.*)$")
_BLOCK = regex(r"\{\{-?\s*(if|with|range|define|block|end)\b([^}]*)")
_CONTROL = regex(r"^\s*(?:\{\{-?\s*(?:if|else|end|with|range|define|block|/\*|\$)[^}]*\}\}\s*)+$")
_VALUES = regex(r"\.Values\.((?:[\w-]+)(?:\.[\w-]+)*)")
_INDENT = regex(r"\bn?indent\s+(\d+)")
_FIELD = regex(r"[\s(]\.([a-z_]\w*(?:\.\w+)*)")
_DOT = regex(r"[\s(]\.(?=[\s)|}])")

Path = tuple[str, ...]


class Line(Struct, frozen=True):
    """A line that writes something: the keys that lead to it (list items are left out), the text
    behind the last key, and its place. `document` counts the `---` lines above it; `item` says
    that it writes a list item without a key; `references` are the paths below `.Values` it uses."""

    keys: Path
    text: str
    span: Span
    document: int
    item: bool = False
    references: tuple[Path, ...] = ()


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a template that write a key, an item or an inserted block."""
    scanner = _Scanner()
    offset = 0
    for number, raw in enumerate(text.split("\n"), 1):
        scanner.line(raw.rstrip("\r"), number, offset)
        offset += len(raw) + 1
    return tuple(scanner.found)


class _Scanner:
    def __init__(self) -> None:
        self.found: list[Line] = []
        self._keys: list[tuple[int, str]] = []
        self._blocks: list[Path | None] = []
        self._document = 0

    def line(self, line: str, number: int, offset: int) -> None:
        """Read one line, which begins at `offset`."""
        if line.startswith("---"):
            self._document, self._keys = self._document + 1, []
            return
        self._follow_blocks(line)
        if not line.strip() or line.lstrip().startswith("#") or _CONTROL.match(line):
            return
        keys, text, item = self._place(line)
        first, end = len(line) - len(line.lstrip()), len(line.rstrip())
        span = Span(offset + first, offset + end, number, first + 1, number, end + 1)
        self.found.append(Line(keys, text, span, self._document, item, self._references(text)))

    def _follow_blocks(self, line: str) -> None:
        """Remember what the dot means inside `with` and `range`."""
        for word, rest in _BLOCK.findall(line):
            if word == "end":
                del self._blocks[-1:]
            else:
                match = _VALUES.search(rest) if word == "with" else None
                self._blocks.append(tuple(match[1].split(".")) if match else None)

    def _references(self, text: str) -> tuple[Path, ...]:
        direct = tuple(tuple(match.split(".")) for match in _VALUES.findall(text))
        around = next((path for path in reversed(self._blocks) if path), None)
        if around is None or "{{" not in text:
            return direct
        fields = tuple((*around, *name.split(".")) for name in _FIELD.findall(text))
        return direct + fields + ((around,) if _DOT.search(text) else ())

    def _place(self, line: str) -> tuple[Path, str, bool]:
        """The keys that lead to what the line writes, the text behind them, whether it is an
        item."""
        match = _KEY.match(line)
        if match:
            space, dashes, key, rest = match.groups()
            self._leave(len(space) + len(dashes))
            self._keys.append((len(space) + len(dashes), key.strip("\"'")))
            return self._path(), rest or "", False
        item = _ITEM.match(line)
        if item:
            self._leave(len(item.group(1)) + 1)
            return self._path(), item.group(3), True
        depth = _INDENT.search(line)
        limit = int(depth.group(1)) if depth else None
        path = tuple(key for at, key in self._keys if limit is None or at < limit)
        return path, line.strip(), False

    def _leave(self, depth: int) -> None:
        while self._keys and self._keys[-1][0] >= depth:
            self._keys.pop()

    def _path(self) -> Path:
        return tuple(key for _, key in self._keys)
