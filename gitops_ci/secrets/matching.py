"""Texts against the formats of providers: first which keywords occur, then only those patterns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.format import Format, Validity
from gitops_ci.secrets.prefilter import Hits, prefilter, re2_library
from gitops_ci.secrets.source_text import SourceText

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DROPPED = frozenset({Kind.REFERENCE, Kind.PLACEHOLDER, Kind.CIPHERTEXT})
_MOST = 200
"""So many credentials of one file are told apart; a file with more is a list of examples or a dump,
and says enough."""


@dataclass(frozen=True, slots=True)
class Match:
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
        self._plain = plain
        self._by_keyword: dict[str, list[Format]] = defaultdict(list)
        for item in self.formats:
            for keyword in item.keywords:
                self._by_keyword[keyword].append(item)
        self._patterns: dict[str, Any] = {}

    @property
    def keywords(self) -> frozenset[str]:
        """What a text has to hold one of, to hold any credential."""
        return frozenset(self._by_keyword)

    @cached_property
    def _hits(self) -> Hits:
        return prefilter(self.keywords, plain=self._plain)

    def in_source(self, source: SourceText, words: frozenset[str]) -> Iterator[Match]:
        """The credentials in a file that holds `words` of the keywords."""
        wanted = [word for word in words if word in self._by_keyword]
        count = 0
        seen: set[tuple[str, int]] = set()
        for line in source.lines_with(wanted):
            for match in self.in_line(line.text):
                offset = source.offset(line.start)
                if (match.format.id, offset + match.start) in seen:
                    continue
                seen.add((match.format.id, offset + match.start))
                yield Match(
                    match.format,
                    match.value,
                    offset + match.start,
                    offset + match.end,
                    match.validity,
                )
                count += 1
                if count >= _MOST:
                    return

    def in_line(self, line: str) -> Iterator[Match]:
        """The credentials in one line, those of the more specific formats first."""
        words = self._hits(line.lower().encode("utf-8", "replace"))
        if not words:
            return
        text = _NOT_ASCII.sub("\x7f", line)  # both engines then agree about case and words
        known: set[str] = set()
        for word in sorted(words):
            for item in self._by_keyword[word]:
                if item.id not in known:
                    known.add(item.id)
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
        pattern = self._patterns.get(item.id)
        if pattern is None:
            library = None if self._plain else re2_library()
            if library is None:
                pattern = re.compile(item.pattern, re.ASCII)
            else:
                pattern = library.compile(item.pattern)
            self._patterns[item.id] = pattern
        return pattern
