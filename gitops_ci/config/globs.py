"""Globs as gitignore has them, compiled so that matching takes time linear in the path.

The semantics follow gitignore(5): `*` and `?` stay inside a path segment, `**` crosses them, a
pattern without a slash in its beginning or middle matches at any depth, a trailing slash asks for
a directory, and what matches a directory matches everything below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

SELF_OR_BELOW = "(?:/.+)?"
BELOW = "/.+"
_CACHE = 4096


class PatternError(ValueError):
    """A pattern that means nothing; the message says why."""


class Globs(Struct, frozen=True):
    """A list of path globs. Of those that match the last one decides; `!` in front takes back."""

    patterns: tuple[str, ...]

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Globs:
        """The list of `patterns`; raises PatternError when one is wrong."""
        made = cls(tuple(patterns))
        for pattern in made.patterns:
            path_regex(pattern.removeprefix("!"))
        return made

    def match(self, path: str) -> bool:
        """Whether `path` (relative, with `/`) is on the list."""
        for pattern in reversed(self.patterns):
            if matches(pattern.removeprefix("!"), path):
                return not pattern.startswith("!")
        return False


def matches(pattern: str, path: str) -> bool:
    """Whether the path glob `pattern` matches `path`. Raises PatternError."""
    return path_regex(pattern).match(path) is not None


def name_matches(pattern: str, name: str) -> bool:
    """Whether the glob `pattern` matches a name that is no path, such as an image repository:
    `*` is any text, slashes included. Raises PatternError."""
    return name_regex(pattern).match(name) is not None


def rule_matches(pattern: str, rule_id: str) -> bool:
    """Whether a rule id, or a glob such as `image/*`, means the rule; a broken glob means none."""
    if pattern == rule_id:
        return True
    try:
        return "*" in pattern and name_matches(pattern, rule_id)
    except PatternError:
        return False


def deciding(entries: Mapping[str, object], rule_id: str) -> str | None:
    """The key that decides about a rule: its exact id, else the last glob that matches."""
    if rule_id in entries:
        return rule_id
    return next((entry for entry in reversed(list(entries)) if rule_matches(entry, rule_id)), None)


@lru_cache(_CACHE)
def name_regex(pattern: str) -> re.Pattern[str]:
    """The compiled name glob. Raises PatternError."""
    return re.compile(segment_source(pattern, any_text=".") + r"\Z", re.DOTALL)


@lru_cache(_CACHE)
def path_regex(pattern: str) -> re.Pattern[str]:
    """The compiled path glob. Raises PatternError."""
    text = pattern.rstrip("/")
    if not text:
        message = "an empty pattern matches nothing"
        raise PatternError(message)
    segments = text.removeprefix("/").split("/")
    if "/" not in text:
        segments = ["**", *segments]
    below = BELOW if pattern.endswith("/") else SELF_OR_BELOW
    runs = [run if run == "**" else segment_source(run) for run in segments]
    return re.compile(path_source(runs, below) + r"\Z", re.DOTALL)


def path_source(segments: list[str], below: str) -> str:
    """The regular expression for segments that are themselves regular expressions, or `**`.

    `below` is what may follow the last one. The leftmost place of the segments between two `**`
    leaves the most room for the rest, so all but the last are atomic and nothing is tried twice.
    """
    tail = below
    if segments[-1] == "**":
        anything = "[^/]+/.+" if below == BELOW else ".+"
        leading = all(segment == "**" for segment in segments)
        segments, tail = segments[:-1] or [""], anything if leading else f"/{anything}"
    head, *rest = _runs(segments)
    source = f"{head}/" if head and rest else head
    for run in rest[:-1]:
        source += f"(?>(?:[^/]+/)*?{run}/)"
    if rest:
        source += f"(?:[^/]+/)*?{rest[-1]}"
    return source + tail


def _runs(segments: list[str]) -> list[str]:
    """The segments between `**`, joined; the first is empty when the list starts with `**`."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if segment != "**":
            runs[-1].append(segment)
        elif runs[-1] or len(runs) == 1:
            runs.append([])
    return ["/".join(run) for run in runs if run or run is runs[0]]


def segment_source(text: str, any_text: str = "[^/]") -> str:
    """The regular expression for one segment with `*`, `?` and `[…]`. Raises PatternError.

    Between two stars stands text of fixed length: its leftmost place is as good as any other, so
    those pieces are atomic and matching stays linear.
    """
    pieces = [_piece(piece, any_text) for piece in _split_stars(text)]
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>{any_text}*?{piece})" for piece in pieces[1:-1] if piece)
    return f"{pieces[0]}{middle}{any_text}*{pieces[-1]}"


def _split_stars(text: str) -> list[list[str]]:
    """The pieces between stars, each a list of units: characters, escapes, `?`, classes."""
    pieces: list[list[str]] = [[]]
    position = 0
    while position < len(text):
        unit = _unit(text, position)
        if unit == "*":
            pieces.append([])
        else:
            pieces[-1].append(unit)
        position += len(unit)
    return pieces


def _unit(text: str, position: int) -> str:
    character = text[position]
    if character == "\\":
        if position + 1 == len(text):
            message = "a backslash at the end escapes nothing"
            raise PatternError(message)
        return text[position : position + 2]
    if character != "[":
        return character
    first = position + (2 if text[position + 1 : position + 2] in ("!", "^") else 1)
    end = text.find("]", first + 1)
    if end == -1:
        message = "'[' without ']': write '\\[' for the character itself"
        raise PatternError(message)
    return text[position : end + 1]


def _piece(units: list[str], any_text: str) -> str:
    return "".join(_unit_source(unit, any_text) for unit in units)


def _unit_source(unit: str, any_text: str) -> str:
    if unit == "?":
        return any_text
    if unit[0] == "\\":
        return re.escape(unit[1])
    if unit[0] == "[" and len(unit) > 1:
        return _class_source(unit, any_text)
    return re.escape(unit)


def _class_source(unit: str, any_text: str) -> str:
    body = unit[1:-1]
    negated = body[0] in "!^"
    members = body[1:] if negated else body
    parts = []
    position = 0
    while position < len(members):
        first, last = members[position], members[position : position + 3]
        if len(last) == 3 and last[1] == "-":
            if last[0] > last[2]:
                message = f"the range '{last}' in '{unit}' is the wrong way round"
                raise PatternError(message)
            parts.append(f"{re.escape(last[0])}-{re.escape(last[2])}")
            position += 3
        else:
            parts.append(re.escape(first))
            position += 1
    guard = "(?!/)" if any_text == "[^/]" else ""
    return f"{guard}[{'^' if negated else ''}{''.join(parts)}]"
