"""Texts against the formats of providers: first which keywords occur, then only those patterns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.model.regex import regex
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.format import Format, Validity
from gitops_ci.secrets.prefilter import Hits, linear_pattern, prefilter
from gitops_ci.secrets.source_text import SourceText

_NOT_ASCII = regex(r"[^\x00-\x7f]")
_DROPPED = frozenset({Kind.REFERENCE, Kind.PLACEHOLDER, Kind.CIPHERTEXT})
_FEW = 4
_MOST = 200
"""So many credentials of one file are told apart; a file with more is a list of examples or a dump,
and says enough."""


class Match(Struct, frozen=True):
    """A credential of a known format; `start` and `end` are offsets of its value in the text that
    was searched."""

    format: Format
    value: str
    start: int
    end: int
    validity: Validity


class Matcher:
    """Finds credentials of `formats`; `plain` does without RE2, with the same result."""

    def __init__(self, formats: Iterable[Format], *, plain: bool = False) -> None:
        self.formats = tuple(formats)
        self.plain = plain
        self._by_keyword: dict[str, list[Format]] = defaultdict(list)
        for item in self.formats:
            for keyword in item.keywords:
                self._by_keyword[keyword].append(item)
        self._patterns: dict[str, Any] = {}
        self._linears: dict[str, Any] = {}

    @cached_property
    def keywords(self) -> frozenset[str]:
        """What a text has to hold one of, to hold any credential."""
        return frozenset(self._by_keyword)

    @cached_property
    def _hits(self) -> Hits:
        return prefilter(self.keywords, plain=self.plain)

    def in_source(self, source: SourceText, words: frozenset[str]) -> Iterator[Match]:
        """The credentials in a file that holds `words` of the keywords."""
        wanted: dict[tuple[int, int], dict[str, Format]] = defaultdict(dict)
        for word in words:
            known = self._by_keyword.get(word, ())
            few = bool(known) and source.lower.count(word.encode()) <= _FEW
            items = {item.id: item for item in known if few or self._may_match(item, source)}
            for place in source.places_of(word) if items else ():
                wanted[place].update(items)
        found: dict[tuple[str, int], Match] = {}
        for start, end in sorted(wanted):
            line = source.line(start, end)
            for match in self._all(wanted[start, end].values(), line.text):
                shift = source.offset(start)
                moved = replace(match, start=shift + match.start, end=shift + match.end)
                found[match.format.id, moved.start] = moved
            if len(found) >= _MOST:
                break
        yield from found.values()

    def _may_match(self, item: Format, source: SourceText) -> bool:
        """Whether RE2 finds the pattern anywhere in the file; that is cheaper than looking at each
        line with a keyword that many lines hold. Without RE2 it is not, and may be slow."""
        if self.plain:
            return True
        pattern = self._linear(item)
        return pattern is None or pattern.search(source.data) is not None

    def in_line(self, line: str) -> Iterator[Match]:
        """The credentials in one line, those of the more specific formats first."""
        words = self._hits(line.lower().encode("utf-8", "replace"))
        if not words:
            return
        items = {item.id: item for word in sorted(words) for item in self._by_keyword[word]}
        yield from self._all(items.values(), line)

    def _all(self, items: Iterable[Format], line: str) -> Iterator[Match]:
        text = line if line.isascii() else _NOT_ASCII.sub("\x7f", line)
        for item in items:  # in ASCII both engines agree about case and words
            yield from self._matches(item, text, line)

    def _matches(self, item: Format, text: str, line: str) -> Iterator[Match]:
        for found in self._pattern(item).finditer(text):
            start, end = found.span(item.group)
            if start < 0 or start == end:
                continue
            value = line[start:end]
            if classify(value) in _DROPPED:
                continue
            validity = item.validate(value) if item.validate else Validity.UNKNOWN
            if validity is not Validity.INVALID:
                yield Match(item, value, start, end, validity)

    def _pattern(self, item: Format) -> Any:
        pattern = None if self.plain else self._linear(item)
        if pattern is None and item.id not in self._patterns:
            self._patterns[item.id] = re.compile(item.pattern, re.ASCII)
        return pattern or self._patterns[item.id]

    def _linear(self, item: Format) -> Any:
        """The pattern for RE2, which takes lines one by one also from a text that has many."""
        if item.id not in self._linears:
            self._linears[item.id] = linear_pattern(f"(?m:{item.pattern})")
        return self._linears[item.id]
