"""Layouts: path patterns with named places, such as `apps/{app}/overlays/{env}`.

`{name}` and `*` stand for one path segment or a part of it, `**` for any number of segments.
Where a segment could be split in several ways, the earlier name takes as much as it can; a segment
is split only once, so that matching a hostile path stays cheap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from gitops_ci.config.globs import SELF_OR_BELOW, PatternError, path_source, segment_source
from gitops_ci.model.regex import regex

NAMES = ("app", "env", "cluster", "region", "tenant", "group")
"""The names that a layout may use."""

_NAME = regex(r"\{([^{}/]*)\}")
_WILD_PER_SEGMENT = 3
_NAME_MAX = 255
"""No file system holds a longer name; it bounds how often a segment can be split."""

_CACHE = 1024

Known = Mapping[str, Iterable[str]]
"""Names of which all possible values are known, such as the declared environments."""


class Placed(Struct, frozen=True):
    """Where a path lies in a layout: the values of the names, the part of the path that the
    layout covers, and the rest below it."""

    values: dict[str, str]
    base: str
    rest: str


class Layout(Struct, frozen=True):
    """A compiled layout. Made by `layout`."""

    text: str
    names: tuple[str, ...]
    regex: re.Pattern[str]

    def match(self, path: str, *, exact: bool = False) -> dict[str, str] | None:
        """The values of the names when `path` is a place of this layout or lies below one (with
        `exact`: is one); else None."""
        placed = self.place(path)
        return None if placed is None or (exact and placed.rest) else placed.values

    def place(self, path: str) -> Placed | None:
        """Where `path` lies in this layout, or None."""
        if len(path) > _NAME_MAX and any(len(name) > _NAME_MAX for name in path.split("/")):
            return None
        found = self.regex.match(path)
        if found is None:
            return None
        values = {name: text for name, text in found.groupdict().items() if text is not None}
        rest = values.pop("rest", "")
        base = path[: len(path) - len(rest)].rstrip("/")
        return Placed(values, base, rest)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{name}` that `values` knows replaced."""
    return _NAME.sub(lambda name: values.get(name[1], name[0]), text)


def layout(text: str, known: Known | None = None) -> Layout:
    """The layout that `text` spells. Where `known` lists the values of a name only those match.
    Raises PatternError."""
    listed = {name: tuple(sorted(values)) for name, values in (known or {}).items()}
    return _compile(text, tuple(sorted(listed.items())))


@lru_cache(_CACHE)
def _compile(text: str, known: tuple[tuple[str, tuple[str, ...]], ...]) -> Layout:
    segments = text.strip("/").split("/")
    if not segments[0]:
        message = "an empty layout matches nothing"
        raise PatternError(message)
    compiler = _Compiler(dict(known))
    sources = [segment if segment == "**" else compiler.segment(segment) for segment in segments]
    below = SELF_OR_BELOW.replace("/.+", "/(?P<rest>.+)")
    source = path_source(sources, below)
    return Layout(text, tuple(compiler.names), re.compile(source + r"\Z", re.DOTALL))


class _Compiler:
    def __init__(self, known: dict[str, tuple[str, ...]]) -> None:
        self._known = known
        self.names: list[str] = []

    def segment(self, text: str) -> str:
        """The regular expression of one segment, atomic so that it is split only once."""
        parts = _NAME.split(text)
        literals, names = parts[::2], parts[1::2]
        if len(names) + text.count("*") > _WILD_PER_SEGMENT:
            message = f"'{text}' has more than {_WILD_PER_SEGMENT} open parts in one segment"
            raise PatternError(message)
        if any("{" in literal or "}" in literal for literal in literals):
            message = f"'{text}' has a brace without its partner"
            raise PatternError(message)
        if any(not literal for literal in literals[1:-1]):
            message = f"'{text}' does not tell where one name ends and the next one starts"
            raise PatternError(message)
        source = segment_source(literals[0])
        for name, literal in zip(names, literals[1:], strict=True):
            source += self._name(name) + segment_source(literal)
        return f"(?>{source}(?=/|\\Z))" if names else source

    def _name(self, name: str) -> str:
        check_name(name, NAMES)
        if name in self.names:
            return f"(?P={name})"
        self.names.append(name)
        if name not in self._known:
            return f"(?P<{name}>[^/]+)"
        values = sorted(self._known[name], key=len, reverse=True)
        return f"(?P<{name}>{'|'.join(map(re.escape, values)) or '(?!)'})"


def check_name(name: str, allowed: tuple[str, ...]) -> None:
    """Raises PatternError, with the nearest name, when `{name}` is not one of `allowed`."""
    if name in allowed:
        return
    import difflib

    near = difflib.get_close_matches(name, allowed, 1)
    advice = f"did you mean '{{{near[0]}}}'?" if near else f"known are {', '.join(allowed)}"
    message = f"'{{{name}}}' is no name of a layout; {advice}"
    raise PatternError(message)


def check_template(text: str, allowed: tuple[str, ...]) -> None:
    """Raises PatternError when `text` uses a `{name}` that is not one of `allowed`."""
    for name in _NAME.findall(text):
        check_name(name, allowed)
